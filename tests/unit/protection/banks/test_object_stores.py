"""Banks in Swift and S3, through their real clients."""

from pathlib import Path
import textwrap

import fixtures
import testtools

from mogan_like.common import exception
from mogan_like.protection.banks import s3
from mogan_like.protection.banks import swift
from tests.emulators import objects
from tests.plugins import bank

_CLOUDS = """
clouds:
  here:
    auth_type: none
    auth:
      endpoint: {url}
    object_store_endpoint_override: {url}
    region_name: RegionOne
"""


class ObjectStoreContract(bank.BankContract):
    def setUp(self):
        self.store = self.useFixture(objects.ObjectStore())
        super().setUp()

    def test_an_answer_that_is_an_error_is_said(self):
        self.bank.put('a/b', {'value': 'old'})
        for call, answers in (
            (lambda: self.bank.put('a/b', {'value': 'new'}), (401, 500, 'close')),
            (lambda: self.bank.get('a/b'), (401, 503, 'close')),
            (lambda: self.bank.delete('a/b'), (403, 'close')),
            (lambda: self.bank.list('a/'), (403, 500)),
        ):
            for answer in answers:
                self.store.answers[:] = [answer] * 8
                self.assertRaises(exception.BankFailed, call)
        self.store.answers.clear()
        self.assertEqual({'value': 'old'}, self.bank.get('a/b'))

    def test_a_service_that_hangs(self):
        self.bank.options_set.timeout = 1
        self.store.answers[:] = ['hang'] * 2
        self.assertRaises(exception.BankFailed, self.bank.get, 'a/b')

    def test_a_put_whose_answer_was_lost_may_be_repeated(self):
        self.bank.put('a/b', {'value': 'old'})
        self.store.answers[:] = ['done'] * 8
        self.assertRaises(exception.BankFailed, self.bank.put, 'a/b', {'value': 'new'})
        self.store.answers.clear()
        self.bank.put('a/b', {'value': 'new'})
        self.assertEqual({'value': 'new'}, self.bank.get('a/b'))

    def test_a_damaged_object_is_said(self):
        self.bank.put('a/b', {})
        self.store.buckets['mogan-like']['a/b'] = b'{"half":'
        error = self.assertRaises(exception.BankFailed, self.bank.get, 'a/b')
        self.assertIn('a/b is damaged', str(error))

    def test_a_page_asks_for_no_more_than_it_needs(self):
        for number in range(20):
            self.bank.put(f'a/{number:02}', {})
        self.store.requests.clear()
        self.assertEqual(['a/05', 'a/06'], self.bank.list('a/', 'a/04', limit=2))
        self.assertEqual(1, len(self.store.requests))
        path = self.store.requests[0][1]
        self.assertTrue('limit=2' in path or 'max-keys=2' in path, path)


class SwiftBankTest(ObjectStoreContract, testtools.TestCase):
    def make_bank(self):
        path = Path(self.useFixture(fixtures.TempDir()).path, 'clouds.yaml')
        clouds = textwrap.dedent(_CLOUDS).format(url=self.store.swift_url)
        path.write_text(clouds)
        return swift.SwiftBank({'cloud': 'here', 'clouds_file': str(path)})

    def test_a_cloud_that_is_not_there_is_said(self):
        made = swift.SwiftBank({'cloud': 'nowhere'})
        self.assertRaises(exception.BankFailed, made.get, 'a')


class S3BankTest(ObjectStoreContract, testtools.TestCase):
    def make_bank(self):
        own = {'access_key': 'test', 'secret_key': 'test'}
        return s3.S3Bank({'endpoint_url': self.store.url, **own})

    def test_a_service_that_is_not_there_is_said(self):
        own = {'access_key': 'test', 'secret_key': 'test'}
        made = s3.S3Bank({'endpoint_url': 'http://127.0.0.1:9', **own})
        self.assertRaises(exception.BankFailed, made.get, 'a')
