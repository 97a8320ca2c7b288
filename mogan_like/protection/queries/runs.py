"""Restores and verifications."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.protection import models
from mogan_like.protection import states

_R = models.RUNS.c

#: What a view shows; ``parameters`` is JSON.
RUN = base.for_json(
    _R.uuid,
    _R.kind,
    _R.project_id,
    _R.user_id,
    _R.provider_id,
    _R.checkpoint_uuid,
    _R.restore_target,
    _R.parameters,
    _R.status,
    _R.fault,
    _R.created_at,
    _R.updated_at,
)
#: All of it, with times as datetimes.
RECORD = tuple(models.RUNS.c)
_KEYS = (_R.created_at, _R.id)


def get(conn, kind, uuid, columns=RUN):
    """A restore or verification by its id, or None."""
    return conn.execute(
        sa.select(*columns).where(_R.uuid == uuid, _R.kind == kind)
    ).first()


def list_page(conn, kind, filters, page, columns=RUN):
    """One page of restores or verifications by the time they were begun.

    :param kind: states.RESTORE or states.VERIFY
    :param filters: {'project_id', 'checkpoint_uuid', 'status'}, each optional
    :returns: the rows, or None when there is no such marker
    """
    query = sa.select(*columns).where(
        _R.kind == kind, *(_R[name] == value for name, value in filters.items())
    )
    fixed, marker = [_R.kind], [_R.uuid == page.marker, _R.kind == kind]
    if 'project_id' in filters:
        fixed.append(_R.project_id)
        marker.append(_R.project_id == filters['project_id'])
    return base.select_page(conn, query, _KEYS, fixed, marker, page)


def list_restoring(conn, checkpoint_uuid):
    """Uuids of the restores of a checkpoint that are in progress."""
    return (
        conn.execute(
            sa.select(_R.uuid)
            .where(
                _R.checkpoint_uuid == checkpoint_uuid,
                _R.kind == states.RESTORE,
                _R.status == states.IN_PROGRESS,
            )
            .order_by(_R.id)
        )
        .scalars()
        .all()
    )
