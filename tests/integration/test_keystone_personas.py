"""Every route and every persona with a real token: who may, who may not."""

import itertools
import re
import uuid

import testtools

from mogan_like import rules
from tests.integration import keystone_case
from tests.integration import keystone_compute_routes as compute_routes
from tests.integration import keystone_routes as routes

_READS = [*routes.READS, *compute_routes.READS]
# Those of Nova first: the others end with the quota that lets them.
_WRITES = [*compute_routes.WRITES, *routes.WRITES]

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
    if persona in routes.NOT_LET_IN:
        return 401
    # That another project's instance exists is nobody's business.
    blind = ()
    if '/v1/instances/{' in route.request or '/v2.1/servers/{' in route.request:
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
            persona: self.keystone.token(*scope)
            for persona, scope in routes.TOKENS.items()
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
        keypair = {'name': routes.KEYPAIR, 'user_id': reader}
        self.change(201, admin, 'POST', '/v1/keypairs', keypair)
        flavor = self.service.make_flavor()
        instance = self.make_instance(member, flavor)
        actions = self.get(member, f'/v1/instances/{instance}/actions')
        lease = self.change(201, member, 'POST', '/v1/leases', routes.LEASE)
        host = self.change(201, admin, 'POST', '/v1/os-hosts', self._describe_host())
        self.names = {
            'project': project,
            'flavor': flavor,
            'spare': self.service.make_flavor(),
            'node': self.get(admin, '/v1/nodes')['nodes'][0]['uuid'],
            'instance': instance,
            'keypair': routes.KEYPAIR,
            'request': actions['actions'][0]['request_id'],
            'lease': lease.json()['lease']['id'],
            'lease_request': lease.headers['x-openstack-request-id'],
            'host': host.json()['host']['id'],
            'property': 'rack',
            'quota_class': 'default',
            'none': routes.NONE,
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

    def _walk(self, table):
        """Ask everything as everybody and compare all answers at once."""
        wrong = {}
        for route, persona in itertools.product(table, self.tokens):
            method, path = route.request.split()
            body = route.body
            if body == 'instance':
                body = keystone_case.describe_instance(self.names['flavor'])
            elif body == 'server':
                body = compute_routes.describe_server(self.names['flavor'])
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
                elif persona in routes.MEMBERS:
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
