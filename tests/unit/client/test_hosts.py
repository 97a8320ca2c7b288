"""What hosts are given and robbed of."""

from unittest import mock

from osc_lib import exceptions
import testtools

from mogan_like_client.osc import host
from tests.unit.client import commands


class HostsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = mock.MagicMock()
        self.app = commands.make_app(self.client)

    def refuse(self, kind, *words):
        with self.assertRaises(exceptions.CommandError) as caught:
            commands.run(kind, self.app, *words)
        return str(caught.exception)

    def test_set_and_dropped(self):
        words = ('h', '--property', 'a=2', '--no-property', 'b')
        commands.run(host.SetHost, self.app, *words)
        found = self.client.find_host.return_value
        self.client.update_host.assert_called_once_with(found, {'a': '2', 'b': None})

    def test_set_and_dropped_at_once(self):
        words = ('h', '--property', 'a=2', '--property', 'b=3', '--no-property', 'b')
        told = self.refuse(host.SetHost, *words)
        self.assertEqual('b is to be set, and to be dropped: say which.', told)
        self.client.update_host.assert_not_called()

    def test_what_is_no_capability(self):
        told = self.refuse(host.CreateHost, 'fake-0', '--property', 'name=x')
        self.assertEqual('name cannot be the name of a capability.', told)
        self.client.create_host.assert_not_called()
