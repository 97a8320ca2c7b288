"""Steps of many leases at once: a statement for each thing that is to change.

The leases' rows are locked by what reads them: verbs of people meet a worker
there. Who begins steps holds due work already, which verbs come to after the
lease, and does not wait for them (:func:`lock_free_leases`). Each change asks once
more for what it stands on, and its row count is checked.
"""

import collections

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.leases import models
from mogan_like.leases import states

_L = models.LEASES.c
_R = models.RESERVATIONS.c
_E = models.EVENTS.c

_IDS = sa.bindparam('ids', expanding=True)
_NOW = sa.bindparam('now', type_=_L.updated_at.type)


class Stale(Exception):
    """A row is not as it was read: nothing of this transaction may stay."""


_LEASES = sa.select(
    _L.id,
    _L.uuid,
    _L.name,
    _L.project_id,
    _L.user_id,
    _L.trust_id,
    _L.start_date,
    _L.end_date,
    _L.before_end_date,
    _L.status,
    _L.degraded,
    _L.ended_by_user_id,
    _L.ended_by_project_id,
).where(_L.uuid.in_(_IDS), _L.deleted == 0)
_LOCK = _LEASES.with_for_update()
_LOCK_FREE = _LEASES.with_for_update(skip_locked=True)
_EVENTS = sa.select(
    _E.id, _E.lease_uuid, _E.event_type, _E.time, _E.status, _E.result
).where(_E.lease_uuid.in_(_IDS))
_RESERVATIONS = (
    sa.select(
        _R.id,
        _R.uuid,
        _R.lease_uuid,
        _R.resource_type,
        _R.resource_id,
        _R.status,
        _R.started,
        _R.unsettled,
        _R.resources_changed,
        _R.requested,
    )
    .where(_R.lease_uuid.in_(_IDS), _R.status != states.RESERVATION_DELETED)
    .order_by(_R.id)
)


def lock_leases(conn, uuids):
    """{uuid: the lease's row}, nobody else's to change until the end of this."""
    return {row.uuid: row for row in conn.execute(_LOCK, {'ids': uuids})}


def lock_free_leases(conn, uuids):
    """The same of those that nobody is changing.

    :returns: (the rows, the uuids of the others)
    """
    rows = {row.uuid: row for row in conn.execute(_LOCK_FREE, {'ids': uuids})}
    missing = [uuid for uuid in uuids if uuid not in rows]
    if not missing:
        return rows, ()
    return rows, {row.uuid for row in conn.execute(_LEASES, {'ids': missing})}


def list_events(conn, uuids):
    """{lease's uuid: its events' rows}."""
    return _group(conn.execute(_EVENTS, {'ids': uuids}))


def list_reservations(conn, uuids):
    """{lease's uuid: the rows of its reservations that hold something}."""
    return _group(conn.execute(_RESERVATIONS, {'ids': uuids}))


def _group(rows):
    found = collections.defaultdict(list)
    for row in rows:
        found[row.lease_uuid].append(row)
    return found


_SET_STATUS = (
    models.LEASES.update()
    .where(_L.id.in_(_IDS), _L.status == sa.bindparam('before'))
    .values(status=sa.bindparam('after'), updated_at=_NOW)
)
_SET_DELETED = _SET_STATUS.values(deleted=1, deleted_at=_NOW)


def set_statuses(conn, changes):
    """Move leases from one status to another.

    :param changes: {(status before, after, whether it is deleted): leases' ids}
    :raises Stale: when one of them is in another status
    """
    for (before, after, deleted), ids in changes.items():
        done = conn.execute(
            _SET_DELETED if deleted else _SET_STATUS,
            {'ids': ids, 'before': before, 'after': after, 'now': clock.utcnow()},
        )
        if done.rowcount != len(ids):
            raise Stale(f'{len(ids) - done.rowcount} leases are not {before}')


_SET_EVENTS = (
    models.EVENTS.update()
    .where(_E.id.in_(_IDS), _E.status == sa.bindparam('before'))
    .values(
        status=sa.bindparam('after'), result=sa.bindparam('new_result'), updated_at=_NOW
    )
)


def set_events(conn, changes):
    """Move events from one status to another.

    :param changes: {(status before, after, result): events' ids}
    :raises Stale: when one of them is in another status
    """
    for (before, after, result), ids in changes.items():
        done = conn.execute(
            _SET_EVENTS,
            {
                'ids': ids,
                'before': before,
                'after': after,
                'new_result': result,
                'now': clock.utcnow(),
            },
        )
        if done.rowcount != len(ids):
            raise Stale(f'{len(ids) - done.rowcount} events are not {before}')


_SET_STARTED = (
    models.RESERVATIONS.update()
    .where(_R.id.in_(_IDS))
    .values(started=True, updated_at=_NOW)
)
_SET_RESERVATIONS = (
    models.RESERVATIONS.update()
    .where(_R.id.in_(_IDS))
    .values(status=sa.bindparam('after'), updated_at=_NOW)
)
_SETTLE = _SET_RESERVATIONS.values(unsettled=False)


def set_started(conn, ids):
    """From here on there is something to undo for these reservations."""
    if ids:
        conn.execute(_SET_STARTED, {'ids': ids, 'now': clock.utcnow()})


def set_reservations(conn, changes):
    """Change the status of reservations.

    What is active is settled as well: it matches what is reserved.

    :param changes: {status: reservations' ids}
    """
    for status, ids in changes.items():
        settled = status == states.RESERVATION_ACTIVE
        conn.execute(
            _SETTLE if settled else _SET_RESERVATIONS,
            {'ids': ids, 'after': status, 'now': clock.utcnow()},
        )
