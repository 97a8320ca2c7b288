"""Routes of what there is to protect, by whom, and where."""

from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types as api_types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.protection import rpcapi
from mogan_like.protection import types
from mogan_like.protection.controllers import lists
from mogan_like.protection.controllers import views
from mogan_like.protection.queries import services as queries
from mogan_like.protection.schemas import inventory as schemas


class ProtectablesController(expose.Controller):
    """``/v1/protectables``."""

    routes = {
        '': {'GET': 'list'},
        '{protectable_type}': {'GET': 'show'},
        '{protectable_type}/instances': {'GET': 'list_instances'},
        '{protectable_type}/instances/{protectable_id}': {'GET': 'show_instance'},
    }

    @expose.route(response=schemas.TYPES)
    def list(self, ctx):
        """List the types of resources."""
        policy.enforce(ctx, 'protectable:list')
        return {'protectable_type': rpcapi.PROTECTABLES.call(ctx, 'list_types')}

    @expose.route(response=schemas.TYPE)
    def show(self, ctx, protectable_type: types.ResourceType):
        """Show which types depend on a type."""
        policy.enforce(ctx, 'protectable:list')
        shown = rpcapi.PROTECTABLES.call(
            ctx, 'show_type', resource_type=protectable_type
        )
        return {'protectable_type': shown}

    @expose.route(response=schemas.INSTANCES)
    def list_instances(
        self,
        ctx,
        protectable_type: types.ResourceType,
        type: types.ResourceType = None,
        parameters: types.Parameters = None,
        limit: pagination.Limit = None,
        marker: types.ResourceId = None,
        sort: types.Sort(types.InstanceSortKey) = None,
        sort_key: types.InstanceSortKey = 'id',
        sort_dir: pagination.SortDir = 'asc',
    ):
        """List the project's resources of a type."""
        policy.enforce(ctx, 'protectable:list')
        page = lists.make_page(limit, marker, sort, sort_key, sort_dir)
        if type not in (None, protectable_type):
            raise exception.InvalidParameter(
                name='type', reason='it is another one than in the path.'
            )
        found = rpcapi.PROTECTABLES.call(
            ctx,
            'list_instances',
            resource_type=protectable_type,
            parameters=parameters,
            **page._asdict(),
        )
        return lists.render_plain('instances', found, page)

    @expose.route(response=schemas.INSTANCE)
    def show_instance(
        self,
        ctx,
        protectable_type: types.ResourceType,
        protectable_id: types.ResourceId,
        parameters: types.Parameters = None,
    ):
        """Show one resource, and what there is of copies of it."""
        policy.enforce(ctx, 'protectable:list')
        shown = rpcapi.PROTECTABLES.call(
            ctx,
            'show_instance',
            resource_type=protectable_type,
            resource_id=protectable_id,
            parameters=parameters,
        )
        return {'instance': shown}


class ProvidersController(expose.Controller):
    """``/v1/providers``."""

    routes = {'': {'GET': 'list'}, '{provider_id}': {'GET': 'show'}}

    @expose.route(response=schemas.PROVIDERS)
    def list(
        self,
        ctx,
        name: api_types.Name = None,
        description: api_types.Name = None,
        limit: pagination.Limit = None,
        marker: api_types.Uuid = None,
        sort: types.Sort(types.ProviderSortKey) = None,
        sort_key: types.ProviderSortKey = 'name',
        sort_dir: pagination.SortDir = 'asc',
    ):
        """List the providers that take checkpoints."""
        policy.enforce(ctx, 'provider:list')
        page = lists.make_page(limit, marker, sort, sort_key, sort_dir)
        found = [
            each
            for each in rpcapi.PROVIDERS.call(ctx, 'list')
            if name in (None, each['name'])
            and description in (None, each['description'])
        ]
        found.sort(
            key=lambda each: (each[page.sort_key], each['id']),
            reverse=page.sort_dir == 'desc',
        )
        return lists.render_plain('providers', lists.skip(found, page), page)

    @expose.route(response=schemas.PROVIDER)
    def show(self, ctx, provider_id: api_types.Uuid):
        """Show a provider and the schemas of its parameters."""
        policy.enforce(ctx, 'provider:list')
        shown = rpcapi.PROVIDERS.call(ctx, 'show', provider_id=provider_id)
        return {'provider': shown}


class ServicesController(expose.Controller):
    """``/v1/os-services``."""

    routes = {'': {'GET': 'list'}, '{service_id}': {'PUT': 'update'}}

    @expose.route(response=schemas.SERVICES)
    def list(self, ctx, host: api_types.Name = None, binary: api_types.Name = None):
        """List the hosts that work on checkpoints: as many as there are."""
        policy.enforce(ctx, 'service:list')
        with engine.reader() as conn:
            rows = queries.list_all(conn, host, binary)
        return {'services': [views.show_service(row._mapping) for row in rows]}

    @expose.route(body=schemas.UPDATE_SERVICE, response=schemas.SERVICE)
    def update(self, ctx, service_id: types.ServiceId, body):
        """Have a host take no more work, or take it again."""
        policy.enforce(ctx, 'service:update')
        if body['status'] == 'enabled' and 'disabled_reason' in body:
            raise exception.InvalidParameter(
                name='disabled_reason', reason='it is for a host that is disabled.'
            )
        rpcapi.SERVICES.call(ctx, 'set_status', service_id=service_id, **body)
        with engine.reader() as conn:
            row = queries.get(conn, service_id)
        return {'service': views.show_service(row._mapping)}
