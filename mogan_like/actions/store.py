"""Writes of the audit's tables; only the recorder decides what they say."""

import collections

import sqlalchemy as sa

from mogan_like.actions import models
from mogan_like.common import clock

_A = models.ACTIONS.c
_E = models.EVENTS.c
_MESSAGE_LENGTH = _A.message.type.length
#: The event that stands for those that are left out.
OMITTED = 'omitted'
_SAME = ('event', 'started_at', 'host')
_KEYS = (
    sa.select(_E.id, _E.finished_at, *(_E[name] for name in _SAME))
    .where(_E.action_id == sa.bindparam('action_id'))
    .order_by(_E.id)
)
#: What an event may be called.
EVENT_LENGTH = _E.event.type.length

_IDS = sa.bindparam('ids', expanding=True)
_OPEN = (
    sa.select(_A.id, _A.object_id, _A.action)
    .where(_A.object_id.in_(_IDS), _A.finished_at.is_(None))
    .order_by(_A.id)
)
_COUNT = (
    sa.select(_E.action_id, sa.func.count().label('number'))
    .where(_E.action_id.in_(_IDS))
    .group_by(_E.action_id)
)
_OF_REQUEST = sa.select(_A.object_id, _A.id).where(
    _A.request_id == sa.bindparam('request_id')
)


def insert(conn, values, result, message):
    """Write an action; one without a result is still going on.

    :returns: its id
    :raises oslo_db.exception.DBDuplicateEntry: when the request has one on
        this object
    """
    now = clock.utcnow()
    return conn.execute(
        models.ACTIONS.insert(),
        {
            **values,
            'updated_at': now,
            'finished_at': now if result else None,
            'result': result,
            'message': shorten(message),
        },
    ).inserted_primary_key[0]


def insert_all(conn, request_id, actions):
    """Write actions of one request on different objects.

    :param actions: their values, with a result or None
    :returns: {object id: action id}
    """
    now = clock.utcnow()
    conn.execute(
        models.ACTIONS.insert(),
        [
            {
                **values,
                'request_id': request_id,
                'updated_at': now,
                'finished_at': now if values['result'] else None,
            }
            for values in actions
        ],
    )
    return {
        row.object_id: row.id
        for row in conn.execute(_OF_REQUEST, {'request_id': request_id})
    }


def list_open(conn, object_ids):
    """The open actions on some objects, oldest first."""
    return conn.execute(_OPEN, {'ids': object_ids}).all()


def finish_one(conn, action_id, result, message=None):
    """Close an action, if it is open."""
    _finish(conn, _A.id == action_id, result, message)


def finish_all(conn, object_id, result, message):
    """Close every open action on an object."""
    _finish(conn, _A.object_id == object_id, result, message)


def finish_ids(conn, ids, result, message=None):
    """Close those of some actions that are open."""
    if ids:
        _finish(conn, _A.id.in_(ids), result, message)


def insert_events(conn, events):
    """Write events of actions."""
    if events:
        conn.execute(
            models.EVENTS.insert(),
            [
                {
                    **values,
                    'message': shorten(values['message']),
                    'traceback': _without_nul(values['traceback']),
                }
                for values in events
            ],
        )


def count_events(conn, action_ids):
    """{action id: how many events it has}, a Counter."""
    if not action_ids:
        return collections.Counter()
    rows = conn.execute(_COUNT, {'ids': list(action_ids)})
    return collections.Counter({row.action_id: row.number for row in rows})


def insert_event(conn, values):
    """Write an event of an action; returns its id."""
    values = {**values, 'message': shorten(values.get('message'))}
    return conn.execute(models.EVENTS.insert(), values).inserted_primary_key[0]


def begin_event(conn, values, most):
    """Write that a step begins; one that is written already is that one.

    An action has at most so many events: from then on those in the middle give
    way, oldest first, to one that counts them (``omitted``).

    :returns: its id
    """
    rows = conn.execute(_KEYS, {'action_id': values['action_id']}).all()
    for row in reversed(rows):
        if all(getattr(row, name) == values[name] for name in _SAME):
            return row.id
    if len(rows) >= most:
        _leave_out(conn, rows, most - 1)
    return insert_event(conn, values)


def finish_event(conn, event_id, result, message, traceback):
    """Close an event, if it is open."""
    _finish_events(conn, _E.id == event_id, result, message, traceback)


def finish_events(conn, object_id, result, message):
    """Close every open event of every action on an object."""
    actions = sa.select(_A.id).where(_A.object_id == object_id)
    _finish_events(conn, _E.action_id.in_(actions), result, message)


def purge(conn, before, limit):
    """Drop up to ``limit`` actions that began before a time, with events.

    An action that is still open stays, however old.

    :returns: how many were dropped
    """
    ids = (
        conn.execute(
            sa.select(_A.id)
            .where(_A.started_at < before, _A.finished_at.is_not(None))
            .order_by(_A.started_at)
            .limit(limit)
        )
        .scalars()
        .all()
    )
    if ids:
        conn.execute(sa.delete(models.EVENTS).where(_E.action_id.in_(ids)))
        conn.execute(sa.delete(models.ACTIONS).where(_A.id.in_(ids)))
    return len(ids)


def _leave_out(conn, rows, most):
    """Keep the first events of an action, and the last; see :func:`begin_event`."""
    head = most // 4
    first, *others = rows[head : head + len(rows) - most + 1]
    # It becomes the one that counts, itself included.
    conn.execute(
        models.EVENTS.update()
        .where(_E.id == first.id, _E.omitted.is_(None))
        .values(
            event=OMITTED,
            omitted=1,
            finished_at=first.finished_at or first.started_at,
            result=None,
            host=None,
            message=None,
            traceback=None,
        )
    )
    if others:
        last = others[-1]
        dropped = conn.execute(
            sa.delete(models.EVENTS).where(_E.id.in_([row.id for row in others]))
        ).rowcount
        # A worker that was thought dead may be at the same: none counts twice.
        conn.execute(
            models.EVENTS.update()
            .where(_E.id == first.id)
            .values(
                omitted=_E.omitted + dropped,
                finished_at=last.finished_at or last.started_at,
            )
        )


def _finish(conn, condition, result, message):
    now = clock.utcnow()
    conn.execute(
        models.ACTIONS.update()
        .where(condition, _A.finished_at.is_(None))
        .values(
            finished_at=now, updated_at=now, result=result, message=shorten(message)
        )
    )


def _finish_events(conn, condition, result, message, traceback=None):
    conn.execute(
        models.EVENTS.update()
        .where(condition, _E.finished_at.is_(None))
        .values(
            finished_at=clock.utcnow(),
            result=result,
            message=shorten(message),
            traceback=_without_nul(traceback),
        )
    )


def shorten(message):
    """A message as the audit keeps it: what a driver says has no bounds."""
    return None if message is None else _without_nul(message)[:_MESSAGE_LENGTH]


def _without_nul(text):
    # PostgreSQL cannot keep one.
    return None if text is None else text.replace('\0', '')
