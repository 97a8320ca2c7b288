"""Decides what the audit says: a row for each verb, an event for each step.

A verb's row is in the transaction of what the verb did. A refused or failed
verb did nothing, so its row is alone in a transaction of its own.
"""

import contextlib
import socket
import traceback as traceback_module

from oslo_db import exception as db_exc

from mogan_like.actions import queries
from mogan_like.actions import store
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import idempotency

SUCCESS = 'success'
ERROR = 'error'
REFUSED = 'refused'
#: Given up because another verb took its place.
CANCELLED = 'cancelled'
#: Left open by a conductor that died.
INTERRUPTED = 'interrupted'

#: What users are told of a bug.
UNKNOWN = 'An internal error occurred; the log has it under this request id.'

#: Nothing was done here, and somebody else records it.
_VOID = (*engine.BROKEN_OFF, claims.ClaimLost, idempotency.Repeated)


class Entry:
    """One verb while it is being done.

    :ivar conn: the transaction for what the verb does
    :ivar owner_project_id: whose the object is, once that is known
    """

    def __init__(self, ctx, object_type, object_id, action, owner_project_id):
        self.conn = None
        self.id = None
        self.owner_project_id = owner_project_id
        self._values = {
            'object_type': object_type,
            'object_id': object_id,
            'action': action,
            'request_id': ctx.request_id,
            'user_id': ctx.user_id,
            'project_id': ctx.project_id,
            'cause': ctx.cause,
            'cause_id': ctx.cause_id,
            'started_at': clock.utcnow(),
        }

    def leave_open(self):
        """Write the row now, to be finished by a job; returns its id."""
        self._insert(self.conn, None)
        return self.id

    def close(self, conn, result, message=None, traceback=None):
        """Write the row with its result, and the event of its only step."""
        self._insert(conn, result, message)
        store.insert_event(
            conn,
            {
                'action_id': self.id,
                'event': self._values['action'],
                'started_at': self._values['started_at'],
                'finished_at': clock.utcnow(),
                'result': result,
                'host': socket.gethostname(),
                'message': message,
                'traceback': traceback,
            },
        )

    def is_recorded(self):
        """True when this verb of this request has its row."""
        values = self._values
        with engine.reader() as conn:
            row = queries.get(conn, values['object_id'], values['request_id'])
        return row is not None and row.action == values['action']

    def _insert(self, conn, result, message=None):
        values = {**self._values, 'owner_project_id': self.owner_project_id}
        self.id = store.insert(conn, values, result, message)


@contextlib.contextmanager
def record(ctx, object_id, action, owner_project_id=None, object_type='instance'):
    """Do a verb in one transaction with its audit row.

    The block works on ``entry.conn``. A MoganLikeError that it raises is
    recorded as a refusal and raised on; anything else as a failure. A
    transaction that the database broke off is not recorded, since the verb
    runs again (:func:`mogan_like.db.engine.retried`); nor is what another
    worker or an earlier request does or did. When the verb runs again though
    its commit had gone through and only the answer was lost, its row is there
    already: the block is left without an error, having done nothing.
    """
    entry = Entry(ctx, object_type, object_id, action, owner_project_id)
    try:
        with engine.writer() as conn:
            entry.conn = conn
            yield entry
            if entry.id is None:
                entry.close(conn, SUCCESS)
    except _VOID:
        raise
    except exception.MoganLikeError as exc:
        if _close_alone(entry, REFUSED, str(exc)):
            raise
    except Exception:
        if _close_alone(entry, ERROR, UNKNOWN, traceback_module.format_exc()):
            raise


def _close_alone(entry, result, message, traceback=None):
    """Write the row of a verb that did nothing; False if it has one."""
    try:
        with engine.writer() as conn:
            entry.close(conn, result, message, traceback)
    except db_exc.DBDuplicateEntry:
        if not entry.is_recorded():
            # Another verb of the same request on the same object: each needs a
            # request id of its own.
            raise
        return False
    return True


@contextlib.contextmanager
def step(action_id, event, cancelled_by):
    """Do one step of a long verb; its event is seen while it runs.

    :param cancelled_by: the exception that means "stop", not "failed"
    :raises Exception: what the step raises; its event says so first
    """
    event_id = _start_event(
        {
            'action_id': action_id,
            'event': event,
            'started_at': clock.utcnow(),
            'host': socket.gethostname(),
        }
    )
    try:
        yield
    except cancelled_by:
        _finish_event(event_id, CANCELLED)
        raise
    except engine.BROKEN_OFF:
        raise
    except exception.MoganLikeError as exc:
        _finish_event(event_id, ERROR, str(exc))
        raise
    except Exception:
        _finish_event(event_id, ERROR, UNKNOWN, traceback_module.format_exc())
        raise
    _finish_event(event_id, SUCCESS)


@engine.retried
def _start_event(values):
    with engine.writer() as conn:
        return store.begin_event(conn, values, CONF.actions.max_events)


@engine.retried
def _finish_event(event_id, result, message=None, traceback=None):
    with engine.writer() as conn:
        store.finish_event(conn, event_id, result, message, traceback)


def shorten(message):
    """A message of any length as it is kept and shown."""
    return store.shorten(message)


def finish(conn, action_id, result, message=None):
    """Close the row that :meth:`Entry.leave_open` wrote."""
    store.finish_one(conn, action_id, result, message)


def cancel_open(conn, object_id, message):
    """Close what is open on an object because another verb takes over."""
    store.finish_all(conn, object_id, CANCELLED, message)


@engine.retried
def close_interrupted(object_id):
    """Close the steps that a conductor left open when it died."""
    with engine.writer() as conn:
        store.finish_events(
            conn, object_id, INTERRUPTED, 'The conductor that was at it stopped.'
        )
