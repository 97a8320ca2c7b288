"""The end of steps: what came of them, and what is next, in one transaction."""

import collections
import dataclasses
import datetime

from oslo_log import log

from mogan_like.actions import batches as audit
from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db.quotas import count as quotas
from mogan_like.leases import agenda
from mogan_like.leases import states
from mogan_like.leases.agenda import Step
from mogan_like.leases.events import before_end
from mogan_like.leases.events import record
from mogan_like.leases.events import verdict
from mogan_like.leases.events import watch
from mogan_like.leases.events.work import Kind
from mogan_like.leases.events.work import Work
from mogan_like.leases.store import leases as lease_store
from mogan_like.leases.store import steps as store
from mogan_like.trusts import release as trusts

LOG = log.getLogger(__name__)

#: How long other conductors have for what this one could not begin to call.
_ELSEWHERE = datetime.timedelta(seconds=1)
#: Seconds between two tries when several things are waited on: one of them wakes
#: the lease, and what held the others' reservations is found by looking.
_SEVERAL = 10
_RESERVATION = {
    Kind.DONE: states.RESERVATION_ACTIVE,
    Kind.FAILED: states.RESERVATION_ERROR,
}


@engine.retried
def finish(works):
    """Write what came of some steps, all of them or none.

    :returns: a :class:`Finished` for each
    :raises ClaimLost: when one of them is another worker's by now
    :raises Stale: when a row is not as it was read
    """
    with engine.writer() as conn:
        batch = _Batch(conn, [work.lease.uuid for work in works])
        for work in works:
            batch.add(work)
        return batch.write()


@dataclasses.dataclass(frozen=True, slots=True)
class Finished:
    """What became of a lease.

    :ivar lease: its row as it was before
    :ivar is_due: True when what is next for it is due before the next scan
    """

    work: Work
    kind: Kind
    lease: object
    status: str
    is_due: bool


class _Batch:
    """Steps that are finished in one transaction."""

    def __init__(self, conn, uuids):
        self._conn = conn
        self._now = clock.utcnow()
        self._soon = self._now + datetime.timedelta(
            seconds=CONF.conductor.scan_interval
        )
        self._grace = datetime.timedelta(seconds=CONF.leases.before_end_grace)
        self._leases = store.lock_leases(conn, uuids)
        self._events = store.list_events(conn, uuids)
        self._statuses = collections.defaultdict(list)
        self._event_changes = collections.defaultdict(list)
        self._reservations = collections.defaultdict(list)
        self._over = []
        self._next = []
        self._plans = []
        self._awaited = set()
        self._ended = collections.Counter()
        self._trusts = set()
        self._records = []
        self._finished = []

    def add(self, work):
        """Decide what is to be written of one step."""
        row = self._leases.get(work.lease.uuid)
        if row is None or row.status == states.TERMINATED:
            # Somebody gave it up, and dropped its due work.
            raise claims.ClaimLost(work.lease.uuid)
        kind = work.get_kind()
        lease = verdict.Lease(row.status, row.start_date, row.end_date)
        rows = self._events[row.uuid]
        events = {
            each.event_type: verdict.Event(each.time, each.status, each.result)
            for each in rows
        }
        if kind != Kind.SKIPPED:
            verdict.settle(work.step, kind, lease, events)
            self._records.append(record.make(work, kind))
        self._note_lease(row, lease)
        self._note_events(rows, events)
        self._note_reservations(work)
        due_at = self._note_due(work, kind, lease, events)
        is_due = due_at is not None and due_at <= self._soon
        self._finished.append(Finished(work, kind, row, lease.status, is_due))

    def _note_lease(self, row, lease):
        deleted = row.status == states.DELETING and lease.status == states.TERMINATED
        if lease.status != row.status:
            self._statuses[row.status, lease.status, deleted].append(row.id)
        if lease.status == states.TERMINATED:
            self._ended[row.project_id] += 1
            self._trusts.add(row.trust_id)

    def _note_events(self, rows, events):
        for row in rows:
            event = events[row.event_type]
            if (event.status, event.result) != (row.status, row.result):
                change = row.status, event.status, event.result
                self._event_changes[change].append(row.id)

    def _note_reservations(self, work):
        if work.step == Step.BEFORE_END:
            return
        for task in work.tasks:
            outcome = task.outcome
            status = _RESERVATION.get(outcome.kind)
            if work.step == Step.END and outcome.kind == Kind.DONE:
                status = states.RESERVATION_DELETED
            if status is not None:
                self._reservations[status].append(task.row.id)
            if outcome.plan is not None:
                self._plans.append((work.lease, task.row, outcome.plan))

    def _note_due(self, work, kind, lease, events):
        """When the lease is due again; None for never."""
        following = agenda.decide(lease, events, self._now, self._grace)
        if following.step is None:
            self._over.append(work.claim)
            return None
        if kind == Kind.SKIPPED:
            return self._let_go(work)
        if kind == Kind.DONE or following.step != work.step:
            self._next.append((work.claim, following.due_at))
            return following.due_at
        return self._try_again(work, lease, events)

    def _let_go(self, work):
        until = self._now
        if work.claim.kind == agenda.MIXED:
            # It may be held up by one of its plugins only, which does not keep
            # this conductor from claiming it: others are to have a go.
            until += _ELSEWHERE
        claims.wait_for(self._conn, work.claim, None, record.BUSY, until)
        return until

    def _try_again(self, work, lease, events):
        waiting = work.list_tasks(Kind.WAITING)
        failed = work.list_tasks(Kind.FAILED)
        if failed:
            delay = backoff.get_delay(
                work.claim.attempts,
                CONF.conductor.retry_delay,
                CONF.conductor.retry_delay_max,
            )
        else:
            delay = min(task.outcome.seconds for task in waiting)
        waits_on = [task.outcome.waits_on for task in waiting if task.outcome.waits_on]
        if len(set(waits_on)) > 1:
            delay = min(delay, _SEVERAL)
        due_at = self._now + datetime.timedelta(seconds=delay)
        due_at = min([due_at, *self._list_turns(work, lease, events)])
        self._awaited.update(waits_on[:1])
        claims.wait_for(
            self._conn,
            work.claim,
            waits_on[0] if waits_on else None,
            record.join_messages(failed or waiting),
            due_at,
            bool(failed),
            payload=before_end.remember(work),
        )
        return due_at

    def _list_turns(self, work, lease, events):
        """Times to come at which something else is next."""
        turns = [lease.end_date]
        if work.step == Step.BEFORE_END:
            turns = [lease.end_date + self._grace]
        elif states.BEFORE_END in events:
            turns.append(events[states.BEFORE_END].time)
        return [turn for turn in turns if turn > self._now]

    def write(self):
        """Write what was decided; what became of each lease."""
        conn = self._conn
        store.set_statuses(conn, self._statuses)
        store.set_events(conn, self._event_changes)
        store.set_reservations(conn, self._reservations)
        for lease, row, plan in self._plans:
            _write_plan(conn, lease, row, plan)
        audit.record_steps(conn, self._records)
        claims.finish_all(conn, self._over)
        claims.reschedule_all(conn, self._next)
        for project_id, count in sorted(self._ended.items()):
            quotas.give_back(conn, project_id, 'leases', count)
        for trust_id in sorted(self._trusts - {None}):
            trusts.release(conn, trust_id)
        return self._wake()

    def _wake(self):
        """What became of each lease; what came free since it was looked at is due.

        It was made free before it was known that somebody waits. What another
        transaction makes free at this moment is found by the scan.
        """
        free = watch.list_free(self._conn, sorted(self._awaited))
        woken = sum(claims.wake(self._conn, uuid) for uuid in free)
        if not woken:
            return self._finished
        return [dataclasses.replace(each, is_due=True) for each in self._finished]


def _write_plan(conn, lease, row, plan):
    lease_store.update_reservation(
        conn,
        row.uuid,
        {
            'resource_id': plan.resource_id or row.resource_id,
            'missing_resources': plan.missing_resources,
            'resources_changed': bool(row.resources_changed) or plan.resources_changed,
        },
    )
    lease_store.set_degraded(conn, lease.uuid)
