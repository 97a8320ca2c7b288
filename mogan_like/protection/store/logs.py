"""Writes of operation logs."""

from oslo_utils import uuidutils

from mogan_like.common import clock
from mogan_like.protection import models
from mogan_like.protection import states

_L = models.OPERATION_LOGS.c
_TABLE = models.OPERATION_LOGS


def begin(conn, operation_type, checkpoint, run_uuid=None):
    """An operation on a checkpoint begins.

    :param operation_type: states.PROTECT, DELETE, RESTORE or VERIFY
    :param checkpoint: its row, or a mapping of its columns
    """
    mapping = getattr(checkpoint, '_mapping', checkpoint)
    conn.execute(
        _TABLE.insert(),
        {
            'uuid': uuidutils.generate_uuid(),
            'project_id': mapping['project_id'],
            'operation_type': operation_type,
            'checkpoint_uuid': mapping['uuid'],
            'plan_uuid': mapping['plan_uuid'],
            'provider_id': mapping['provider_id'],
            'run_uuid': run_uuid,
            'scheduled_operation_uuid': mapping.get('operation_uuid'),
            'status': states.IN_PROGRESS,
            'started_at': clock.utcnow(),
        },
    )


def insert_refused(conn, operation, error_info):
    """A run of a scheduled operation came to nothing: there is no checkpoint.

    :param operation: its row
    """
    now = clock.utcnow()
    conn.execute(
        _TABLE.insert(),
        {
            'uuid': uuidutils.generate_uuid(),
            'project_id': operation.project_id,
            'operation_type': states.PROTECT,
            'plan_uuid': operation.plan_uuid,
            'provider_id': operation.provider_id,
            'scheduled_operation_uuid': operation.uuid,
            'status': states.FAIL,
            'started_at': now,
            'ended_at': now,
            'error_info': error_info,
        },
    )


def end_all(conn, checkpoint_uuid, status, error_info=None):
    """What goes on with a checkpoint itself has ended: protect or delete."""
    _end(
        conn,
        status,
        error_info,
        _L.checkpoint_uuid == checkpoint_uuid,
        _L.run_uuid.is_(None),
    )


def end_run(conn, run_uuid, status, error_info=None):
    """A restore or verification has ended."""
    _end(conn, status, error_info, _L.run_uuid == run_uuid)


def purge(conn, before, limit):
    """Drop logs of operations that began before a time; returns how many.

    Those that go on stay.
    """
    ids = (
        conn.execute(
            _TABLE.select()
            .with_only_columns(_L.id)
            .where(_L.started_at < before, _L.ended_at.is_not(None))
            .order_by(_L.started_at)
            .limit(limit)
        )
        .scalars()
        .all()
    )
    if ids:
        conn.execute(_TABLE.delete().where(_L.id.in_(ids)))
    return len(ids)


def _end(conn, status, error_info, *conditions):
    conn.execute(
        _TABLE.update()
        .where(*conditions, _L.ended_at.is_(None))
        .values(status=status, ended_at=clock.utcnow(), error_info=error_info)
    )
