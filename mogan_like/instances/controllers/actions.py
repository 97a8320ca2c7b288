"""Routes of what was done to an instance."""

from mogan_like.actions import controllers as actions
from mogan_like.actions import schemas
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.instances.controllers.find import find

#: From here on the actions of deleted instances can be read (Nova's spec).
_OF_DELETED = (1, 3)


class InstanceActionsController(expose.Controller):
    """``/v1/instances/{uuid}/actions``."""

    routes = {'': {'GET': 'list'}, '{request_id}': {'GET': 'show'}}

    @expose.route(response=schemas.ACTIONS)
    def list(
        self,
        ctx,
        uuid: types.Uuid,
        changes_since: types.DateTime = None,
        changes_before: types.DateTime = None,
        events: types.Boolean = False,
        limit: pagination.Limit = None,
        marker: types.Name = None,
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List what was done to an instance, newest first."""
        page = pagination.make_page(limit, marker, 'started_at', sort_dir)
        _authorize(ctx, uuid)
        return actions.list_of(ctx, uuid, changes_since, changes_before, events, page)

    @expose.route(response=schemas.ACTION)
    def show(self, ctx, uuid: types.Uuid, request_id: types.Name):
        """Show one action with its events."""
        _authorize(ctx, uuid)
        return actions.show(ctx, uuid, request_id)


def _authorize(ctx, uuid):
    find(ctx, uuid, 'instance:actions', deleted=ctx.api_version >= _OF_DELETED)
