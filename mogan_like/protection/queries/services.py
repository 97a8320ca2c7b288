"""The hosts of conductors, as they reported themselves."""

import sqlalchemy as sa

from mogan_like.protection import models

_S = models.SERVICES.c
ALL = tuple(models.SERVICES.c)


def get(conn, service_id):
    """One of them by its number, or None."""
    return conn.execute(sa.select(*ALL).where(_S.id == service_id)).first()


def list_all(conn, host=None, program=None):
    """All of them: there are as many as hosts.

    :returns: rows with updated_at as a datetime: whoever reported within
        ``[protection]service_down_time`` is up
    """
    query = sa.select(*ALL).order_by(_S.host, _S.program)
    if host is not None:
        query = query.where(_S.host == host)
    if program is not None:
        query = query.where(_S.program == program)
    return conn.execute(query).all()


def is_disabled(conn, host, program):
    """True when an admin disabled it."""
    return bool(
        conn.execute(
            sa.select(_S.disabled).where(_S.host == host, _S.program == program)
        ).scalar()
    )
