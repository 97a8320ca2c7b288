"""Nodes are opened for reservation as hosts, and closed again."""

import uuid as uuid_module

import fixtures

from mogan_like.common import clock
from mogan_like.db import engine
from mogan_like.leases import models
from tests import personas
from tests.functional.leases import leases_case

_NOT_THERE = '999999'
_PROPERTIES = '/v1/os-hosts/properties'


class HostsCase(leases_case.LeasesCase):
    options = {'fake__nodes': 3}

    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(3)
        nodes = self.admin.get('/v1/nodes?sort_key=name&sort_dir=asc').body['nodes']
        self.nodes = {node['name']: node for node in nodes}

    def open(self, name='fake-0', **capabilities):
        """A new host, as it was answered."""
        answer = self.admin.post('/v1/os-hosts', {'name': name, **capabilities})
        self.assertEqual(201, answer.status, answer)
        return answer.body['host']

    def allocate(self, host, hours=1):
        """Reserve a host by hand, for nobody; the allocation's rows' ids."""
        lease, reservation = (str(uuid_module.uuid4()) for _ in range(2))
        now = clock.utcnow()
        with engine.writer() as conn:
            conn.execute(
                models.ALLOCATIONS.insert(),
                {
                    'uuid': str(uuid_module.uuid4()),
                    'host_id': int(host['id']),
                    'node_uuid': host['uuid'],
                    'reservation_uuid': reservation,
                    'lease_uuid': lease,
                    'project_id': personas.PROJECT,
                    'start_date': now,
                    'end_date': now.replace(year=now.year + hours),
                    'released': 0,
                },
            )
        return lease, reservation


class HostsTest(HostsCase):
    def test_a_host_is_made_read_changed_and_closed(self):
        answer = self.admin.post(
            '/v1/os-hosts', {'name': 'fake-1', 'gpu': 'true', 'slots': 2, 'ssd': False}
        )
        self.assertEqual(201, answer.status, answer)
        host = answer.body['host']
        path = f'/v1/os-hosts/{host["id"]}'
        self.assertTrue(answer.headers['Location'].endswith(path))
        self.assertTrue(host['id'].isdecimal())
        self.assertEqual(
            ('fake-1', self.nodes['fake-1']['uuid'], True, 'true', '2', 'false'),
            tuple(
                host[name]
                for name in (
                    'hypervisor_hostname',
                    'uuid',
                    'reservable',
                    'gpu',
                    'slots',
                    'ssd',
                )
            ),
        )
        self.assertEqual(host, self.admin.get(path).body['host'])
        self.assertEqual(host, self.admin.get('/v1/os-hosts/fake-1').body['host'])
        changed = self.admin.put(path, {'slots': '4', 'gpu': None, 'rack': 'r1'})
        self.assertEqual(200, changed.status, changed)
        found = self.admin.get(path).body['host']
        self.assertEqual(found, changed.body['host'])
        self.assertEqual(('4', 'r1'), (found['slots'], found['rack']))
        self.assertNotIn('gpu', found)
        self.assertEqual(204, self.admin.delete(path).status)
        self.assert_refused(self.admin.get(path), 404, 'HostNotFound')
        self.assertEqual([], self.admin.get('/v1/os-hosts').body['hosts'])

    def test_a_node_by_its_uuid(self):
        node = self.nodes['fake-2']
        self.assertEqual('fake-2', self.open(node['uuid'])['hypervisor_hostname'])

    def test_a_request_with_a_key_is_done_once(self):
        headers = {'Idempotency-Key': uuid_module.uuid4().hex}
        body = {'name': 'fake-0', 'rack': 'r1'}
        first, second = (
            self.admin.post('/v1/os-hosts', body, headers=headers) for _ in range(2)
        )
        self.assertEqual((201, first.body), (second.status, second.body))

    def test_what_is_refused(self):
        self.useFixture(fixtures.FakeLogger())
        host = self.open()
        path = f'/v1/os-hosts/{host["id"]}'
        for method, where, body, status, name in (
            ('POST', '/v1/os-hosts', {'name': 'fake-0'}, 409, 'AlreadyExists'),
            ('POST', '/v1/os-hosts', {'name': 'none'}, 404, 'NodeNotFound'),
            ('POST', '/v1/os-hosts', {'gpu': 'true'}, 400, 'InvalidBody'),
            ('POST', '/v1/os-hosts', {'name': 'x' * 256}, 400, 'InvalidBody'),
            ('POST', '/v1/os-hosts', {'name': 'fake-1', 'a': None}, 400, None),
            ('PUT', path, {'a': 'x' * 256}, 400, 'InvalidBody'),
            ('PUT', path, {'a' * 65: 'x'}, 400, 'InvalidBody'),
            ('PUT', path, {'a': []}, 400, 'InvalidBody'),
            ('PUT', path, {'a b': 'x'}, 400, 'InvalidParameter'),
            ('PUT', path, {'vcpus': '1'}, 400, 'InvalidParameter'),
            ('PUT', path, {str(n): '' for n in range(129)}, 400, 'InvalidBody'),
            ('PUT', f'/v1/os-hosts/{_NOT_THERE}', {'a': '1'}, 404, 'HostNotFound'),
            ('GET', f'/v1/os-hosts/{_NOT_THERE}', None, 404, 'HostNotFound'),
            ('DELETE', f'/v1/os-hosts/{_NOT_THERE}', None, 404, 'HostNotFound'),
            ('GET', f'/v1/os-hosts/{_NOT_THERE}/allocation', None, 404, 'HostNotFound'),
            ('GET', '/v1/os-hosts?marker=x', None, 400, 'MarkerNotFound'),
            ('GET', '/v1/os-hosts?sort_key=gpu', None, 400, 'InvalidParameter'),
            ('PATCH', f'{_PROPERTIES}/none', {'private': True}, 404, None),
            ('PATCH', f'{_PROPERTIES}/none', {'private': 1}, 400, 'InvalidBody'),
            ('POST', path, {}, 405, 'MethodNotAllowed'),
        ):
            answer = self.admin.send(method, where, body)
            self.assertEqual(status, answer.status, (where, body, answer.body))
            self.assert_refused(answer, status, name or answer.body['error_name'])
        self.assertEqual([host], self.admin.get('/v1/os-hosts').body['hosts'])

    def test_one_that_is_in_use(self):
        instance = self.service.make_instance()
        node = self.admin.get(f'/v1/instances/{instance}').body['node_uuid']
        answer = self.admin.post('/v1/os-hosts', {'name': node})
        self.assert_refused(answer, 409, 'InUse')
        self.assertIn(instance, answer.body['error_message'])
        free = next(n for n, each in self.nodes.items() if each['uuid'] != node)
        host = self.open(free)
        lease, _ = self.allocate(host)
        answer = self.admin.delete(f'/v1/os-hosts/{host["id"]}')
        self.assert_refused(answer, 409, 'InUse')
        self.assertIn(lease, answer.body['error_message'])

    def test_pages(self):
        made = [self.open(f'fake-{number}', a='1')['id'] for number in (1, 2, 0)]
        for query, expected in (
            ('', made),
            ('sort_dir=desc', made[::-1]),
            ('sort_key=name', [made[2], made[0], made[1]]),
        ):
            found, path = [], f'/v1/os-hosts?limit=2&{query}'
            while path:
                body = self.admin.get(path).body
                found += [host['id'] for host in body['hosts']]
                path = body.get('next', '').removeprefix('http://localhost')
            self.assertEqual(expected, found, query)


class PropertiesTest(HostsCase):
    def setUp(self):
        super().setUp()
        self.open('fake-0', gpu='true', rack='r1')
        self.open('fake-1', gpu='false', rack='r1')

    def list(self, client, query=''):
        answer = client.get(_PROPERTIES + query)
        self.assertEqual(200, answer.status, answer)
        return answer.body['resource_properties']

    def test_names_and_values(self):
        names = [{'property': 'gpu'}, {'property': 'rack'}]
        self.assertEqual(names, self.list(self.member))
        self.assertEqual(
            [
                {'property': 'gpu', 'private': False, 'values': ['false', 'true']},
                {'property': 'rack', 'private': False, 'values': ['r1']},
            ],
            # As blazarclient asks.
            self.list(self.member, '?detail=True'),
        )

    def test_private_ones_are_for_admins(self):
        answer = self.admin.patch(f'{_PROPERTIES}/rack', {'private': True})
        self.assertEqual(
            {'property': 'rack', 'private': True, 'values': ['r1']},
            answer.body['resource_property'],
        )
        for client, query, expected in (
            (self.member, '', ['gpu']),
            (self.admin, '', ['gpu']),
            (self.admin, '?all=True', ['gpu', 'rack']),
            (self.admin, '?detail=True&all=True', ['gpu', 'rack']),
        ):
            found = [each['property'] for each in self.list(client, query)]
            self.assertEqual(expected, found, query)
        answer = self.member.get(f'{_PROPERTIES}?all=True')
        self.assert_refused(answer, 403, 'PolicyNotAuthorized')
        # Whether there is such a private one is not told.
        answer = self.member.get(f'{_PROPERTIES}?marker=rack')
        self.assert_refused(answer, 400, 'MarkerNotFound')

    def test_pages(self):
        first = self.member.get(f'{_PROPERTIES}?limit=1').body
        self.assertEqual([{'property': 'gpu'}], first['resource_properties'])
        second = self.member.get(first['next'].removeprefix('http://localhost')).body
        self.assertEqual({'resource_properties': [{'property': 'rack'}]}, second)


class AllocationsTest(HostsCase):
    def setUp(self):
        super().setUp()
        self.hosts = [self.open(f'fake-{number}') for number in range(3)]
        self.lease, self.reservation = self.allocate(self.hosts[1])

    def list(self, path):
        answer = self.admin.get(path)
        self.assertEqual(200, answer.status, answer)
        return {
            each['resource_id']: [one['id'] for one in each['reservations']]
            for each in answer.body['allocations']
        }

    def test_all_hosts(self):
        expected = {host['id']: [] for host in self.hosts}
        expected[self.hosts[1]['id']] = [self.reservation]
        self.assertEqual(expected, self.list('/v1/os-hosts/allocations'))
        same = self.list('/v1/allocations?resource_type=physical:host')
        self.assertEqual(expected, same)

    def test_of_one_lease_or_reservation(self):
        expected = {self.hosts[1]['id']: [self.reservation]}
        for query in (f'lease_id={self.lease}', f'reservation_id={self.reservation}'):
            self.assertEqual(expected, self.list(f'/v1/os-hosts/allocations?{query}'))
        query = f'lease_id={self.reservation}'
        self.assertEqual({}, self.list(f'/v1/os-hosts/allocations?{query}'))

    def test_pages(self):
        for path in ('/v1/os-hosts/allocations', '/v1/allocations'):
            found = {}
            query = '?limit=2&resource_type=physical:host'
            path += query if path == '/v1/allocations' else '?limit=2'
            while path:
                found |= self.list(path)
                path = self.admin.get(path).body.get('next', '')
                path = path.removeprefix('http://localhost')
            self.assertEqual(3, len(found))

    def test_of_instances_that_leases_make(self):
        """Read here, page by page, and not by RPC."""
        hosts = [self.hosts[0], self.hosts[2]]
        expected = {host['id']: [self.reserve_instance(host)] for host in hosts}
        path = '/v1/allocations?resource_type=virtual:instance'
        self.assertEqual(expected, self.list(path))
        first = self.admin.get(f'{path}&limit=1').body
        (allocation,) = first['allocations']
        self.assertEqual(hosts[0]['id'], allocation['resource_id'])
        following = self.list(first['next'].removeprefix('http://localhost'))
        self.assertEqual({hosts[1]['id']: expected[hosts[1]['id']]}, following)
        # Whatever has a host, it has the host.
        of_hosts = self.list('/v1/allocations?resource_type=physical:host')
        self.assertEqual(
            {**expected, self.hosts[1]['id']: [self.reservation]}, of_hosts
        )

    def reserve_instance(self, host):
        """A reservation of a host for an instance, by hand; its id."""
        lease, reservation = self.allocate(host)
        now = clock.utcnow()
        with engine.writer() as conn:
            conn.execute(
                models.RESERVATIONS.insert(),
                {
                    'uuid': reservation,
                    'lease_uuid': lease,
                    'resource_type': 'virtual:instance',
                    'status': 'pending',
                    'started': False,
                    'unsettled': False,
                    'missing_resources': False,
                    'resources_changed': False,
                    'requested': '{}',
                    'created_at': now,
                    'updated_at': now,
                },
            )
        return reservation

    def test_of_one_host(self):
        path = f'/v1/os-hosts/{self.hosts[1]["id"]}/allocation'
        allocation = self.admin.get(path).body['allocation']
        self.assertEqual(self.hosts[1]['id'], allocation['resource_id'])
        (reservation,) = allocation['reservations']
        self.assertEqual(
            (self.lease, self.reservation), (reservation['lease_id'], reservation['id'])
        )
        by_name = self.admin.get('/v1/os-hosts/fake-1/allocation').body['allocation']
        self.assertEqual(allocation, by_name)


class SizesTest(HostsCase):
    options = {
        'fake__nodes': 3,
        'fake__node_properties': {
            'cpus': str(2**64),
            'memory_mb': '٣',
            'local_gb': '960',
        },
    }

    def test_what_is_no_number_is_none_and_breaks_no_list(self):
        host = self.open()
        (listed,) = self.admin.get('/v1/os-hosts').body['hosts']
        for shown in (host, listed):
            sizes = [shown[name] for name in ('vcpus', 'memory_mb', 'local_gb')]
            self.assertEqual([None, None, 960], sizes)
            self.assertEqual(str(2**64), shown['cpus'])
