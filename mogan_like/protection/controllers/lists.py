"""What the lists of protection have in common."""

import types

from mogan_like.api import collection
from mogan_like.api import pagination
from mogan_like.common import policy


def choose_project(ctx, rule, all_projects_rule, project_id, all_tenants):
    """The project whose objects are listed; None for all of them.

    :param rule: who may list the own project's
    :param all_projects_rule: who may list those of others
    :raises PolicyNotAuthorized: when the caller may not
    """
    policy.enforce(ctx, rule)
    if project_id in (None, ctx.project_id) and not all_tenants:
        return ctx.project_id
    policy.enforce(ctx, all_projects_rule)
    return project_id


def make_page(limit, marker, sort, sort_key, sort_dir):
    """The page that these parameters ask for.

    :param sort: a key and a direction or None, which count before the other two,
        or None
    """
    if sort is not None:
        sort_key, direction = sort
        sort_dir = direction or sort_dir
    return pagination.make_page(limit, marker, sort_key, sort_dir)


def render_plain(name, rows, page):
    """A page of what a conductor answered, as JSON in bytes.

    :param rows: dicts with an ``id``, one more than the page holds where there is
        a next one; None when there is no such marker
    """
    wrapped = rows and [types.SimpleNamespace(**row) for row in rows]
    return collection.render(name, wrapped, page, vars, 'id')


def skip(rows, page):
    """The rows of a page, and one more, out of all of them; None as of queries."""
    if page.marker is None:
        return rows[: page.limit + 1]
    ids = [row['id'] for row in rows]
    if page.marker not in ids:
        return None
    begin = ids.index(page.marker) + 1
    return rows[begin : begin + page.limit + 1]
