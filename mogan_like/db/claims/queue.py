"""What is to be done: written down, changed, dropped, woken."""

import functools

import orjson
import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.db import base
from mogan_like.db.claims.claim import Claim
from mogan_like.db.claims.claim import after
from mogan_like.db.claims.table import DUE_WORK

_W = DUE_WORK.c


def add(conn, kind, object_id, due_at, payload=None, owner=None, ttl=0):
    """Write down work for an object that has none of this kind.

    :param owner: claim it in the same breath for this owner, for ttl seconds
    :returns: the claim, or None without an owner
    """
    payload = payload or {}
    held_until = clock.monotonic() + ttl
    result = conn.execute(
        DUE_WORK.insert(),
        {
            'kind': kind,
            'object_id': object_id,
            'due_at': due_at,
            'until': after(ttl) if owner else due_at,
            'owner': owner,
            'generation': 1,
            'attempts': 1 if owner else 0,
            'payload': orjson.dumps(payload).decode(),
        },
    )
    if owner:
        return Claim(
            result.inserted_primary_key[0],
            kind,
            object_id,
            due_at,
            owner,
            1,
            1,
            payload,
            held_until,
        )
    return None


def replace(conn, kind, object_id, due_at, payload=None, owner=None, ttl=0):
    """Give the object other work, in place of what it may have.

    A worker that is at the former work keeps its hold on the object until it
    notices (:class:`ClaimLost`) and lets go, so that two never act on one
    machine at once; but nothing it writes counts any more.

    :returns: the claim when the row is new and an owner was given, else None
    """
    result = conn.execute(
        DUE_WORK.update()
        .where(_W.kind == kind, _W.object_id == object_id)
        .values(_renew(due_at, payload))
    )
    if result.rowcount:
        return None
    return add(conn, kind, object_id, due_at, payload, owner, ttl)


def replace_all(conn, kind, object_ids, due_at):
    """As :func:`replace` for many objects, in three statements at most.

    :param object_ids: a list of some hundreds, each once
    """
    these = (_W.kind == kind, _W.object_id.in_(object_ids))
    result = conn.execute(DUE_WORK.update().where(*these).values(_renew(due_at)))
    if result.rowcount == len(object_ids):
        return
    known = set()
    if result.rowcount:
        known.update(conn.execute(sa.select(_W.object_id).where(*these)).scalars())
    new = [_to_row(kind, each, due_at) for each in object_ids if each not in known]
    conn.execute(DUE_WORK.insert(), new)


def _renew(due_at, payload=None):
    """What other work has in place of what was there."""
    return {
        'generation': _W.generation + 1,
        'attempts': 0,
        'error': None,
        'waits_on': None,
        'due_at': due_at,
        'payload': orjson.dumps(payload or {}).decode(),
        'until': sa.case((_W.owner.is_(None), due_at), else_=_W.until),
    }


def _to_row(kind, object_id, due_at):
    """Work that nobody is at yet."""
    return {
        'kind': kind,
        'object_id': object_id,
        'due_at': due_at,
        'until': due_at,
        'generation': 1,
        'attempts': 0,
        'payload': '{}',
    }


def ensure(conn, kind, object_id):
    """Have recurring work, due now unless somebody is at it."""
    now = clock.utcnow()
    if not base.insert_unless_there(conn, DUE_WORK, _to_row(kind, object_id, now)):
        bring_forward(conn, kind, object_id, now)


def bring_forward(conn, kind, object_id, due_at):
    """Make work that nobody is at due earlier; True when there is such."""
    return bool(
        conn.execute(
            DUE_WORK.update()
            .where(
                _W.kind == kind,
                _W.object_id == object_id,
                _W.owner.is_(None),
                _W.until > due_at,
            )
            .values(due_at=due_at, until=due_at)
        ).rowcount
    )


def remove(conn, kind, object_id):
    """Drop the object's work, whoever is at it; True when there was some."""
    return bool(
        conn.execute(
            DUE_WORK.delete().where(_W.kind == kind, _W.object_id == object_id)
        ).rowcount
    )


def remove_all(conn, kind, object_ids):
    """As :func:`remove` for many objects."""
    conn.execute(DUE_WORK.delete().where(_W.kind == kind, _W.object_id.in_(object_ids)))


def wake(conn, waits_on):
    """Make everything due that waits on this and that nobody is at.

    :returns: how many rows; when there are some, whoever calls this nudges all
        conductors after the commit
    """
    now = clock.utcnow()
    return conn.execute(
        DUE_WORK.update()
        .where(_W.waits_on == waits_on, _W.owner.is_(None))
        .values(waits_on=None, due_at=now, until=now)
    ).rowcount


def list_awaited(conn, after, limit):
    """What work waits on that nobody is at, in the order of the ids.

    :param after: only what comes after this
    """
    return (
        conn.execute(
            sa.select(_W.waits_on)
            .where(_W.waits_on > after, _W.owner.is_(None))
            .distinct()
            .order_by(_W.waits_on)
            .limit(limit)
        )
        .scalars()
        .all()
    )


def find(conn, kind, object_id):
    """The object's work of a kind as it is, for who asks what it waits for.

    :returns: a row with due_at and until, datetimes, and owner, waits_on,
        attempts, error; or None
    """
    return conn.execute(
        sa.select(
            _W.due_at, _W.until, _W.owner, _W.waits_on, _W.attempts, _W.error
        ).where(_W.kind == kind, _W.object_id == object_id)
    ).first()


def next_due(conn, kinds):
    """When the next row of some kinds may be taken.

    :returns: (that time or None, the database's time)
    """
    found, now = next_due_of_each(conn, kinds)
    return min(found.values(), default=None), now


def next_due_of_each(conn, kinds):
    """When the next row of each kind may be taken.

    :returns: ({kind: that time} of the kinds that have any, the database's time)
    """
    kinds = tuple(kinds)
    # One for each kind: a look at the first entry of its part of the index,
    # however many rows wait behind it.
    *found, now = conn.execute(_make_next_due(kinds)).one()
    times = zip(kinds, found, strict=True)
    return {kind: until for kind, until in times if until is not None}, now


@functools.lru_cache(16)
def _make_next_due(kinds):
    firsts = [
        sa.select(sa.func.min(_W.until)).where(_W.kind == kind).scalar_subquery()
        for kind in kinds
    ]
    return sa.select(*firsts, base.utcnow())
