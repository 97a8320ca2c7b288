"""Lease rows: every change of status is one guarded UPDATE."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.leases import models
from mogan_like.leases import states

_L = models.LEASES.c
_R = models.RESERVATIONS.c
_E = models.EVENTS.c


def insert(conn, lease):
    """Write a new lease, whose reservations and events follow."""
    now = clock.utcnow()
    conn.execute(
        models.LEASES.insert(),
        {
            **lease,
            'status': states.PENDING,
            'degraded': False,
            'deleted': 0,
            'created_at': now,
            'updated_at': now,
        },
    )


def insert_reservation(conn, lease_uuid, reservation):
    """Write a new reservation of a lease."""
    now = clock.utcnow()
    conn.execute(
        models.RESERVATIONS.insert(),
        {
            **reservation,
            'lease_uuid': lease_uuid,
            'status': states.RESERVATION_PENDING,
            'started': False,
            'unsettled': False,
            'resources_changed': False,
            'created_at': now,
            'updated_at': now,
        },
    )


def insert_events(conn, uuid, events):
    """Write new events of a lease, that are not done yet."""
    now = clock.utcnow()
    stamps = {'created_at': now, 'updated_at': now}
    conn.execute(
        models.EVENTS.insert(),
        [
            {**each, **stamps, 'lease_uuid': uuid, 'status': states.UNDONE}
            for each in events
        ],
    )


def rename(conn, uuid, name):
    """Change the name, in any status; False when there is no such lease."""
    return _update(conn, uuid, {'name': name})


def end(conn, uuid, status, user_id, project_id):
    """End a lease now, whatever it is doing.

    :param status: TERMINATING, or DELETING when it is to be deleted too
    :returns: False when there is nothing to change: it is ending already, or
        has ended
    """
    now = clock.utcnow()
    over = {states.TERMINATED, states.DELETING, status}
    changed = conn.execute(
        models.LEASES.update()
        .where(_L.uuid == uuid, _L.deleted == 0, _L.status.not_in(over))
        # MariaDB assigns from left to right: what is read after it was
        # assigned is the new value.
        .ordered_values(
            (_L.updated_at, now),
            (_L.ended_by_user_id, _keep_first(_L.ended_by_user_id, user_id)),
            (_L.ended_by_project_id, _keep_first(_L.ended_by_project_id, project_id)),
            (_L.start_date, _no_later_than(_L.start_date, now)),
            (_L.end_date, _no_later_than(_L.end_date, now)),
            (_L.before_end_date, _no_later_than(_L.before_end_date, now)),
            (_L.status, status),
        )
    ).rowcount
    if changed:
        _end_events(conn, uuid, now)
    return bool(changed)


def _keep_first(column, value):
    # Who ended it goes on having ended it when another one deletes it.
    return sa.case((_L.status.in_(states.ENDING), column), else_=value)


def _no_later_than(column, now):
    return sa.case((column > now, now), else_=column)


def _end_events(conn, uuid, now):
    """What has not begun by now never will; the end is now."""
    started = sa.exists().where(
        _other.c.lease_uuid == uuid,
        _other.c.event_type == states.START,
        _other.c.status != states.UNDONE,
    )
    begun = conn.execute(sa.select(started)).scalar()
    if not begun:
        conn.execute(
            models.EVENTS.update()
            .where(
                _E.lease_uuid == uuid,
                _E.event_type != states.END,
                _E.status == states.UNDONE,
            )
            .values(
                status=states.DONE,
                result=states.RESULT_SKIPPED,
                time=_no_earlier(now),
                updated_at=now,
            )
        )
    conn.execute(
        models.EVENTS.update()
        .where(_E.lease_uuid == uuid, _E.event_type != states.START, _E.time > now)
        .values(time=now, updated_at=now)
    )


_other = models.EVENTS.alias()


def _no_earlier(now):
    return sa.case((_E.time > now, now), else_=_E.time)


def mark_deleted(conn, uuid):
    """Delete a TERMINATED lease; its row stays as history.

    :returns: False when it is in another status, or deleted already
    """
    now = clock.utcnow()
    return _update(
        conn, uuid, {'deleted': 1, 'deleted_at': now}, _L.status == states.TERMINATED
    )


def set_status(conn, uuid, before, status):
    """Change the status; False when it is another one than before."""
    return _update(conn, uuid, {'status': status}, _L.status == before)


def update(conn, before, values):
    """Change dates of a lease, and the trust for the work before its end.

    :param before: the row that the change was decided by
    :returns: False when the row is no longer as it was
    """
    return _update(
        conn,
        before.uuid,
        values,
        _L.status == before.status,
        _L.start_date == before.start_date,
        _L.end_date == before.end_date,
        _L.updated_at == before.updated_at,
    )


def set_time(conn, uuid, event_type, time, again=False):
    """Move an event that is not done; a failed one is UNDONE again.

    :param again: what is done or being done is to be done once more
    """
    undone = () if again else (_E.status.in_((states.UNDONE, states.FAILED)),)
    conn.execute(
        models.EVENTS.update()
        .where(_E.lease_uuid == uuid, _E.event_type == event_type, *undone)
        .values(time=time, status=states.UNDONE, result=None, updated_at=clock.utcnow())
    )


def update_reservation(conn, uuid, values):
    """Change what a reservation holds or how it is."""
    conn.execute(
        models.RESERVATIONS.update()
        .where(_R.uuid == uuid)
        .values(updated_at=clock.utcnow(), **values)
    )


def set_degraded(conn, uuid):
    """Make the lease say whether one of its reservations lacks something."""
    lacking = sa.exists().where(
        _R.lease_uuid == uuid, _R.missing_resources == sa.true()
    )
    _update(conn, uuid, {'degraded': lacking})


def abandon(conn, uuid):
    """Give up what is left of an end that cannot succeed.

    :returns: False when no end is under way
    """
    now = clock.utcnow()
    deleting = _L.status == states.DELETING
    changed = conn.execute(
        models.LEASES.update()
        .where(
            _L.uuid == uuid,
            _L.deleted == 0,
            _L.status.in_((*states.ENDING, states.ERROR)),
            _L.end_date <= now,
        )
        .ordered_values(
            (_L.updated_at, now),
            (_L.deleted, sa.case((deleting, 1), else_=0)),
            (_L.deleted_at, sa.case((deleting, now))),
            (_L.status, states.TERMINATED),
        )
    ).rowcount
    if changed:
        _abandon_contents(conn, uuid, now)
    return bool(changed)


def _abandon_contents(conn, uuid, now):
    conn.execute(
        models.RESERVATIONS.update()
        .where(_R.lease_uuid == uuid, _R.status != states.RESERVATION_DELETED)
        .values(status=states.RESERVATION_ERROR, updated_at=now)
    )
    conn.execute(
        models.EVENTS.update()
        .where(_E.lease_uuid == uuid, _E.status != states.DONE)
        .values(status=states.FAILED, result=states.RESULT_ABANDONED, updated_at=now)
    )


def _update(conn, uuid, values, *conditions):
    return (
        conn.execute(
            models.LEASES.update()
            .where(_L.uuid == uuid, _L.deleted == 0, *conditions)
            .values(updated_at=clock.utcnow(), **values)
        ).rowcount
        == 1
    )
