"""Routes of checkpoints, which are a provider's."""

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
from mogan_like.protection.queries import checkpoints as queries
from mogan_like.protection.schemas import checkpoints as schemas


class CheckpointsController(expose.Controller):
    """``/v1/providers/{provider_id}/checkpoints``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        'action': {'POST': 'act'},
        '{checkpoint_id}': {'GET': 'show', 'PUT': 'reset', 'DELETE': 'delete'},
    }

    @expose.route(response=schemas.CHECKPOINTS)
    def list(
        self,
        ctx,
        provider_id: api_types.Uuid,
        plan_id: api_types.Uuid = None,
        status: types.CheckpointStatus = None,
        start_date: api_types.DateTime = None,
        end_date: types.EndDate = None,
        project_id: api_types.Name = None,
        all_tenants: api_types.Boolean = False,
        limit: pagination.Limit = None,
        marker: api_types.Uuid = None,
        sort: types.Sort(types.CreatedAt) = None,
        sort_key: types.CreatedAt = 'created_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List a provider's checkpoints; also when the provider is gone."""
        page = lists.make_page(limit, marker, sort, sort_key, sort_dir)
        project_id = lists.choose_project(
            ctx,
            'checkpoint:list',
            'checkpoint:list_all_projects',
            project_id,
            all_tenants,
        )
        filters = collection.drop_none(
            provider_id=provider_id,
            project_id=project_id,
            plan_uuid=plan_id,
            status=status,
            since=start_date,
            before=end_date,
        )
        with engine.reader() as conn:
            rows = queries.list_page(conn, filters, page)
        return collection.render(
            'checkpoints', rows, page, lambda row: views.show_checkpoint(row._mapping)
        )

    @expose.route(response=schemas.CHECKPOINT)
    def show(self, ctx, provider_id: api_types.Uuid, checkpoint_id: api_types.Uuid):
        """Show a checkpoint."""
        row = _find(ctx, provider_id, checkpoint_id, 'checkpoint:show')
        return {'checkpoint': views.show_checkpoint(row._mapping)}

    @expose.route(body=schemas.CREATE, response=schemas.CHECKPOINT)
    def create(self, ctx, provider_id: api_types.Uuid, body):
        """Begin to protect what a plan holds."""
        policy.enforce(ctx, 'checkpoint:create')
        wanted = body['checkpoint']
        row = rpcapi.CHECKPOINTS.call(
            ctx,
            'create',
            provider_id=provider_id,
            plan_uuid=wanted['plan_id'].lower(),
            extra_info=wanted.get('extra-info'),
            idempotency=expose.idempotency(),
        )
        return {'checkpoint': views.show_checkpoint(row)}

    @expose.route(body=schemas.ACTION)
    def act(self, ctx, provider_id: api_types.Uuid, body):
        """Copy a plan's checkpoints to another provider."""
        policy.enforce(ctx, 'checkpoint:copy')
        rpcapi.CHECKPOINTS.call(
            ctx,
            'copy',
            provider_id=provider_id,
            plan_uuid=body['copy']['plan_id'].lower(),
        )
        return {}

    @expose.route(body=schemas.RESET)
    def reset(
        self, ctx, provider_id: api_types.Uuid, checkpoint_id: api_types.Uuid, body
    ):
        """Say how a checkpoint is."""
        _find(ctx, provider_id, checkpoint_id, 'checkpoint:reset_state')
        rpcapi.CHECKPOINTS.call(
            ctx,
            'reset_status',
            provider_id=provider_id,
            uuid=checkpoint_id,
            status=body['os-resetState']['state'],
        )
        return {}

    @expose.route()
    def delete(self, ctx, provider_id: api_types.Uuid, checkpoint_id: api_types.Uuid):
        """Begin to delete a checkpoint, whatever it is doing."""
        _find(ctx, provider_id, checkpoint_id, 'checkpoint:delete', deleted=True)
        rpcapi.CHECKPOINTS.call(
            ctx, 'delete', provider_id=provider_id, uuid=checkpoint_id
        )
        return {}


def _find(ctx, provider_id, uuid, rule, deleted=False):
    with engine.reader() as conn:
        row = queries.get(conn, uuid)
    if row is not None and (
        row.provider_id != provider_id or (row.deleted and not deleted)
    ):
        row = None
    missing = exception.CheckpointNotFound(uuid=uuid)
    return find.check(ctx, row, rule, 'checkpoint:show', missing)
