"""Routes of what was done to a lease."""

from mogan_like.actions import controllers as actions
from mogan_like.actions import schemas
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.leases.controllers.find import find


class LeaseActionsController(expose.Controller):
    """``/v1/leases/{lease_id}/actions``."""

    routes = {'': {'GET': 'list'}, '{request_id}': {'GET': 'show'}}

    @expose.route(response=schemas.ACTIONS)
    def list(
        self,
        ctx,
        lease_id: types.Uuid,
        changes_since: types.DateTime = None,
        changes_before: types.DateTime = None,
        events: types.Boolean = False,
        limit: pagination.Limit = None,
        marker: types.Name = None,
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List what was done to a lease, newest first; to a deleted one too."""
        page = pagination.make_page(limit, marker, 'started_at', sort_dir)
        find(ctx, lease_id, 'lease:actions', deleted=True)
        return actions.list_of(
            ctx, lease_id, changes_since, changes_before, events, page
        )

    @expose.route(response=schemas.ACTION)
    def show(self, ctx, lease_id: types.Uuid, request_id: types.Name):
        """Show one action with its events."""
        find(ctx, lease_id, 'lease:actions', deleted=True)
        return actions.show(ctx, lease_id, request_id)
