"""Pages and the links between them."""

import unittest

import fixtures
from oslo_config import fixture as config_fixture

from mogan_like.api import conf
from mogan_like.api import pagination
from mogan_like.common import exception
from mogan_like.common.config import CONF

BASE = 'https://bm.example.com/prefix'


class TestMakePage(fixtures.TestWithFixtures, unittest.TestCase):
    def setUp(self):
        super().setUp()
        conf.register_opts(CONF)
        self.config = self.useFixture(config_fixture.Config(CONF)).config
        self.config(group='api', max_limit=50, default_limit=20)

    def test_defaults(self):
        self.assertEqual(
            (20, None, 'created_at', 'desc'), pagination.make_page(None, None)
        )

    def test_the_default_is_never_over_the_maximum(self):
        self.config(group='api', max_limit=10)
        self.assertEqual(10, pagination.make_page(None, None).limit)

    def test_a_limit_over_the_maximum_is_refused_not_cut(self):
        self.assertEqual(50, pagination.make_page(50, 'm', 'name', 'asc').limit)
        with self.assertRaisesRegex(exception.InvalidParameter, 'limit.*1 to 50'):
            pagination.make_page(51, None)

    def test_limits_that_are_none(self):
        for text in ('0', '-1', 'x', '', '1.5', str(2**31 + 1)):
            with self.subTest(text), self.assertRaisesRegex(ValueError, 'integer'):
                pagination.Limit.frombasetype(text)


class TestCut(unittest.TestCase):
    def test_one_row_more_means_another_page(self):
        page = pagination.Page(2, None, 'name', 'asc')
        self.assertEqual(([], False), pagination.cut([], page))
        self.assertEqual(([1, 2], False), pagination.cut([1, 2], page))
        self.assertEqual(([1, 2], True), pagination.cut([1, 2, 3], page))


class TestMakeNext(unittest.TestCase):
    def make(self, query='', path='/v1/instances'):
        environ = {'PATH_INFO': path, 'QUERY_STRING': query}
        return pagination.make_next(BASE, environ, 'm-2')

    def test_the_marker_is_added(self):
        self.assertEqual(f'{BASE}/v1/instances?marker=m-2', self.make())
        self.assertEqual(
            f'{BASE}/v1/instances?marker=m-2', self.make('', '/v1/instances/')
        )

    def test_other_parameters_stay_as_they_are(self):
        self.assertEqual(
            f'{BASE}/v1/instances?limit=2&name=a%26b+c%C3%A9&empty=&marker=m-2',
            self.make('limit=2&marker=m-1&name=a%26b%20c%C3%A9&empty='),
        )

    def test_the_path_is_escaped(self):
        path = '/v1/keypairs/é ?#'.encode().decode('latin-1')
        self.assertEqual(
            f'{BASE}/v1/keypairs/%C3%A9%20%3F%23?marker=m-2', self.make(path=path)
        )
