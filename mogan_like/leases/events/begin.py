"""The beginning of steps: claimed, decided and written in one transaction."""

import collections
import datetime

from oslo_log import log

from mogan_like.actions import recorder
from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.leases import agenda
from mogan_like.leases import states
from mogan_like.leases.agenda import Step
from mogan_like.leases.events import verdict
from mogan_like.leases.events.work import NoPlugin
from mogan_like.leases.events.work import Work
from mogan_like.leases.store import steps as store

LOG = log.getLogger(__name__)

#: Seconds until a lease is looked at again that this conductor has no plugin for.
_ELSEWHERE = 1
#: The same of one that a verb of a person is at.
_BUSY = 0.05
_BEGINS = {Step.START: 'start', Step.END: 'end'}


class Begun:
    """What one transaction began.

    :ivar claimed: how many rows were due
    :ivar works: the steps that were begun
    """

    def __init__(self):
        self.claimed = 0
        self.works = []


def begin(kind, limit, make_tasks):
    """Claim due leases of a kind, and begin what is next for each.

    :param make_tasks: called with a work and its lease's reservations; puts the
        work's tasks together
    :returns: a :class:`Begun`
    """
    try:
        return _begin(kind, limit, make_tasks)
    except store.Stale as exc:
        # Not seen while the database keeps the lock on the leases' rows.
        LOG.warning('Leases are begun one by one: %s.', exc)
    begun = Begun()
    for _ in range(limit):
        try:
            one = _begin(kind, 1, make_tasks)
        except store.Stale:
            LOG.exception('A lease of %s changes all the while.', kind)
            break
        if not one.claimed:
            break
        begun.claimed += 1
        begun.works += one.works
    return begun


@engine.retried
def _begin(kind, limit, make_tasks):
    begun = Begun()
    with engine.writer() as conn:
        held = claims.claim_due(conn, [kind], limit, CONF.conductor.claim_ttl)
        begun.claimed = len(held)
        if held:
            batch = _Batch(conn, [claim.object_id for claim in held], make_tasks)
            for claim in held:
                batch.add(claim)
            begun.works = batch.write()
    return begun


class _Batch:
    """Steps that are begun in one transaction."""

    def __init__(self, conn, uuids, make_tasks):
        self._conn = conn
        self._make_tasks = make_tasks
        self._now = clock.utcnow()
        self._grace = datetime.timedelta(seconds=CONF.leases.before_end_grace)
        self._leases, self._busy = store.lock_free_leases(conn, uuids)
        self._events = store.list_events(conn, uuids)
        self._reservations = store.list_reservations(conn, uuids)
        self._works = []
        self._over = []
        self._later = []
        self._statuses = collections.defaultdict(list)
        self._in_progress = collections.defaultdict(list)
        self._started = []

    def add(self, claim):
        """Decide what is next for one lease."""
        try:
            self._decide(claim)
        except engine.BROKEN_OFF:
            # There is no transaction any more to go on in.
            raise
        except NoPlugin as exc:
            self._postpone(claim, _ELSEWHERE, str(exc))
        except Exception:
            # Its rows make no sense, and those of others must not wait for it.
            LOG.exception('Lease %s cannot be gone on with.', claim.object_id)
            delay = backoff.get_delay(
                claim.attempts,
                CONF.conductor.retry_delay,
                CONF.conductor.retry_delay_max,
            )
            self._postpone(claim, delay, recorder.UNKNOWN)

    def _postpone(self, claim, seconds, message):
        due_at = self._now + datetime.timedelta(seconds=seconds)
        claims.reschedule(self._conn, claim, due_at, message)

    def _decide(self, claim):
        if claim.object_id in self._busy:
            until = self._now + datetime.timedelta(seconds=_BUSY)
            claims.wait_for(self._conn, claim, None, 'It is being changed.', until)
            return
        lease = self._leases.get(claim.object_id)
        if lease is None:
            self._over.append(claim)
            return
        events = {row.event_type: row for row in self._events[lease.uuid]}
        following = agenda.decide(lease, events, self._now, self._grace)
        if following.step is None:
            self._over.append(claim)
        elif following.due_at > self._now:
            self._later.append((claim, following.due_at))
        else:
            event = events.get(verdict.EVENT.get(following.step))
            due_at = following.due_at if event is None else event.time
            self._begin(Work(claim, lease, following.step, due_at), event)

    def _begin(self, work, event):
        lease, step = work.lease, work.step
        reservations = self._reservations[lease.uuid]
        self._make_tasks(work, reservations)
        status = self._get_status(lease, step)
        # From here on nothing may raise: the lists belong together.
        if status != lease.status:
            self._statuses[lease.status, status, False].append(lease.id)
        if event is not None and event.status != states.IN_PROGRESS:
            self._in_progress[event.status, states.IN_PROGRESS, None].append(event.id)
        if step in (Step.START, Step.UPDATE):
            self._started += [
                task.row.id for task in work.tasks if not task.row.started
            ]
        self._works.append(work)

    def _get_status(self, lease, step):
        verb = _BEGINS.get(step)
        if step == Step.BEFORE_END and lease.end_date <= self._now:
            # It is what the end waits for: no extension comes in between.
            verb = 'end'
        return lease.status if verb is None else states.TRANSITIONS[lease.status, verb]

    def write(self):
        """Write what was decided; the steps to go on with."""
        conn = self._conn
        store.set_statuses(conn, self._statuses)
        store.set_events(conn, self._in_progress)
        store.set_started(conn, self._started)
        claims.finish_all(conn, self._over)
        claims.reschedule_all(conn, self._later)
        return self._works
