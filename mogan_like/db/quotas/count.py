"""What is counted, and the limits it is counted by; conductors only."""

import sqlalchemy as sa

from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db.quotas import read
from mogan_like.db.quotas import table

_Q = table.QUOTAS.c
_U = table.QUOTA_USAGES.c


def take(conn, project_id, resource, scope_id=None, count=1):
    """Count ``count`` more of a resource as used, within the limit.

    :param scope_id: who uses it, when that is not the project
    :raises QuotaExceeded: naming the limit and what is used
    """
    limit = read.get_limit(conn, project_id, resource)
    scope_id = scope_id or project_id
    within = [] if limit < 0 else [_U.used + count <= limit]
    while not _add(conn, scope_id, resource, count, *within):
        used = read.get_used(conn, scope_id, resource)
        if used is None:
            base.insert_unless_there(
                conn,
                table.QUOTA_USAGES,
                {'scope_id': scope_id, 'resource': resource, 'used': 0},
            )
        elif 0 <= limit < used + count:
            raise exception.QuotaExceeded(resource=resource, limit=limit, used=used)
        # Else the row was made, or some given back, between our two looks.


def _add(conn, scope_id, resource, count, *within):
    return conn.execute(
        table.QUOTA_USAGES.update()
        .where(_U.scope_id == scope_id, _U.resource == resource, *within)
        .values(used=_U.used + count)
    ).rowcount


def give_back(conn, scope_id, resource, count=1):
    """Count ``count`` fewer as used."""
    conn.execute(
        table.QUOTA_USAGES.update()
        .where(_U.scope_id == scope_id, _U.resource == resource, _U.used >= count)
        .values(used=_U.used - count)
    )


def hold(conn, scope_id, resource):
    """Keep others from counting this, to the end of the transaction."""
    while not _add(conn, scope_id, resource, 0):
        base.insert_unless_there(
            conn,
            table.QUOTA_USAGES,
            {'scope_id': scope_id, 'resource': resource, 'used': 0},
        )


def set_used(conn, scope_id, resource, used):
    """Say what is in use, of a resource that is not counted one by one.

    The caller decides by the limit, between :func:`hold` and this.
    """
    conn.execute(
        table.QUOTA_USAGES.update()
        .where(_U.scope_id == scope_id, _U.resource == resource)
        .values(used=used)
    )


def set_limits(conn, project_id, limits):
    """Set a project's own limits; -1 is unlimited."""
    for resource, limit in sorted(limits.items()):
        base.insert_unless_there(
            conn,
            table.QUOTAS,
            {'project_id': project_id, 'resource': resource, 'hard_limit': limit},
        )
        conn.execute(
            table.QUOTAS.update()
            .where(_Q.project_id == project_id, _Q.resource == resource)
            .values(hard_limit=limit)
        )


def set_defaults(conn, limits):
    """Set the limits of projects that have none of their own; -1 is unlimited."""
    set_limits(conn, table.NO_PROJECT, limits)


def clear_limits(conn, project_id):
    """Let the defaults apply to a project again."""
    conn.execute(sa.delete(table.QUOTAS).where(_Q.project_id == project_id))
