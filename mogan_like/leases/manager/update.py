"""Other dates or other resources for a lease: wholly, or not at all."""

import orjson
from oslo_utils import uuidutils

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.leases import agenda
from mogan_like.leases import states
from mogan_like.leases.manager import dates
from mogan_like.leases.manager import values as values_of
from mogan_like.leases.plugins import rows
from mogan_like.leases.queries import leases as queries
from mogan_like.leases.store import leases as store
from mogan_like.trusts import expected

_DATES = ('start_date', 'end_date', 'before_end_date')
#: Statuses in which dates and reservations may be changed.
_CHANGEABLE = (states.PENDING, states.ACTIVE, states.ERROR)


@engine.retried
def update(ctx, types, find, uuid, values, trust_id=None):
    """Change a lease.

    :param find: the lease's row for an audit entry, or raises
    :param trust_id: for the lease, unless it has one
    :raises InvalidLeaseState: when it can not be changed as it is now
    """
    with recorder.record(ctx, uuid, 'update', object_type='lease') as entry:
        lease = find(entry, uuid)
        if 'name' in values:
            store.rename(entry.conn, uuid, values['name'])
            lease = find(entry, uuid)
        if set(values) - {'name'}:
            change = _Change(entry.conn, types, lease, values, trust_id)
            if change.make():
                entry.leave_open()
            if lease.trust_id is None:
                expected.keep(entry.conn, ctx, trust_id)


class _Change:
    """One change of dates and reservations, in its transaction."""

    def __init__(self, conn, types, lease, values, trust_id):
        self._conn = conn
        self._types = types
        self._lease = lease
        self._reservations = queries.list_reservations(
            conn, [lease.uuid], queries.ALL_OF_RESERVATION
        )[lease.uuid]
        self._events = {
            row.event_type: row
            for row in queries.list_events(conn, [lease.uuid], queries.ALL_OF_EVENT)[
                lease.uuid
            ]
        }
        self._values = values
        self._trust_id = lease.trust_id or trust_id

    def make(self):
        """Make it; True when a worker has to make what runs match it."""
        self._check_status()
        lease, conn = self._lease, self._conn
        now = clock.utcnow()
        wanted = self._check_reservations()
        times = self._plan_dates(now, wanted)
        # The lease first: verbs and steps of one lease meet at its row.
        if not store.update(conn, lease, {**times, 'trust_id': self._trust_id}):
            raise exception.Conflict()
        unsettled = self._plan(times, wanted)
        if unsettled:
            store.set_status(conn, lease.uuid, lease.status, states.UPDATING)
        self._move_events(times)
        store.set_degraded(conn, lease.uuid)
        self._bring_forward(now, times, unsettled)
        return unsettled

    def _check_status(self):
        lease = self._lease
        if lease.status not in _CHANGEABLE:
            raise exception.InvalidLeaseState(
                action='change', uuid=lease.uuid, status=lease.status
            )
        if lease.status == states.ERROR and self._is_over():
            raise exception.InvalidLeaseState(
                action='change', uuid=lease.uuid, status='at its end'
            )

    def _is_over(self):
        return self._events[states.END].status != states.UNDONE

    def _check_reservations(self):
        """{reservation's uuid: its new values}."""
        known = {row.uuid: row for row in self._reservations}
        wanted = {}
        for each in self._values.get('reservations') or []:
            row = known.get(each['id'])
            if row is None:
                raise exception.InvalidParameter(
                    name='reservations',
                    reason=f'reservation {each["id"]} is none of this lease.',
                )
            if row.uuid in wanted:
                raise exception.InvalidParameter(
                    name='reservations',
                    reason=f'reservation {row.uuid} is given more than once.',
                )
            if each.get('resource_type', row.resource_type) != row.resource_type:
                raise exception.InvalidParameter(
                    name='resource_type',
                    reason=f'that of reservation {row.uuid} can not be changed.',
                )
            merged = {**orjson.loads(row.requested), **each}
            plugin = self._types.get(row.resource_type)
            wanted[row.uuid] = self._types.check(
                self._conn, plugin, merged, self._lease.project_id
            )
        return wanted

    def _plan_dates(self, now, wanted):
        """The lease's dates as they are to be."""
        times = {
            name: dates.parse(name, self._values[name], now)
            if name in self._values
            else getattr(self._lease, name)
            for name in _DATES
        }
        start, end = times['start_date'], times['end_date']
        if start != self._lease.start_date:
            self._check_start(start, now)
        dates.check_span(start, end, self._lease.end_date - self._lease.start_date)
        dates.check_end(end, now)
        if 'before_end_date' in self._values:
            dates.check_before_end(times['before_end_date'], start, end)
        else:
            times['before_end_date'] = self._follow(start, end)
        times['before_end_date'] = dates.plan_before_end(
            times['before_end_date'],
            start,
            end,
            any(
                values_of.has_work(wanted.get(row.uuid) or orjson.loads(row.requested))
                for row in self._reservations
            ),
        )
        return times

    def _check_start(self, start, now):
        if agenda.has_begun(self._events):
            raise exception.InvalidParameter(
                name='start_date', reason='the lease has started already.'
            )
        dates.check_start(start, now)

    def _follow(self, start, end):
        """The work before the end keeps its distance from it."""
        lease = self._lease
        if lease.before_end_date is None:
            return None
        return max(start, end - (lease.end_date - lease.before_end_date))

    def _plan(self, times, wanted):
        """Let the plugins plan; True when something that runs has changed."""
        lease = self._lease
        moved = (lease.start_date, lease.end_date) != (
            times['start_date'],
            times['end_date'],
        )
        unsettled = False
        for row in self._reservations:
            if moved or row.uuid in wanted:
                unsettled |= self._plan_one(row, times, wanted.get(row.uuid))
        return unsettled

    def _plan_one(self, row, times, values):
        before = rows.make_reservation(self._lease, row)
        after = rows.make_reservation(
            self._lease,
            row,
            start_date=times['start_date'],
            end_date=times['end_date'],
            values=before.values if values is None else values,
        )
        plugin = self._types.get(row.resource_type)
        plan = plugin.update_reservation(self._conn, before, after)
        changed = after.values != before.values or plan.resources_changed
        unsettled = changed and self._lease.status == states.ACTIVE
        store.update_reservation(
            self._conn,
            row.uuid,
            {
                'requested': orjson.dumps(after.values).decode(),
                'resource_id': plan.resource_id or row.resource_id,
                'missing_resources': plan.missing_resources,
                'resources_changed': row.resources_changed or plan.resources_changed,
                'unsettled': row.unsettled or unsettled,
            },
        )
        return unsettled

    def _move_events(self, times):
        conn, uuid = self._conn, self._lease.uuid
        if self._lease.start_date != times['start_date']:
            store.set_time(conn, uuid, states.START, times['start_date'])
        store.set_time(conn, uuid, states.END, times['end_date'])
        before_end = times['before_end_date']
        if before_end is None:
            return
        if states.BEFORE_END in self._events:
            extended = times['end_date'] > self._lease.end_date
            store.set_time(conn, uuid, states.BEFORE_END, before_end, again=extended)
        else:
            event = {
                'uuid': uuidutils.generate_uuid(),
                'event_type': states.BEFORE_END,
                'time': before_end,
            }
            store.insert_events(conn, uuid, [event])

    def _bring_forward(self, now, times, unsettled):
        due = [times['before_end_date'], times['end_date']]
        first = min(when for when in due if when is not None)
        if not agenda.has_begun(self._events):
            # It may be now.
            first = times['start_date']
        claims.bring_forward(
            self._conn,
            agenda.get_kind(row.resource_type for row in self._reservations),
            self._lease.uuid,
            now if unsettled else first,
        )
