"""How leases look from outside: in Blazar's words."""

import datetime

import orjson

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.instances import states as instance_states
from mogan_like.leases import states

# A view may be made of a row's mapping, or of a conductor's plain copy of one.
# What is shown is listed here, so that a new column does not change the API by
# accident.
_LEASE = (
    'name',
    'project_id',
    'user_id',
    'trust_id',
    'start_date',
    'end_date',
    'before_end_date',
    'status',
    'degraded',
    'ended_by_user_id',
    'created_at',
    'updated_at',
    'deleted_at',
)
_RESERVATION = (
    'resource_id',
    'resource_type',
    'status',
    'missing_resources',
    'resources_changed',
    'created_at',
    'updated_at',
)
_EVENT = ('event_type', 'time', 'status', 'result', 'created_at', 'updated_at')

#: A lease in one of these is on its way to another status.
_UNDER_WAY = (states.STARTING, states.UPDATING, *states.ENDING)
_NOT_TAKEN_UP = 'No conductor has taken it up yet.'
_BEING_DONE = 'A conductor is at it.'
#: What is due is taken up sooner than that.
_LATE = datetime.timedelta(seconds=1)


def show_plain(lease):
    """A lease as a conductor answered it."""
    return show(lease, lease['reservations'], lease['events'])


def show(lease, reservations, events):
    """A lease; all three are mappings or lists of such."""
    view = {'id': lease['uuid']}
    view.update({name: lease[name] for name in _LEASE})
    view['reservations'] = [_show_reservation(each) for each in reservations]
    view['events'] = [_show_event(each) for each in events]
    return view


def _show_reservation(row):
    values = row['requested']
    # What was asked for stands beside our own fields, as in Blazar's answers.
    view = dict(values) if isinstance(values, dict) else orjson.loads(values)
    view['id'] = row['uuid']
    view['lease_id'] = row['lease_uuid']
    for name in _RESERVATION:
        view[name] = row[name]
    return view


def _show_event(row):
    view = {'id': row['uuid'], 'lease_id': row['lease_uuid']}
    view.update({name: row[name] for name in _EVENT})
    return view


def show_allocation(row, with_node):
    """A node of a lease.

    :param with_node: False hides which one it is
    """
    return {
        'reservation_id': row.reservation_uuid,
        'host_id': str(row.host_id) if with_node else None,
        'node_uuid': row.node_uuid if with_node else None,
        'hypervisor_hostname': row.name if with_node else None,
        'start_date': row.start_date,
        'end_date': row.end_date,
        'released': bool(row.released),
    }


def show_instance(row):
    """An instance on what a lease holds."""
    return {
        'uuid': row.uuid,
        'name': row.name,
        'status': row.status,
        'locked': row.status == instance_states.LOCKED,
        'reservation_id': row.reservation_uuid,
    }


def show_waiting(lease, events, work, instances, nodes=()):
    """What a lease waits for other than a date; None for nothing.

    :param work: of queries.contents.find_work
    :param nodes: of queries.contents.list_missing_nodes, for who may know them
    """
    if work is None:
        return None
    under_way = work.error or lease.status in _UNDER_WAY
    if not under_way and not _is_late(work):
        return None
    waits = work.owner is None and work.until < claims.NEVER
    return {
        'reason': work.error or (_BEING_DONE if work.owner else _NOT_TAKEN_UP),
        'since': _find_since(lease, events)
        if under_way
        else clock.isoformat(work.due_at),
        'next_try': clock.isoformat(work.until) if waits else None,
        'attempts': work.attempts,
        'instances': [
            _show_holder(row)
            for row in instances
            if lease.status in states.ENDING and _is_held(row)
        ],
        'nodes': [_show_missing(*pair) for pair in nodes],
    }


def _is_late(work):
    """True when nobody has taken up for long what is due."""
    return work.owner is None and work.until < clock.utcnow() - _LATE


def _find_since(lease, events):
    """When what is going on was due."""
    if lease.status == states.UPDATING:
        return lease.updated_at
    times = [
        row.time for row in events if row.status in (states.IN_PROGRESS, states.FAILED)
    ]
    return min(times, default=lease.updated_at)


def _is_held(row):
    # An owner's lock is released by the end of the lease.
    return row.status == instance_states.LOCKED and row.locked_by == 'admin'


def _show_missing(allocation, node):
    return {
        'node_uuid': allocation.node_uuid,
        'hypervisor_hostname': allocation.name,
        'present': node is not None and node.present,
        'maintenance': node is not None and node.maintenance,
    }


def _show_holder(row):
    return {
        'uuid': row.uuid,
        'name': row.name,
        'locked_by': row.locked_by,
        'locked_at': clock.isoformat(row.locked_at),
        'reason': row.lock_reason,
    }
