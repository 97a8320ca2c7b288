"""Writes of restores and verifications."""

from mogan_like.common import clock
from mogan_like.protection import models
from mogan_like.protection import states

_R = models.RUNS.c


def insert(conn, run):
    """Write a new restore or verification."""
    now = clock.utcnow()
    conn.execute(
        models.RUNS.insert(),
        {**run, 'status': states.IN_PROGRESS, 'created_at': now, 'updated_at': now},
    )


def end(conn, uuid, status, fault=None):
    """Say how it went; False when it has ended already."""
    return bool(
        conn.execute(
            models.RUNS.update()
            .where(_R.uuid == uuid, _R.status == states.IN_PROGRESS)
            .values(status=status, fault=fault, updated_at=clock.utcnow())
        ).rowcount
    )
