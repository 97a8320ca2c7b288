"""Writes of plan rows."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.protection import models

_P = models.PLANS.c
_O = models.SCHEDULED_OPERATIONS.c


def insert(conn, plan):
    """Write a new plan."""
    now = clock.utcnow()
    conn.execute(models.PLANS.insert(), {**plan, 'created_at': now, 'updated_at': now})


def update(conn, uuid, project_id, values):
    """Change a plan; False when the project has none of this id."""
    return _update(conn, uuid, project_id, values)


def hold(conn, uuid, project_id):
    """Keep the plan as it is to the end of the transaction.

    :returns: False when the project has none of this id
    """
    return _update(conn, uuid, project_id, {'updated_at': _P.updated_at})


def delete(conn, uuid, project_id):
    """Drop a plan that no scheduled operation uses.

    The caller has called :func:`hold` in this transaction, as whoever writes a
    scheduled operation does.

    :returns: False when one does
    """
    used = sa.exists().where(_O.plan_uuid == _P.uuid)
    return bool(
        conn.execute(
            models.PLANS.delete().where(
                _P.uuid == uuid, _P.project_id == project_id, ~used
            )
        ).rowcount
    )


def _update(conn, uuid, project_id, values):
    return bool(
        conn.execute(
            models.PLANS.update()
            .where(_P.uuid == uuid, _P.project_id == project_id)
            .values({'updated_at': clock.utcnow(), **values})
        ).rowcount
    )
