"""Reads of instance rows: Core selects of the columns that are asked for."""

import heapq
import operator

from oslo_db import exception as db_exc
import sqlalchemy as sa

from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.instances import models
from mogan_like.instances import states

_I = models.INSTANCES.c

SUMMARY = (_I.uuid, _I.name, _I.status)

# What a view shows; user_data and keys are for the machine alone.
_SHOWN = (
    _I.uuid,
    _I.name,
    _I.description,
    _I.status,
    _I.power_state,
    _I.project_id,
    _I.user_id,
    _I.flavor_uuid,
    _I.image_uuid,
    _I.node_uuid,
    _I.reservation_uuid,
    _I.availability_zone,
    _I.metadata,
    _I.networks,
    _I.addresses,
    _I.key_name,
    _I.fault,
    _I.created_at,
    _I.updated_at,
    _I.launched_at,
    _I.deleted_at,
)
_LOCK = (
    _I.locked_by,
    _I.lock_user_id,
    _I.lock_reason,
    _I.locked_at,
    _I.lock_expires_at,
)

#: An instance in full, for its view.
DETAIL = base.for_json(*_SHOWN)

#: The same with the reason of its lock, as Nova shows it.
SERVER = base.for_json(*_SHOWN, _I.lock_reason)

#: What an instance is in, and who holds it, for those views.
STATES = base.for_json(
    _I.uuid, _I.project_id, _I.user_id, _I.status, _I.power_state, _I.deleted_at, *_LOCK
)

#: All of it for the conductor, which reckons with times.
RECORD = (*_SHOWN, *_LOCK)

#: What policy and a verb's verdict need to know.
TARGET = (
    _I.uuid,
    _I.project_id,
    _I.user_id,
    _I.status,
    _I.locked_by,
    _I.lock_expires_at,
    _I.deleted_at,
)

#: What a driver is told.
MACHINE = (
    _I.uuid,
    _I.name,
    _I.status,
    _I.power_state,
    _I.project_id,
    _I.image_uuid,
    _I.node_uuid,
    _I.networks,
    _I.user_data,
    _I.public_key,
    _I.metadata,
)

#: What the end of a reservation needs to know.
ON_RESERVED = (
    _I.uuid,
    _I.name,
    _I.status,
    _I.project_id,
    _I.node_uuid,
    _I.reservation_uuid,
    _I.locked_by,
    _I.lock_user_id,
    _I.lock_reason,
    _I.locked_at,
)

#: What lists may be sorted by, with or without a filter; each has its indexes.
SORT_KEYS = {
    'created_at': (_I.created_at, _I.id),
    'name': (_I.name, _I.created_at, _I.id),
    'status': (_I.status, _I.created_at, _I.id),
    'updated_at': (_I.updated_at, _I.id),
}

#: Filters that are not the value of the column of their name.
_EXACT = {
    'locked': lambda _true: (_I.status, states.LOCKED),
    'deleted': lambda value: (_I.deleted, int(value)),
}

#: Filters that leave a column more than one value.
_RANGES = {
    'changes_since': lambda value: _I.updated_at >= value,
    'changes_before': lambda value: _I.updated_at <= value,
    'statuses': lambda value: _I.status.in_(value),
    'name_pattern': lambda value: _I.name.regexp_match(value),
}
_CHANGES = {'changes_since', 'changes_before'}

#: What MariaDB and SQLite say of a regular expression that they cannot read.
_UNREADABLE = (1139, 'user-defined function raised exception')

_BY_UUID = {
    columns: sa.select(*columns).where(_I.uuid == sa.bindparam('uuid'))
    for columns in (DETAIL, SERVER, STATES, RECORD, TARGET, MACHINE)
}


def get(conn, uuid, columns=RECORD):
    """The row of an instance, deleted ones too, or None."""
    return conn.execute(_BY_UUID[columns], {'uuid': uuid}).first()


def list_statuses(conn, uuids):
    """{uuid: status} of instances, deleted ones too."""
    query = sa.select(_I.uuid, _I.status).where(_I.uuid.in_(uuids))
    return dict(tuple(row) for row in conn.execute(query))


def list_of_reservation(conn, reservation_uuids):
    """The live instances that were made in these reservations.

    :returns: rows of ON_RESERVED, oldest first
    """
    return conn.execute(
        sa.select(*ON_RESERVED)
        .where(_I.reservation_uuid.in_(set(reservation_uuids)), _I.deleted == 0)
        .order_by(_I.id)
    ).all()


def list_page(conn, columns, filters, page):
    """One page of instances.

    :param filters: {'project_id', 'status', 'statuses', 'name', 'name_pattern',
        'flavor_uuid', 'node_uuid', 'locked', 'deleted', 'changes_since',
        'changes_before'}, each optional
    :param page: limit, marker, sort_key and sort_dir
    :returns: the rows, or None when there is no such marker
    :raises InvalidParameter: when the database cannot read the pattern
    """
    conditions, fixed = _narrow(filters)
    if _CHANGES & set(filters) and page.sort_key != 'updated_at':
        # What has changed, in another order: no index has both, and the database
        # weighs which costs less, to sort or to look for what has changed.
        fixed = []
    query = sa.select(*columns).where(*conditions)
    keys, marker = SORT_KEYS[page.sort_key], [_I.uuid == page.marker]
    if 'project_id' in filters:
        # Another project's would tell that it exists, and where it sorts.
        marker.append(_I.project_id == filters['project_id'])
    try:
        return base.select_page(conn, query, keys, fixed, marker, page)
    except (db_exc.DBError, sa.exc.OperationalError) as exc:
        if 'name_pattern' not in filters or not _is_unreadable(exc):
            raise
        raise exception.InvalidParameter(
            name='name', reason='the database cannot read this regular expression.'
        ) from exc


def _is_unreadable(exc):
    """True for what databases say of a pattern that they cannot read."""
    if isinstance(exc, sa.exc.OperationalError):
        # oslo.db lets those through that it has no name for.
        return exc.orig.args[0] in _UNREADABLE
    return type(exc) in (db_exc.DBError, db_exc.DBDataError)


def list_changed(conn, columns, filters, page):
    """One page of what has changed, live and deleted instances together.

    Each of the two kinds has its index by the time of its change, both have none.

    :param filters: as of :func:`list_page`, without ``deleted``
    :param page: sorted by ``updated_at``
    :returns: the rows, or None when there is no such marker
    """
    # As they are sorted by: as text for JSON the columns have the same names.
    keys = (_I.updated_at.label('changed'), _I.id.label('key'))
    both = [
        list_page(conn, (*columns, *keys), {**filters, 'deleted': deleted}, page)
        for deleted in (False, True)
    ]
    if None in both:
        return None
    merged = heapq.merge(
        *both,
        key=operator.attrgetter('changed', 'key'),
        reverse=page.sort_dir == 'desc',
    )
    return list(merged)[: page.limit + 1]


def _narrow(filters):
    """The conditions of filters, and the columns that they give one value."""
    conditions, fixed = [], []
    for name, value in filters.items():
        if name in _RANGES:
            conditions.append(_RANGES[name](value))
        elif name == 'locked' and not value:
            conditions.append(_I.status != states.LOCKED)
        else:
            column, value = _EXACT[name](value) if name in _EXACT else (_I[name], value)
            conditions.append(column == value)
            fixed.append(column)
    return conditions, fixed
