"""Rows of triggers."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.protection import models

_T = models.TRIGGERS.c

#: What a view shows; ``properties`` is JSON.
TRIGGER = base.for_json(
    _T.uuid,
    _T.name,
    _T.type,
    _T.project_id,
    _T.properties,
    _T.created_at,
    _T.updated_at,
)
_KEYS = (_T.created_at, _T.id)


def get(conn, uuid, columns=TRIGGER):
    """A trigger by its id, or None."""
    return conn.execute(sa.select(*columns).where(_T.uuid == uuid)).first()


def list_page(conn, filters, page, columns=TRIGGER):
    """One page of triggers by the time they were made.

    :param filters: {'project_id', 'name', 'type'}, each optional
    :returns: the rows, or None when there is no such marker
    """
    query = sa.select(*columns).where(
        *(_T[name] == value for name, value in filters.items())
    )
    marker, fixed = [_T.uuid == page.marker], []
    if 'project_id' in filters:
        marker.append(_T.project_id == filters['project_id'])
        fixed.append(_T.project_id)
    return base.select_page(conn, query, _KEYS, fixed, marker, page)
