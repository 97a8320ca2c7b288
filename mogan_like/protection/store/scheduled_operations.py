"""Writes of scheduled operations."""

from mogan_like.common import clock
from mogan_like.protection import models

_O = models.SCHEDULED_OPERATIONS.c


def insert(conn, operation):
    """Write a new operation."""
    now = clock.utcnow()
    conn.execute(
        models.SCHEDULED_OPERATIONS.insert(),
        {**operation, 'created_at': now, 'updated_at': now},
    )


def hold(conn, uuid, project_id):
    """Keep the operation as it is to the end of the transaction.

    :returns: False when the project has none of this id
    """
    return _update(
        conn, uuid, {'updated_at': _O.updated_at}, _O.project_id == project_id
    )


def update(conn, uuid, values):
    """Change an operation that is held."""
    _update(conn, uuid, {'updated_at': clock.utcnow(), **values})


def set_next(conn, row_ids, next_run_at):
    """Say when operations that are held run next; None: not any more.

    :param row_ids: their ``id``: MariaDB locks what it finds a row by, and whoever
        has the row must not wait for that
    """
    conn.execute(
        models.SCHEDULED_OPERATIONS.update()
        .where(_O.id.in_(row_ids))
        .values(next_run_at=next_run_at)
    )


def begin_run(conn, uuid, run_at):
    """Say that the run of this time has begun, and hold the operation.

    :returns: False when it has begun already, or is not to be any more
    """
    # One that is disabled has no next run.
    return _update(conn, uuid, {'last_run_at': run_at}, _O.next_run_at == run_at)


def delete(conn, uuid):
    """Drop an operation that is held."""
    conn.execute(models.SCHEDULED_OPERATIONS.delete().where(_O.uuid == uuid))


def _update(conn, uuid, values, *conditions):
    return bool(
        conn.execute(
            models.SCHEDULED_OPERATIONS.update()
            .where(_O.uuid == uuid, *conditions)
            .values(values)
        ).rowcount
    )
