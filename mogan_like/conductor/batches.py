"""Due work in batches: begun together, done in parallel, finished together."""

import collections
import threading

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.conductor import finisher
from mogan_like.conductor import held
from mogan_like.conductor import loop
from mogan_like.db import claims
from mogan_like.db import engine

LOG = log.getLogger(__name__)

#: How many rows one transaction claims at most.
BATCH = 100
#: How much may be under way of one kind: what is begun and not finished is to be
#: done again when this conductor dies.
_UNDER_WAY = 300
#: Seconds between two tries to write while the database is away.
_PAUSE = 0.5


#: Seconds that what is done has to be written at a stop.
_STOP_SECONDS = 5


class BatchWork:
    """Due work that is begun and finished in batches, and calls plugins.

    :param jobs: what is done: ``kinds``, {kind: the plugin whose threads it takes,
        or None}, ``begin(kind, limit)``, ``finish(works)`` and ``scan(works)``
    :param pools: the threads, a :class:`.plugin_pools.PluginPools`
    :ivar kinds: of due work that is done here
    """

    def __init__(self, jobs, pools):
        self.kinds = tuple(jobs.kinds)
        self._jobs = jobs
        self._pools = pools
        self._held = held.HeldClaims()
        self._loop = loop.Loop('batch-work', self._look)
        self._scans = loop.Loop('batch-scan', self._scan)
        self._finisher = finisher.Finisher(self._finish, self._is_calling)
        self._changed = threading.Condition()
        # What is begun and not finished, and how much of each kind.
        self._works = set()
        self._counts = collections.Counter()
        self._calling = 0
        self._refused = False
        # Set while what is done cannot be written.
        self._away = threading.Event()
        self._released = threading.Event()

    def start(self):
        """Begin to claim, to renew and to watch."""
        self._held.start()
        self._finisher.start()
        self._pools.start(self.nudge)
        self._loop.start()
        self._scans.start()

    def stop(self):
        """Claim no more; what is called goes on, what only waits is let go of."""
        self._loop.stop()
        self._scans.stop()
        self._pools.withdraw()

    def drain(self, timeout):
        """Wait for what is under way; True when all of it ended in ``timeout`` s."""
        deadline = clock.monotonic() + timeout
        # What its last look begins is under way as well.
        self._loop.wait(timeout)
        with self._changed:
            left = max(0, deadline - clock.monotonic())
            return self._changed.wait_for(lambda: not self._works, left)

    def release_all(self):
        """Let go of everything that is held, for others to take up."""
        self._released.set()
        for each in (self._loop, self._scans):
            each.wait(_STOP_SECONDS)
        self._held.close()
        self._pools.close()
        for work in self._list_works():
            work.claim.lost.set()
            work.abandon()
        self._finisher.close(_STOP_SECONDS)
        self._held.let_go_of_all()

    def nudge(self):
        """Look for due work now."""
        self._loop.nudge()

    def superseded(self, kind, object_id):
        """The work of an object was replaced, here or by another conductor."""
        self._held.superseded(kind, object_id)
        self.nudge()

    def _look(self):
        """Begin what is due; returns the seconds until the next look."""
        if self._away.is_set():
            # What is done already is written first, and not done again.
            return _PAUSE
        asked_at = clock.utcnow()
        with engine.reader() as conn:
            due, database_now = claims.next_due_of_each(conn, self.kinds)
        loop.keep_time(asked_at, database_now)
        now = clock.utcnow()
        if sum(self._take(kind) for kind, until in due.items() if until <= now):
            return 0
        # Where there was no room, whoever makes room nudges.
        return loop.get_pause(min(filter(now.__lt__, due.values()), default=None))

    def _take(self, kind):
        room = self._get_room(kind)
        if not room:
            return 0
        begun = self._jobs.begin(kind, room)
        with self._changed:
            self._works.update(begun.works)
            self._counts[kind] += len(begun.works)
            self._calling += len(begun.works)
        for work in begun.works:
            self._held.add(work.claim)
        for work in begun.works:
            work.start(self._pools.submit, self._put)
        return begun.claimed

    def _get_room(self, kind):
        with self._changed:
            room = min(BATCH, _UNDER_WAY - self._counts[kind])
            self._refused |= room <= 0
        return min(room, self._pools.get_room(self._jobs.kinds[kind]))

    def _put(self, work):
        """Nothing more will come of a work's calls."""
        with self._changed:
            self._calling -= 1
        self._finisher.put(work)

    def _is_calling(self):
        return self._calling > 0

    def _finish(self, works):
        try:
            while not self._try_finish(works):
                self._away.set()
                if self._released.wait(_PAUSE):
                    break
        finally:
            if self._finisher.is_empty():
                self._away.clear()
            self._leave(works)

    def _try_finish(self, works):
        """False while there is no database."""
        try:
            again = self._jobs.finish(works)
        except engine.BROKEN_OFF as exc:
            LOG.warning('%d steps cannot be written down: %s', len(works), exc)
            return False
        if again:
            self.nudge()
        return True

    def _leave(self, works):
        for work in works:
            self._held.drop(work.claim)
        with self._changed:
            self._works.difference_update(works)
            self._counts.subtract(work.claim.kind for work in works)
            refused, self._refused = self._refused, False
            self._changed.notify_all()
        if refused:
            self.nudge()

    def _list_works(self):
        with self._changed:
            return list(self._works)

    def _scan(self):
        works = self._list_works()
        for work in works:
            if work.claim.is_lost():
                work.abandon()
        if self._jobs.scan(works):
            self.nudge()
        return CONF.conductor.scan_interval
