"""The root of the URL space: version documents, and where everything hangs."""

import re

import pecan

from mogan_like.actions import controllers as actions
from mogan_like.api import errors
from mogan_like.api import expose
from mogan_like.api import version_schemas
from mogan_like.api import versions
from mogan_like.common import exception
from mogan_like.compute.controllers import accounts as compute_accounts
from mogan_like.compute.controllers import flavors as compute_flavors
from mogan_like.compute.controllers import instance_actions as server_audit
from mogan_like.compute.controllers import server_actions
from mogan_like.compute.controllers import servers
from mogan_like.instances.controllers import accounts
from mogan_like.instances.controllers import actions as instance_actions
from mogan_like.instances.controllers import instances
from mogan_like.instances.controllers import inventory
from mogan_like.instances.controllers import quotas
from mogan_like.instances.controllers import states
from mogan_like.leases.controllers import actions as lease_actions
from mogan_like.leases.controllers import allocations
from mogan_like.leases.controllers import hosts
from mogan_like.leases.controllers import leases
from mogan_like.protection.controllers import checkpoints
from mogan_like.protection.controllers import inventory as protection
from mogan_like.protection.controllers import logs
from mogan_like.protection.controllers import plans
from mogan_like.protection.controllers import runs
from mogan_like.protection.controllers import scheduled_operations
from mogan_like.protection.controllers import triggers

#: What Karbor's clients ask for behind the project's id.
_KARBOR = {
    'operation_logs',
    'os-services',
    'plans',
    'protectables',
    'providers',
    'quota_classes',
    'quotas',
    'restores',
    'scheduled_operations',
    'triggers',
    'verifications',
}

#: As Keystone makes them, and as they are written by other tools.
_PROJECT_ID = re.compile('[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')


def make_mounts():
    """``{path: controller}`` of the whole service."""
    return {
        '': VersionsController(),
        'v1/actions': actions.ActionsController(),
        'v1/allocations': allocations.AllocationsController(),
        'v1/flavors': inventory.FlavorsController(),
        'v1/instances': instances.InstancesController(),
        'v1/instances/{uuid}': states.StatesController(),
        'v1/instances/{uuid}/actions': instance_actions.InstanceActionsController(),
        'v1/keypairs': accounts.KeypairsController(),
        'v1/leases': leases.LeasesController(),
        'v1/leases/{lease_id}/actions': lease_actions.LeaseActionsController(),
        'v1/limits': quotas.LimitsController(),
        'v1/nodes': inventory.NodesController(),
        'v1/operation_logs': logs.OperationLogsController(),
        'v1/os-hosts': hosts.HostsController(),
        'v1/os-services': protection.ServicesController(),
        'v1/plans': plans.PlansController(),
        'v1/plugins': allocations.PluginsController(),
        'v1/protectables': protection.ProtectablesController(),
        'v1/providers': protection.ProvidersController(),
        'v1/providers/{provider_id}/checkpoints': checkpoints.CheckpointsController(),
        'v1/quota_classes': quotas.QuotaClassesController(),
        'v1/quotas': quotas.QuotasController(),
        'v1/restores': runs.RestoresController(),
        'v1/scheduled_operations': (
            scheduled_operations.ScheduledOperationsController()
        ),
        'v1/triggers': triggers.TriggersController(),
        'v1/verifications': runs.VerificationsController(),
        **_make_compute_mounts(),
    }


def _make_compute_mounts():
    """The same of Nova's routes."""
    controllers = {
        'extensions': compute_accounts.ExtensionsController(),
        'flavors': compute_flavors.FlavorsController(),
        'limits': compute_accounts.LimitsController(),
        'os-keypairs': compute_accounts.KeypairsController(),
        'servers': servers.ServersController(),
        'servers/{server_id}/action': server_actions.ServerActionsController(),
        'servers/{server_id}/os-instance-actions': (
            server_audit.InstanceActionsController()
        ),
    }
    return {
        f'{versions.COMPUTE_ROOT}/{path}': controller
        for path, controller in controllers.items()
    }


class VersionsController(expose.Controller):
    """What a client that knows only the endpoint can find out."""

    routes = {
        '': {'GET': 'list'},
        'v1': {'GET': 'show'},
        versions.COMPUTE_ROOT: {'GET': 'show_compute'},
    }

    @expose.route(response=version_schemas.BOTH)
    def list(self, ctx):
        return {'versions': [_describe_v1(), _describe_compute()]}

    @expose.route(response=version_schemas.V1)
    def show(self, ctx):
        return {'version': _describe_v1()}

    @expose.route(response=version_schemas.COMPUTE)
    def show_compute(self, ctx):
        return {'version': _describe_compute()}


class Root:
    """Finds the endpoint of a path; Pecan calls it.

    :param mounts: as :func:`make_mounts` gives
    """

    def __init__(self, mounts):
        self._top = _Node()
        self._v1 = _list_collections('v1', mounts)
        self._compute = _list_collections(versions.COMPUTE_ROOT, mounts)
        for mount, controller in mounts.items():
            for path, methods in controller.make_endpoints(mount):
                self._top.add(_split(path), methods)

    @pecan.expose()
    def _route(self, segments, request):
        if segments[-1:] == ['']:
            segments = segments[:-1]
        environ = request.environ
        # Discovery has to work for a client that asks for too much.
        version = versions.negotiate(environ) if segments else versions.MIN
        environ[errors.CONTEXT].api_version = version
        if self._has_project(segments):
            if segments[1] != environ[errors.CONTEXT].project_id:
                raise exception.MalformedUrl()
            segments = [segments[0], *segments[2:]]
        methods, values = self._find(segments, environ[errors.CONTEXT].project_id)
        endpoint = methods.get(request.method)
        if endpoint is not None and endpoint.since <= version:
            return endpoint.answer, values
        allowed = expose.list_allowed(methods, version)
        if endpoint is not None or not allowed:
            raise exception.NotFound()
        raise exception.MethodNotAllowed(request.method, allowed)

    def _find(self, segments, project_id):
        try:
            return self._top.find(segments)
        except exception.NotFound:
            if segments[:1] == [versions.COMPUTE_ROOT]:
                self._explain(segments[1:3], project_id)
            raise

    def _explain(self, segments, project_id):
        """Tell who has an old catalogue why nothing is found.

        :raises NotFound: that says so, where a project's id is in the path
        """
        first, *below = segments
        if first not in self._compute and (
            first == project_id
            or _PROJECT_ID.fullmatch(first)
            or self._compute.intersection(below)
        ):
            raise exception.NotFound(
                'The URL of this compute service has no project in it: the '
                f'catalogue has to have {expose.base_url()}/{versions.COMPUTE_ROOT}.'
            )

    def _has_project(self, segments):
        """True for ``/v1/{project_id}/plans`` and its like, as Karbor has it."""
        return (
            segments[:1] == ['v1']
            and segments[2:3]
            and segments[2] in _KARBOR
            and segments[1] not in self._v1
        )


class _Node:
    """One place in the tree of paths."""

    def __init__(self):
        self._literals = {}
        self._parameter = None
        self._methods = None

    def add(self, segments, methods):
        """Make the methods the ones of a path below this node."""
        if not segments:
            if self._methods is not None:
                raise ValueError('two controllers have the same path')
            self._methods = methods
        elif segments[0].startswith('{'):
            self._parameter = self._parameter or _Node()
            self._parameter.add(segments[1:], methods)
        else:
            child = self._literals.setdefault(segments[0], _Node())
            child.add(segments[1:], methods)

    def find(self, segments):
        """The methods of a path below this node and its parameters' values.

        :raises NotFound:
        """
        node, values = self, []
        for segment in segments:
            if segment in node._literals:
                node = node._literals[segment]
            elif node._parameter is not None and segment:
                node = node._parameter
                values.append(segment)
            else:
                raise exception.NotFound()
        if node._methods is None:
            raise exception.NotFound()
        return node._methods, values


def _list_collections(root, mounts):
    """What comes next behind the root of a family of routes."""
    return {path.split('/')[1] for path in mounts if path.startswith(f'{root}/')}


def _split(path):
    return [segment for segment in path.split('/') if segment]


def _describe_v1():
    media_type = f'application/vnd.openstack.{versions.SERVICE}.v1+json'
    return _describe('v1', versions.V1, media_type)


def _describe_compute():
    """As Nova's, which was named after its first microversion."""
    media_type = 'application/vnd.openstack.compute+json;version=2.1'
    # The day of Nova's own document: clients compare it with nothing.
    updated = {'updated': '2013-07-23T11:33:21Z'}
    return _describe(versions.COMPUTE_ROOT, versions.COMPUTE, media_type) | updated


def _describe(name, family, media_type):
    return {
        'id': name,
        'status': 'CURRENT',
        'version': family.max_text,
        'min_version': family.min_text,
        'links': [{'rel': 'self', 'href': f'{expose.base_url()}/{name}/'}],
        'media-types': [{'base': 'application/json', 'type': media_type}],
    }
