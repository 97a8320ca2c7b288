"""Reads of instance rows: Core selects of the columns that are asked for."""

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

#: Filters that leave a column more than one value.
_RANGES = {
    'changes_since': lambda value: _I.updated_at >= value,
    'changes_before': lambda value: _I.updated_at <= value,
    # By its own name one is found whatever that means as a pattern.
    'name_pattern': lambda value: sa.or_(_I.name.regexp_match(value), _I.name == value),
}
_CHANGES = {'changes_since', 'changes_before'}

#: The states that a filter leaves.
_STATES = {
    'status': lambda value: {value},
    'statuses': set,
    'locked': lambda value: (
        {states.LOCKED} if value else set(states.ALL) - {states.LOCKED}
    ),
}

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
        'changes_before'}, each optional; without ``deleted`` live and deleted ones
    :param page: limit, marker, sort_key and sort_dir
    :returns: the rows, or None when there is no such marker
    :raises InvalidParameter: when the database cannot read the pattern
    """
    conditions, fixed, choices = _narrow(filters, page.sort_key)
    query = sa.select(*columns).where(*conditions)
    keys, marker = SORT_KEYS[page.sort_key], [_I.uuid == page.marker]
    if 'project_id' in filters:
        # Another project's would tell that it exists, and where it sorts.
        marker.append(_I.project_id == filters['project_id'])
    try:
        return base.select_page(conn, query, keys, fixed, marker, page, choices)
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


def _narrow(filters, sort_key):
    """Filters as :func:`.base.select_page` takes them.

    :returns: (conditions, the columns that they give one value, {column: values}
        of what is read in parts)
    """
    values = _list_values(filters)
    conditions = [
        narrow(filters[name]) for name, narrow in _RANGES.items() if name in filters
    ]
    is_ordered, parted = True, 'status'
    if sort_key == 'updated_at':
        # Of live and of deleted ones, and not of states: so the indexes are.
        parted = 'deleted'
        values.setdefault(parted, [0, 1])
    elif _CHANGES & set(filters):
        # What has changed, in another order: no index has both, and the database
        # weighs which costs less, to sort or to look for what has changed.
        is_ordered = False
    choices = {}
    if is_ordered and len(values.get(parted, ())) > 1:
        choices[_I[parted]] = values.pop(parted)
    fixed = {_I[name]: each[0] for name, each in values.items() if len(each) == 1}
    conditions += [column == value for column, value in fixed.items()]
    conditions += [
        _I[name].in_(each) for name, each in values.items() if len(each) != 1
    ]
    return conditions, fixed if is_ordered else (), choices


def _list_values(filters):
    """{column's name: the values that filters leave it}."""
    exact = filters.keys() - _RANGES.keys() - _STATES.keys()
    values = {name: [filters[name]] for name in sorted(exact)}
    if 'deleted' in exact:
        values['deleted'] = [int(filters['deleted'])]
    if found := _STATES.keys() & filters.keys():
        left = set.intersection(*(_STATES[name](filters[name]) for name in found))
        if filters.get('deleted') is False:
            left -= {states.DELETED}
        values['status'] = sorted(left)
    return values
