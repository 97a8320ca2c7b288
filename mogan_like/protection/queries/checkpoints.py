"""Checkpoint rows, and what is recorded of their resources."""

import collections

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.protection import models
from mogan_like.protection import states

_C = models.CHECKPOINTS.c
_R = models.RESOURCES.c

#: What a view shows; ``plan``, ``resource_graph`` and ``extra_info`` are JSON.
CHECKPOINT = base.for_json(
    _C.uuid,
    _C.project_id,
    _C.user_id,
    _C.provider_id,
    _C.plan_uuid,
    _C.status,
    _C.plan,
    _C.resource_graph,
    _C.extra_info,
    _C.fault,
    _C.operation_uuid,
    _C.created_at,
    _C.updated_at,
    _C.deleted,
)
#: All of it for the conductor, which reckons with times.
RECORD = tuple(models.CHECKPOINTS.c)
#: What a verb decides by.
TARGET = (
    _C.uuid,
    _C.project_id,
    _C.provider_id,
    _C.plan_uuid,
    _C.status,
    _C.restoring,
    _C.deleted,
    _C.created_at,
)

_KEYS = (_C.created_at, _C.id)
_RANGES = {
    'since': lambda value: _C.created_at >= value,
    'before': lambda value: _C.created_at < value,
}


def get(conn, uuid, columns=CHECKPOINT):
    """A checkpoint by its id, deleted ones too; or None."""
    return conn.execute(sa.select(*columns).where(_C.uuid == uuid)).first()


def list_page(conn, filters, page, columns=CHECKPOINT):
    """One page of checkpoints by the time they were made.

    A marker may have been deleted since: the page goes on where it was.

    :param filters: {'provider_id', 'project_id', 'plan_uuid', 'operation_uuid',
        'status', 'deleted', 'since', 'before'}, each optional; the last two are
        naive UTC
    :returns: the rows, or None when there is no such marker
    """
    filters = {**filters, 'deleted': int(filters.get('deleted', False))}
    query = sa.select(*columns).where(
        *(
            _RANGES[name](value) if name in _RANGES else _C[name] == value
            for name, value in filters.items()
        )
    )
    marker = [_C.uuid == page.marker]
    if 'project_id' in filters:
        marker.append(_C.project_id == filters['project_id'])
    return base.select_page(conn, query, _KEYS, _get_fixed(filters), marker, page)


def _get_fixed(filters):
    """The columns that an index leads by; the others are looked at row by row."""
    for leading in (
        ('operation_uuid',),
        ('provider_id', 'plan_uuid'),
        ('plan_uuid',),
        ('provider_id', 'project_id'),
        ('provider_id',),
    ):
        if filters.keys() >= set(leading):
            return [_C[name] for name in (*leading, 'deleted')]
    return []


def list_resources(conn, owner_uuids):
    """{owner's uuid: its resources in their order}, in one statement.

    :param owner_uuids: of checkpoints, restores or verifications
    """
    found = collections.defaultdict(list)
    if owner_uuids:
        query = sa.select(models.RESOURCES).where(_R.owner_uuid.in_(owner_uuids))
        for row in conn.execute(query.order_by(_R.id)):
            found[row.owner_uuid].append(row)
    return found


def list_copies(conn, resource_type, resource_id, project_id, after=None):
    """Uuids of the available checkpoints that have a resource, newest first.

    :param after: a created_at: only those made later
    """
    conditions = [
        _R.resource_id == resource_id,
        _R.resource_type == resource_type,
        _C.project_id == project_id,
        _C.status == states.AVAILABLE,
        _C.deleted == 0,
    ]
    if after is not None:
        conditions.append(_C.created_at > after)
    query = (
        sa.select(_C.uuid)
        .join(models.RESOURCES, _R.owner_uuid == _C.uuid)
        .where(*conditions)
        .order_by(_C.created_at.desc(), _C.id.desc())
    )
    return conn.execute(query).scalars().all()
