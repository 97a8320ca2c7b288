"""Routes of restores and verifications."""

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
from mogan_like.protection.controllers import views
from mogan_like.protection.queries import checkpoints
from mogan_like.protection.queries import runs as queries
from mogan_like.protection.schemas import checkpoints as schemas


def _make_list(noun, kind, response):
    """A handler that lists restores, or verifications.

    :param noun: what rules and the answer call one
    """
    rule, plural = f'{noun}:list', f'{noun}s'

    @expose.route(response=response)
    def list_runs(
        self,
        ctx,
        status: types.RunStatus = None,
        project_id: api_types.Name = None,
        all_tenants: api_types.Boolean = False,
        limit: pagination.Limit = None,
        marker: api_types.Uuid = None,
        sort: types.Sort(types.CreatedAt) = None,
        sort_key: types.CreatedAt = 'created_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        page = lists.make_page(limit, marker, sort, sort_key, sort_dir)
        project_id = lists.choose_project(
            ctx, rule, f'{rule}_all_projects', project_id, all_tenants
        )
        filters = collection.drop_none(project_id=project_id, status=status)
        return _render(plural, kind, filters, page)

    list_runs.__doc__ = f'List {plural}.'
    return list_runs


class RestoresController(expose.Controller):
    """``/v1/restores``."""

    routes = {'': {'GET': 'list', 'POST': 'create'}, '{restore_id}': {'GET': 'show'}}

    list = _make_list('restore', states.RESTORE, schemas.RESTORES)

    @expose.route(response=schemas.RESTORE_SHOWN)
    def show(self, ctx, restore_id: api_types.Uuid):
        """Show a restore, and how each resource of it is."""
        missing = exception.RestoreNotFound(uuid=restore_id)
        with engine.reader() as conn:
            row = queries.get(conn, states.RESTORE, restore_id)
            find.check(ctx, row, 'restore:show', 'restore:show', missing)
            return {'restore': _show(conn, row._mapping)}

    @expose.route(body=schemas.RESTORE, response=schemas.RESTORE_SHOWN)
    def create(self, ctx, body):
        """Begin to restore what a checkpoint has."""
        policy.enforce(ctx, 'restore:create')
        # Nothing of ours uses it, and a password goes no further than it has to.
        body['restore'].pop('restore_auth', None)
        return {'restore': _begin(ctx, 'restore', body['restore'])}


class VerificationsController(expose.Controller):
    """``/v1/verifications``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{verification_id}': {'GET': 'show'},
    }

    list = _make_list('verification', states.VERIFY, schemas.VERIFICATIONS)

    @expose.route(response=schemas.VERIFICATION)
    def show(self, ctx, verification_id: api_types.Uuid):
        """Show a verification, and how each resource of it is."""
        missing = exception.VerificationNotFound(uuid=verification_id)
        with engine.reader() as conn:
            row = queries.get(conn, states.VERIFY, verification_id)
            find.check(ctx, row, 'verification:show', 'verification:show', missing)
            return {'verification': _show(conn, row._mapping)}

    @expose.route(body=schemas.VERIFY, response=schemas.VERIFICATION)
    def create(self, ctx, body):
        """Begin to look whether a checkpoint could be restored."""
        policy.enforce(ctx, 'verification:create')
        return {'verification': _begin(ctx, 'verify', body['verification'])}


def _render(name, kind, filters, page):
    with engine.reader() as conn:
        rows = queries.list_page(conn, kind, filters, page)
        shown = [row.uuid for row in (rows or [])[: page.limit]]
        resources = checkpoints.list_resources(conn, shown)
    return collection.render(
        name, rows, page, lambda row: views.show_run(row._mapping, resources[row.uuid])
    )


def _begin(ctx, method, values):
    for name in ('provider_id', 'checkpoint_id'):
        values[name] = values[name].lower()
    # Not of the body as it came, which may have had a password.
    idempotency = expose.idempotency(values)
    row = rpcapi.RUNS.call(ctx, method, values=values, idempotency=idempotency)
    with engine.reader() as conn:
        return _show(conn, row)


def _show(conn, row):
    resources = checkpoints.list_resources(conn, [row['uuid']])[row['uuid']]
    return views.show_run(row, resources)
