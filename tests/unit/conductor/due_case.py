"""Conductors' due work without the conductors."""

import datetime
import threading

from mogan_like.common import clock
from mogan_like.common import workers
from mogan_like.conductor import due
from mogan_like.db import claims
from mogan_like.db import engine
from tests import fixtures
from tests.unit.db import db_case

SECONDS = datetime.timedelta(seconds=1)


class DueCase(db_case.DatabaseCase):
    """Due work and its jobs: short, long, slow and bad ones.

    :ivar ran: claims in the order in which their jobs began
    :ivar ended: claims whose slow jobs have ended
    :ivar hold: while it is not set, jobs of kind ``long`` go on
    """

    # Nothing below may depend on the scan, unless it says so.
    options = {'conductor__scan_interval': 60, 'conductor__claim_ttl': 3}

    def setUp(self):
        super().setUp()
        self.ran = []
        self.ended = []
        self.hold = threading.Event()
        self.addCleanup(self.hold.set)
        self.announced = []

    def start(self, size=4, backlog=0):
        pool = workers.Pool('job', size, backlog)
        work = due.DueWork(
            pool,
            {
                'short': self._run_short,
                'long': self._run_long,
                'slow': self._run_slow,
                'bad': self._run_bad,
            },
            lambda *what: self.announced.append(what),
        )
        work.start()
        self.addCleanup(self._stop, work, pool)
        return work

    def _stop(self, work, pool):
        work.stop()
        self.hold.set()
        work.release_all()
        pool.drain(10)

    def _run_short(self, claim):
        self.ran.append(claim)
        with engine.writer() as conn:
            claims.finish(conn, claim)

    def _run_long(self, claim):
        """Go on until told, or until the claim is gone, as a driver does."""
        self.ran.append(claim)
        while not (claim.is_lost() or self.hold.wait(0.01)):
            pass
        if not claim.is_lost():
            with engine.writer() as conn:
                claims.finish(conn, claim)

    def _run_slow(self, claim):
        """Take a while to notice that the claim is gone."""
        self.ran.append(claim)
        claim.lost.wait()
        self.hold.wait(0.3)
        self.ended.append(claim)

    def _run_bad(self, claim):
        self.ran.append(claim)
        raise RuntimeError('a bug')

    def add(self, kind='short', object_id='one', after=0, **kwargs):
        when = clock.utcnow() + after * SECONDS
        return self.in_transaction(claims.add, kind, object_id, when, **kwargs)

    def replace(self, kind, object_id, payload=None):
        return self.in_transaction(
            claims.replace, kind, object_id, clock.utcnow(), payload
        )

    def wait_for(self, true, what):
        return fixtures.wait_until(true, what, seconds=15)

    def wait_until_ran(self, count):
        self.wait_for(lambda: len(self.ran) >= count, f'{count} jobs to begin')

    def wait_until_done(self):
        self.wait_for(lambda: not self.rows(claims.DUE_WORK), 'all work to be done')
