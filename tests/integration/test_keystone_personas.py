"""Every route and every persona with a real token: who may, who may not."""

import collections
import itertools
import re
import uuid

import testtools

from mogan_like import rules
from tests.integration import keystone_case

#: persona: (user, project, system scope) of its token
_TOKENS = {
    'admin': ('admin', 'admin', False),
    'manager': ('manager', 'demo', False),
    'member': ('demo', 'demo', False),
    'reader': ('reader', 'demo', False),
    'service': ('service', 'service', False),
    'other': ('alt', 'alt', False),
    'system': ('admin', None, True),
    'unscoped': ('demo', None, False),
}
_NOT_LET_IN = ('expired', 'revoked', 'forged', 'nobody')

_ADMIN = {'admin'}
_MEMBERS = {'admin', 'manager', 'member'}
_READERS = _MEMBERS | {'reader'}
_SEERS = _READERS | {'service'}
# These have something of their own at such a route.
_ALL_MEMBERS = _MEMBERS | {'other'}
_ALL_READERS = _READERS | {'other'}
_CUSTOMERS = _ALL_READERS | {'service'}
_EVERYBODY = {*_TOKENS, *_NOT_LET_IN}
# What nobody has is as little there for those who might not see it.
_IN_A_PROJECT = set(_TOKENS)

Route = collections.namedtuple('Route', 'request code who body', defaults=[None])

_READS = [
    Route('GET /', 200, _EVERYBODY),
    Route('GET /v1', 200, _EVERYBODY),
    Route('GET /v1/', 200, _EVERYBODY),
    Route('GET /healthcheck', 200, _EVERYBODY),
    Route('GET /v1/instances', 200, _ALL_READERS),
    Route('GET /v1/instances/detail', 200, _ALL_READERS),
    Route('GET /v1/instances?all_projects=true', 200, _ADMIN),
    Route('GET /v1/instances/detail?all_projects=true', 200, _ADMIN),
    Route('GET /v1/instances/{instance}', 200, _SEERS),
    Route('GET /v1/instances/{instance}/states', 200, _SEERS),
    Route('GET /v1/instances/{instance}/lock', 200, _SEERS),
    Route('GET /v1/instances/{instance}/actions', 200, _READERS),
    Route('GET /v1/instances/{instance}/actions/{request}', 200, _READERS),
    Route('GET /v1/actions', 200, _ADMIN),
    Route('GET /v1/flavors', 200, _CUSTOMERS),
    Route('GET /v1/flavors/{flavor}', 200, _CUSTOMERS),
    Route('GET /v1/nodes', 200, _ADMIN),
    Route('GET /v1/nodes/{node}', 200, _ADMIN),
    Route('GET /v1/limits', 200, _ALL_READERS),
    Route('GET /v1/quotas/{project}', 200, _READERS),
    Route('GET /v1/quotas/{project}/defaults', 200, _READERS),
    Route('GET /v1/quotas/{project}/detail', 200, _READERS),
    Route('GET /v1/quota_classes/{quota_class}', 200, _ALL_READERS),
    Route('GET /v1/leases', 200, _ALL_READERS),
    Route('GET /v1/leases?all_projects=true', 200, _ADMIN),
    Route('GET /v1/leases?deleted=true', 200, _ADMIN),
    Route('GET /v1/leases/{lease}', 200, _READERS),
    Route('GET /v1/leases/{lease}/actions', 200, _READERS),
    Route('GET /v1/leases/{lease}/actions/{lease_request}', 200, _READERS),
    Route('GET /v1/os-hosts', 200, _ADMIN),
    Route('GET /v1/os-hosts/{host}', 200, _ADMIN),
    Route('GET /v1/os-hosts/properties', 200, _ALL_READERS),
    Route('GET /v1/os-hosts/properties?all=true', 200, _ADMIN),
    Route('GET /v1/os-hosts/allocations', 200, _ADMIN),
    Route('GET /v1/os-hosts/{host}/allocation', 200, _ADMIN),
    Route('GET /v1/allocations?resource_type=physical:host', 200, _ADMIN),
    Route('GET /v1/plugins', 200, _ALL_READERS),
    Route('GET /v1/protectables', 200, _ALL_READERS),
    Route('GET /v1/protectables/{none}', 404, _ALL_READERS),
    Route('GET /v1/protectables/{none}/instances', 404, _ALL_READERS),
    Route('GET /v1/protectables/{none}/instances/{none}', 404, _ALL_READERS),
    Route('GET /v1/providers', 200, _ALL_READERS),
    Route('GET /v1/providers/{none}', 404, _ALL_READERS),
    Route('GET /v1/providers/{none}/checkpoints', 200, _ALL_READERS),
    Route('GET /v1/providers/{none}/checkpoints/{none}', 404, _IN_A_PROJECT),
    Route('GET /v1/plans', 200, _ALL_READERS),
    Route('GET /v1/plans/{none}', 404, _IN_A_PROJECT),
    Route('GET /v1/restores', 200, _ALL_READERS),
    Route('GET /v1/restores/{none}', 404, _IN_A_PROJECT),
    Route('GET /v1/verifications', 200, _ALL_READERS),
    Route('GET /v1/verifications/{none}', 404, _IN_A_PROJECT),
    Route('GET /v1/operation_logs', 200, _ALL_READERS),
    Route('GET /v1/operation_logs/{none}', 404, _IN_A_PROJECT),
    Route('GET /v1/triggers', 200, _ALL_READERS),
    Route('GET /v1/triggers/{none}', 404, _IN_A_PROJECT),
    Route('GET /v1/scheduled_operations', 200, _ALL_READERS),
    Route('GET /v1/scheduled_operations/{none}', 404, _IN_A_PROJECT),
    Route('GET /v1/os-services', 200, _ADMIN),
]

_LOCK = {'lock': None}
_LEASE = {
    'name': 'lease',
    'start_date': '2998-01-01 00:00',
    'end_date': '2998-01-02 00:00',
    'reservations': [{'resource_type': 'dummy.vm.plugin'}],
}
#: An id that nothing has: of what is protected there is nothing here.
_NONE = str(uuid.UUID(int=1))
_PLAN = {
    'name': 'plan',
    'provider_id': _NONE,
    'resources': [{'id': 'none', 'type': 'none', 'name': 'none'}],
    'parameters': {},
}
_CHECKPOINT = {'provider_id': _NONE, 'checkpoint_id': _NONE, 'parameters': {}}
_TRIGGER = {
    'name': 'trigger',
    'type': 'time',
    'properties': {'format': 'crontab', 'pattern': '0 0 1 1 *'},
}
_OPERATION = {
    'name': 'operation',
    'operation_type': 'protect',
    'trigger_id': _NONE,
    'operation_definition': {'plan_id': _NONE, 'provider_id': _NONE},
}
#: The name that each persona gives to one of its own.
_KEYPAIR = 'mine'
_WRITES = [
    Route('POST /v1/instances', 202, _ALL_MEMBERS, 'instance'),
    Route('PATCH /v1/instances/{active}', 200, _MEMBERS, {'name': 'x'}),
    Route(
        'PUT /v1/instances/{active}/states/power', 202, _MEMBERS, {'target': 'reboot'}
    ),
    Route(
        'PUT /v1/instances/{active}/states/provision',
        202,
        _MEMBERS,
        {'target': 'rebuild'},
    ),
    Route('PUT /v1/instances/{active}/states/lock', 202, _ADMIN, _LOCK),
    Route('PUT /v1/instances/{locked}/states/unlock', 202, _ADMIN, {'unlock': None}),
    Route('DELETE /v1/instances/{active}', 202, _MEMBERS),
    Route(
        'POST /v1/flavors', 201, _ADMIN, {'name': 'big', 'resource_class': 'CUSTOM_BIG'}
    ),
    Route('PATCH /v1/flavors/{spare}', 200, _ADMIN, {'description': 'x'}),
    Route('DELETE /v1/flavors/{spare}', 204, _ADMIN),
    Route('PATCH /v1/nodes/{node}', 200, _ADMIN, {'maintenance': False}),
    Route('POST /v1/keypairs', 201, _ALL_MEMBERS, {'name': _KEYPAIR}),
    Route('GET /v1/keypairs', 200, _ALL_READERS),
    Route('GET /v1/keypairs/{keypair}', 200, _ALL_READERS),
    Route('DELETE /v1/keypairs/{keypair}', 204, _ALL_MEMBERS),
    Route('PUT /v1/quotas/{project}', 200, _ADMIN, {'quota': {'keypairs': 9}}),
    Route('DELETE /v1/quotas/{project}', 204, _ADMIN),
    Route(
        'PUT /v1/quota_classes/{quota_class}',
        200,
        _ADMIN,
        {'quota_class': {'keypairs': 100}},
    ),
    Route('POST /v1/leases', 201, _ALL_MEMBERS, _LEASE),
    Route('PUT /v1/leases/{lease}', 200, _MEMBERS, {'name': 'x'}),
    Route('POST /v1/leases/{lease}/action', 202, _ADMIN, {'retry': None}),
    # More than once.
    Route('DELETE /v1/leases/{lease}', 204, _MEMBERS),
    Route('POST /v1/os-hosts', 201, _ADMIN, 'host'),
    Route('PUT /v1/os-hosts/{host}', 200, _ADMIN, {'rack': 'r2'}),
    Route('PATCH /v1/os-hosts/properties/{property}', 200, _ADMIN, {'private': False}),
    Route('DELETE /v1/os-hosts/{host}', 204, _ADMIN),
    Route('POST /v1/plans', 400, _ALL_MEMBERS, {'plan': _PLAN}),
    Route('PUT /v1/plans/{none}', 404, _IN_A_PROJECT, {'plan': {'name': 'x'}}),
    Route('DELETE /v1/plans/{none}', 404, _IN_A_PROJECT),
    Route(
        'POST /v1/providers/{none}/checkpoints',
        404,
        _ALL_MEMBERS,
        {'checkpoint': {'plan_id': _NONE}},
    ),
    Route(
        'PUT /v1/providers/{none}/checkpoints/{none}',
        404,
        _IN_A_PROJECT,
        {'os-resetState': {'state': 'error'}},
    ),
    Route('DELETE /v1/providers/{none}/checkpoints/{none}', 404, _IN_A_PROJECT),
    Route('POST /v1/restores', 404, _ALL_MEMBERS, {'restore': _CHECKPOINT}),
    Route('POST /v1/verifications', 404, _ALL_MEMBERS, {'verification': _CHECKPOINT}),
    Route(
        'POST /v1/providers/{none}/checkpoints/action',
        404,
        _ALL_MEMBERS,
        {'copy': {'plan_id': _NONE}},
    ),
    Route('POST /v1/triggers', 200, _ALL_MEMBERS, {'trigger_info': _TRIGGER}),
    Route(
        'PUT /v1/triggers/{none}', 404, _IN_A_PROJECT, {'trigger_info': {'name': 'x'}}
    ),
    Route('DELETE /v1/triggers/{none}', 404, _IN_A_PROJECT),
    Route(
        'POST /v1/scheduled_operations',
        404,
        _ALL_MEMBERS,
        {'scheduled_operation': _OPERATION},
    ),
    Route(
        'PUT /v1/scheduled_operations/{none}',
        404,
        _IN_A_PROJECT,
        {'scheduled_operation': {'name': 'x'}},
    ),
    Route('DELETE /v1/scheduled_operations/{none}', 404, _IN_A_PROJECT),
    Route('PUT /v1/os-services/{number}', 404, _ADMIN, {'status': 'enabled'}),
]

#: What nobody may do to a locked instance, whoever they are.
_BARRED = [
    ('DELETE', '', None),
    ('PATCH', '', {'name': 'x'}),
    ('PUT', '/states/power', {'target': 'off'}),
    ('PUT', '/states/provision', {'target': 'rebuild'}),
]


def expect(route, persona):
    """The status that a persona has to get on a route."""
    if persona in route.who:
        return route.code
    if persona in _NOT_LET_IN:
        return 401
    # That another project's instance exists is nobody's business.
    blind = ()
    if '/v1/instances/{' in route.request:
        blind = ('other', 'unscoped')
    elif '/v1/leases/{' in route.request:
        blind = ('other', 'unscoped', 'service')
    return 404 if persona in blind else 403


class TableTest(testtools.TestCase):
    def test_every_operation_of_the_policy_has_its_row(self):
        here = {_shape(route.request) for route in (*_READS, *_WRITES)}
        documented = {
            _shape(f'{each["method"]} {each["path"]}')
            for rule in rules.list_rules()
            for each in getattr(rule, 'operations', ())
        }
        self.assertEqual(set(), documented - here)


def _shape(request):
    """A request without what its parameters are called."""
    return re.sub(r'\{\w+\}', '{}', request.partition('?')[0])


class PersonasTest(keystone_case.KeystoneCase):
    def setUp(self):
        super().setUp()
        self.tokens = {
            persona: self.keystone.token(*scope) for persona, scope in _TOKENS.items()
        }
        self.start()

    def _add_bad_tokens(self):
        revoked = self.keystone.token('demo', 'demo')
        self.keystone.revoke(revoked)
        self.tokens |= {
            'expired': self.keystone.expired_token('demo', 'demo'),
            'revoked': revoked,
            # Another user's signature on a token that was never issued.
            'forged': self.tokens['admin'][:-10] + self.tokens['member'][-10:],
            'nobody': None,
        }

    def _prepare(self):
        """Make what the routes name; there is no limit on instances."""
        admin, member = self.tokens['admin'], self.tokens['member']
        project = self.keystone.project_id('demo', 'demo')
        self.change(
            200, admin, 'PUT', f'/v1/quotas/{project}', {'quota': {'instances': -1}}
        )
        reader = self.keystone.session('reader', 'demo').get_user_id()
        keypair = {'name': _KEYPAIR, 'user_id': reader}
        self.change(201, admin, 'POST', '/v1/keypairs', keypair)
        flavor = self.service.make_flavor()
        instance = self.make_instance(member, flavor)
        actions = self.get(member, f'/v1/instances/{instance}/actions')
        lease = self.change(201, member, 'POST', '/v1/leases', _LEASE)
        host = self.change(201, admin, 'POST', '/v1/os-hosts', self._describe_host())
        self.names = {
            'project': project,
            'flavor': flavor,
            'spare': self.service.make_flavor(),
            'node': self.get(admin, '/v1/nodes')['nodes'][0]['uuid'],
            'instance': instance,
            'keypair': _KEYPAIR,
            'request': actions['actions'][0]['request_id'],
            'lease': lease.json()['lease']['id'],
            'lease_request': lease.headers['x-openstack-request-id'],
            'host': host.json()['host']['id'],
            'property': 'rack',
            'quota_class': 'default',
            'none': _NONE,
            'number': 999_999,
        }

    def _describe_host(self):
        """The body that opens a node that nothing has."""
        nodes = self.get(self.tokens['admin'], '/v1/nodes')['nodes']
        taken = ('instance_uuid', 'reservable')
        free = (node for node in nodes if not any(node[name] for name in taken))
        return {'name': next(free)['name'], 'rack': 'r1'}

    def _find_instance(self, status):
        """An instance in that status: the last one, if nobody has changed it."""
        admin, key = self.tokens['admin'], status.lower()
        if key in self.names:
            answer = self.ask(admin, 'GET', f'/v1/instances/{self.names[key]}')
            if answer.status_code == 200 and answer.json()['status'] == status:
                return
        made = self.make_instance(self.tokens['member'], self.names['flavor'])
        if status == 'LOCKED':
            self.service.lock(made)
        self.names[key] = made

    def _fill(self, path):
        """A path with the ids of what it names."""
        for status in ('ACTIVE', 'LOCKED'):
            if f'{{{status.lower()}}}' in path:
                self._find_instance(status)
        return path.format(**self.names)

    def _walk(self, routes):
        """Ask everything as everybody and compare all answers at once."""
        wrong = {}
        for route, persona in itertools.product(routes, self.tokens):
            method, path = route.request.split()
            body = route.body
            if body == 'instance':
                body = keystone_case.describe_instance(self.names['flavor'])
            elif body == 'host':
                body = self._describe_host()
            answer = self.ask(self.tokens[persona], method, self._fill(path), body)
            expected = expect(route, persona)
            if answer.status_code != expected:
                wrong[route.request, persona] = (
                    f'{answer.status_code}, not {expected}: {answer.text}'
                )
        self.assertEqual({}, wrong)

    def test_every_persona_on_every_route(self):
        self._add_bad_tokens()
        self._prepare()
        self._walk(_READS)
        self._walk(_WRITES)

    def test_nobody_gets_past_a_lock(self):
        self._add_bad_tokens()
        self._prepare()
        self._find_instance('LOCKED')
        path = f'/v1/instances/{self.names["locked"]}'
        wrong = {}
        for persona, token in self.tokens.items():
            for method, end, body in _BARRED:
                answer = self.ask(token, method, path + end, body)
                if answer.status_code not in (401, 403, 404):
                    wrong[persona, method, end] = answer.status_code
                elif persona in _MEMBERS:
                    self.assertEqual(
                        'OperationNotPermitted', answer.json()['error_name']
                    )
        self.assertEqual({}, wrong)
        self.assertTrue(self.get(self.tokens['member'], path)['locked'])

    def test_lists_hold_the_own_project_only(self):
        self._prepare()
        for persona, expected in (('member', 1), ('other', 0), ('admin', 0)):
            found = self.get(self.tokens[persona], '/v1/instances')['instances']
            self.assertEqual(expected, len(found), persona)
        found = self.get(self.tokens['admin'], '/v1/instances?all_projects=true')
        self.assertEqual(1, len(found['instances']))

    def test_headers_that_claim_an_identity_count_for_nothing(self):
        claims = {
            'X-Roles': 'admin',
            'X-Project-Id': uuid.uuid4().hex,
            'X-User-Id': uuid.uuid4().hex,
            'X-Identity-Status': 'Confirmed',
            'X-Is-Admin-Project': 'True',
            'OpenStack-System-Scope': 'all',
        }
        for persona, path, expected in (
            (None, '/v1/nodes', 401),
            ('reader', '/v1/nodes', 403),
            ('reader', '/v1/instances', 200),
        ):
            token = self.tokens.get(persona)
            answer = self.ask(token, 'GET', path, **claims)
            self.assertEqual(expected, answer.status_code, answer.text)
