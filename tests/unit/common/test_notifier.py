"""Notifications: sent when somebody is to be told, and never waited for."""

import threading
import unittest.mock

import oslo_messaging
from oslo_messaging.notify import _impl_test
import testtools

from mogan_like.common import rpc
from mogan_like.common.rpc import notifier as notifier_module
from tests import fixtures


class NotifierTest(testtools.TestCase):
    def begin(self, **options):
        self.useFixture(fixtures.Config(transport_url='inprocess://', **options))
        # The option is of oslo.messaging, which registers it when it is used.
        _impl_test.reset()
        rpc.init()
        self.addCleanup(rpc.cleanup)

    def sent(self):
        return [
            (m['event_type'], m['payload']) for _, m, *_ in _impl_test.NOTIFICATIONS
        ]

    def listen(self, driver):
        oslo_messaging.get_notification_transport(fixtures.CONF, 'fake://')
        fixtures.CONF.set_override(
            'driver', [driver], group='oslo_messaging_notifications'
        )
        self.addCleanup(
            fixtures.CONF.clear_override, 'driver', group='oslo_messaging_notifications'
        )

    def test_reaches_whoever_listens(self):
        self.begin()
        self.listen('test')
        rpc.notify('lease.start', {'lease_id': 'a'})
        rpc.notify('lease.end', {'lease_id': 'a'})
        fixtures.wait_until(lambda: len(self.sent()) == 2, 'both')
        self.assertEqual(
            [('lease.start', {'lease_id': 'a'}), ('lease.end', {'lease_id': 'a'})],
            self.sent(),
        )

    def test_is_not_even_made_when_nobody_is_to_be_told(self):
        self.begin()
        self.assertTrue(rpc.is_notifying())
        rpc.notify('lease.start', {})
        fixtures.wait_until(lambda: not rpc.is_notifying(), 'this to be known')

    def test_without_a_bus_is_none(self):
        self.assertFalse(rpc.is_notifying())
        rpc.notify('lease.start', {})

    def test_that_cannot_be_sent_stops_nothing(self):
        # It has no notifications.
        self.begin()
        self.listen('messagingv2')
        for _ in range(3):
            rpc.notify('lease.start', {})
        self.assertTrue(rpc.is_notifying())

    def test_is_dropped_when_too_many_wait(self):
        self.begin()
        self.listen('test')
        gate = threading.Event()
        self.addCleanup(gate.set)
        taken = []

        def hold(*_args):
            gate.wait(60)
            taken.append(1)

        with (
            unittest.mock.patch.object(_impl_test.TestDriver, 'notify', hold),
            unittest.mock.patch.object(notifier_module, '_HELD', 2),
        ):
            notifier = notifier_module.Notifier()
            for _ in range(10):
                notifier.notify('lease.start', {})
            self.assertGreater(notifier._dropped, 5)
            notifier.close()
            gate.set()
            # Later, another test would find them sent.
            fixtures.wait_until(
                lambda: len(taken) == 10 - notifier._dropped, 'those that are held'
            )
