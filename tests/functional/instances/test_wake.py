"""Work that waits on an instance is due when the instance is free or gone."""

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import workers
from mogan_like.conductor import due
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances import states
from mogan_like.instances.drivers import fake
from mogan_like.instances.manager import instances
from tests import fixtures
from tests.functional.instances import instances_case

DUE_WORK = instances_case.DUE_WORK

#: Seconds that a nudge may take, far below the scan.
_SOON = 20


class WakeCase(instances_case.InstancesCase):
    # What a nudge does not find is not found by the scan either.
    options = {'conductor__scan_interval': 60, 'fake__nodes': 4}

    def wait_on(self, uuid, kind='test_lease_end', object_id='lease'):
        """Due work that waits on an instance, as a lease's end does."""
        with engine.writer() as conn:
            claim = claims.add(
                conn, kind, object_id, clock.utcnow(), owner='me', ttl=30
            )
            claims.wait_for(conn, claim, uuid, f'{uuid} is locked.')

    def is_due(self, object_id='lease'):
        (row,) = self.rows(DUE_WORK, object_id=object_id)
        return row.waits_on is None and row.until <= clock.utcnow()


class WakeTest(WakeCase):
    def test_unlock_makes_due_what_waits_on_that_instance(self):
        locked, other = self.insert_instances(2)
        for uuid in (locked, other):
            self.put(uuid, states.LOCKED)
            self.wait_on(uuid, object_id=uuid)
        path = f'/v1/instances/{locked}/states/unlock'
        self.assertEqual(202, self.admin.put(path, {'unlock': None}).status)
        self.assertTrue(self.is_due(locked))
        self.assertFalse(self.is_due(other))

    def test_refused_unlock_wakes_nothing(self):
        (uuid,) = self.insert_instances(1)
        self.wait_on(uuid)
        path = f'/v1/instances/{uuid}/states/unlock'
        refused = self.admin.put(path, {'unlock': None})
        self.assert_refused(refused, 403, 'OperationNotPermitted')
        self.assertFalse(self.is_due())

    def test_expiry_of_a_lock_makes_due(self):
        (uuid,) = self.insert_instances(1)
        self.wait_on(uuid)
        self.service.stop_conductor()
        self.lock_until([uuid], clock.utcnow())
        self.assertFalse(self.is_due())
        self.service.start_conductor()
        self.service.wait_for(uuid, states.ACTIVE)
        self.assertTrue(self.is_due())

    def test_end_of_a_delete_makes_due(self):
        uuid = self.service.make_instance()
        self.wait_on(uuid)
        self.assertEqual(202, self.member.delete(f'/v1/instances/{uuid}').status)
        self.service.wait_for(uuid, states.DELETED)
        self.assertTrue(self.is_due())


class NudgeTest(WakeCase):
    def setUp(self):
        super().setUp()
        self.locked, self.waiting = self.insert_instances(2)
        self.put(self.locked, states.LOCKED)
        # A job that shows that it ran: the lock is over, and its end waits.
        self.put(self.waiting, states.LOCKED)
        self.change(self.waiting, lock_expires_at=clock.utcnow())
        self.wait_on(self.locked, 'lock_expiry', self.waiting)

    def assert_ran(self):
        fixtures.wait_until(
            lambda: self.row(self.waiting).status == states.ACTIVE,
            'the work that waited to be done',
            _SOON,
        )

    def wait_until_idle(self, engine_of_kinds):
        """The end of a job would make it look for work as well."""
        fixtures.wait_until(
            lambda: (
                not self.rows(DUE_WORK, kind='inventory')[0].owner
                and not self.rows(DUE_WORK, kind='housekeeping')[0].owner
                and not engine_of_kinds._pool.taken
                and not engine_of_kinds._loop._nudged.is_set()
            ),
            'the conductor to have nothing to do',
        )

    def test_what_was_woken_is_done_at_once(self):
        path = f'/v1/instances/{self.locked}/states/unlock'
        self.assertEqual(202, self.admin.put(path, {'unlock': None}).status)
        self.assert_ran()

    def test_end_of_a_delete_tells_the_other_kinds_of_work(self):
        self.put(self.locked, states.ACTIVE)
        path = f'/v1/instances/{self.locked}'
        self.assertEqual(202, self.member.delete(path).status)
        self.assert_ran()

    def test_another_conductor_is_told(self):
        first = self.service.conductor
        self.addCleanup(first.stop)
        self.service.start_conductor()
        for engine_of_kinds in (first._due, first._quick):
            engine_of_kinds.stop()
        self.wait_until_idle(self.service.conductor._quick)
        untold = due.DueWork(workers.Pool('job', 1), {}, lambda *_word: None)
        manager = instances.InstancesManager(
            untold, fake.FakeDriver(), woken=first._tell_woken
        )
        manager.unlock(context.for_job(), self.locked, 'admin')
        self.assert_ran()
