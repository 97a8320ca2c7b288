"""Who may do what with leases, hosts and what leases can hold."""

from oslo_policy import policy

from mogan_like.common.policy import ADMIN
from mogan_like.common.policy import MEMBER_OR_ADMIN
from mogan_like.common.policy import READER_OR_ADMIN

_ANY_READER = 'rule:admin or role:reader'


def _rule(name, check, description, *operations):
    return policy.DocumentedRuleDefault(
        name,
        check,
        description,
        [
            {'method': method, 'path': path}
            for method, path in (each.split(' ') for each in operations)
        ],
        scope_types=['project'],
    )


_LEASES = [
    _rule(
        'lease:list',
        READER_OR_ADMIN,
        "List the own project's leases.",
        'GET /v1/leases',
    ),
    _rule(
        'lease:list_all_projects',
        ADMIN,
        'List the leases of all projects. Who has this is shown them unless '
        'another list is asked for, as Blazar does.',
        'GET /v1/leases',
    ),
    _rule('lease:show', READER_OR_ADMIN, 'Show a lease.', 'GET /v1/leases/{lease_id}'),
    _rule(
        'lease:show_deleted',
        ADMIN,
        'List and show deleted leases.',
        'GET /v1/leases',
        'GET /v1/leases/{lease_id}',
    ),
    _rule(
        'lease:show_nodes',
        READER_OR_ADMIN,
        'See which nodes a lease holds.',
        'GET /v1/leases/{lease_id}',
    ),
    _rule('lease:create', MEMBER_OR_ADMIN, 'Create a lease.', 'POST /v1/leases'),
    _rule(
        'lease:update',
        MEMBER_OR_ADMIN,
        'Change a lease, or end it now.',
        'PUT /v1/leases/{lease_id}',
    ),
    _rule(
        'lease:delete',
        MEMBER_OR_ADMIN,
        'Delete a lease.',
        'DELETE /v1/leases/{lease_id}',
    ),
    _rule(
        'lease:actions',
        READER_OR_ADMIN,
        'Read what was done to a lease, a deleted one too.',
        'GET /v1/leases/{lease_id}/actions',
        'GET /v1/leases/{lease_id}/actions/{request_id}',
    ),
    _rule(
        'lease:retry',
        ADMIN,
        'Have what failed or waits tried again at once.',
        'POST /v1/leases/{lease_id}/action',
    ),
    _rule(
        'lease:abandon',
        ADMIN,
        'Give up what is left of an end that cannot succeed.',
        'POST /v1/leases/{lease_id}/action',
    ),
]

_HOSTS = [
    _rule(
        'host:list',
        ADMIN,
        'List and show the nodes that can be reserved.',
        'GET /v1/os-hosts',
        'GET /v1/os-hosts/{host_id}',
    ),
    _rule('host:create', ADMIN, 'Open a node for reservation.', 'POST /v1/os-hosts'),
    _rule(
        'host:update',
        ADMIN,
        "Change a host's extra capabilities.",
        'PUT /v1/os-hosts/{host_id}',
    ),
    _rule(
        'host:delete',
        ADMIN,
        'Close a node for reservation.',
        'DELETE /v1/os-hosts/{host_id}',
    ),
    _rule(
        'host:list_properties',
        _ANY_READER,
        'List the properties that reservations can ask for.',
        'GET /v1/os-hosts/properties',
    ),
    _rule(
        'host:list_private_properties',
        ADMIN,
        'List private properties too.',
        'GET /v1/os-hosts/properties',
    ),
    _rule(
        'host:update_property',
        ADMIN,
        'Make a property private or public.',
        'PATCH /v1/os-hosts/properties/{name}',
    ),
]

_ALLOCATIONS = [
    _rule(
        'allocation:list',
        ADMIN,
        'See what is reserved for whom, in all projects.',
        'GET /v1/allocations',
        'GET /v1/os-hosts/allocations',
        'GET /v1/os-hosts/{host_id}/allocation',
    ),
    _rule('plugin:list', _ANY_READER, 'List what leases can hold.', 'GET /v1/plugins'),
]


def list_rules():
    """The documented rules of this folder."""
    return [*_LEASES, *_HOSTS, *_ALLOCATIONS]
