"""What --wait does after something was made."""

import types
from unittest import mock

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions
import testtools

from mogan_like_client.osc import instance
from mogan_like_client.osc import lease
from tests.unit.client import commands

_LOCK = mock.Mock(
    locked=True,
    locked_by='admin',
    user_id='u',
    since='2026-01-01T00:00:00',
    reason='disk',
    expires_at=None,
)
_LEASE = ('l', '--end', '2099-01-02 00:00', '--resource', 'any', '--utc', '--wait')


class CreatingTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = mock.MagicMock()
        plugin = types.SimpleNamespace(resource_type='any', schema={})
        self.client.lease_resource_types.return_value = [plugin]
        self.app = commands.make_app(self.client)

    def run_command(self, kind, *words):
        """Run a command of one class, without printing; {field: cell}."""
        return dict(zip(*commands.run(kind, self.app, *words), strict=True))

    def test_its_id_is_told_before_the_wait(self):
        made = mock.MagicMock(noun='instance', id='i-1')
        self.client.create_instance.return_value = made
        # As by Ctrl-C.
        self.client.wait_for_instance.side_effect = KeyboardInterrupt
        words = ('web', '--flavor', 'f', '--image', 'i', '--wait')
        with testtools.ExpectedException(KeyboardInterrupt):
            self.run_command(instance.CreateInstance, *words)
        self.assertEqual('The new instance is i-1.\n', self.app.stderr.getvalue())

    def test_who_locked_it_meanwhile_is_told(self):
        failure = sdk_exceptions.ResourceFailure('instance web (i-1) is LOCKED')
        self.client.wait_for_instance.side_effect = failure
        words = ('web', '--flavor', 'f', '--image', 'i', '--wait', '--utc')
        for lock, expected in (
            (_LOCK, 'Locked by admin (user u) since 2026-01-01 00:00:00+00:00: disk'),
            (mock.Mock(locked=False), None),
        ):
            self.client.get_instance_lock.return_value = lock
            with self.assertRaises(exceptions.CommandError) as caught:
                self.run_command(instance.CreateInstance, *words)
            first, *rest = str(caught.exception).splitlines()
            self.assertEqual('instance web (i-1) is LOCKED', first)
            self.assertEqual([expected] if expected else [], rest)

    def make_lease(self, start, status='PENDING'):
        made = mock.MagicMock(noun='lease', id='l-1', status=status, start_date=start)
        self.client.create_lease.return_value = made
        self.run_command(lease.CreateLease, *_LEASE)
        return self.client.wait_for_lease.called

    def test_a_lease_that_cannot_be_read_again_is_shown_as_it_was_made(self):
        made = mock.MagicMock(noun='lease', id='l-1')
        self.client.create_lease.return_value = made
        self.client.get_lease.side_effect = sdk_exceptions.HttpException('restarted')
        shown = self.run_command(lease.CreateLease, *_LEASE[:-1])
        self.assertEqual('l-1', shown['id'])
        self.assertEqual(
            'The new lease is l-1. It is shown as it was made; read again it could not '
            'be: restarted\n',
            self.app.stderr.getvalue(),
        )

    def test_a_lease_that_was_waited_for_is_not_read_again(self):
        self.make_lease('2026-01-01T00:00:00')
        self.client.get_lease.assert_not_called()

    def test_a_lease_of_later_is_not_waited_for(self):
        self.assertFalse(self.make_lease('2098-01-01T00:00:00'))

    def test_a_lease_of_now_is_waited_for(self):
        self.assertTrue(self.make_lease('2026-01-01T00:00:00'))

    def test_a_lease_of_later_that_is_not_well_is_waited_for(self):
        self.assertTrue(self.make_lease('2098-01-01T00:00:00', status='ERROR'))
