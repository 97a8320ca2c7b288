"""What a wait for the end of a lease tells when it took too long."""

import io
from unittest import mock

from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions
import testtools

from mogan_like_client.osc import lease_verbs

_HELD = {
    'instances': [
        {
            'name': 'web',
            'uuid': 'i-1',
            'locked_by': 'admin',
            'locked_at': '2026-01-01T00:00:00',
            'reason': 'new disk',
        }
    ]
}


class EndingTest(testtools.TestCase):
    def end(self, kind=lease_verbs.EndLeases, **look):
        """What is told when a wait took too long.

        :param look: how the look at the lease after it ends, as of mock
        """
        client = mock.MagicMock()
        client.wait_for_lease.side_effect = sdk_exceptions.ResourceTimeout('Waited.')
        client.get_lease.configure_mock(**look)
        app = mock.Mock(stderr=io.StringIO())
        app.client_manager.baremetal_compute = client
        command = kind(app, None)
        words = ('l', '--wait', '--utc')
        with self.assertRaises(exceptions.CommandError) as caught:
            command.run(command.get_parser('x').parse_args(words))
        return str(caught.exception)

    def test_who_holds_it_is_told(self):
        told = self.end(return_value=mock.Mock(waiting_for=_HELD))
        first, second = told.splitlines()
        self.assertEqual('Waited.', first)
        self.assertRegex(second, r'^Instance web \(i-1\) is locked by admin since ')
        self.assertEqual('Waited.', self.end(return_value=mock.Mock(waiting_for=None)))

    def test_the_timeout_is_told_when_nobody_says_who_holds_it(self):
        for fault in (
            auth_exceptions.ConnectFailure('lost'),
            sdk_exceptions.HttpException('restarted', http_status=503),
            # Gone, after all.
            sdk_exceptions.NotFoundException('gone'),
        ):
            for kind in (lease_verbs.EndLeases, lease_verbs.DeleteLeases):
                self.assertEqual('Waited.', self.end(kind, side_effect=fault))

    def test_a_bug_is_not_hidden(self):
        with testtools.ExpectedException(KeyError):
            self.end(side_effect=KeyError('a'))
