"""Keypair rows."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.instances import models

_K = models.KEYPAIRS.c


def insert(conn, values):
    """Write a new keypair.

    :raises oslo_db.exception.DBDuplicateEntry: when the user has the name
    """
    conn.execute(models.KEYPAIRS.insert(), {**values, 'created_at': clock.utcnow()})


def delete(conn, user_id, name):
    """Drop a keypair; False when there is none."""
    return (
        conn.execute(
            sa.delete(models.KEYPAIRS).where(_K.user_id == user_id, _K.name == name)
        ).rowcount
        == 1
    )
