"""Operation logs."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.protection import models

_L = models.OPERATION_LOGS.c

#: What a view shows.
LOG = base.for_json(
    *(column for column in models.OPERATION_LOGS.c if column is not _L.id)
)
_KEYS = (_L.started_at, _L.id)
#: Columns whose values lead to few rows; the others are looked at row by row.
_LEADING = ('checkpoint_uuid', 'run_uuid')


def get(conn, uuid, columns=LOG):
    """An operation log by its id, or None."""
    return conn.execute(sa.select(*columns).where(_L.uuid == uuid)).first()


def list_page(conn, filters, page, columns=LOG):
    """One page of operation logs by the time they began.

    :param filters: values of columns; the project's id among them as a rule
    :returns: the rows, or None when there is no such marker
    """
    query = sa.select(*columns).where(
        *(_L[name] == value for name, value in filters.items())
    )
    marker = [_L.uuid == page.marker]
    fixed = [_L[name] for name in _LEADING if name in filters]
    if 'project_id' in filters:
        marker.append(_L.project_id == filters['project_id'])
        fixed.append(_L.project_id)
    return base.select_page(conn, query, _KEYS, fixed, marker, page)
