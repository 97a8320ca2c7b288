"""Routes of what users and projects have: keypairs, limits, quotas."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.db import quotas
from mogan_like.instances import rpcapi
from mogan_like.instances.controllers import views
from mogan_like.instances.queries import keypairs
from mogan_like.instances.schemas import accounts as schemas

_Id = types.Text(64)


class KeypairsController(expose.Controller):
    """``/v1/keypairs``: a user's, whatever the project."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{name}': {'GET': 'show', 'DELETE': 'delete'},
    }

    @expose.route(response=schemas.KEYPAIRS)
    def list(
        self,
        ctx,
        user_id: _Id = None,
        limit: pagination.Limit = None,
        marker: types.Name = None,
        sort_dir: pagination.SortDir = 'asc',
    ):
        """List keypairs by name."""
        user_id = _authorize(ctx, 'keypair:list', user_id)
        page = pagination.make_page(limit, marker, 'name', sort_dir)
        with engine.reader() as conn:
            rows = keypairs.list_page(conn, user_id, page)
        return collection.render('keypairs', rows, page, views.show_keypair, 'name')

    @expose.route(response=schemas.KEYPAIR)
    def show(self, ctx, name: types.Name, user_id: _Id = None):
        """Show a keypair."""
        user_id = _authorize(ctx, 'keypair:list', user_id)
        with engine.reader() as conn:
            row = keypairs.get(conn, user_id, name)
        if row is None:
            raise exception.KeypairNotFound(name=name, user_id=user_id)
        return views.show_keypair(row)

    @expose.route(
        body=schemas.CREATE_KEYPAIR, response=schemas.CREATED_KEYPAIR, status=201
    )
    def create(self, ctx, body):
        """Keep a public key, or make a pair."""
        return rpcapi.KEYPAIRS.call(
            ctx,
            'create',
            user_id=_authorize(ctx, 'keypair:create', body.get('user_id')),
            name=body['name'],
            public_key=body.get('public_key'),
            idempotency=expose.idempotency(),
        )

    @expose.route(status=204)
    def delete(self, ctx, name: types.Name, user_id: _Id = None):
        """Delete a keypair."""
        user_id = _authorize(ctx, 'keypair:delete', user_id)
        rpcapi.KEYPAIRS.call(ctx, 'delete', user_id=user_id, name=name)


class QuotasController(expose.Controller):
    """``/v1/quotas``."""

    routes = {'{project_id}': {'GET': 'show', 'PUT': 'update', 'DELETE': 'delete'}}

    @expose.route(response=schemas.QUOTA)
    def show(self, ctx, project_id: _Id):
        """Show the limits of a project."""
        policy.enforce(ctx, 'quota:show', {'project_id': project_id})
        with engine.reader() as conn:
            limits = quotas.get_limits(conn, project_id)
        return {'quota': limits}

    @expose.route(body=schemas.UPDATE_QUOTA, response=schemas.QUOTA)
    def update(self, ctx, project_id: _Id, body):
        """Set limits of a project."""
        policy.enforce(ctx, 'quota:update', {'project_id': project_id})
        _check_resources(body['quota'])
        limits = rpcapi.QUOTAS.call(
            ctx, 'set_limits', project_id=project_id, limits=body['quota']
        )
        return {'quota': limits}

    @expose.route(status=204)
    def delete(self, ctx, project_id: _Id):
        """Let the defaults apply to a project again."""
        policy.enforce(ctx, 'quota:update', {'project_id': project_id})
        rpcapi.QUOTAS.call(ctx, 'clear_limits', project_id=project_id)


class LimitsController(expose.Controller):
    """``/v1/limits``."""

    routes = {'': {'GET': 'show'}}

    @expose.route(response=schemas.LIMITS)
    def show(self, ctx):
        """Show the own project's limits and what is used of them."""
        policy.enforce(ctx, 'limits:show')
        with engine.reader() as conn:
            limits = quotas.get_limits(conn, ctx.project_id)
            used = quotas.get_usages(conn, ctx.project_id, ctx.user_id)
        return {
            'limits': {
                name: {'limit': limit, 'used': used[name]}
                for name, limit in limits.items()
            }
        }


def _check_resources(limits):
    known = quotas.list_resources()
    for resource in sorted(limits.keys() - set(known)):
        raise exception.InvalidBody(
            reason=f'quota: there is no resource {resource}; those that are '
            f'counted: {", ".join(known)}'
        )


def _authorize(ctx, rule, user_id):
    """The user whose keypairs these are: the caller, or who is named."""
    user_id = user_id or ctx.user_id
    policy.enforce(ctx, rule, {'user_id': user_id})
    return user_id
