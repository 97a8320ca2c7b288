"""Limits and what is in use."""

import sqlalchemy as sa

from mogan_like.common.config import CONF
from mogan_like.db.quotas import resources
from mogan_like.db.quotas import table

_Q = table.QUOTAS.c
_U = table.QUOTA_USAGES.c


def get_limit(conn, project_id, resource):
    """The project's limit; -1 is unlimited."""
    own = conn.execute(
        sa.select(_Q.hard_limit).where(
            _Q.project_id == project_id, _Q.resource == resource
        )
    ).scalar()
    return get_default(resource) if own is None else own


def get_default(resource):
    """The limit of projects that have none of their own."""
    return getattr(CONF.quota, resource)


def get_limits(conn, project_id):
    """{resource: limit} of a project."""
    found = conn.execute(
        sa.select(_Q.resource, _Q.hard_limit).where(_Q.project_id == project_id)
    )
    own = {row.resource: row.hard_limit for row in found}
    return {
        resource: own.get(resource, get_default(resource))
        for resource in resources.list_resources()
    }


def get_used(conn, scope_id, resource):
    """What is in use, or None when nothing was ever."""
    return conn.execute(
        sa.select(_U.used).where(_U.scope_id == scope_id, _U.resource == resource)
    ).scalar()


def get_usages(conn, project_id, user_id):
    """{resource: used} of a project, and of a user where users count."""
    rows = conn.execute(
        sa.select(_U.scope_id, _U.resource, _U.used).where(
            _U.scope_id.in_({project_id, user_id})
        )
    )
    used = {(row.scope_id, row.resource): row.used for row in rows}
    return {
        resource: used.get(
            (resources.get_scope(resource, project_id, user_id), resource), 0
        )
        for resource in resources.list_resources()
    }
