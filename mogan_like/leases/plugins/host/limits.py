"""How many nodes a project has reserved at one time, and may have."""

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import quotas
from mogan_like.db.quotas import count as quota_counts
from mogan_like.leases.plugins import counted
from mogan_like.leases.queries import allocations

_RESOURCE = 'reserved_nodes'


def hold(conn, project_id):
    """One planner of a project at a time, to the end of the transaction."""
    quota_counts.hold(conn, project_id, _RESOURCE)


def take(conn, reservation, wanted, grows=True):
    """Count a reservation's nodes, in the dates that it is to have.

    :param wanted: how many
    :param grows: False when it had as many before, at all those times: a limit
        that was lowered takes nothing away
    :raises QuotaExceeded: naming the limit, and what others take meanwhile
    """
    now = clock.utcnow()
    start, end = max(reservation.start_date, now), reservation.end_date
    spans = _list_spans(conn, reservation.project_id, now, reservation.uuid)
    if grows:
        meanwhile = [span for span in spans if span[0] < end]
        peak = counted.count_peak(meanwhile, start)
        limit = quotas.get_limit(conn, reservation.project_id, _RESOURCE)
        if 0 <= limit < peak + wanted:
            raise exception.QuotaExceeded(resource=_RESOURCE, limit=limit, used=peak)
    _set_used(conn, reservation.project_id, [*spans, (start, end, wanted)], now)


def recount(conn, project_id):
    """Count what a project has, after some was released."""
    now = clock.utcnow()
    _set_used(conn, project_id, _list_spans(conn, project_id, now), now)


def _list_spans(conn, project_id, now, but=''):
    rows = allocations.list_of_project(conn, project_id, now, but)
    return [(row.start_date, row.end_date, 1) for row in rows]


def _set_used(conn, project_id, spans, now):
    used = counted.count_peak(spans, now)
    quota_counts.set_used(conn, project_id, _RESOURCE, used)
