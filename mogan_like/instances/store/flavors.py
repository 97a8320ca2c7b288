"""Flavor rows."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.instances import models

_F = models.FLAVORS.c


def insert(conn, values):
    """Write a new flavor.

    :raises oslo_db.exception.DBDuplicateEntry: when the name is taken
    """
    now = clock.utcnow()
    conn.execute(
        models.FLAVORS.insert(), {**values, 'created_at': now, 'updated_at': now}
    )


def update(conn, uuid, values):
    """Change a flavor; False when there is none.

    :raises oslo_db.exception.DBDuplicateEntry: when the name is taken
    """
    return (
        conn.execute(
            models.FLAVORS.update()
            .where(_F.uuid == uuid)
            .values(updated_at=clock.utcnow(), **values)
        ).rowcount
        == 1
    )


def delete(conn, uuid):
    """Drop a flavor; False when there is none.

    Instances keep its uuid: what they were made from does not change.
    """
    return conn.execute(sa.delete(models.FLAVORS).where(_F.uuid == uuid)).rowcount == 1
