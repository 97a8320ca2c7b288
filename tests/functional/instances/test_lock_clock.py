"""The end of a lock while the clock of the database is set."""

import datetime

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances import build
from mogan_like.instances import states
from tests.functional.instances import instances_case

_HOUR = datetime.timedelta(hours=1)


def _set_right():
    clock.sync(datetime.datetime.now(datetime.UTC).replace(tzinfo=None))


class LockClock:
    options: dict = {}

    def setUp(self):
        super().setUp()
        (self.uuid,) = self.insert_instances(1)
        # It would set its clock by the database's.
        self.service.stop_conductor()
        self.addCleanup(_set_right)
        self.expires = clock.utcnow() + _HOUR
        self.lock_until([self.uuid], self.expires)

    def take(self):
        """The claim on the end of the lock, by the clock as it is."""
        with engine.writer() as conn:
            return claims.claim_due(conn, [build.LOCK_EXPIRY], 10, 60)

    def expiries(self):
        return self.rows(instances_case.DUE_WORK, kind=build.LOCK_EXPIRY)

    def test_clock_that_goes_back_after_the_claim_does_not_end_a_lock_early(self):
        jobs = build.InstanceJobs(None)
        now = clock.utcnow()
        self.assertEqual([], self.take())
        clock.sync(now + 2 * _HOUR)
        (claim,) = self.take()
        clock.sync(now)
        jobs.expire_lock(claim)
        self.assertEqual(states.LOCKED, self.row(self.uuid).status)
        self.assertEqual([], self.audit(self.uuid))
        (row,) = self.expiries()
        self.assertEqual((None, self.expires), (row.owner, row.until))
        # It ends when its time has come.
        self.assertEqual([], self.take())
        clock.sync(self.expires)
        (claim,) = self.take()
        jobs.expire_lock(claim)
        self.assertEqual(states.ACTIVE, self.row(self.uuid).status)
        self.assertEqual([('unlock', 'success')], self.audit(self.uuid))
        self.assertEqual([], self.expiries())


instances_case.on_each_database(globals(), LockClock)
