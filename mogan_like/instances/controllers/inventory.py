"""Routes of flavors and nodes."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.instances import rpcapi
from mogan_like.instances.controllers import views
from mogan_like.instances.queries import flavors
from mogan_like.instances.queries import nodes
from mogan_like.instances.schemas import inventory as schemas

_SORT_KEY = types.Choice('created_at', 'name')

#: What a new flavor has unless it says otherwise.
_DEFAULTS = {
    'description': None,
    'properties': {},
    'is_public': True,
    'disabled': False,
}


class FlavorsController(expose.Controller):
    """``/v1/flavors``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{uuid}': {'GET': 'show', 'PATCH': 'update', 'DELETE': 'delete'},
    }

    @expose.route(response=schemas.FLAVORS)
    def list(
        self,
        ctx,
        limit: pagination.Limit = None,
        marker: types.Uuid = None,
        sort_key: _SORT_KEY = 'created_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List flavors."""
        policy.enforce(ctx, 'flavor:list')
        page = pagination.make_page(limit, marker, sort_key, sort_dir)
        with engine.reader() as conn:
            rows = flavors.list_page(conn, page, _public_only(ctx))
        base_url = expose.base_url()
        return collection.render(
            'flavors', rows, page, lambda row: views.show_flavor(row._mapping, base_url)
        )

    @expose.route(response=schemas.FLAVOR)
    def show(self, ctx, uuid: types.Uuid):
        """Show a flavor."""
        policy.enforce(ctx, 'flavor:list')
        with engine.reader() as conn:
            row = flavors.get(conn, uuid, _public_only(ctx))
        if row is None:
            raise exception.FlavorNotFound(uuid=uuid)
        return views.show_flavor(row._mapping, expose.base_url())

    @expose.route(body=schemas.CREATE_FLAVOR, response=schemas.FLAVOR, status=201)
    def create(self, ctx, body):
        """Create a flavor."""
        policy.enforce(ctx, 'flavor:create')
        row = rpcapi.FLAVORS.call(
            ctx, 'create', flavor=_DEFAULTS | body, idempotency=expose.idempotency()
        )
        location = f'{expose.base_url()}/v1/flavors/{row["uuid"]}'
        view = views.show_flavor(row, expose.base_url())
        return expose.Response(201, view, {'Location': location})

    @expose.route(body=schemas.UPDATE_FLAVOR, response=schemas.FLAVOR)
    def update(self, ctx, uuid: types.Uuid, body):
        """Change a flavor; instances made from it stay as they are."""
        policy.enforce(ctx, 'flavor:update')
        row = rpcapi.FLAVORS.call(ctx, 'update', uuid=uuid, values=body)
        return views.show_flavor(row, expose.base_url())

    @expose.route(status=204)
    def delete(self, ctx, uuid: types.Uuid):
        """Delete a flavor; instances made from it stay as they are."""
        policy.enforce(ctx, 'flavor:delete')
        rpcapi.FLAVORS.call(ctx, 'delete', uuid=uuid)


class NodesController(expose.Controller):
    """``/v1/nodes``."""

    routes = {'': {'GET': 'list'}, '{uuid}': {'GET': 'show', 'PATCH': 'update'}}

    @expose.route(response=schemas.NODES)
    def list(
        self,
        ctx,
        resource_class: types.Name = None,
        maintenance: types.Boolean = None,
        limit: pagination.Limit = None,
        marker: types.Uuid = None,
        sort_key: _SORT_KEY = 'created_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List the nodes of the inventory."""
        policy.enforce(ctx, 'node:list')
        page = pagination.make_page(limit, marker, sort_key, sort_dir)
        filters = collection.drop_none(
            resource_class=resource_class, maintenance=maintenance
        )
        with engine.reader() as conn:
            rows = nodes.list_page(conn, filters, page)
        base_url = expose.base_url()
        return collection.render(
            'nodes',
            rows,
            page,
            lambda row: views.show_node(row._mapping, base_url, ctx.api_version),
        )

    @expose.route(response=schemas.NODE)
    def show(self, ctx, uuid: types.Uuid):
        """Show a node of the inventory."""
        policy.enforce(ctx, 'node:list')
        with engine.reader() as conn:
            row = nodes.get(conn, uuid)
        if row is None:
            raise exception.NodeNotFound(uuid=uuid)
        return views.show_node(row._mapping, expose.base_url(), ctx.api_version)

    @expose.route(body=schemas.UPDATE_NODE, response=schemas.NODE)
    def update(self, ctx, uuid: types.Uuid, body):
        """Take a node out of placement, or put it back."""
        policy.enforce(ctx, 'node:maintenance')
        if body.get('maintenance_reason') and not body['maintenance']:
            raise exception.InvalidParameter(
                name='maintenance_reason', reason='it goes with maintenance only.'
            )
        row = rpcapi.NODES.call(
            ctx,
            'set_maintenance',
            uuid=uuid,
            maintenance=body['maintenance'],
            reason=body.get('maintenance_reason'),
        )
        return views.show_node(row, expose.base_url(), ctx.api_version)


def _public_only(ctx):
    return not policy.check(ctx, 'flavor:private')
