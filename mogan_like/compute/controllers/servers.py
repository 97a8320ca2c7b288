"""Routes of servers: reading them, and making, changing, deleting them."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.api import versions
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.compute import statuses
from mogan_like.compute import types as compute_types
from mogan_like.compute.controllers import changes
from mogan_like.compute.controllers import create
from mogan_like.compute.controllers import names
from mogan_like.compute.controllers import order
from mogan_like.compute.controllers import page as pages
from mogan_like.compute.controllers import refusals
from mogan_like.compute.controllers.find import find
from mogan_like.compute.schemas import servers as schemas
from mogan_like.compute.views import servers as views
from mogan_like.db import engine
from mogan_like.instances import rpcapi
from mogan_like.instances import states
from mogan_like.instances.queries import flavors
from mogan_like.instances.queries import instances as queries

_SORT_KEY = types.Choice(*order.KEYS)
#: Nova's other filters: to drop one would be to list more than was asked for.
_REFUSED = (
    'access_ip_v4',
    'access_ip_v6',
    'auto_disk_config',
    'availability_zone',
    'config_drive',
    'created_at',
    'description',
    'display_description',
    'display_name',
    'hostname',
    'image',
    'image_ref',
    'instance_type_id',
    'ip',
    'ip6',
    'kernel_id',
    'key_name',
    'launch_index',
    'launched_at',
    'locked_by',
    'node',
    'not-tags',
    'not-tags-any',
    'pinned_availability_zone',
    'power_state',
    'progress',
    'ramdisk_id',
    'reservation_id',
    'root_device_name',
    'soft_deleted',
    'tags',
    'tags-any',
    'task_state',
    'terminated_at',
    'user_id',
    'uuid',
    'vm_state',
)
_NAMES = {
    **changes.NAMES,
    'all_projects': ('all_tenants', 'all_projects'),
    'project_id': ('project_id', 'tenant_id'),
}
#: Since when an unknown status is refused, and not a status of nobody.
_STATUS_CHECKED = (2, 38)
_FLAVOR_EMBEDDED = (2, 47)


def _make_list(columns, show_rows, response, doc):
    """A handler that lists servers, in short or in full."""

    @expose.route(
        response=response,
        added={'changes_before': '2.66', 'locked': '2.73'},
        names=_NAMES,
        refused=_REFUSED,
        several=('sort_key', 'sort_dir', 'status'),
    )
    def list_servers(
        self,
        ctx,
        name: types.Name = None,
        status: types.Name = (),
        locked: types.Boolean = None,
        deleted: types.Boolean = None,
        flavor: compute_types.LowerCase = None,
        host: compute_types.LowerCase = None,
        project_id: types.Name = None,
        all_projects: compute_types.Flag = False,
        changes_since: types.DateTime = None,
        changes_before: types.DateTime = None,
        limit: pages.Limit = None,
        marker: types.Uuid = None,
        sort_key: _SORT_KEY = (),
        sort_dir: pagination.SortDir = (),
    ):
        filters = collection.drop_none(
            locked=locked,
            deleted=deleted,
            flavor_uuid=flavor,
            node_uuid=host,
            project_id=project_id,
        )
        filters |= names.make_filter(name)
        filters |= changes.make_filters(changes_since, changes_before)
        _authorize_list(ctx, filters, all_projects)
        _add_statuses(filters, status, ctx.api_version)
        key, way = order.choose(sort_key, sort_dir, _choose_key(filters))
        page = pages.make(limit, marker, key, way)
        return _render(ctx, columns, filters, page, show_rows)

    list_servers.__doc__ = doc
    return list_servers


def _choose_key(filters):
    changes = {'changes_since', 'changes_before'} & set(filters)
    return 'updated_at' if changes else 'created_at'


def _render(ctx, columns, filters, page, show_rows):
    """A page of servers as JSON in bytes."""
    with engine.reader() as conn:
        rows, more = pages.cut(_read_page(conn, columns, filters, page), page)
        servers = show_rows(ctx, conn, rows)
    links = pages.make_links('servers_links', rows[-1].uuid if more else None)
    return expose.dumps({'servers': servers} | links)


def _authorize_list(ctx, filters, all_projects):
    """Narrow a list to what the caller may see."""
    if all_projects or filters.get('project_id', ctx.project_id) != ctx.project_id:
        policy.enforce(ctx, 'instance:list_all_projects')
    else:
        policy.enforce(ctx, 'instance:list')
        filters['project_id'] = ctx.project_id
    if 'node_uuid' in filters:
        policy.enforce(ctx, 'instance:show_node')


def _add_statuses(filters, names, version):
    """Make a filter of statuses that Nova has.

    :raises InvalidParameter: for one that it has not
    """
    if not names:
        return
    found = set()
    for name in names:
        shown_by = statuses.STATES_OF.get(name.upper())
        if shown_by is None and version >= _STATUS_CHECKED:
            raise exception.InvalidParameter(
                name='status', reason=f'there is no status {name}'
            )
        found.update(shown_by or ())
    if found == {states.DELETED}:
        filters['deleted'] = True
    filters['statuses'] = found


def _read_page(conn, columns, filters, page):
    """What has changed includes what was deleted, unless that is said too."""
    if 'deleted' not in filters and _choose_key(filters) == 'created_at':
        filters = {**filters, 'deleted': False}
    rows = queries.list_page(conn, columns, filters, page)
    names.check_found(filters, rows, page)
    return rows


def _summarize(_ctx, _conn, rows):
    base_url = expose.base_url()
    return [views.summarize(row, base_url) for row in rows]


def _show(ctx, conn, rows):
    look = make_look(ctx, conn, rows)
    return [views.show(row._mapping, look) for row in rows]


def make_look(ctx, conn, rows):
    """How these rows are shown to the caller.

    :param rows: of queries.instances.SERVER, or a conductor's plain copies
    """
    found = {}
    if ctx.api_version >= _FLAVOR_EMBEDDED:
        uuids = {
            row['flavor_uuid'] if isinstance(row, dict) else row.flavor_uuid
            for row in rows
        }
        found = flavors.list_of(conn, uuids) if uuids else {}
    with_node = policy.check(ctx, 'instance:show_node')
    return views.Look(expose.base_url(), ctx.api_version, found, with_node)


class ServersController(expose.Controller):
    """``/v2.1/servers``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        'detail': {'GET': 'list_detail'},
        '{server_id}': {'GET': 'show', 'PUT': 'update', 'DELETE': 'delete'},
    }

    list = _make_list(
        queries.SUMMARY, _summarize, schemas.SUMMARIES, 'List servers in short.'
    )
    list_detail = _make_list(
        queries.SERVER, _show, schemas.DETAILS, 'List servers in full.'
    )

    @expose.route(response=schemas.SHOWN)
    def show(self, ctx, server_id: compute_types.Id):
        """Show a server in full."""
        row = find(ctx, server_id, 'instance:show', queries.SERVER)
        with engine.reader() as conn:
            look = make_look(ctx, conn, [row])
        return {'server': views.show_one(row._mapping, look)}

    @expose.route(body=schemas.CREATE, response=schemas.CREATED, status=202)
    def create(self, ctx, body):
        """Begin to make a server."""
        uuid = create.begin(ctx, body)
        base_url = expose.base_url()
        href = f'{base_url}/{versions.COMPUTE_ROOT}/servers/{uuid}'
        view = views.show_created(uuid, base_url)
        return expose.Response(202, {'server': view}, {'Location': href})

    @expose.route(body=schemas.UPDATE, response=schemas.CHANGED)
    def update(self, ctx, server_id: compute_types.Id, body):
        """Change name or description."""
        uuid = find(ctx, server_id, 'instance:update').uuid
        with refusals.translated('update'):
            row = rpcapi.INSTANCES.call(ctx, 'update', uuid=uuid, values=body['server'])
        with engine.reader() as conn:
            look = make_look(ctx, conn, [row])
        return {'server': views.show_changed(row, look)}

    @expose.route(status=204)
    def delete(self, ctx, server_id: compute_types.Id):
        """Begin to delete."""
        uuid = find(ctx, server_id, 'instance:delete').uuid
        with refusals.translated('delete'):
            rpcapi.INSTANCES.call(ctx, 'delete', uuid=uuid)
