"""Routes of plans."""

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
from mogan_like.protection.controllers import views
from mogan_like.protection.queries import plans as queries
from mogan_like.protection.schemas import plans as schemas


class PlansController(expose.Controller):
    """``/v1/plans``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{plan_id}': {'GET': 'show', 'PUT': 'update', 'DELETE': 'delete'},
    }

    @expose.route(response=schemas.PLANS)
    def list(
        self,
        ctx,
        name: api_types.Name = None,
        description: api_types.Name = None,
        status: types.PlanStatus = None,
        project_id: api_types.Name = None,
        all_tenants: api_types.Boolean = False,
        limit: pagination.Limit = None,
        marker: api_types.Uuid = None,
        sort: types.Sort(types.PlanSortKey) = None,
        sort_key: types.PlanSortKey = 'created_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List plans."""
        page = lists.make_page(limit, marker, sort, sort_key, sort_dir)
        project_id = lists.choose_project(
            ctx, 'plan:list', 'plan:list_all_projects', project_id, all_tenants
        )
        filters = collection.drop_none(
            project_id=project_id, name=name, description=description, status=status
        )
        with engine.reader() as conn:
            rows = queries.list_page(conn, filters, page)
        return collection.render(
            'plans', rows, page, lambda row: views.show_plan(row._mapping)
        )

    @expose.route(response=schemas.PLAN)
    def show(self, ctx, plan_id: api_types.Uuid):
        """Show a plan."""
        return {'plan': views.show_plan(_find(ctx, plan_id, 'plan:show')._mapping)}

    @expose.route(body=schemas.CREATE, response=schemas.PLAN)
    def create(self, ctx, body):
        """Keep what is to be protected together."""
        policy.enforce(ctx, 'plan:create')
        plan = {**body['plan'], 'provider_id': body['plan']['provider_id'].lower()}
        row = rpcapi.PLANS.call(
            ctx, 'create', plan=plan, idempotency=expose.idempotency()
        )
        return {'plan': views.show_plan(row)}

    @expose.route(body=schemas.UPDATE, response=schemas.PLAN)
    def update(self, ctx, plan_id: api_types.Uuid, body):
        """Change a plan; its checkpoints stay as they are."""
        _find(ctx, plan_id, 'plan:update')
        row = rpcapi.PLANS.call(ctx, 'update', uuid=plan_id, values=body['plan'])
        return {'plan': views.show_plan(row)}

    @expose.route()
    def delete(self, ctx, plan_id: api_types.Uuid):
        """Delete a plan; its checkpoints stay."""
        _find(ctx, plan_id, 'plan:delete')
        rpcapi.PLANS.call(ctx, 'delete', uuid=plan_id)


def _find(ctx, uuid, rule):
    with engine.reader() as conn:
        row = queries.get(conn, uuid)
    missing = exception.PlanNotFound(uuid=uuid)
    return find.check(ctx, row, rule, 'plan:show', missing)
