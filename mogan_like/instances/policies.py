"""Who may do what with instances, flavors, nodes, keypairs and quotas."""

from oslo_policy import policy

from mogan_like.common.policy import ADMIN
from mogan_like.common.policy import MEMBER_OR_ADMIN
from mogan_like.common.policy import READER_OR_ADMIN
from mogan_like.common.policy import READER_OR_SERVICE

# A keypair belongs to a user, in whatever project.
_OWN_KEYPAIRS = 'rule:admin or (role:member and user_id:%(user_id)s)'
_READ_KEYPAIRS = 'rule:admin or (role:reader and user_id:%(user_id)s)'
_ANY_READER = 'rule:admin or rule:service or role:reader'


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


_INSTANCES = [
    _rule(
        'instance:list',
        READER_OR_ADMIN,
        'List the instances of the own project.',
        'GET /v1/instances',
        'GET /v1/instances/detail',
        'GET /v2.1/servers',
        'GET /v2.1/servers/detail',
    ),
    _rule(
        'instance:list_all_projects',
        ADMIN,
        'List the instances of all projects.',
        'GET /v1/instances',
        'GET /v1/instances/detail',
        'GET /v2.1/servers',
        'GET /v2.1/servers/detail',
    ),
    _rule(
        'instance:show',
        READER_OR_SERVICE,
        'Show an instance, its states and its lock.',
        'GET /v1/instances/{uuid}',
        'GET /v1/instances/{uuid}/states',
        'GET /v1/instances/{uuid}/lock',
        'GET /v2.1/servers/{server_id}',
    ),
    _rule(
        'instance:show_node',
        ADMIN,
        'See on which node an instance is, and filter by it.',
        'GET /v1/instances',
        'GET /v1/instances/detail',
        'GET /v1/instances/{uuid}',
        'GET /v2.1/servers',
        'GET /v2.1/servers/detail',
        'GET /v2.1/servers/{server_id}',
    ),
    _rule(
        'instance:create',
        MEMBER_OR_ADMIN,
        'Create an instance.',
        'POST /v1/instances',
        'POST /v2.1/servers',
    ),
    _rule(
        'instance:create_on_node',
        ADMIN,
        'Create an instance on a node of choice.',
        'POST /v1/instances',
    ),
    _rule(
        'instance:update',
        MEMBER_OR_ADMIN,
        'Change name, description or metadata of an instance.',
        'PATCH /v1/instances/{uuid}',
        'PUT /v2.1/servers/{server_id}',
    ),
    _rule(
        'instance:delete',
        MEMBER_OR_ADMIN,
        'Delete an instance.',
        'DELETE /v1/instances/{uuid}',
        'DELETE /v2.1/servers/{server_id}',
    ),
    _rule(
        'instance:power',
        MEMBER_OR_ADMIN,
        'Switch an instance.',
        'PUT /v1/instances/{uuid}/states/power',
        'POST /v2.1/servers/{server_id}/action',
    ),
    _rule(
        'instance:rebuild',
        MEMBER_OR_ADMIN,
        'Write an image on the machine of an instance again.',
        'PUT /v1/instances/{uuid}/states/provision',
        'POST /v2.1/servers/{server_id}/action',
    ),
    _rule(
        'instance:lock',
        ADMIN,
        'Lock an instance for maintenance, and release any lock. Who has '
        'this holds locks as an admin.',
        'PUT /v1/instances/{uuid}/states/lock',
        'PUT /v1/instances/{uuid}/states/unlock',
        'POST /v2.1/servers/{server_id}/action',
    ),
    _rule(
        'instance:actions',
        READER_OR_ADMIN,
        'Read what was done to an instance.',
        'GET /v1/instances/{uuid}/actions',
        'GET /v1/instances/{uuid}/actions/{request_id}',
        'GET /v2.1/servers/{server_id}/os-instance-actions',
        'GET /v2.1/servers/{server_id}/os-instance-actions/{request_id}',
    ),
]

_FLAVORS = [
    _rule(
        'flavor:list',
        _ANY_READER,
        'List and show public flavors; list extensions.',
        'GET /v1/flavors',
        'GET /v1/flavors/{uuid}',
        'GET /v2.1/flavors',
        'GET /v2.1/flavors/detail',
        'GET /v2.1/flavors/{flavor_id}',
        'GET /v2.1/flavors/{flavor_id}/os-extra_specs',
        'GET /v2.1/extensions',
    ),
    _rule(
        'flavor:private',
        ADMIN,
        'See and use flavors that are not public.',
        'GET /v1/flavors',
        'GET /v1/flavors/{uuid}',
        'POST /v1/instances',
        'GET /v2.1/flavors',
        'GET /v2.1/flavors/{flavor_id}',
        'POST /v2.1/servers',
    ),
    _rule('flavor:create', ADMIN, 'Create a flavor.', 'POST /v1/flavors'),
    _rule('flavor:update', ADMIN, 'Change a flavor.', 'PATCH /v1/flavors/{uuid}'),
    _rule('flavor:delete', ADMIN, 'Delete a flavor.', 'DELETE /v1/flavors/{uuid}'),
]

_NODES = [
    _rule(
        'node:list',
        ADMIN,
        'List and show the nodes of the inventory.',
        'GET /v1/nodes',
        'GET /v1/nodes/{uuid}',
    ),
    _rule(
        'node:maintenance',
        ADMIN,
        'Take a node out of placement, and put it back.',
        'PATCH /v1/nodes/{uuid}',
    ),
]

_KEYPAIRS = [
    _rule(
        'keypair:list',
        _READ_KEYPAIRS,
        'List and show keypairs of a user.',
        'GET /v1/keypairs',
        'GET /v1/keypairs/{name}',
        'GET /v2.1/os-keypairs',
        'GET /v2.1/os-keypairs/{keypair_name}',
    ),
    _rule(
        'keypair:create',
        _OWN_KEYPAIRS,
        'Create a keypair.',
        'POST /v1/keypairs',
        'POST /v2.1/os-keypairs',
    ),
    _rule(
        'keypair:delete',
        _OWN_KEYPAIRS,
        'Delete a keypair.',
        'DELETE /v1/keypairs/{name}',
        'DELETE /v2.1/os-keypairs/{keypair_name}',
    ),
]

_QUOTAS = [
    _rule(
        'limits:show',
        READER_OR_ADMIN,
        "Show the own project's limits and what is used.",
        'GET /v1/limits',
        'GET /v2.1/limits',
    ),
    _rule(
        'quota:show',
        READER_OR_ADMIN,
        'Show the limits of a project.',
        'GET /v1/quotas/{project_id}',
        'GET /v1/quotas/{project_id}/defaults',
        'GET /v1/quotas/{project_id}/detail',
        'GET /v2.1/limits',
    ),
    _rule(
        'quota:update',
        ADMIN,
        'Set or reset the limits of a project.',
        'PUT /v1/quotas/{project_id}',
        'DELETE /v1/quotas/{project_id}',
    ),
    _rule(
        'quota_class:show',
        'rule:admin or role:reader',
        'Show the limits of projects that have none of their own.',
        'GET /v1/quota_classes/{class_name}',
    ),
    _rule(
        'quota_class:update',
        ADMIN,
        'Set the limits of projects that have none of their own.',
        'PUT /v1/quota_classes/{class_name}',
    ),
]


def list_rules():
    """The documented rules of this folder."""
    return [*_INSTANCES, *_FLAVORS, *_NODES, *_KEYPAIRS, *_QUOTAS]
