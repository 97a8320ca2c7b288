"""Limits and what is in use."""

import sqlalchemy as sa

from mogan_like.common.config import CONF
from mogan_like.db.quotas import resources
from mogan_like.db.quotas import table

_Q = table.QUOTAS.c
_U = table.QUOTA_USAGES.c


def get_limit(conn, project_id, resource):
    """The project's limit; -1 is unlimited."""
    return _read_limits(conn, project_id, [resource], _Q.resource == resource)[resource]


def get_limits(conn, project_id):
    """{resource: limit} of a project."""
    return _read_limits(conn, project_id, resources.list_resources())


def get_defaults(conn):
    """{resource: limit} of projects that have none of their own."""
    return get_limits(conn, table.NO_PROJECT)


def _read_limits(conn, project_id, names, *only):
    """The project's own first, then the default class's, then the options'."""
    rows = conn.execute(
        sa.select(_Q.project_id, _Q.resource, _Q.hard_limit).where(
            _Q.project_id.in_([project_id, table.NO_PROJECT]), *only
        )
    )
    said = {(row.project_id, row.resource): row.hard_limit for row in rows}
    return {
        name: said.get(
            (project_id, name),
            said.get((table.NO_PROJECT, name), getattr(CONF.quota, name)),
        )
        for name in names
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


def get_project_usages(conn, project_id):
    """{resource: used} of a project, without what users are counted by."""
    rows = conn.execute(
        sa.select(_U.resource, _U.used).where(_U.scope_id == project_id)
    )
    used = {row.resource: row.used for row in rows}
    return {name: used.get(name, 0) for name in resources.list_of_projects()}
