"""Who listens is told what happens to leases; nobody's lease depends on it."""

import fixtures

from mogan_like.common import exception
from mogan_like.leases import notifications
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins import load
from tests.unit.db import db_case
from tests.unit.leases import events_case


class NotificationsTest(events_case.EventsMixin, db_case.DatabaseCase):
    def setUp(self):
        super().setUp()
        self.told = []
        self.patch('is_notifying', lambda: True)
        self.patch('notify', lambda event, payload: self.told.append((event, payload)))

    def patch(self, name, function):
        self.useFixture(fixtures.MonkeyPatch(f'mogan_like.common.rpc.{name}', function))

    def events_told(self):
        return [(event, payload['status']) for event, payload in self.told]

    def test_of_a_whole_life(self):
        uuid = self.start_one(before_end_date='now')
        self.step()
        self.manager.delete(self.ctx(), uuid)
        self.step()
        self.assertEqual(
            [
                ('lease.create', 'PENDING'),
                ('lease.start', 'ACTIVE'),
                ('lease.before_end', 'ACTIVE'),
                ('lease.end', 'TERMINATED'),
                ('lease.delete', 'TERMINATED'),
            ],
            self.events_told(),
        )
        _, payload = self.told[-1]
        self.assertEqual(
            (notifications.VERSION, uuid, 'u1', False),
            tuple(
                payload[name]
                for name in ('version', 'lease_id', 'ended_by_user_id', 'degraded')
            ),
        )

    def test_of_a_failure_once(self):
        self.plugin.fail('on_start', exception.Conflict('no'))
        uuid = self.create(start_date='now')['uuid']
        for _ in range(3):
            self.step()
            self.bring_forward(uuid)
        self.assertEqual([('lease.error', 'ERROR')], self.events_told()[1:])
        self.assertEqual('start', self.told[1][1]['step'])

    def test_of_a_lease_that_lacks_something(self):
        waiting = base.Waiting('no', plan=base.Plan(missing_resources=True))
        self.plugin.fail('on_start', waiting)
        uuid = self.create(start_date='now')['uuid']
        self.step()
        self.bring_forward(uuid)
        self.step()
        # Once, though it still lacks it.
        self.assertEqual([('lease.degraded', 'STARTING')], self.events_told()[1:])
        self.assertTrue(self.told[1][1]['degraded'])

    def test_of_a_change(self):
        uuid = self.start_one()
        self.manager.update(self.ctx(), uuid, {'name': 'other'})
        self.assertEqual(('lease.update', 'ACTIVE'), self.events_told()[-1])
        self.assertEqual('other', self.told[-1][1]['name'])
        changed = [{'id': self.reservations(uuid)[0]['uuid'], 'size': 5}]
        self.manager.update(self.ctx(), uuid, {'reservations': changed})
        self.assertEqual(3, len(self.told))
        self.step()
        self.assertEqual(('lease.update', 'ACTIVE'), self.events_told()[-1])
        self.assertEqual(4, len(self.told))

    def test_that_fail_change_nothing(self):
        def fail(_event, _payload):
            raise RuntimeError('no')

        uuid = self.create(start_date='now')['uuid']
        self.patch('notify', fail)
        self.step()
        self.manager.end(self.ctx(), uuid)
        self.step()
        self.assert_ended(uuid)

    def test_are_off_when_configured_so(self):
        notifications.CONF.set_override('notifications', False, group='leases')
        self.addCleanup(
            notifications.CONF.clear_override, 'notifications', group='leases'
        )
        self.start_one()
        self.assertEqual([], self.told)

    def test_before_the_end_of_a_reservation_that_asks_for_it(self):
        works = load.load_before_end()
        self.assertIn('notify', works)
        self.jobs = events_case.jobs.LeaseJobs({'thing': self.plugin}, works)
        self.manager._types._works['notify'] = works['notify']
        body = [{'resource_type': 'thing', 'size': 1, 'before_end': 'notify'}]
        uuid = self.start_one(reservations=body)
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(['before_end'], self.step())
        (payload,) = [p for e, p in self.told if e == 'reservation.before_end']
        self.assertEqual((uuid, '1.0'), (payload['lease_id'], payload['version']))
        self.assertEqual('notify', payload['values']['before_end'])
