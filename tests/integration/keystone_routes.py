"""Every route with a real token: who may, and what they are answered."""

import collections
import uuid

#: persona: (user, project, system scope) of its token
TOKENS = {
    'admin': ('admin', 'admin', False),
    'manager': ('manager', 'demo', False),
    'member': ('demo', 'demo', False),
    'reader': ('reader', 'demo', False),
    'service': ('service', 'service', False),
    'other': ('alt', 'alt', False),
    'system': ('admin', None, True),
    'unscoped': ('demo', None, False),
}
NOT_LET_IN = ('expired', 'revoked', 'forged', 'nobody')

ADMIN = {'admin'}
MEMBERS = {'admin', 'manager', 'member'}
READERS = MEMBERS | {'reader'}
SEERS = READERS | {'service'}
# These have something of their own at such a route.
ALL_MEMBERS = MEMBERS | {'other'}
ALL_READERS = READERS | {'other'}
CUSTOMERS = ALL_READERS | {'service'}
EVERYBODY = {*TOKENS, *NOT_LET_IN}
# What nobody has is as little there for those who might not see it.
IN_A_PROJECT = set(TOKENS)

Route = collections.namedtuple('Route', 'request code who body', defaults=[None])

READS = [
    Route('GET /', 200, EVERYBODY),
    Route('GET /v1', 200, EVERYBODY),
    Route('GET /v1/', 200, EVERYBODY),
    Route('GET /healthcheck', 200, EVERYBODY),
    Route('GET /v1/instances', 200, ALL_READERS),
    Route('GET /v1/instances/detail', 200, ALL_READERS),
    Route('GET /v1/instances?all_projects=true', 200, ADMIN),
    Route('GET /v1/instances/detail?all_projects=true', 200, ADMIN),
    Route('GET /v1/instances/{instance}', 200, SEERS),
    Route('GET /v1/instances/{instance}/states', 200, SEERS),
    Route('GET /v1/instances/{instance}/lock', 200, SEERS),
    Route('GET /v1/instances/{instance}/actions', 200, READERS),
    Route('GET /v1/instances/{instance}/actions/{request}', 200, READERS),
    Route('GET /v1/actions', 200, ADMIN),
    Route('GET /v1/flavors', 200, CUSTOMERS),
    Route('GET /v1/flavors/{flavor}', 200, CUSTOMERS),
    Route('GET /v1/nodes', 200, ADMIN),
    Route('GET /v1/nodes/{node}', 200, ADMIN),
    Route('GET /v1/limits', 200, ALL_READERS),
    Route('GET /v1/quotas/{project}', 200, READERS),
    Route('GET /v1/quotas/{project}/defaults', 200, READERS),
    Route('GET /v1/quotas/{project}/detail', 200, READERS),
    Route('GET /v1/quota_classes/{quota_class}', 200, ALL_READERS),
    Route('GET /v1/leases', 200, ALL_READERS),
    Route('GET /v1/leases?all_projects=true', 200, ADMIN),
    Route('GET /v1/leases?deleted=true', 200, ADMIN),
    Route('GET /v1/leases/{lease}', 200, READERS),
    Route('GET /v1/leases/{lease}/actions', 200, READERS),
    Route('GET /v1/leases/{lease}/actions/{lease_request}', 200, READERS),
    Route('GET /v1/os-hosts', 200, ADMIN),
    Route('GET /v1/os-hosts/{host}', 200, ADMIN),
    Route('GET /v1/os-hosts/properties', 200, ALL_READERS),
    Route('GET /v1/os-hosts/properties?all=true', 200, ADMIN),
    Route('GET /v1/os-hosts/allocations', 200, ADMIN),
    Route('GET /v1/os-hosts/{host}/allocation', 200, ADMIN),
    Route('GET /v1/allocations?resource_type=physical:host', 200, ADMIN),
    Route('GET /v1/plugins', 200, ALL_READERS),
    Route('GET /v1/protectables', 200, ALL_READERS),
    Route('GET /v1/protectables/{none}', 404, ALL_READERS),
    Route('GET /v1/protectables/{none}/instances', 404, ALL_READERS),
    Route('GET /v1/protectables/{none}/instances/{none}', 404, ALL_READERS),
    Route('GET /v1/providers', 200, ALL_READERS),
    Route('GET /v1/providers/{none}', 404, ALL_READERS),
    Route('GET /v1/providers/{none}/checkpoints', 200, ALL_READERS),
    Route('GET /v1/providers/{none}/checkpoints/{none}', 404, IN_A_PROJECT),
    Route('GET /v1/plans', 200, ALL_READERS),
    Route('GET /v1/plans/{none}', 404, IN_A_PROJECT),
    Route('GET /v1/restores', 200, ALL_READERS),
    Route('GET /v1/restores/{none}', 404, IN_A_PROJECT),
    Route('GET /v1/verifications', 200, ALL_READERS),
    Route('GET /v1/verifications/{none}', 404, IN_A_PROJECT),
    Route('GET /v1/operation_logs', 200, ALL_READERS),
    Route('GET /v1/operation_logs/{none}', 404, IN_A_PROJECT),
    Route('GET /v1/triggers', 200, ALL_READERS),
    Route('GET /v1/triggers/{none}', 404, IN_A_PROJECT),
    Route('GET /v1/scheduled_operations', 200, ALL_READERS),
    Route('GET /v1/scheduled_operations/{none}', 404, IN_A_PROJECT),
    Route('GET /v1/os-services', 200, ADMIN),
]

_LOCK = {'lock': None}
LEASE = {
    'name': 'lease',
    'start_date': '2998-01-01 00:00',
    'end_date': '2998-01-02 00:00',
    'reservations': [{'resource_type': 'dummy.vm.plugin'}],
}
#: An id that nothing has: of what is protected there is nothing here.
NONE = str(uuid.UUID(int=1))
_PLAN = {
    'name': 'plan',
    'provider_id': NONE,
    'resources': [{'id': 'none', 'type': 'none', 'name': 'none'}],
    'parameters': {},
}
_CHECKPOINT = {'provider_id': NONE, 'checkpoint_id': NONE, 'parameters': {}}
_TRIGGER = {
    'name': 'trigger',
    'type': 'time',
    'properties': {'format': 'crontab', 'pattern': '0 0 1 1 *'},
}
_OPERATION = {
    'name': 'operation',
    'operation_type': 'protect',
    'trigger_id': NONE,
    'operation_definition': {'plan_id': NONE, 'provider_id': NONE},
}
#: The name that each persona gives to one of its own.
KEYPAIR = 'mine'
WRITES = [
    Route('POST /v1/instances', 202, ALL_MEMBERS, 'instance'),
    Route('PATCH /v1/instances/{active}', 200, MEMBERS, {'name': 'x'}),
    Route(
        'PUT /v1/instances/{active}/states/power', 202, MEMBERS, {'target': 'reboot'}
    ),
    Route(
        'PUT /v1/instances/{active}/states/provision',
        202,
        MEMBERS,
        {'target': 'rebuild'},
    ),
    Route('PUT /v1/instances/{active}/states/lock', 202, ADMIN, _LOCK),
    Route('PUT /v1/instances/{locked}/states/unlock', 202, ADMIN, {'unlock': None}),
    Route('DELETE /v1/instances/{active}', 202, MEMBERS),
    Route(
        'POST /v1/flavors', 201, ADMIN, {'name': 'big', 'resource_class': 'CUSTOM_BIG'}
    ),
    Route('PATCH /v1/flavors/{spare}', 200, ADMIN, {'description': 'x'}),
    Route('DELETE /v1/flavors/{spare}', 204, ADMIN),
    Route('PATCH /v1/nodes/{node}', 200, ADMIN, {'maintenance': False}),
    Route('POST /v1/keypairs', 201, ALL_MEMBERS, {'name': KEYPAIR}),
    Route('GET /v1/keypairs', 200, ALL_READERS),
    Route('GET /v1/keypairs/{keypair}', 200, ALL_READERS),
    Route('DELETE /v1/keypairs/{keypair}', 204, ALL_MEMBERS),
    Route('PUT /v1/quotas/{project}', 200, ADMIN, {'quota': {'keypairs': 9}}),
    Route('DELETE /v1/quotas/{project}', 204, ADMIN),
    Route(
        'PUT /v1/quota_classes/{quota_class}',
        200,
        ADMIN,
        {'quota_class': {'keypairs': 100}},
    ),
    Route('POST /v1/leases', 201, ALL_MEMBERS, LEASE),
    Route('PUT /v1/leases/{lease}', 200, MEMBERS, {'name': 'x'}),
    Route('POST /v1/leases/{lease}/action', 202, ADMIN, {'retry': None}),
    # More than once.
    Route('DELETE /v1/leases/{lease}', 204, MEMBERS),
    Route('POST /v1/os-hosts', 201, ADMIN, 'host'),
    Route('PUT /v1/os-hosts/{host}', 200, ADMIN, {'rack': 'r2'}),
    Route('PATCH /v1/os-hosts/properties/{property}', 200, ADMIN, {'private': False}),
    Route('DELETE /v1/os-hosts/{host}', 204, ADMIN),
    Route('POST /v1/plans', 400, ALL_MEMBERS, {'plan': _PLAN}),
    Route('PUT /v1/plans/{none}', 404, IN_A_PROJECT, {'plan': {'name': 'x'}}),
    Route('DELETE /v1/plans/{none}', 404, IN_A_PROJECT),
    Route(
        'POST /v1/providers/{none}/checkpoints',
        404,
        ALL_MEMBERS,
        {'checkpoint': {'plan_id': NONE}},
    ),
    Route(
        'PUT /v1/providers/{none}/checkpoints/{none}',
        404,
        IN_A_PROJECT,
        {'os-resetState': {'state': 'error'}},
    ),
    Route('DELETE /v1/providers/{none}/checkpoints/{none}', 404, IN_A_PROJECT),
    Route('POST /v1/restores', 404, ALL_MEMBERS, {'restore': _CHECKPOINT}),
    Route('POST /v1/verifications', 404, ALL_MEMBERS, {'verification': _CHECKPOINT}),
    Route(
        'POST /v1/providers/{none}/checkpoints/action',
        404,
        ALL_MEMBERS,
        {'copy': {'plan_id': NONE}},
    ),
    Route('POST /v1/triggers', 200, ALL_MEMBERS, {'trigger_info': _TRIGGER}),
    Route(
        'PUT /v1/triggers/{none}', 404, IN_A_PROJECT, {'trigger_info': {'name': 'x'}}
    ),
    Route('DELETE /v1/triggers/{none}', 404, IN_A_PROJECT),
    Route(
        'POST /v1/scheduled_operations',
        404,
        ALL_MEMBERS,
        {'scheduled_operation': _OPERATION},
    ),
    Route(
        'PUT /v1/scheduled_operations/{none}',
        404,
        IN_A_PROJECT,
        {'scheduled_operation': {'name': 'x'}},
    ),
    Route('DELETE /v1/scheduled_operations/{none}', 404, IN_A_PROJECT),
    Route('PUT /v1/os-services/{number}', 404, ADMIN, {'status': 'enabled'}),
]
