"""The next run of a scheduled operation, in its row and as due work."""

import collections
import functools

import orjson

from mogan_like.db import claims
from mogan_like.protection import states
from mogan_like.protection.queries import triggers as queries
from mogan_like.protection.store import scheduled_operations as store
from mogan_like.protection.triggers import schedule

#: How many rows one statement writes.
_MOST = 500


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
    if _is_due(operation, now):
        return operation.next_run_at
    next_run_at = _find_next(runs, now, operation.last_run_at)
    _write(conn, [operation], next_run_at)
    return next_run_at


def plan_all(conn, operations, runs, now):
    """The same for all enabled operations by one trigger, in few statements.

    :param operations: rows with id, uuid, next_run_at, last_run_at, which are held
    :param runs: the Schedule
    """
    # Those by one trigger ran at the same times: there are few, and few next ones.
    find_next = functools.cache(functools.partial(_find_next, runs, now))
    at_once = collections.defaultdict(list)
    for operation in operations:
        if not _is_due(operation, now):
            at_once[find_next(operation.last_run_at)].append(operation)
    for next_run_at, found in at_once.items():
        for first in range(0, len(found), _MOST):
            _write(conn, found[first : first + _MOST], next_run_at)


def _is_due(operation, now):
    return operation.next_run_at is not None and operation.next_run_at <= now


def _find_next(runs, now, last):
    # Clocks may have been set back: what has begun is not begun again.
    return runs.find_next(now if last is None else max(now, last), last)


def _write(conn, operations, next_run_at):
    uuids = [operation.uuid for operation in operations]
    store.set_next(conn, [operation.id for operation in operations], next_run_at)
    if next_run_at is None:
        claims.remove_all(conn, states.SCHEDULE, uuids)
    else:
        claims.replace_all(conn, states.SCHEDULE, uuids, next_run_at)
