"""Base of functional tests."""

import testtools

from tests import fixtures


class FunctionalCase(testtools.TestCase):
    """A test with the whole service started.

    :cvar options: of the configuration, by ``group__name``
    """

    options: dict = {}

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(fixtures.Service(self, **self.options))
        self.admin = self.service.admin
        self.member = self.service.member

    def assert_refused(self, answer, status, title):
        """The answer is an error of this status and name, in both forms."""
        self.assertEqual(status, answer.status, answer)
        body = answer.body
        self.assertEqual((status, title), (body['error_code'], body['error_name']))
        nova = next(iter(body.values()))
        self.assertEqual((status, title), (nova['code'], nova['title']))
        self.assertEqual(body['error_message'], nova['message'])
        self.assertIn('x-openstack-request-id', answer.headers)
