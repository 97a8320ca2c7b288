"""Plan rows."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.protection import models

_P = models.PLANS.c

#: What a view shows; ``resources`` and ``parameters`` are JSON.
PLAN = base.for_json(
    _P.uuid,
    _P.name,
    _P.description,
    _P.provider_id,
    _P.project_id,
    _P.user_id,
    _P.status,
    _P.resources,
    _P.parameters,
    _P.created_at,
    _P.updated_at,
)
SORT_KEYS = {
    'created_at': (_P.created_at, _P.id),
    'name': (_P.name, _P.created_at, _P.id),
}


def get(conn, uuid, columns=PLAN):
    """A plan by its id, or None."""
    return conn.execute(sa.select(*columns).where(_P.uuid == uuid)).first()


def list_page(conn, filters, page, columns=PLAN):
    """One page of plans.

    :param filters: {'project_id', 'name', 'status', 'provider_id'}, each optional
    :returns: the rows, or None when there is no such marker
    """
    conditions = {name: _P[name] == value for name, value in filters.items()}
    query = sa.select(*columns).where(*conditions.values())
    # Those that indexes begin with; the others are few among them.
    fixed = [_P[name] for name in ('project_id', 'name') if name in filters]
    if page.sort_key == 'created_at':
        fixed = [column for column in fixed if column is not _P.name]
    marker = [_P.uuid == page.marker]
    if 'project_id' in filters:
        # Another project's would tell that it exists, and where it sorts.
        marker.append(_P.project_id == filters['project_id'])
    return base.select_page(conn, query, SORT_KEYS[page.sort_key], fixed, marker, page)
