"""Routes of instances: reading them, and making, changing, deleting them."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.instances import rpcapi
from mogan_like.instances import states
from mogan_like.instances.controllers import create
from mogan_like.instances.controllers import views
from mogan_like.instances.controllers.find import find
from mogan_like.instances.queries import instances as queries
from mogan_like.instances.schemas import instances as schemas

_SORT_KEY = types.Choice('created_at', 'name', 'status')
_STATUS = types.Choice(*states.ALL)


def _make_list(columns, make_show, response, doc):
    """A handler that lists instances, in short or in full."""

    @expose.route(response=response, added={'locked': '1.2', 'deleted': '1.3'})
    def list_instances(
        self,
        ctx,
        status: _STATUS = None,
        name: types.Name = None,
        locked: types.Boolean = None,
        flavor_uuid: types.Uuid = None,
        node_uuid: types.Uuid = None,
        all_projects: types.Boolean = False,
        deleted: types.Boolean = False,
        changes_since: types.DateTime = None,
        limit: pagination.Limit = None,
        marker: types.Uuid = None,
        sort_key: _SORT_KEY = None,
        sort_dir: pagination.SortDir = 'desc',
    ):
        if sort_key is None:
            sort_key = 'updated_at' if changes_since else 'created_at'
        page = pagination.make_page(limit, marker, sort_key, sort_dir)
        filters = collection.drop_none(
            status=status,
            name=name,
            locked=locked,
            flavor_uuid=flavor_uuid,
            node_uuid=node_uuid,
            deleted=deleted,
            changes_since=changes_since,
        )
        _authorize_list(ctx, filters, all_projects)
        with engine.reader() as conn:
            rows = queries.list_page(conn, columns, filters, page)
        return collection.render('instances', rows, page, make_show(ctx))

    list_instances.__doc__ = doc
    return list_instances


def _authorize_list(ctx, filters, all_projects):
    """Narrow a list to what the caller may see."""
    if all_projects:
        policy.enforce(ctx, 'instance:list_all_projects')
    else:
        policy.enforce(ctx, 'instance:list')
        filters['project_id'] = ctx.project_id
    if 'node_uuid' in filters:
        policy.enforce(ctx, 'instance:show_node')


def _summarize(_ctx):
    base_url = expose.base_url()
    return lambda row: views.summarize_instance(row, base_url)


def _show_in_full(ctx):
    """What makes the view of a row, or of a conductor's plain copy of one."""
    base_url = expose.base_url()
    with_node = policy.check(ctx, 'instance:show_node')
    return lambda row: views.show_instance(
        row if isinstance(row, dict) else row._mapping,
        base_url,
        ctx.api_version,
        with_node,
    )


class InstancesController(expose.Controller):
    """``/v1/instances``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        'detail': {'GET': 'list_detail'},
        '{uuid}': {'GET': 'show', 'PATCH': 'update', 'DELETE': 'delete'},
    }

    list = _make_list(
        queries.SUMMARY, _summarize, schemas.SUMMARIES, 'List instances in short.'
    )
    list_detail = _make_list(
        queries.DETAIL, _show_in_full, schemas.DETAILS, 'List instances in full.'
    )

    @expose.route(response=schemas.DETAIL)
    def show(self, ctx, uuid: types.Uuid):
        """Show an instance in full."""
        row = find(ctx, uuid, 'instance:show', queries.DETAIL)
        return _show_in_full(ctx)(row)

    @expose.route(body=schemas.CREATE, response=schemas.DETAIL, status=202)
    def create(self, ctx, body):
        """Begin to make an instance."""
        row = create.begin(ctx, body)
        location = f'{expose.base_url()}/v1/instances/{row["uuid"]}'
        return expose.Response(202, _show_in_full(ctx)(row), {'Location': location})

    @expose.route(body=schemas.UPDATE, response=schemas.DETAIL)
    def update(self, ctx, uuid: types.Uuid, body):
        """Change name, description or metadata."""
        find(ctx, uuid, 'instance:update')
        row = rpcapi.INSTANCES.call(ctx, 'update', uuid=uuid, values=body)
        return _show_in_full(ctx)(row)

    @expose.route(status=202)
    def delete(self, ctx, uuid: types.Uuid):
        """Begin to delete."""
        find(ctx, uuid, 'instance:delete')
        rpcapi.INSTANCES.call(ctx, 'delete', uuid=uuid)
