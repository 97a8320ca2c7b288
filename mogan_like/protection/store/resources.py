"""What is recorded of each resource of a checkpoint or a run."""

import orjson

from mogan_like.common import clock
from mogan_like.protection import models
from mogan_like.protection import states

_R = models.RESOURCES.c


def insert(conn, owner_uuid, resources, status=states.RESOURCE_PENDING):
    """Write a row for each resource of a checkpoint or a run."""
    if resources:
        now = clock.utcnow()
        conn.execute(
            models.RESOURCES.insert(),
            [
                {
                    'owner_uuid': owner_uuid,
                    'resource_type': resource.type,
                    'resource_id': resource.id,
                    'name': resource.name,
                    'status': status,
                    'data': '{}',
                    'updated_at': now,
                }
                for resource in resources
            ],
        )


def insert_rows(conn, rows):
    """Write rows as another database had them."""
    if rows:
        now = clock.utcnow()
        conn.execute(
            models.RESOURCES.insert(), [{**row, 'updated_at': now} for row in rows]
        )


def save_data(conn, row_id, data):
    """Keep what a plugin knows of a resource."""
    _update(conn, row_id, {'data': orjson.dumps(data).decode()})


def set_status(conn, row_id, status, fault=None):
    """Say how a resource is doing, and why it failed."""
    _update(conn, row_id, {'status': status[: _R.status.type.length], 'fault': fault})


def _update(conn, row_id, values):
    conn.execute(
        models.RESOURCES.update()
        .where(_R.id == row_id)
        .values(updated_at=clock.utcnow(), **values)
    )
