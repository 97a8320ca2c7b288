"""The next run of a scheduled operation, in its row and as due work."""

import orjson

from mogan_like.db import claims
from mogan_like.protection import states
from mogan_like.protection.queries import triggers as queries
from mogan_like.protection.store import scheduled_operations as store
from mogan_like.protection.triggers import schedule


def read_schedule(conn, trigger_uuid):
    """The Schedule of a trigger, as it is now."""
    return schedule.Schedule(orjson.loads(queries.get(conn, trigger_uuid).properties))


def plan(conn, operation, runs, now):
    """Say when an enabled operation runs next, from now on.

    A run that is due and has not begun stays: it is late, not lost.

    :param operation: its record, which is held
    :param runs: the Schedule
    :returns: that time, or None when there is none any more
    """
    due_at = operation.next_run_at
    if due_at is not None and due_at <= now:
        return due_at
    # Clocks may have been set back: what has begun is not begun again.
    last = operation.last_run_at
    after = now if last is None else max(now, last)
    next_run_at = runs.find_next(after, last)
    store.set_next(conn, operation.id, next_run_at)
    if next_run_at is None:
        claims.remove(conn, states.SCHEDULE, operation.uuid)
    else:
        claims.replace(conn, states.SCHEDULE, operation.uuid, next_run_at)
    return next_run_at
