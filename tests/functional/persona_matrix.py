"""Who may do what, as data: every rule, its requests, every persona."""

from tests import personas
from tests.functional.compute import matrix as compute_matrix
from tests.functional.protection import matrix as protection_matrix
from tests.functional.protection.matrix import NOT_THERE
from tests.functional.protection.matrix import Probe

# Y: in every project; o: in the own project (keypairs: the own ones); .: never.
_COLUMNS = ('admin', 'manager', 'member', 'reader', 'service', 'system', 'nobody')
MATRIX = {
    'action:search': 'Y . . . . . .',
    'action:show_internals': 'Y . . . . . .',
    'instance:list': 'Y o o o . . .',
    'instance:list_all_projects': 'Y . . . . . .',
    'instance:show': 'Y o o o Y . .',
    'instance:show_node': 'Y . . . . . .',
    'instance:create': 'Y o o . . . .',
    'instance:create_on_node': 'Y . . . . . .',
    'instance:update': 'Y o o . . . .',
    'instance:delete': 'Y o o . . . .',
    'instance:power': 'Y o o . . . .',
    'instance:rebuild': 'Y o o . . . .',
    'instance:lock': 'Y . . . . . .',
    'instance:actions': 'Y o o o . . .',
    'flavor:list': 'Y Y Y Y Y . .',
    'flavor:private': 'Y . . . . . .',
    'flavor:create': 'Y . . . . . .',
    'flavor:update': 'Y . . . . . .',
    'flavor:delete': 'Y . . . . . .',
    'node:list': 'Y . . . . . .',
    'node:maintenance': 'Y . . . . . .',
    'keypair:list': 'Y o o o . . .',
    'keypair:create': 'Y o o . . . .',
    'keypair:delete': 'Y o o . . . .',
    'limits:show': 'Y o o o . . .',
    'quota:show': 'Y o o o . . .',
    'quota:update': 'Y . . . . . .',
    'quota_class:show': 'Y Y Y Y . . .',
    'quota_class:update': 'Y . . . . . .',
    'lease:list': 'Y o o o . . .',
    'lease:list_all_projects': 'Y . . . . . .',
    'lease:show': 'Y o o o . . .',
    'lease:show_deleted': 'Y . . . . . .',
    'lease:show_nodes': 'Y o o o . . .',
    'lease:create': 'Y o o . . . .',
    'lease:update': 'Y o o . . . .',
    'lease:delete': 'Y o o . . . .',
    'lease:actions': 'Y o o o . . .',
    'lease:retry': 'Y . . . . . .',
    'lease:abandon': 'Y . . . . . .',
    'host:list': 'Y . . . . . .',
    'host:create': 'Y . . . . . .',
    'host:update': 'Y . . . . . .',
    'host:delete': 'Y . . . . . .',
    'host:list_properties': 'Y Y Y Y . . .',
    'host:list_private_properties': 'Y . . . . . .',
    'host:update_property': 'Y . . . . . .',
    'allocation:list': 'Y . . . . . .',
    'plugin:list': 'Y Y Y Y . . .',
    **compute_matrix.MATRIX,
    **protection_matrix.MATRIX,
}
COLUMN_OF = {
    personas.ADMIN: 'admin',
    personas.PROJECT_ADMIN: 'admin',
    personas.MANAGER: 'manager',
    personas.MEMBER: 'member',
    personas.READER: 'reader',
    personas.SERVICE: 'service',
    personas.OTHER_MEMBER: 'member',
    personas.OTHER_READER: 'reader',
    personas.SYSTEM_ADMIN: 'system',
    personas.DOMAIN_ADMIN: 'system',
    personas.DOMAIN_MEMBER: 'system',
    personas.NOBODY: 'nobody',
}
DENIED = (403, 'PolicyNotAuthorized')
#: What is hidden, the rule that shows it, and what others are told.
HIDDEN = {
    '{instance}': ('instance:show', (404, 'InstanceNotFound')),
    '{lease}': ('lease:show', (404, 'LeaseNotFound')),
    '{gone}': ('lease:show', (404, 'LeaseNotFound')),
    **protection_matrix.HIDDEN,
}
_LOCKED = (403, 'OperationNotPermitted')


_INSTANCE = '/v1/instances/{instance}'
CREATE = {'name': 'n', 'flavor_uuid': NOT_THERE, 'image_uuid': NOT_THERE}
_BAD_FLAVOR = (400, 'InvalidParameter')
_NO_FLAVOR = (404, 'FlavorNotFound')
_LEASE = '/v1/leases/{lease}'
LEASE = {
    'name': 'n',
    'start_date': 'now',
    'end_date': '2999-01-01 00:00',
    'reservations': [{'resource_type': 'none'}],
}
_ENDED = (409, 'InvalidLeaseState')
_HOSTS = '/v1/os-hosts'
_CLASS = '/v1/quota_classes/default'
_NO_HOST = '999999'

PROBES = [
    Probe('action:search', 'GET', '/v1/actions'),
    Probe('instance:list', 'GET', '/v1/instances'),
    Probe('instance:list', 'GET', '/v1/instances/detail'),
    Probe('instance:list_all_projects', 'GET', '/v1/instances?all_projects=1'),
    Probe('instance:list_all_projects', 'GET', '/v1/instances/detail?all_projects=1'),
    Probe('instance:show', 'GET', _INSTANCE),
    Probe('instance:show', 'GET', _INSTANCE + '/states'),
    Probe('instance:show', 'GET', _INSTANCE + '/lock'),
    Probe('instance:show_node', 'GET', f'/v1/instances?node_uuid={NOT_THERE}'),
    Probe('instance:show_node', 'GET', f'/v1/instances/detail?node_uuid={NOT_THERE}'),
    Probe('instance:create', 'POST', '/v1/instances', CREATE, _BAD_FLAVOR),
    Probe(
        'instance:create_on_node',
        'POST',
        '/v1/instances',
        {**CREATE, 'node_uuid': NOT_THERE},
        _BAD_FLAVOR,
    ),
    Probe('instance:update', 'PATCH', _INSTANCE, {'name': 'x'}, _LOCKED),
    Probe('instance:delete', 'DELETE', _INSTANCE, None, _LOCKED),
    *(
        Probe(
            'instance:power', 'PUT', _INSTANCE + '/states/power', {'target': t}, _LOCKED
        )
        for t in ('on', 'off', 'reboot', 'soft_off', 'soft_reboot')
    ),
    Probe(
        'instance:rebuild',
        'PUT',
        _INSTANCE + '/states/provision',
        {'target': 'rebuild'},
        _LOCKED,
    ),
    Probe('instance:lock', 'PUT', _INSTANCE + '/states/lock', {'lock': None}, _LOCKED),
    Probe(
        'instance:lock',
        'PUT',
        _INSTANCE + '/states/unlock',
        {'unlock': None},
        (202, None),
    ),
    Probe('instance:actions', 'GET', _INSTANCE + '/actions'),
    Probe('instance:actions', 'GET', _INSTANCE + '/actions/{request}'),
    Probe('flavor:list', 'GET', '/v1/flavors'),
    Probe('flavor:list', 'GET', '/v1/flavors/{flavor}'),
    Probe(
        'flavor:create',
        'POST',
        '/v1/flavors',
        {'name': 'f', 'resource_class': 'c'},
        (409, 'AlreadyExists'),
    ),
    Probe('flavor:update', 'PATCH', '/v1/flavors/{flavor}', {'description': 'd'}),
    Probe('flavor:delete', 'DELETE', f'/v1/flavors/{NOT_THERE}', None, _NO_FLAVOR),
    Probe('node:list', 'GET', '/v1/nodes'),
    Probe('node:list', 'GET', '/v1/nodes/{node}'),
    Probe('node:maintenance', 'PATCH', '/v1/nodes/{node}', {'maintenance': False}),
    Probe('keypair:list', 'GET', '/v1/keypairs?user_id={user}'),
    Probe('keypair:list', 'GET', '/v1/keypairs/k?user_id={user}'),
    Probe(
        'keypair:create',
        'POST',
        '/v1/keypairs',
        {'name': 'k', 'user_id': '{user}'},
        (409, 'AlreadyExists'),
    ),
    Probe(
        'keypair:delete',
        'DELETE',
        '/v1/keypairs/none?user_id={user}',
        None,
        (404, 'KeypairNotFound'),
    ),
    Probe('limits:show', 'GET', '/v1/limits'),
    Probe('quota:show', 'GET', '/v1/quotas/{project}'),
    Probe('quota:show', 'GET', '/v1/quotas/{project}/defaults'),
    Probe('quota:show', 'GET', '/v1/quotas/{project}/detail'),
    Probe('quota_class:show', 'GET', _CLASS),
    Probe('quota_class:update', 'PUT', _CLASS, {'quota_class': {'plans': 50}}),
    Probe('quota:update', 'PUT', '/v1/quotas/{project}', {'quota': {'instances': 9}}),
    Probe('quota:update', 'DELETE', '/v1/quotas/{project}', None, (204, None)),
    Probe('lease:list', 'GET', '/v1/leases'),
    Probe('lease:list_all_projects', 'GET', '/v1/leases?all_projects=1'),
    Probe('lease:show', 'GET', _LEASE),
    Probe('lease:show_deleted', 'GET', '/v1/leases?deleted=1'),
    Probe('lease:show_deleted', 'GET', f'{_LEASE}?deleted=1'),
    Probe('lease:create', 'POST', '/v1/leases', LEASE, (400, 'InvalidParameter')),
    Probe('lease:update', 'PUT', _LEASE, {}),
    Probe('lease:update', 'PUT', _LEASE, {'end_date': 'now'}),
    # A second time.
    Probe('lease:delete', 'DELETE', '/v1/leases/{gone}', None, (204, None)),
    Probe('lease:actions', 'GET', f'{_LEASE}/actions'),
    Probe('lease:actions', 'GET', f'{_LEASE}/actions/{{lease_request}}'),
    Probe('lease:actions', 'GET', '/v1/leases/{gone}/actions'),
    Probe('lease:retry', 'POST', f'{_LEASE}/action', {'retry': None}, _ENDED),
    Probe('lease:abandon', 'POST', f'{_LEASE}/action', {'abandon': None}, _ENDED),
    Probe('host:list', 'GET', _HOSTS),
    Probe('host:list', 'GET', f'{_HOSTS}/{{host}}'),
    Probe('host:create', 'POST', _HOSTS, {'name': 'none'}, (404, 'NodeNotFound')),
    Probe('host:update', 'PUT', f'{_HOSTS}/{{host}}', {}),
    Probe('host:delete', 'DELETE', f'{_HOSTS}/{_NO_HOST}', None, (404, 'HostNotFound')),
    Probe('host:list_properties', 'GET', f'{_HOSTS}/properties'),
    Probe('host:list_private_properties', 'GET', f'{_HOSTS}/properties?all=1'),
    Probe(
        'host:update_property',
        'PATCH',
        f'{_HOSTS}/properties/none',
        {'private': True},
        (404, 'HostPropertyNotFound'),
    ),
    Probe('allocation:list', 'GET', '/v1/allocations?resource_type=physical:host'),
    Probe('allocation:list', 'GET', f'{_HOSTS}/allocations'),
    Probe('allocation:list', 'GET', f'{_HOSTS}/{{host}}/allocation'),
    Probe('plugin:list', 'GET', '/v1/plugins'),
    *compute_matrix.PROBES,
    *protection_matrix.PROBES,
]
_OF_CALLER = ('instance', 'limits', 'lease', *protection_matrix.OF_CALLER)
#: Rules about what is seen in an answer that others get too.
SEEN = (
    'instance:show_node',
    'lease:show_nodes',
    'action:show_internals',
    'flavor:private',
)


def may(rule, persona, own):
    """What the matrix says."""
    cells = dict(zip(_COLUMNS, MATRIX[rule].split(), strict=True))
    return {'Y': True, 'o': own, '.': False}[cells[COLUMN_OF[persona]]]


def expect(probe, persona, own):
    """(status, error's name or None) of the answer to a probe.

    :param own: whether the target is in the persona's project
    """
    return _name(probe, _expect(probe, persona, own))


def is_decided_later(probe, persona, own):
    """True when the conductor decides, whatever it says.

    An owner may unlock on Nova's routes, and is refused for an admin's lock.
    """
    if expect(probe, persona, own) == _name(probe, probe.allowed):
        return True
    as_owner = probe.rule == 'instance:lock' and compute_matrix.is_novas(probe)
    return as_owner and may('instance:lock_own', persona, own)


def _name(probe, answer):
    return compute_matrix.rename(answer) if compute_matrix.is_novas(probe) else answer


def _expect(probe, persona, own):
    if '{' not in probe.path and probe.rule.startswith(_OF_CALLER):
        # It names no project: it is about the caller's own.
        own = True
    is_allowed = may(probe.rule, persona, own)
    if probe.rule == 'instance:create_on_node':
        is_allowed &= may('instance:create', persona, own)
    if is_allowed:
        return probe.allowed
    if probe.rule == 'lease:show_deleted' or own or persona.system_scope:
        return DENIED
    for name, (rule, hidden) in HIDDEN.items():
        if name in probe.path and not may(rule, persona, own):
            return hidden
    return DENIED


def document(path):
    """A probe's path as the rules document it."""
    path = path.partition('?')[0]
    for name, documented in (
        *protection_matrix.DOCUMENTED,
        *compute_matrix.DOCUMENTED,
        ('{instance}', '{uuid}'),
        ('{flavor}', '{uuid}'),
        (NOT_THERE, '{uuid}'),
        ('{node}', '{uuid}'),
        ('{request}', '{request_id}'),
        ('{lease}', '{lease_id}'),
        ('{gone}', '{lease_id}'),
        ('{lease_request}', '{request_id}'),
        ('{host}', '{host_id}'),
        (_NO_HOST, '{host_id}'),
        ('properties/none', 'properties/{name}'),
        ('{project}', '{project_id}'),
        ('classes/default', 'classes/{class_name}'),
        ('keypairs/k', 'keypairs/{name}'),
        ('keypairs/none', 'keypairs/{name}'),
    ):
        path = path.replace(name, documented)
    return path
