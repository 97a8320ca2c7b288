"""Reads of flavors."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.instances import models

_F = models.FLAVORS.c

ALL = base.for_json(
    _F.uuid,
    _F.name,
    _F.description,
    _F.resource_class,
    _F.properties,
    _F.is_public,
    _F.disabled,
    _F.created_at,
    _F.updated_at,
)

SORT_KEYS = {'created_at': (_F.created_at, _F.id), 'name': (_F.name,)}


def get(conn, uuid, public_only=False):
    """The row of a flavor, or None."""
    query = sa.select(*ALL).where(_F.uuid == uuid)
    if public_only:
        query = query.where(_F.is_public == sa.true())
    return conn.execute(query).first()


def list_of(conn, uuids):
    """{uuid: row} of these flavors, public or not, as far as there are any."""
    query = sa.select(*ALL).where(_F.uuid.in_(set(uuids)))
    return {row.uuid: row for row in conn.execute(query)}


def list_page(conn, page, public_only, private_only=False):
    """One page of flavors, or None when there is no such marker."""
    query, fixed, marker = sa.select(*ALL), [], [_F.uuid == page.marker]
    if public_only or private_only:
        chosen = _F.is_public == (sa.false() if private_only else sa.true())
        query = query.where(chosen)
        marker.append(chosen)
        fixed.append(_F.is_public)
    return base.select_page(conn, query, SORT_KEYS[page.sort_key], fixed, marker, page)
