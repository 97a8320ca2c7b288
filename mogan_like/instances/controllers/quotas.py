"""Routes of limits, and of what is used of them."""

from mogan_like.api import expose
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.db import quotas
from mogan_like.instances import rpcapi
from mogan_like.instances.schemas import accounts as schemas

_Id = types.Text(64)


class QuotasController(expose.Controller):
    """``/v1/quotas``."""

    routes = {
        '{project_id}': {'GET': 'show', 'PUT': 'update', 'DELETE': 'delete'},
        '{project_id}/defaults': {'GET': 'show_defaults'},
        '{project_id}/detail': {'GET': 'show_detail'},
    }

    @expose.route(response=schemas.QUOTA)
    def show(self, ctx, project_id: _Id):
        """Show the limits of a project."""
        policy.enforce(ctx, 'quota:show', {'project_id': project_id})
        with engine.reader() as conn:
            return {'quota': quotas.get_limits(conn, project_id)}

    @expose.route(response=schemas.QUOTA)
    def show_defaults(self, ctx, project_id: _Id):
        """Show the limits of a project that has none of its own."""
        policy.enforce(ctx, 'quota:show', {'project_id': project_id})
        with engine.reader() as conn:
            return {'quota': quotas.get_defaults(conn)}

    @expose.route(response=schemas.QUOTA_DETAIL)
    def show_detail(self, ctx, project_id: _Id):
        """Show the limits of a project, and what is used of them."""
        policy.enforce(ctx, 'quota:show', {'project_id': project_id})
        with engine.reader() as conn:
            limits = quotas.get_limits(conn, project_id)
            used = quotas.get_project_usages(conn, project_id)
        return {
            'quota': {
                # Nothing is ever reserved: what is begun is in use.
                name: {'limit': limits[name], 'in_use': each, 'reserved': 0}
                for name, each in used.items()
            }
        }

    @expose.route(body=schemas.UPDATE_QUOTA, response=schemas.QUOTA)
    def update(self, ctx, project_id: _Id, body):
        """Set limits of a project."""
        policy.enforce(ctx, 'quota:update', {'project_id': project_id})
        _check_resources('quota', body['quota'])
        limits = rpcapi.QUOTAS.call(
            ctx, 'set_limits', project_id=project_id, limits=body['quota']
        )
        return {'quota': limits}

    @expose.route(status=204)
    def delete(self, ctx, project_id: _Id):
        """Let the defaults apply to a project again."""
        policy.enforce(ctx, 'quota:update', {'project_id': project_id})
        rpcapi.QUOTAS.call(ctx, 'clear_limits', project_id=project_id)


class QuotaClassesController(expose.Controller):
    """``/v1/quota_classes``: there is one, of the defaults."""

    routes = {'{class_name}': {'GET': 'show', 'PUT': 'update'}}

    @expose.route(response=schemas.QUOTA_CLASS)
    def show(self, ctx, class_name: types.Name):
        """Show the limits of projects that have none of their own."""
        policy.enforce(ctx, 'quota_class:show')
        _check_class(class_name)
        with engine.reader() as conn:
            return {'quota_class': quotas.get_defaults(conn)}

    @expose.route(body=schemas.UPDATE_QUOTA_CLASS, response=schemas.QUOTA_CLASS)
    def update(self, ctx, class_name: types.Name, body):
        """Set limits of projects that have none of their own."""
        policy.enforce(ctx, 'quota_class:update')
        _check_class(class_name)
        _check_resources('quota_class', body['quota_class'])
        limits = rpcapi.QUOTAS.call(ctx, 'set_defaults', limits=body['quota_class'])
        return {'quota_class': limits}


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


def _check_class(class_name):
    if class_name != quotas.DEFAULT_CLASS:
        raise exception.QuotaClassNotFound(name=class_name)


def _check_resources(name, limits):
    known = quotas.list_resources()
    for resource in sorted(limits.keys() - set(known)):
        raise exception.InvalidBody(
            reason=f'{name}: there is no resource {resource}; those that are '
            f'counted: {", ".join(known)}'
        )
