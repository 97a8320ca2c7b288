"""Routes of what users have: keypairs."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
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
        user_id = authorize(ctx, 'keypair:list', user_id)
        page = pagination.make_page(limit, marker, 'name', sort_dir)
        with engine.reader() as conn:
            rows = keypairs.list_page(conn, user_id, page)
        return collection.render('keypairs', rows, page, views.show_keypair, 'name')

    @expose.route(response=schemas.KEYPAIR)
    def show(self, ctx, name: types.Name, user_id: _Id = None):
        """Show a keypair."""
        user_id = authorize(ctx, 'keypair:list', user_id)
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
            user_id=authorize(ctx, 'keypair:create', body.get('user_id')),
            name=body['name'],
            public_key=body.get('public_key'),
            idempotency=expose.idempotency(),
        )

    @expose.route(status=204)
    def delete(self, ctx, name: types.Name, user_id: _Id = None):
        """Delete a keypair."""
        user_id = authorize(ctx, 'keypair:delete', user_id)
        rpcapi.KEYPAIRS.call(ctx, 'delete', user_id=user_id, name=name)


def authorize(ctx, rule, user_id):
    """The user whose keypairs these are: the caller, or who is named.

    :raises PolicyNotAuthorized:
    """
    user_id = user_id or ctx.user_id
    policy.enforce(ctx, rule, {'user_id': user_id})
    return user_id
