"""What happens to every request that reaches Pecan."""

from pecan import hooks
import webob

from mogan_like.api import errors
from mogan_like.common import context


class ContextHook(hooks.PecanHook):
    """Gives each request its context, and each answer its form."""

    def on_route(self, state):
        """Build the context out of what authentication wrote down."""
        # Every answer is JSON: by the Accept header Pecan would refuse with a
        # 406 what curl and the OpenStack client send.
        state.request.pecan['content_type'] = 'application/json'
        environ = state.request.environ
        environ[errors.CONTEXT] = make_context(environ)

    def on_error(self, state, exc):
        """The response that an exception becomes."""
        status, headers, body = errors.answer(state.request.environ, exc)
        return webob.Response(status=status, headerlist=headers, app_iter=[body])


def make_context(environ):
    """The context of a request, as :mod:`.auth` has established it."""
    get = environ.get
    roles = get('HTTP_X_ROLES')
    return context.RequestContext(
        auth_token=get('HTTP_X_AUTH_TOKEN'),
        user_id=get('HTTP_X_USER_ID'),
        user_name=get('HTTP_X_USER_NAME'),
        user_domain_id=get('HTTP_X_USER_DOMAIN_ID'),
        # Without it oslo.policy takes a domain's token for a project's.
        domain_id=get('HTTP_X_DOMAIN_ID'),
        project_id=get('HTTP_X_PROJECT_ID'),
        project_name=get('HTTP_X_PROJECT_NAME'),
        project_domain_id=get('HTTP_X_PROJECT_DOMAIN_ID'),
        system_scope=get('HTTP_OPENSTACK_SYSTEM_SCOPE'),
        roles=roles.split(',') if roles else [],
        request_id=get('openstack.request_id'),
        global_request_id=get('openstack.global_request_id'),
    )
