"""The loop of due work: one engine for every domain.

It claims due rows in batches, hands each to its kind's job on the worker
pool, and renews the claims of what is being worked on. It wakes at the next
due time, or when it is nudged, or after ``[conductor]scan_interval``.
"""

import contextlib
import threading

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.conductor import held
from mogan_like.conductor import loop
from mogan_like.db import claims
from mogan_like.db import engine

LOG = log.getLogger(__name__)

#: How many rows one statement claims at most.
BATCH = 100
#: Seconds that jobs have to notice that they are to let go.
_STOP_SECONDS = 2


class DueWork:
    """Due work of this conductor.

    :param pool: the worker pool that the jobs run on
    :param jobs: {kind: job}; a job is called with a claim, ends in itself and
        never raises
    :param announce: called with (kind, object id) to tell other conductors
        that the work of an object was replaced
    :ivar kinds: of due work that is done here
    """

    def __init__(self, pool, jobs, announce):
        self._pool = pool
        self.kinds = tuple(jobs)
        self._jobs = jobs
        self._announce = announce
        self._held = held.HeldClaims()
        self._loop = loop.Loop('due-work', self._claim)
        self._paused = threading.Event()

    def start(self):
        """Begin to claim and to renew."""
        self._loop.start()
        self._held.start()

    def stop(self):
        """Claim no more; what is held goes on and is renewed."""
        self._loop.stop()

    def release_all(self):
        """Let go of everything that is held, for others to take up."""
        self._held.close()
        self._pool.close()
        for claim in self._held.list():
            claim.lost.set()
        # Who stops by itself leaves an audit without loose ends, and nobody
        # else at the machine meanwhile.
        self._pool.drain(_STOP_SECONDS)
        self._held.let_go_of_all()

    def set_paused(self, paused):
        """Claim nothing for now, or claim again; what is held goes on."""
        if paused:
            self._paused.set()
        elif self._paused.is_set():
            self._paused.clear()
            self.nudge()

    def nudge(self):
        """Look for due work now."""
        self._loop.nudge()

    def supersede(self, kind, object_id):
        """Tell whoever is at the former work of an object to let go of it."""
        self.superseded(kind, object_id)
        self._announce(kind, object_id)

    def superseded(self, kind, object_id):
        """The work of an object was replaced, here or by another conductor."""
        self._held.superseded(kind, object_id)
        self.nudge()

    @contextlib.contextmanager
    def admit(self):
        """Take a worker for work that is about to be written down.

        :returns: an :class:`Admission`
        :raises ConductorBusy: when no worker is free and no place to wait
        """
        with self._pool.admit() as place:
            yield Admission(self, place)

    def run(self, place, claim):
        """Run a claim's job on a place in the pool."""
        self._held.add(claim)
        place.submit(self._run, claim)

    def _run(self, claim):
        try:
            if self._loop.is_stopping():
                # It only waited for a worker: others begin it.
                claim.lost.set()
            # It may have been lost while it waited.
            if not claim.is_lost():
                self._jobs[claim.kind](claim)
        except Exception:
            LOG.exception('The job of %s %s raised.', claim.kind, claim.object_id)
        finally:
            self._held.drop(claim)
            if claim.is_lost():
                self._held.let_go(claim)
            # A worker is free again, and what was replaced may run now.
            self.nudge()

    def _claim(self):
        """Take what is due; returns the seconds until the next look."""
        if self._paused.is_set():
            return CONF.conductor.scan_interval
        asked_at = clock.utcnow()
        with engine.reader() as conn:
            until, database_now = claims.next_due(conn, self.kinds)
        loop.keep_time(asked_at, database_now)
        pause = loop.get_pause(until)
        if pause > 0 or self._take():
            return pause
        # No worker free: the end of a job nudges.
        return CONF.conductor.scan_interval

    @engine.retried
    def _take(self):
        with self._pool.reserve(BATCH) as places:
            if not places:
                return 0
            with engine.writer() as conn:
                taken = claims.claim_due(
                    conn, self.kinds, len(places), CONF.conductor.claim_ttl
                )
            for place, claim in zip(places, taken, strict=False):
                self.run(place, claim)
            return len(taken)


class Admission:
    """A worker that waits for work being written down.

    :ivar owner: whose claim the new row is
    :ivar ttl: seconds that the claim holds
    """

    def __init__(self, due, place):
        self.owner = claims.new_owner()
        self.ttl = CONF.conductor.claim_ttl
        self._due = due
        self._place = place

    def run(self, claim):
        """Run the job of the row that is now committed.

        :param claim: None when the work was left to whoever lets go of it
        """
        if claim is not None:
            self._due.run(self._place, claim)
