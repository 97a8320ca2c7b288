"""Reads of nodes."""

import sqlalchemy as sa

from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.instances import models

_N = models.NODES.c

ALL = base.for_json(
    _N.uuid,
    _N.name,
    _N.resource_class,
    _N.properties,
    _N.maintenance,
    _N.maintenance_reason,
    _N.present,
    _N.instance_uuid,
    _N.reservable,
    _N.reservation_uuid,
    _N.created_at,
    _N.updated_at,
)

#: What reservations are made by.
RESERVABLE = (
    _N.uuid,
    _N.name,
    _N.resource_class,
    _N.properties,
    _N.maintenance,
    _N.present,
    _N.instance_uuid,
    _N.reservable,
    _N.reservation_uuid,
)

SORT_KEYS = {'created_at': (_N.created_at, _N.id), 'name': (_N.name, _N.id)}


def get(conn, uuid):
    """The row of a node, or None."""
    return conn.execute(sa.select(*ALL).where(_N.uuid == uuid)).first()


def list_page(conn, filters, page):
    """One page of nodes, or None when there is no such marker.

    :param filters: {'resource_class', 'maintenance'}, each optional
    """
    query = sa.select(*ALL).where(
        *(_N[name] == value for name, value in filters.items())
    )
    keys = SORT_KEYS[page.sort_key]
    fixed = [_N[name] for name in filters]
    return base.select_page(conn, query, keys, fixed, [_N.uuid == page.marker], page)


def list_free(conn, uuids):
    """Those of some nodes that nothing keeps from being handed over now."""
    query = sa.select(_N.uuid).where(
        _N.uuid.in_(uuids),
        _N.reservable == sa.true(),
        _N.present == sa.true(),
        _N.maintenance == sa.false(),
        _N.instance_uuid.is_(None),
        _N.reservation_uuid.is_(None),
    )
    return conn.execute(query).scalars().all()


def list_reservable(conn, uuids=None):
    """The nodes opened for reservation, or these whether opened or not.

    :returns: rows of RESERVABLE, in the order in which the nodes appeared
    """
    chosen = _N.reservable == sa.true() if uuids is None else _N.uuid.in_(set(uuids))
    return conn.execute(sa.select(*RESERVABLE).where(chosen).order_by(_N.id)).all()


def find(conn, name_or_uuid):
    """The node of this uuid or else of this name: a row of RESERVABLE, or None.

    :raises InvalidParameter: when several nodes have the name
    """
    query = sa.select(*RESERVABLE)
    row = conn.execute(query.where(_N.uuid == name_or_uuid)).first()
    if row is not None:
        return row
    rows = conn.execute(query.where(_N.name == name_or_uuid).limit(2)).all()
    if len(rows) > 1:
        raise exception.InvalidParameter(
            name='name', reason=f'several nodes are called {name_or_uuid}: give the id.'
        )
    return rows[0] if rows else None


def list_of_reservation(conn, reservation_uuid, uuids=None):
    """The uuids of the nodes that a reservation has.

    :param uuids: of these nodes only
    """
    query = sa.select(_N.uuid).where(_N.reservation_uuid == reservation_uuid)
    if uuids is not None:
        query = query.where(_N.uuid.in_(set(uuids)))
    return set(conn.execute(query).scalars())
