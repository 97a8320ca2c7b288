"""Routes of what users have: keypairs; and of limits and extensions."""

from mogan_like.api import expose
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.compute.controllers import page as pages
from mogan_like.compute.schemas import accounts as schemas
from mogan_like.compute.views import keypairs as views
from mogan_like.compute.views import limits as limit_views
from mogan_like.db import engine
from mogan_like.db import quotas
from mogan_like.instances import rpcapi
from mogan_like.instances.controllers import accounts
from mogan_like.instances.queries import keypairs as queries

_Id = types.Text(64)
#: Since when keypairs are made and deleted with the codes of HTTP for that.
_RIGHT_CODES = (2, 2)
_WITH_PAGES = (2, 35)


class KeypairsController(expose.Controller):
    """``/v2.1/os-keypairs``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{keypair_name}': {'GET': 'show', 'DELETE': 'delete'},
    }

    @expose.route(
        response=schemas.KEYPAIRS,
        added={'user_id': '2.10', 'limit': '2.35', 'marker': '2.35'},
    )
    def list(
        self,
        ctx,
        user_id: _Id = None,
        limit: pages.Limit = None,
        marker: types.Name = None,
    ):
        """List keypairs by name."""
        user_id = accounts.authorize(ctx, 'keypair:list', user_id)
        page = pages.make_since(
            _WITH_PAGES, ctx.api_version, limit, marker, 'name', 'asc'
        )
        with engine.reader() as conn:
            rows = queries.list_page(conn, user_id, page)
        rows, more = pages.cut(rows, page)
        links = pages.make_links('keypairs_links', rows[-1].name if more else None)
        found = [views.summarize(row._mapping, ctx.api_version) for row in rows]
        return expose.dumps({'keypairs': found} | links)

    @expose.route(response=schemas.KEYPAIR, added={'user_id': '2.10'})
    def show(self, ctx, keypair_name: types.Name, user_id: _Id = None):
        """Show a keypair."""
        user_id = accounts.authorize(ctx, 'keypair:list', user_id)
        with engine.reader() as conn:
            row = queries.get(conn, user_id, keypair_name, queries.NUMBERED)
        if row is None:
            raise exception.KeypairNotFound(name=keypair_name, user_id=user_id)
        return views.show(row._mapping, ctx.api_version)

    @expose.route(
        body=schemas.CREATE_KEYPAIR, response=schemas.CREATED_KEYPAIR, status=201
    )
    def create(self, ctx, body):
        """Keep a public key; below 2.92 make a pair where there is none."""
        body = body['keypair']
        row = rpcapi.KEYPAIRS.call(
            ctx,
            'create',
            user_id=accounts.authorize(ctx, 'keypair:create', body.get('user_id')),
            name=body['name'],
            public_key=body.get('public_key'),
            idempotency=expose.idempotency(),
        )
        status = 201 if ctx.api_version >= _RIGHT_CODES else 200
        return expose.Response(status, views.show_created(row, ctx.api_version))

    @expose.route(status=204, added={'user_id': '2.10'})
    def delete(self, ctx, keypair_name: types.Name, user_id: _Id = None):
        """Delete a keypair."""
        user_id = accounts.authorize(ctx, 'keypair:delete', user_id)
        rpcapi.KEYPAIRS.call(ctx, 'delete', user_id=user_id, name=keypair_name)
        return expose.Response(204 if ctx.api_version >= _RIGHT_CODES else 202)


class LimitsController(expose.Controller):
    """``/v2.1/limits``."""

    routes = {'': {'GET': 'show'}}

    @expose.route(response=schemas.LIMITS, names={'project_id': ('tenant_id',)})
    def show(self, ctx, project_id: _Id = None, reserved: types.Boolean = False):
        """Show a project's limits and what is used of them.

        Nothing is ever reserved: what is begun is in use.
        """
        policy.enforce(ctx, 'limits:show')
        project_id = project_id or ctx.project_id
        if project_id != ctx.project_id:
            policy.enforce(ctx, 'quota:show', {'project_id': project_id})
        with engine.reader() as conn:
            limits = quotas.get_limits(conn, project_id)
            used = quotas.get_usages(conn, project_id, ctx.user_id)
        return limit_views.show(limits, used, ctx.api_version)


class ExtensionsController(expose.Controller):
    """``/v2.1/extensions``: what is served beyond servers and flavors."""

    routes = {'': {'GET': 'list'}}

    @expose.route(response=schemas.EXTENSIONS)
    def list(self, ctx):
        """List extensions, as the clients of early versions ask."""
        policy.enforce(ctx, 'flavor:list')
        return {'extensions': [_show(*each) for each in _EXTENSIONS]}


_EXTENSIONS = (
    ('os-instance-actions', 'InstanceActions', 'What was done to servers.'),
    ('os-keypairs', 'Keypairs', 'Public keys of users.'),
    ('os-lock-server', 'LockServer', 'Servers can be locked.'),
)


def _show(alias, name, description):
    return {
        'alias': alias,
        'name': name,
        'description': description,
        'links': [],
        'namespace': 'http://docs.openstack.org/compute/ext/fake_xml',
        'updated': '2014-12-03T00:00:00Z',
    }
