"""Rows of scheduled operations."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.protection import models
from mogan_like.protection import states

_O = models.SCHEDULED_OPERATIONS.c
_C = models.CHECKPOINTS.c

#: What a view shows; ``operation_definition`` is JSON.
OPERATION = base.for_json(
    _O.uuid,
    _O.name,
    _O.description,
    _O.operation_type,
    _O.project_id,
    _O.user_id,
    _O.trigger_uuid,
    _O.operation_definition,
    _O.enabled,
    _O.next_run_at,
    _O.last_run_at,
    _O.created_at,
    _O.updated_at,
)
#: All of it, with times as datetimes.
RECORD = tuple(models.SCHEDULED_OPERATIONS.c)
_KEYS = (_O.created_at, _O.id)
#: What indexes lead by, the narrowest first.
_LEADING = ('trigger_uuid', 'project_id')


def get(conn, uuid, columns=OPERATION):
    """An operation by its id, or None."""
    return conn.execute(sa.select(*columns).where(_O.uuid == uuid)).first()


def list_page(conn, filters, page, columns=OPERATION):
    """One page of operations by the time they were made.

    :param filters: {'project_id', 'name', 'operation_type', 'trigger_uuid'}, each
        optional
    :returns: the rows, or None when there is no such marker
    """
    query = sa.select(*columns).where(
        *(_O[name] == value for name, value in filters.items())
    )
    marker = [_O.uuid == page.marker]
    if 'project_id' in filters:
        marker.append(_O.project_id == filters['project_id'])
    fixed = [_O[name] for name in _LEADING if name in filters][:1]
    return base.select_page(conn, query, _KEYS, fixed, marker, page)


def hold_enabled(conn, trigger_uuid):
    """The enabled operations by a trigger, kept until the transaction ends.

    :returns: rows with id, uuid, next_run_at, last_run_at
    """
    query = sa.select(_O.id, _O.uuid, _O.enabled, _O.next_run_at, _O.last_run_at).where(
        _O.trigger_uuid == trigger_uuid
    )
    rows = conn.execute(query.order_by(_O.id).with_for_update()).all()
    # All are held: one that is enabled meanwhile waits, and reads the trigger then.
    return [row for row in rows if row.enabled]


def list_ended(conn, operation_uuid):
    """Those of its checkpoints that are good or have failed, newest first.

    :returns: rows with uuid, provider_id, status, created_at
    """
    query = sa.select(_C.uuid, _C.provider_id, _C.status, _C.created_at).where(
        _C.operation_uuid == operation_uuid,
        _C.deleted == 0,
        _C.status.in_((states.AVAILABLE, states.ERROR, states.ERROR_DELETING)),
    )
    return conn.execute(query.order_by(_C.created_at.desc(), _C.id.desc())).all()


def is_at_work(conn, operation_uuid):
    """True while a checkpoint of an operation is being made or deleted."""
    busy = (states.PROTECTING, states.DELETING)
    return _find_in(conn, operation_uuid, busy) is not None


def find_protecting(conn, operation_uuid):
    """The uuid of a checkpoint of an operation that is being made, or None."""
    return _find_in(conn, operation_uuid, (states.PROTECTING,))


def _find_in(conn, operation_uuid, statuses):
    query = sa.select(_C.uuid).where(
        _C.operation_uuid == operation_uuid, _C.deleted == 0, _C.status.in_(statuses)
    )
    return conn.execute(query.limit(1)).scalar()
