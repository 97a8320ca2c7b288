"""Writes of the hosts of conductors."""

from mogan_like.common import clock
from mogan_like.db import base
from mogan_like.protection import models

_S = models.SERVICES.c


def report(conn, host, program):
    """Say that it is there."""
    now = clock.utcnow()
    if not _update(conn, {'updated_at': now}, _S.host == host, _S.program == program):
        base.insert_unless_there(
            conn,
            models.SERVICES,
            {'host': host, 'program': program, 'disabled': False, 'updated_at': now},
        )


def set_disabled(conn, service_id, disabled, reason=None):
    """Have it take no work, or take it again; False when there is none."""
    values = {'disabled': disabled, 'disabled_reason': reason if disabled else None}
    return _update(conn, values, _S.id == service_id)


def _update(conn, values, *conditions):
    return bool(
        conn.execute(
            models.SERVICES.update().where(*conditions).values(values)
        ).rowcount
    )
