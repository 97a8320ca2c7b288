"""Routes of hosts, the nodes that are opened for reservation."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types as api_types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.leases import rpcapi
from mogan_like.leases import types
from mogan_like.leases.controllers import allocations
from mogan_like.leases.queries import hosts as queries
from mogan_like.leases.schemas import hosts as schemas


class HostsController(expose.Controller):
    """``/v1/os-hosts``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        'allocations': {'GET': 'list_allocations'},
        'properties': {'GET': 'list_properties'},
        'properties/{name}': {'PATCH': 'update_property'},
        '{host_id}': {'GET': 'show', 'PUT': 'update', 'DELETE': 'delete'},
        '{host_id}/allocation': {'GET': 'show_allocation'},
    }

    @expose.route(response=schemas.HOSTS)
    def list(
        self,
        ctx,
        limit: pagination.Limit = None,
        marker: api_types.Name = None,
        sort_key: types.HostSortKey = 'created_at',
        sort_dir: pagination.SortDir = 'asc',
    ):
        """List hosts with their properties and extra capabilities."""
        policy.enforce(ctx, 'host:list')
        page = pagination.make_page(limit, marker, sort_key, sort_dir)
        with engine.reader() as conn:
            rows = queries.list_page(conn, page)
            shown = queries.show(conn, (rows or [])[: page.limit])
        views = {view['id']: view for view in shown}
        return collection.render(
            'hosts', rows, page, lambda row: views[str(row.id)], 'id'
        )

    @expose.route(response=schemas.HOST)
    def show(self, ctx, host_id: api_types.Name):
        """Show a host."""
        policy.enforce(ctx, 'host:list')
        with engine.reader() as conn:
            return {'host': queries.show(conn, [_find(conn, host_id)])[0]}

    @expose.route(body=schemas.CREATE, response=schemas.HOST, status=201)
    def create(self, ctx, body):
        """Open a node for reservation."""
        policy.enforce(ctx, 'host:create')
        name = body.pop('name')
        host = rpcapi.HOSTS.call(
            ctx, 'create', name=name, values=body, idempotency=expose.idempotency()
        )
        location = f'{expose.base_url()}/v1/os-hosts/{host["id"]}'
        return expose.Response(201, {'host': host}, {'Location': location})

    @expose.route(body=schemas.UPDATE, response=schemas.HOST)
    def update(self, ctx, host_id: api_types.Name, body):
        """Add, change or drop extra capabilities."""
        policy.enforce(ctx, 'host:update')
        return {'host': rpcapi.HOSTS.call(ctx, 'update', host_id=host_id, values=body)}

    @expose.route(status=204)
    def delete(self, ctx, host_id: api_types.Name):
        """Close a node for reservation."""
        policy.enforce(ctx, 'host:delete')
        rpcapi.HOSTS.call(ctx, 'delete', host_id=host_id)

    @expose.route(response=schemas.PROPERTIES)
    def list_properties(
        self,
        ctx,
        detail: api_types.Boolean = False,
        all: api_types.Boolean = False,
        limit: pagination.Limit = None,
        marker: types.Property = None,
        sort_dir: pagination.SortDir = 'asc',
    ):
        """List what reservations can ask for."""
        policy.enforce(ctx, 'host:list_properties')
        if all:
            policy.enforce(ctx, 'host:list_private_properties')
        page = pagination.make_page(limit, marker, 'name', sort_dir)
        with engine.reader() as conn:
            rows = queries.list_names(conn, page, private=all)
            names = [row.name for row in (rows or [])[: page.limit]]
            values = queries.list_values(conn, names) if detail and names else None

        def show(row):
            if values is None:
                return {'property': row.name}
            return {
                'property': row.name,
                'private': bool(row.private),
                'values': values[row.name],
            }

        return collection.render('resource_properties', rows, page, show, 'name')

    @expose.route(body=schemas.UPDATE_PROPERTY, response=schemas.PROPERTY)
    def update_property(self, ctx, name: types.Property, body):
        """Make a property private or public."""
        policy.enforce(ctx, 'host:update_property')
        found = rpcapi.HOSTS.call(
            ctx, 'set_property', name=name, private=body['private']
        )
        return {'resource_property': found}

    @expose.route(response=schemas.ALLOCATIONS)
    def list_allocations(
        self,
        ctx,
        lease_id: api_types.Uuid = None,
        reservation_id: api_types.Uuid = None,
        limit: pagination.Limit = None,
        marker: api_types.Name = None,
        sort_dir: pagination.SortDir = 'asc',
    ):
        """List hosts with what they are reserved for."""
        policy.enforce(ctx, 'allocation:list')
        page = pagination.make_page(limit, marker, 'created_at', sort_dir)
        return allocations.list_of_hosts(page, lease_id, reservation_id)

    @expose.route(response=schemas.ALLOCATION)
    def show_allocation(self, ctx, host_id: api_types.Name):
        """Show what a host is reserved for."""
        policy.enforce(ctx, 'allocation:list')
        with engine.reader() as conn:
            return {'allocation': allocations.show_host(conn, _find(conn, host_id))}


def _find(conn, host_id):
    """The host of this id, or of this name.

    :raises HostNotFound:
    """
    row = queries.find(conn, host_id)
    if row is None:
        raise exception.HostNotFound(host=host_id)
    return row
