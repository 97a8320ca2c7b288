"""Routes of scheduled operations."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types as api_types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.protection import rpcapi
from mogan_like.protection import states
from mogan_like.protection import types
from mogan_like.protection.controllers import find
from mogan_like.protection.controllers import lists
from mogan_like.protection.controllers import schedule_views as views
from mogan_like.protection.queries import scheduled_operations as queries
from mogan_like.protection.schemas import schedules as schemas
from mogan_like.trusts import create as trusts

_LIMITS = ('max_backups', 'max_backup_duration')
#: Karbor's word for the other.
_ALIAS = 'retention_duration'


class ScheduledOperationsController(expose.Controller):
    """``/v1/scheduled_operations``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{scheduled_operation_id}': {
            'GET': 'show',
            'PUT': 'update',
            'DELETE': 'delete',
        },
    }

    @expose.route(response=schemas.OPERATIONS)
    def list(
        self,
        ctx,
        name: api_types.Name = None,
        operation_type: types.OperationType = None,
        trigger_id: api_types.Uuid = None,
        project_id: api_types.Name = None,
        all_tenants: api_types.Boolean = False,
        limit: pagination.Limit = None,
        marker: api_types.Uuid = None,
        sort: types.Sort(types.CreatedAt) = None,
        sort_key: types.CreatedAt = 'created_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List scheduled operations."""
        page = lists.make_page(limit, marker, sort, sort_key, sort_dir)
        project_id = lists.choose_project(
            ctx,
            'scheduled_operation:list',
            'scheduled_operation:list_all_projects',
            project_id,
            all_tenants,
        )
        filters = collection.drop_none(
            project_id=project_id,
            name=name,
            operation_type=operation_type,
            trigger_uuid=trigger_id,
        )
        with engine.reader() as conn:
            rows = queries.list_page(conn, filters, page)
        return collection.render(
            'operations', rows, page, lambda row: views.show_operation(row._mapping)
        )

    @expose.route(response=schemas.OPERATION)
    def show(self, ctx, scheduled_operation_id: api_types.Uuid):
        """Show a scheduled operation, and when it runs."""
        row = _find(ctx, scheduled_operation_id, 'scheduled_operation:show')
        return {'scheduled_operation': views.show_operation(row._mapping)}

    @expose.route(body=schemas.CREATE_OPERATION, response=schemas.OPERATION)
    def create(self, ctx, body):
        """Have a plan be protected whenever a trigger says."""
        policy.enforce(ctx, 'scheduled_operation:create')
        operation = _parse(body['scheduled_operation'])
        idempotency = expose.idempotency()
        with trusts.made(ctx) as trust_id:
            row = rpcapi.SCHEDULED_OPERATIONS.call(
                ctx,
                'create',
                operation=operation,
                trust_id=trust_id,
                idempotency=idempotency,
            )
        return {'scheduled_operation': views.show_operation(row)}

    @expose.route(body=schemas.UPDATE_OPERATION, response=schemas.OPERATION)
    def update(self, ctx, scheduled_operation_id: api_types.Uuid, body):
        """Change name or description, or whether it runs."""
        _find(ctx, scheduled_operation_id, 'scheduled_operation:update')
        row = rpcapi.SCHEDULED_OPERATIONS.call(
            ctx,
            'update',
            uuid=scheduled_operation_id,
            values=body['scheduled_operation'],
        )
        return {'scheduled_operation': views.show_operation(row)}

    @expose.route()
    def delete(self, ctx, scheduled_operation_id: api_types.Uuid):
        """Delete a scheduled operation; its checkpoints stay."""
        _find(ctx, scheduled_operation_id, 'scheduled_operation:delete')
        rpcapi.SCHEDULED_OPERATIONS.call(ctx, 'delete', uuid=scheduled_operation_id)


def _parse(operation):
    """A body as the conductor takes it.

    :raises InvalidParameter: when it limits what has no limits, or one twice
    """
    given = operation['operation_definition']
    definition = {name: given[name].lower() for name in ('plan_id', 'provider_id')}
    if _ALIAS in given and 'max_backup_duration' in given:
        raise exception.InvalidParameter(
            name=_ALIAS, reason='it is another word for max_backup_duration.'
        )
    for name in (*_LIMITS, _ALIAS):
        value = given.get(name)
        if value is None or int(value) < 0:
            continue
        if operation['operation_type'] != states.RETENTION_PROTECT:
            reason = f'it is for {states.RETENTION_PROTECT} only.'
            raise exception.InvalidParameter(name=name, reason=reason)
        definition['max_backup_duration' if name == _ALIAS else name] = int(value)
    return {
        **operation,
        'trigger_id': operation['trigger_id'].lower(),
        'operation_definition': definition,
    }


def _find(ctx, uuid, rule):
    with engine.reader() as conn:
        row = queries.get(conn, uuid)
    missing = exception.ScheduledOperationNotFound(uuid=uuid)
    return find.check(ctx, row, rule, 'scheduled_operation:show', missing)
