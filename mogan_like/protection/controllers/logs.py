"""Routes of operation logs."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types as api_types
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.protection import types
from mogan_like.protection.controllers import find
from mogan_like.protection.controllers import lists
from mogan_like.protection.controllers import views
from mogan_like.protection.queries import logs as queries
from mogan_like.protection.schemas import checkpoints as schemas


class OperationLogsController(expose.Controller):
    """``/v1/operation_logs``."""

    routes = {'': {'GET': 'list'}, '{operation_log_id}': {'GET': 'show'}}

    @expose.route(response=schemas.LOGS)
    def list(
        self,
        ctx,
        status: types.RunStatus = None,
        checkpoint_id: api_types.Uuid = None,
        project_id: api_types.Name = None,
        all_tenants: api_types.Boolean = False,
        limit: pagination.Limit = None,
        marker: api_types.Uuid = None,
        sort: types.Sort(types.StartedAt) = None,
        sort_key: types.StartedAt = 'started_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List what was done to checkpoints."""
        page = lists.make_page(limit, marker, sort, sort_key, sort_dir)
        project_id = lists.choose_project(
            ctx,
            'operation_log:list',
            'operation_log:list_all_projects',
            project_id,
            all_tenants,
        )
        filters = collection.drop_none(
            project_id=project_id, checkpoint_uuid=checkpoint_id, status=status
        )
        with engine.reader() as conn:
            rows = queries.list_page(conn, filters, page)
        return collection.render(
            'operation_logs', rows, page, lambda row: views.show_log(row._mapping)
        )

    @expose.route(response=schemas.LOG)
    def show(self, ctx, operation_log_id: api_types.Uuid):
        """Show one operation."""
        with engine.reader() as conn:
            row = queries.get(conn, operation_log_id)
        missing = exception.OperationLogNotFound(uuid=operation_log_id)
        rule = 'operation_log:show'
        return {
            'operation_log': views.show_log(
                find.check(ctx, row, rule, rule, missing)._mapping
            )
        }
