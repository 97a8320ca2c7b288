"""Routes of triggers."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types as api_types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.protection import rpcapi
from mogan_like.protection import types
from mogan_like.protection.controllers import find
from mogan_like.protection.controllers import lists
from mogan_like.protection.controllers import schedule_views as views
from mogan_like.protection.queries import triggers as queries
from mogan_like.protection.schemas import schedules as schemas


class TriggersController(expose.Controller):
    """``/v1/triggers``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{trigger_id}': {'GET': 'show', 'PUT': 'update', 'DELETE': 'delete'},
    }

    @expose.route(response=schemas.TRIGGERS)
    def list(
        self,
        ctx,
        name: api_types.Name = None,
        type: types.TriggerType = None,
        project_id: api_types.Name = None,
        all_tenants: api_types.Boolean = False,
        limit: pagination.Limit = None,
        marker: api_types.Uuid = None,
        sort: types.Sort(types.CreatedAt) = None,
        sort_key: types.CreatedAt = 'created_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List triggers."""
        page = lists.make_page(limit, marker, sort, sort_key, sort_dir)
        project_id = lists.choose_project(
            ctx, 'trigger:list', 'trigger:list_all_projects', project_id, all_tenants
        )
        filters = collection.drop_none(project_id=project_id, name=name, type=type)
        with engine.reader() as conn:
            rows = queries.list_page(conn, filters, page)
        return collection.render(
            'triggers', rows, page, lambda row: views.show_trigger(row._mapping)
        )

    @expose.route(response=schemas.TRIGGER)
    def show(self, ctx, trigger_id: api_types.Uuid):
        """Show a trigger."""
        row = _find(ctx, trigger_id, 'trigger:show')
        return {'trigger_info': views.show_trigger(row._mapping)}

    @expose.route(body=schemas.CREATE_TRIGGER, response=schemas.TRIGGER)
    def create(self, ctx, body):
        """Keep when operations are to run."""
        policy.enforce(ctx, 'trigger:create')
        row = rpcapi.TRIGGERS.call(
            ctx,
            'create',
            trigger=body['trigger_info'],
            idempotency=expose.idempotency(),
        )
        return {'trigger_info': views.show_trigger(row)}

    @expose.route(body=schemas.UPDATE_TRIGGER, response=schemas.TRIGGER)
    def update(self, ctx, trigger_id: api_types.Uuid, body):
        """Change a trigger; operations run by it as it is now."""
        _find(ctx, trigger_id, 'trigger:update')
        row = rpcapi.TRIGGERS.call(
            ctx, 'update', uuid=trigger_id, values=body['trigger_info']
        )
        return {'trigger_info': views.show_trigger(row)}

    @expose.route()
    def delete(self, ctx, trigger_id: api_types.Uuid):
        """Delete a trigger that no operation runs by."""
        _find(ctx, trigger_id, 'trigger:delete')
        rpcapi.TRIGGERS.call(ctx, 'delete', uuid=trigger_id)


def _find(ctx, uuid, rule):
    with engine.reader() as conn:
        row = queries.get(conn, uuid)
    missing = exception.TriggerNotFound(uuid=uuid)
    return find.check(ctx, row, rule, 'trigger:show', missing)
