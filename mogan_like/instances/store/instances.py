"""Instance rows: every change of status is one guarded UPDATE."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.common import fsm
from mogan_like.instances import models
from mogan_like.instances import states

MACHINE = fsm.Machine(states.TRANSITIONS)

_I = models.INSTANCES.c

#: The columns of a lock, as they are without one.
_NO_LOCK = {
    'locked_by': None,
    'lock_user_id': None,
    'lock_reason': None,
    'locked_at': None,
    'lock_expires_at': None,
}


def insert(conn, values):
    """Write a new instance."""
    now = clock.utcnow()
    conn.execute(
        models.INSTANCES.insert(),
        {
            **values,
            'status': states.BUILDING,
            'deleted': 0,
            'created_at': now,
            'updated_at': now,
        },
    )


def update(conn, uuid, values):
    """Change what a user may name; False for a LOCKED or deleted instance."""
    return _update(conn, uuid, values, _I.status != states.LOCKED, _I.deleted == 0)


def transition(conn, uuid, event, status=None, **values):
    """Move an instance as the state table says.

    :param status: only from this status; else from any that has the event
    :returns: True, or False when the instance is in another status
    """
    # An event that leads back to its own state (delete while DELETING) moves
    # nothing: the caller is told that nothing moved.
    sources = {
        state: target
        for state, target in MACHINE.sources(event).items()
        if state != target
    }
    if status is not None:
        sources = {status: sources[status]}
    targets = set(sources.values())
    if len(targets) > 1:
        raise ValueError(f'{event} leads to {sorted(targets)}: name a status')
    return _update(
        conn, uuid, {**values, 'status': targets.pop()}, _I.status.in_(sources)
    )


def lock(conn, uuid, holder, user_id, reason=None, expires_at=None):
    """Lock an ACTIVE instance, or take over an owner's lock as an admin.

    One UPDATE for both, so that a takeover is never unlocked in between.

    :param holder: 'admin' or 'owner'
    :returns: False when the instance is in another status
    """
    lockable = _I.status == states.ACTIVE
    if holder == 'admin':
        lockable |= (_I.status == states.LOCKED) & (_I.locked_by == 'owner')
    return _update(
        conn,
        uuid,
        {
            'status': states.LOCKED,
            'locked_by': holder,
            'lock_user_id': user_id,
            'lock_reason': reason,
            'locked_at': clock.utcnow(),
            'lock_expires_at': expires_at,
        },
        lockable,
    )


def unlock(conn, uuid, holder):
    """Release a lock; an owner cannot release an admin's.

    :returns: False when the instance is not locked, or not by this holder
    """
    may = () if holder == 'admin' else (_I.locked_by == 'owner',)
    return _release(conn, uuid, *may)


def expire_lock(conn, uuid, now):
    """Release a lock whose time is over; False when there is none."""
    return _release(conn, uuid, _I.lock_expires_at <= now)


def set_fault(conn, uuid, fault):
    """Say what went wrong, whatever the status."""
    _update(conn, uuid, {'fault': fault})


def mark_deleted(conn, uuid):
    """The instance is gone; its row stays for the audit."""
    now = clock.utcnow()
    return transition(
        conn,
        uuid,
        'done',
        status=states.DELETING,
        deleted=1,
        deleted_at=now,
        node_uuid=None,
        power_state=None,
        user_data=None,
        public_key=None,
        addresses='{}',
    )


def purge(conn, before, limit):
    """Drop rows of instances deleted before a time; returns their uuids.

    The date is the deletion's, never the creation's: an old instance deleted
    today stays readable.
    """
    uuids = (
        conn.execute(
            sa.select(_I.uuid)
            .where(_I.deleted_at < before)
            .order_by(_I.deleted_at)
            .limit(limit)
        )
        .scalars()
        .all()
    )
    if uuids:
        conn.execute(
            sa.delete(models.INSTANCES).where(
                _I.uuid.in_(uuids), _I.deleted_at < before
            )
        )
    return uuids


def _update(conn, uuid, values, *conditions):
    return (
        conn.execute(
            models.INSTANCES.update()
            .where(_I.uuid == uuid, *conditions)
            .values(updated_at=clock.utcnow(), **values)
        ).rowcount
        == 1
    )


def _release(conn, uuid, *conditions):
    return _update(
        conn,
        uuid,
        {**_NO_LOCK, 'status': states.ACTIVE},
        _I.status.in_(MACHINE.sources('unlock')),
        *conditions,
    )
