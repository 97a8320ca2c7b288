"""Reads of the audit."""

import collections

import sqlalchemy as sa

from mogan_like.actions import models
from mogan_like.db import base

_A = models.ACTIONS.c
_E = models.EVENTS.c

ACTION = base.for_json(
    _A.id,
    _A.object_type,
    _A.object_id,
    _A.action,
    _A.request_id,
    _A.user_id,
    _A.project_id,
    _A.owner_project_id,
    _A.cause,
    _A.cause_id,
    _A.started_at,
    _A.updated_at,
    _A.finished_at,
    _A.result,
    _A.message,
)

EVENT = base.for_json(
    _E.id,
    _E.action_id,
    _E.event,
    _E.started_at,
    _E.finished_at,
    _E.result,
    _E.message,
    _E.omitted,
)
#: Host and traceback are not read for those who may not see them.
INTERNAL_EVENT = (*EVENT, *base.for_json(_E.host, _E.traceback))

_KEYS = (_A.started_at, _A.id)

_RANGES = {
    'changes_since': lambda value: _A.updated_at >= value,
    'changes_before': lambda value: _A.updated_at <= value,
    'started_since': lambda value: _A.started_at >= value,
    'started_before': lambda value: _A.started_at <= value,
}


def get(conn, object_id, request_id):
    """The row of one verb on one object, or None."""
    return conn.execute(
        sa.select(*ACTION).where(_A.object_id == object_id, _A.request_id == request_id)
    ).first()


def list_of(conn, object_id, filters, page):
    """One page of what was done to one object, newest first.

    :param page: limit, marker (a request id) and sort_dir
    :returns: the rows, or None when there is no such marker
    """
    marker = [_A.object_id == object_id, _A.request_id == page.marker]
    return _list_page(conn, {**filters, 'object_id': object_id}, marker, page)


def search(conn, filters, page):
    """One page of everything that was done, newest first.

    :param filters: columns and their values, or the names in ``_RANGES``
    :param page: limit, marker (an action's id) and sort_dir
    :returns: the rows, or None when there is no such marker
    """
    return _list_page(conn, filters, [_A.id == page.marker], page)


def _list_page(conn, filters, marker, page):
    query = sa.select(*ACTION).where(
        *(
            _RANGES[name](value) if name in _RANGES else _A[name] == value
            for name, value in filters.items()
        )
    )
    fixed = [_A[name] for name in filters if name not in _RANGES]
    return base.select_page(conn, query, _KEYS, fixed, marker, page)


def list_events(conn, action_ids, internals):
    """{action id: its events, first to last}, in one statement.

    :param internals: True to read host and traceback as well
    """
    events = collections.defaultdict(list)
    if action_ids:
        for row in conn.execute(
            sa.select(*(INTERNAL_EVENT if internals else EVENT))
            .where(_E.action_id.in_(action_ids))
            .order_by(_E.id)
        ):
            events[row.action_id].append(row)
    return events
