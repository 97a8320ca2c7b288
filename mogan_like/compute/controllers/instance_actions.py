"""Routes of what was done to a server."""

from mogan_like.actions import queries
from mogan_like.api import expose
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.compute import types as compute_types
from mogan_like.compute.controllers import changes
from mogan_like.compute.controllers import page as pages
from mogan_like.compute.controllers.find import find
from mogan_like.compute.schemas import instance_actions as schemas
from mogan_like.compute.views import actions as views
from mogan_like.db import engine

#: Since when the actions of deleted servers can be read.
_OF_DELETED = (2, 21)
_WITH_PAGES = (2, 58)


class InstanceActionsController(expose.Controller):
    """``/v2.1/servers/{server_id}/os-instance-actions``."""

    routes = {'': {'GET': 'list'}, '{request_id}': {'GET': 'show'}}

    @expose.route(
        response=schemas.ACTIONS,
        added={
            'limit': '2.58',
            'marker': '2.58',
            'changes_since': '2.58',
            'changes_before': '2.66',
        },
        names=changes.NAMES,
        strict_since='2.58',
    )
    def list(
        self,
        ctx,
        server_id: compute_types.Id,
        changes_since: types.DateTime = None,
        changes_before: types.DateTime = None,
        limit: pages.Limit = None,
        marker: types.Name = None,
    ):
        """List what was done to a server, newest first."""
        page = pages.make_since(
            _WITH_PAGES, ctx.api_version, limit, marker, 'started_at'
        )
        filters = changes.make_filters(changes_since, changes_before)
        uuid = _find(ctx, server_id)
        with engine.reader() as conn:
            rows = queries.list_of(conn, uuid, filters, page)
        rows, more = pages.cut(rows, page)
        links = pages.make_links('links', rows[-1].request_id if more else None)
        found = [views.summarize(row, ctx.api_version) for row in rows]
        return expose.dumps({'instanceActions': found} | links)

    @expose.route(response=schemas.ACTION)
    def show(self, ctx, server_id: compute_types.Id, request_id: types.Name):
        """Show one action, with its events for who may see them."""
        uuid = _find(ctx, server_id)
        internals = policy.check(ctx, 'action:show_internals')
        # Of the host others see what it is the same as.
        with_host = internals or ctx.api_version >= views.WITH_HOST
        with engine.reader() as conn:
            row = queries.get(conn, uuid, request_id)
            if row is None:
                raise exception.ActionNotFound(f'Action {request_id} not found')
            events = queries.list_events(conn, [row.id], with_host)[row.id]
        shown = views.show(row, events, ctx.api_version, internals)
        return {'instanceAction': shown}


def _find(ctx, server_id):
    deleted = ctx.api_version >= _OF_DELETED
    return find(ctx, server_id, 'instance:actions', deleted=deleted).uuid
