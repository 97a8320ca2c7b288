"""Writes of triggers."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.protection import models

_T = models.TRIGGERS.c
_O = models.SCHEDULED_OPERATIONS.c


def insert(conn, trigger):
    """Write a new trigger."""
    now = clock.utcnow()
    conn.execute(
        models.TRIGGERS.insert(), {**trigger, 'created_at': now, 'updated_at': now}
    )


def hold(conn, uuid, project_id):
    """Keep the trigger as it is to the end of the transaction.

    :returns: False when the project has none of this id
    """
    return _update(conn, uuid, project_id, {'updated_at': _T.updated_at})


def update(conn, uuid, project_id, values):
    """Change a trigger; False when the project has none of this id."""
    return _update(conn, uuid, project_id, {'updated_at': clock.utcnow(), **values})


def delete(conn, uuid, project_id):
    """Drop a trigger that no scheduled operation uses.

    The caller has called :func:`hold` in this transaction, as whoever writes a
    scheduled operation does.

    :returns: False when one does
    """
    used = sa.exists().where(_O.trigger_uuid == _T.uuid)
    return bool(
        conn.execute(
            models.TRIGGERS.delete().where(
                _T.uuid == uuid, _T.project_id == project_id, ~used
            )
        ).rowcount
    )


def _update(conn, uuid, project_id, values):
    return bool(
        conn.execute(
            models.TRIGGERS.update()
            .where(_T.uuid == uuid, _T.project_id == project_id)
            .values(values)
        ).rowcount
    )
