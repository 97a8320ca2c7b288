"""How many SQL statements each route and verb takes, however many rows there are."""

import re
import threading
import uuid

import fixtures
import sqlalchemy as sa
from sqlalchemy import event

from mogan_like.api import root
from mogan_like.common import clock
from mogan_like.conductor import held
from mogan_like.db import engine
from mogan_like.db import tables
from tests import fixtures as service_fixtures
from tests import personas
from tests.functional import case
from tests.functional.compute import counts as compute_counts
from tests.functional.protection import protected
from tests.functional.protection import site

#: Statements of each request in turn, with the conductor's verdict and without
#: the long part after the answer. A number that changes here is a cost that does.
COUNTS = {
    'GET /': 0,
    'GET /v1': 0,
    'POST /v1/flavors': 4,
    'GET /v1/flavors': 1,
    'GET /v1/flavors?sort_key=name&marker={flavor}': 2,
    'GET /v1/flavors/{flavor}': 1,
    'PATCH /v1/flavors/{flavor}': 4,
    'GET /v1/nodes': 1,
    'GET /v1/nodes?maintenance=false': 1,
    'GET /v1/nodes/{node}': 1,
    'PATCH /v1/nodes/{node}': 5,
    'POST /v1/keypairs': 6,
    'GET /v1/keypairs': 1,
    'GET /v1/keypairs?marker={keypair}': 2,
    'GET /v1/keypairs/{keypair}': 1,
    'DELETE /v1/keypairs/{keypair}': 4,
    'GET /v1/limits': 2,
    'GET /v1/quotas/{project}': 1,
    'GET /v1/quotas/{project}/defaults': 1,
    'GET /v1/quotas/{project}/detail': 2,
    'PUT /v1/quotas/{project}': 5,
    'DELETE /v1/quotas/{project}': 3,
    'GET /v1/quota_classes/{quota_class}': 1,
    'PUT /v1/quota_classes/{quota_class}': 5,
    'POST /v1/instances': 11,
    'GET /v1/instances': 1,
    'GET /v1/instances?all_projects=true&sort_key=name': 1,
    'GET /v1/instances?marker={instance}': 2,
    'GET /v1/instances/detail': 1,
    'GET /v1/instances/detail?status=ACTIVE&marker={instance}': 2,
    'GET /v1/instances/{instance}': 1,
    'GET /v1/instances/{instance}/states': 1,
    'GET /v1/instances/{instance}/lock': 1,
    'GET /v1/instances/{instance}/actions': 2,
    'GET /v1/instances/{instance}/actions?events=true': 3,
    'GET /v1/instances/{instance}/actions/{request}': 3,
    'GET /v1/actions': 1,
    'GET /v1/actions?events=true': 2,
    'PATCH /v1/instances/{instance}': 6,
    'PUT /v1/instances/{instance}/states/lock': 5,
    'PUT /v1/instances/{instance}/states/unlock': 6,
    'PUT /v1/instances/{instance}/states/power': 7,
    'PUT /v1/instances/{instance}/states/provision': 7,
    **compute_counts.COUNTS,
    'DELETE /v1/instances/{instance}': 7,
    'DELETE /v1/flavors/{flavor}': 3,
    'POST /v1/leases': 11,
    'GET /v1/leases': 3,
    'GET /v1/leases?sort_key=end_date&sort_dir=asc&marker={lease}': 4,
    'GET /v1/leases?active_at=2998-01-01T12:00:00&status=PENDING': 3,
    'GET /v1/leases?ends_before=2999-01-01&project_id={project}': 3,
    'GET /v1/leases?deleted=true': 1,
    'GET /v1/leases/{lease}': 6,
    'GET /v1/leases/{lease}/actions': 2,
    'GET /v1/leases/{lease}/actions/{lease_request}': 3,
    'PUT /v1/leases/{lease}': 9,
    'PUT /v1/leases/{lease}?': 14,
    'POST /v1/leases/{lease}/action': 6,
    'DELETE /v1/leases/{lease}': 9,
    'POST /v1/os-hosts': 17,
    'GET /v1/os-hosts': 3,
    'GET /v1/os-hosts?sort_key=name&marker={host}': 4,
    'GET /v1/os-hosts/{host}': 3,
    'PUT /v1/os-hosts/{host}': 14,
    'GET /v1/os-hosts/properties': 1,
    'GET /v1/os-hosts/properties?detail=true&all=true': 2,
    'PATCH /v1/os-hosts/properties/{property}': 5,
    'GET /v1/os-hosts/allocations': 2,
    'GET /v1/os-hosts/allocations?lease_id={lease}': 2,
    'GET /v1/os-hosts/{host}/allocation': 2,
    'GET /v1/allocations?resource_type=physical:host': 2,
    'DELETE /v1/os-hosts/{other_host}': 8,
    'GET /v1/plugins': 0,
    'GET /v1/protectables': 0,
    'GET /v1/protectables/{type}': 0,
    'GET /v1/protectables/{type}/instances': 0,
    'GET /v1/protectables/{type}/instances/{share}': 1,
    'GET /v1/providers': 0,
    'GET /v1/providers/{provider}': 0,
    'POST /v1/plans': 6,
    'GET /v1/plans': 1,
    'GET /v1/plans?sort=name:asc&marker={plan}': 2,
    'GET /v1/plans?all_tenants=true&status=suspended': 1,
    'GET /v1/plans/{plan}': 1,
    'PUT /v1/plans/{plan}': 6,
    'DELETE /v1/plans/{other_plan}': 6,
    'POST /v1/providers/{provider}/checkpoints': 9,
    'GET /v1/providers/{provider}/checkpoints': 1,
    'GET /v1/providers/{provider}/checkpoints?plan_id={plan}&marker={checkpoint}': 2,
    'GET /v1/providers/{provider}/checkpoints?all_tenants=1&end_date=2999-01-01': 1,
    'GET /v1/providers/{provider}/checkpoints/{checkpoint}': 1,
    'POST /v1/restores': 12,
    'GET /v1/restores': 2,
    'GET /v1/restores?all_tenants=true&sort=created_at:asc&marker={restore}': 3,
    'GET /v1/restores/{restore}': 2,
    'POST /v1/verifications': 11,
    'GET /v1/verifications': 2,
    'GET /v1/verifications?sort=created_at:asc&marker={verification}': 3,
    'GET /v1/verifications/{verification}': 2,
    'GET /v1/operation_logs': 1,
    'GET /v1/operation_logs?checkpoint_id={checkpoint}&marker={log}': 2,
    'GET /v1/operation_logs/{log}': 1,
    'POST /v1/providers/{provider}/checkpoints/action': 3,
    'PUT /v1/providers/{provider}/checkpoints/{checkpoint}': 7,
    'DELETE /v1/providers/{provider}/checkpoints/{checkpoint}': 9,
    'POST /v1/triggers': 4,
    'GET /v1/triggers': 1,
    'GET /v1/triggers?sort=created_at:asc&marker={trigger}': 2,
    'GET /v1/triggers?all_tenants=true&type=time': 1,
    'GET /v1/triggers/{trigger}': 1,
    'PUT /v1/triggers/{trigger}': 11,
    'POST /v1/scheduled_operations': 12,
    'GET /v1/scheduled_operations': 1,
    'GET /v1/scheduled_operations?trigger_id={trigger}&marker={operation}': 2,
    'GET /v1/scheduled_operations?all_tenants=1&operation_type=protect': 1,
    'GET /v1/scheduled_operations/{operation}': 1,
    'PUT /v1/scheduled_operations/{operation}': 7,
    'PUT /v1/scheduled_operations/{operation}?': 9,
    'DELETE /v1/scheduled_operations/{operation}': 8,
    'DELETE /v1/triggers/{other_trigger}': 5,
    'GET /v1/os-services': 1,
    'PUT /v1/os-services/{service}': 5,
}

BODIES = {
    'POST /v1/flavors': {'name': 'new', 'resource_class': 'baremetal'},
    'PATCH /v1/flavors/{flavor}': {'description': 'changed'},
    'PATCH /v1/nodes/{node}': {'maintenance': False},
    'POST /v1/keypairs': {'name': 'new'},
    'PUT /v1/quotas/{project}': {'quota': {'instances': -1}},
    'PUT /v1/quota_classes/{quota_class}': {'quota_class': {'instances': -1}},
    'POST /v1/instances': {
        'name': 'new',
        'flavor_uuid': '{flavor}',
        'image_uuid': service_fixtures.IMAGE,
        'key_name': 'new',
    },
    'PATCH /v1/instances/{instance}': {'name': 'changed'},
    'PUT /v1/instances/{instance}/states/lock': {'lock': None},
    'PUT /v1/instances/{instance}/states/unlock': {'unlock': None},
    'PUT /v1/instances/{instance}/states/power': {'target': 'reboot'},
    'PUT /v1/instances/{instance}/states/provision': {'target': 'rebuild'},
    'POST /v1/leases': {
        'name': 'new',
        'start_date': '2998-01-01 00:00',
        'end_date': '2998-01-02 00:00',
        'reservations': [{'resource_type': 'dummy.vm.plugin'}],
    },
    'PUT /v1/leases/{lease}': {'name': 'changed'},
    'PUT /v1/leases/{lease}?': {'end_date': '2998-01-03 00:00'},
    'POST /v1/leases/{lease}/action': {'retry': None},
    'POST /v1/os-hosts': {'rack': 'r2'},
    'PUT /v1/os-hosts/{host}': {'rack': 'r3'},
    'PATCH /v1/os-hosts/properties/{property}': {'private': True},
    **compute_counts.BODIES,
    **protected.BODIES,
}

#: What is refused whatever is asked, and how.
_REFUSED = {'POST /v1/providers/{provider}/checkpoints/action': 400}

#: Threads whose statements no request waits for.
_BACKGROUND = (
    'due-work',
    'batch-',
    'finisher',
    'claim-renewal',
    'job-',
    'operation-',
    'hook-',
    'heartbeat',
)

#: What tells a copy of a row from the row.
_OWN_VALUES = {
    'flavors': {'uuid', 'name'},
    'keypairs': {'name'},
    'instances': {'uuid'},
    'actions': {'request_id'},
    'action_events': set(),
    'leases': {'uuid'},
    'reservations': {'uuid', 'lease_uuid'},
    'lease_events': {'uuid', 'lease_uuid'},
    'hosts': {'node_uuid'},
    'allocations': {'uuid', 'lease_uuid'},
    **protected.OWN_VALUES,
}


class Counter(fixtures.Fixture):
    """Notes the statements that rows are read or written with.

    :ivar statements: since it was last cleared
    """

    def _setUp(self):
        self.statements = []
        self._told = threading.local()
        superseded = held.HeldClaims.superseded

        def heed(claims, *args):
            # Word of another request's work, which comes when it comes.
            self._told.late = True
            try:
                superseded(claims, *args)
            finally:
                self._told.late = False

        name = f'{held.__name__}.HeldClaims.superseded'
        self.useFixture(fixtures.MonkeyPatch(name, heed))
        event.listen(sa.Engine, 'before_cursor_execute', self._note)
        self.addCleanup(event.remove, sa.Engine, 'before_cursor_execute', self._note)

    def _note(self, _conn, _cursor, statement, *_rest):
        if statement.startswith(('BEGIN', 'SAVEPOINT', 'RELEASE')):
            return
        is_background = threading.current_thread().name.startswith(_BACKGROUND)
        if not is_background and not getattr(self._told, 'late', False):
            self.statements.append(statement)


class StatementsMixin:
    """Sends every request, where there are ``count`` rows of everything."""

    def setUp(self):
        self.site = self.useFixture(site.Site())
        self.options = {**self.options, **self.site.options}
        super().setUp()

    def test_every_request(self):
        self.service.wait_for_nodes(self.count)
        names = self._make_rows()
        counter = self.useFixture(Counter())
        counted = {name: self._send(name, names, counter) for name in COUNTS}
        found = {name: len(statements) for name, statements in counted.items()}
        wrong = {name: counted[name] for name in COUNTS if found[name] != COUNTS[name]}
        self.assertEqual(COUNTS, found, wrong)

    def _send(self, name, names, counter):
        """The statements of one request."""
        method, path = name.format(**names).split(' ')
        body = BODIES.get(name)
        if name == 'POST /v1/instances':
            body = {**body, 'flavor_uuid': names['flavor']}
        elif name == 'POST /v2.1/servers':
            body = {'server': {**body['server'], 'flavorRef': names['flavor']}}
        elif name == 'POST /v1/os-hosts':
            body = {**body, 'name': self._find_spare_node()}
        elif name in protected.BODIES:
            body = protected.fill(body, names)
        counter.statements.clear()
        answer = self.admin.send(method, path, body)
        statements = list(counter.statements)
        is_right = answer.status == _REFUSED.get(name, answer.status % 100 + 200)
        self.assertTrue(is_right, f'{name}: {answer}')
        self._let_it_end(name, names['instance'])
        protected.let_it_end(self.admin, name, answer)
        return statements

    def _let_it_end(self, name, instance):
        if name == 'DELETE /v1/instances/{instance}':
            self.service.wait_for(instance, 'DELETED')
        elif name.startswith('POST /v2.1/servers/'):
            self.service.wait_for(instance, compute_counts.UNTIL[name])
        elif name.endswith(('/power', '/provision')):
            self.service.wait_for(instance, 'ACTIVE')

    def _make_rows(self):
        """Make the rows; returns what the paths are made with."""
        flavor = self.service.make_flavor()
        self.admin.post('/v1/keypairs', {'name': 'key'})
        instance, server = (
            self.service.make_instance(self.admin, flavor_uuid=flavor) for _ in range(2)
        )
        node = self.admin.get(f'/v1/instances/{instance}').body['node_uuid']
        request = self.service.list_actions(instance)[0]['request_id']
        host, other_host = (self._open() for _ in range(2))
        lease = self.admin.post('/v1/leases', BODIES['POST /v1/leases'])
        self._allocate(host, lease.body['lease'])
        found = protected.make_rows(self.site, self.admin)
        for name in _OWN_VALUES:
            self._copy(tables.METADATA.tables[name])
        return {
            **found,
            'flavor': flavor,
            'instance': instance,
            'server': server,
            'keypair': 'key',
            'novas': 'novas',
            'node': node,
            'project': personas.ADMIN.project_id,
            'request': request,
            'host': host['id'],
            'other_host': other_host['id'],
            'property': 'rack',
            'quota_class': 'default',
            'lease': lease.body['lease']['id'],
            'lease_request': lease.headers['x-openstack-request-id'],
        }

    def _open(self):
        body = {'name': self._find_spare_node(), 'rack': 'r1'}
        return self.admin.post('/v1/os-hosts', body).body['host']

    def _find_spare_node(self):
        """The name of a node that nothing has."""
        nodes = self.admin.get('/v1/nodes').body['nodes']
        return next(
            node['name']
            for node in nodes
            if not node['instance_uuid'] and not node['reservable']
        )

    @staticmethod
    def _allocate(host, lease):
        """Write that a lease has a host for some time."""
        now = clock.utcnow()
        with engine.writer() as conn:
            conn.execute(
                tables.METADATA.tables['allocations'].insert(),
                {
                    'uuid': str(uuid.uuid4()),
                    'host_id': int(host['id']),
                    'node_uuid': host['uuid'],
                    'reservation_uuid': lease['reservations'][0]['id'],
                    'lease_uuid': lease['id'],
                    'project_id': lease['project_id'],
                    'start_date': now,
                    'end_date': now,
                    'released': 0,
                },
            )

    def _copy(self, table):
        """Copy the first row of a table until there are enough."""
        with engine.writer() as conn:
            rows = conn.execute(sa.select(table).order_by(table.c.id)).all()
            values = {**rows[0]._mapping}
            del values['id']
            for _ in range(self.count - len(rows)):
                own = {name: str(uuid.uuid4()) for name in _OWN_VALUES[table.name]}
                conn.execute(table.insert(), {**values, **own})


class FewRowsTest(StatementsMixin, case.FunctionalCase):
    count = 8
    options = {'fake__nodes': 8}


class ManyRowsTest(StatementsMixin, case.FunctionalCase):
    count = 60
    options = {'fake__nodes': 60, 'quota__instances': -1, 'quota__keypairs': -1}


class RoutesTest(case.FunctionalCase):
    def test_every_route_is_counted(self):
        routes = {
            f'{method} /{path.strip("/")}'
            for mount, controller in root.make_mounts().items()
            for path, methods in controller.make_endpoints(mount)
            for method in methods
            # HEAD is GET without a body, and OPTIONS asks nobody.
            if method not in ('HEAD', 'OPTIONS')
        }
        self.assertEqual(
            {re.sub(r'{\w+}', '{}', route) for route in routes},
            {re.sub(r'{\w+}', '{}', name.partition('?')[0]) for name in COUNTS},
        )
