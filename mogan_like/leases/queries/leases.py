"""Lease rows, and what belongs to them."""

import collections

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.leases import models

_L = models.LEASES.c
_R = models.RESERVATIONS.c
_E = models.EVENTS.c

#: What a view of a lease shows.
LEASE = base.for_json(
    _L.id,
    _L.uuid,
    _L.name,
    _L.project_id,
    _L.user_id,
    _L.trust_id,
    _L.start_date,
    _L.end_date,
    _L.before_end_date,
    _L.status,
    _L.degraded,
    _L.ended_by_user_id,
    _L.created_at,
    _L.updated_at,
    _L.deleted,
    _L.deleted_at,
)
#: What a worker or a verb decides by.
TARGET = tuple(models.LEASES.c)

RESERVATION = base.for_json(*models.RESERVATIONS.c)
EVENT = base.for_json(*models.EVENTS.c)
#: The same with times as datetimes, for who calculates with them.
ALL_OF_RESERVATION = tuple(models.RESERVATIONS.c)
ALL_OF_EVENT = tuple(models.EVENTS.c)

_SORT_KEYS = {
    'created_at': (_L.created_at, _L.id),
    'name': (_L.name, _L.created_at, _L.id),
    'start_date': (_L.start_date, _L.id),
    'end_date': (_L.end_date, _L.id),
}
_RANGES = {
    'ends_before': lambda value: _L.end_date < value,
    'active_at': lambda value: (_L.start_date <= value) & (_L.end_date > value),
}


def get(conn, uuid, columns=LEASE):
    """A lease by its id, deleted ones included; or None."""
    return conn.execute(sa.select(*columns).where(_L.uuid == uuid)).first()


def list_page(conn, filters, page, columns=LEASE):
    """One page of leases.

    :param filters: columns and their values, or the names in ``_RANGES``
    :returns: the rows, or None when there is no such marker
    """
    filters = {'deleted': False, **filters}
    filters['deleted'] = int(filters['deleted'])
    query = sa.select(*columns).where(
        *(
            _RANGES[name](value) if name in _RANGES else _L[name] == value
            for name, value in filters.items()
        )
    )
    marker = [_L.uuid == page.marker]
    if 'project_id' in filters:
        marker.append(_L.project_id == filters['project_id'])
    fixed = [_L[name] for name in filters if name not in _RANGES]
    keys = _SORT_KEYS[page.sort_key]
    return base.select_page(conn, query, keys, fixed, marker, page)


def list_ends(conn, uuids):
    """{uuid: a row with end_date, a datetime} of leases."""
    query = sa.select(_L.uuid, _L.end_date).where(_L.uuid.in_(uuids))
    return {row.uuid: row for row in conn.execute(query)}


def list_reservations(conn, lease_uuids, columns=RESERVATION):
    """{lease's uuid: its reservations in their order}, in one statement."""
    return _group(conn, columns, _R.lease_uuid, _R.id, lease_uuids)


def list_events(conn, lease_uuids, columns=EVENT):
    """{lease's uuid: its events in their order}, in one statement."""
    return _group(conn, columns, _E.lease_uuid, _E.id, lease_uuids)


def _group(conn, columns, owner, order, lease_uuids):
    found = collections.defaultdict(list)
    if lease_uuids:
        query = sa.select(*columns).where(owner.in_(lease_uuids)).order_by(order)
        for row in conn.execute(query):
            found[row.lease_uuid].append(row)
    return found
