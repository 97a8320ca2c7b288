"""Leases of nodes and of instances, from the API to the machines."""

import functools

import fixtures as base_fixtures
from oslo_policy import opts as policy_opts

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.leases import models as leases_models
from tests import fixtures
from tests import racing
from tests import stopwatch
from tests.functional.leases import leases_case

HOST = {'resource_type': 'physical:host', 'min': 1, 'max': 1}


class HostLeasesCase(leases_case.LeasesCase):
    options = {'fake__nodes': 3, 'conductor__scan_interval': 0.1}

    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(3)

    def open(self, *names):
        """Open nodes for reservation; {name: uuid}."""
        opened = {}
        for name in names:
            answer = self.admin.post('/v1/os-hosts', {'name': name})
            self.assertEqual(201, answer.status, answer)
            opened[name] = answer.body['host']['uuid']
        return opened

    def run_lease(self, status='ACTIVE', **values):
        """A lease that starts now; its id and that of its only reservation."""
        values = {'reservations': [HOST], **values}
        lease = self.make(start_date='now', **values)
        self.wait_for_lease(lease['id'], status)
        return lease['id'], lease['reservations'][0]['id']

    def end(self, uuid):
        answer = self.member.put(f'/v1/leases/{uuid}', {'end_date': 'now'})
        self.assertEqual(200, answer.status, answer)

    def set_maintenance(self, node, maintenance):
        body = {'maintenance': maintenance}
        answer = self.admin.patch(f'/v1/nodes/{node}', body)
        self.assertEqual(200, answer.status, answer)

    def list_nodes(self, uuid):
        """The names of the nodes that a lease has, sorted."""
        return sorted(
            each['hypervisor_hostname']
            for each in self.read(uuid)['allocations']
            if not each['released']
        )

    def wait_for_reason(self, uuid, words):
        """The lease as its project sees it, once it waits for such."""

        def find():
            lease = self.member.get(f'/v1/leases/{uuid}').body['lease']
            waiting = lease['waiting_for']
            return waiting and words in waiting['reason'] and lease

        return fixtures.wait_until(find, f'{uuid} to wait for {words}')


class HostLeaseTest(HostLeasesCase):
    def test_a_node_that_breaks_before_the_start_is_replaced(self):
        nodes = self.open('fake-0', 'fake-1')
        lease = self.make(reservations=[HOST])
        (name,) = self.list_nodes(lease['id'])
        self.set_maintenance(nodes[name], True)
        answer = self.member.put(f'/v1/leases/{lease["id"]}', {'start_date': 'now'})
        self.assertEqual(200, answer.status, answer)
        self.wait_for_lease(lease['id'], 'ACTIVE')
        lease = self.read(lease['id'])
        self.assertTrue(lease['reservations'][0]['resources_changed'])
        self.assertFalse(lease['degraded'])
        self.assertEqual([*{*nodes} - {name}], self.list_nodes(lease['id']))

    def test_without_another_it_waits_and_says_for_what(self):
        nodes = self.open('fake-0')
        lease = self.make(reservations=[HOST])
        self.set_maintenance(nodes['fake-0'], True)
        self.member.put(f'/v1/leases/{lease["id"]}', {'start_date': 'now'})
        lease = self.wait_for_reason(lease['id'], 'a node is in maintenance')
        (missing,) = lease['waiting_for']['nodes']
        self.assertEqual(
            ('fake-0', nodes['fake-0'], True, True),
            tuple(
                missing[name]
                for name in (
                    'hypervisor_hostname',
                    'node_uuid',
                    'present',
                    'maintenance',
                )
            ),
        )
        self.assertEqual('STARTING', lease['status'])
        self.assertTrue(lease['degraded'])
        self.assertTrue(lease['reservations'][0]['missing_resources'])
        self.set_maintenance(nodes['fake-0'], False)
        # It is woken, and not tried again by chance.
        with stopwatch.Stopwatch() as watch:
            self.wait_for_lease(lease['id'], 'ACTIVE')
        self.assertLess(watch.seconds, 8)
        lease = self.read(lease['id'])
        self.assertFalse(lease['degraded'])
        self.assertFalse(lease['reservations'][0]['missing_resources'])

    def test_back_to_back_a_late_end_delays_only_the_next_on_its_node(self):
        self.open('fake-0', 'fake-1')
        by_name = '["=", "$hypervisor_hostname", "fake-0"]'
        wanted = {**HOST, 'hypervisor_properties': by_name}
        former, reservation = self.run_lease(reservations=[wanted])
        instance = self.service.make_instance(reservation=reservation)
        self.service.lock(instance)
        self.end(former)
        self.wait_for_reason(former, instance)
        # Its node is reserved till then, in case it is extended: as the end of
        # the former lease by the clock would leave it.
        self.shift(former)
        following, _ = self.run_lease('STARTING', reservations=[wanted])
        other, _ = self.run_lease()
        self.assertEqual(['fake-1'], self.list_nodes(other))
        held = self.wait_for_reason(
            following, f'a node is still held by lease {former}'
        )
        (missing,) = held['waiting_for']['nodes']
        self.assertEqual('fake-0', missing['hypervisor_hostname'])
        self.admin.put(f'/v1/instances/{instance}/states/unlock', {'unlock': None})
        self.wait_for_lease(former, 'TERMINATED')
        self.wait_for_lease(following, 'ACTIVE')
        self.assertEqual(['fake-0'], self.list_nodes(following))

    def shift(self, lease):
        """Let the time of a lease's allocations be over."""
        allocations = leases_models.ALLOCATIONS
        with engine.writer() as conn:
            conn.execute(
                allocations.update()
                .where(allocations.c.lease_uuid == lease)
                .values(end_date=clock.utcnow())
            )

    def test_nodes_are_added_to_and_dropped_from_a_running_lease(self):
        self.open('fake-0', 'fake-1', 'fake-2')
        uuid, reservation = self.run_lease()
        instance = self.service.make_instance(reservation=reservation)
        for count in (3, 2):
            wanted = {'id': reservation, 'min': count, 'max': count}
            body = {'reservations': [wanted]}
            answer = self.member.put(f'/v1/leases/{uuid}', body)
            self.assertEqual(200, answer.status, answer)
            self.wait_for_lease(uuid, 'ACTIVE')
            self.assertEqual(count, len(self.list_nodes(uuid)))
        other = self.service.make_instance(reservation=reservation)
        body = {'reservations': [{'id': reservation, 'min': 1, 'max': 1}]}
        answer = self.member.put(f'/v1/leases/{uuid}', body)
        self.assert_refused(answer, 409, 'InUse')
        self.service.wait_for(instance, 'ACTIVE')
        self.service.wait_for(other, 'ACTIVE')
        self.end(uuid)
        self.wait_for_lease(uuid, 'TERMINATED')
        for each in (instance, other):
            self.service.wait_for(each, 'DELETED')

    def test_the_quota_of_nodes_is_shown_and_kept(self):
        self.open('fake-0', 'fake-1', 'fake-2')
        path = f'/v1/quotas/{self.member.persona.project_id}'
        self.admin.put(path, {'quota': {'reserved_nodes': 1}})
        uuid, _ = self.run_lease()
        limits = self.member.get('/v1/limits').body['limits']
        self.assertEqual({'limit': 1, 'used': 1}, limits['reserved_nodes'])
        body = leases_case.describe(reservations=[HOST])
        self.assert_refused(self.member.post('/v1/leases', body), 403, 'QuotaExceeded')
        self.end(uuid)
        self.wait_for_lease(uuid, 'TERMINATED')
        limits = self.member.get('/v1/limits').body['limits']
        self.assertEqual({'limit': 1, 'used': 0}, limits['reserved_nodes'])
        self.make(reservations=[HOST])

    def test_fifty_creates_at_once_for_one_host(self):
        self.open('fake-0')
        body = leases_case.describe(reservations=[HOST])
        answers = racing.at_once(
            *[functools.partial(self.member.post, '/v1/leases', body)] * 50
        )
        statuses = [answer.status for answer in answers]
        self.assertEqual((1, 49), (statuses.count(201), statuses.count(409)), statuses)
        (made,) = (each.body['lease'] for each in answers if each.status == 201)
        for answer in answers:
            if answer.status == 409:
                self.assertIn(
                    f'there are enough from {made["end_date"]} on',
                    answer.body['error_message'],
                )

    def test_what_is_wanted_is_checked(self):
        self.open('fake-0')
        for values, expected in (
            ({'min': 2}, 'min: it is more than max'),
            ({'resource_properties': '["~", "$a", "b"]'}, 'at [0]: ~ is no operator'),
            ({'hypervisor_properties': '{'}, 'it is not JSON'),
            ({'max': 'many'}, 'max must match'),
            ({'gpus': 1}, 'gpus'),
        ):
            body = leases_case.describe(reservations=[{**HOST, **values}])
            answer = self.member.post('/v1/leases', body)
            self.assert_refused(answer, 400, 'InvalidParameter')
            self.assertIn(expected, answer.body['error_message'])


class HiddenNodesTest(HostLeasesCase):
    """Members may not see which nodes a lease has."""

    def setUp(self):
        folder = self.useFixture(base_fixtures.TempDir())
        path = folder.join('policy.yaml')
        with open(path, 'w', encoding='ascii') as file:
            file.write('"lease:show_nodes": "rule:admin"\n')
        policy_opts.set_defaults(CONF)
        self.options = {**self.options, 'oslo_policy__policy_file': path}
        super().setUp()

    def test_what_it_waits_for_does_not_name_them(self):
        nodes = self.open('fake-0')
        lease = self.make(reservations=[HOST])['id']
        self.set_maintenance(nodes['fake-0'], True)
        self.member.put(f'/v1/leases/{lease}', {'start_date': 'now'})
        shown = self.wait_for_reason(lease, 'a node is in maintenance')
        self.assertEqual([], shown['waiting_for']['nodes'])
        for secret in ('fake-0', nodes['fake-0']):
            self.assertNotIn(secret, str(shown))
        (missing,) = self.read(lease)['waiting_for']['nodes']
        self.assertEqual('fake-0', missing['hypervisor_hostname'])

    def test_a_refusal_does_not_name_them(self):
        nodes = self.open('fake-0', 'fake-1')
        lease, reservation = self.run_lease(reservations=[{**HOST, 'max': 2}])
        for _ in range(2):
            self.service.make_instance(reservation=reservation)
        fewer = [{'id': reservation, 'min': 1, 'max': 1}]
        answer = self.member.put(f'/v1/leases/{lease}', {'reservations': fewer})
        self.assert_refused(answer, 409, 'InUse')
        for secret in (*nodes, *nodes.values()):
            self.assertNotIn(secret, answer.body['error_message'])


class InstanceLeaseTest(HostLeasesCase):
    def describe(self, **values):
        return {
            'resource_type': 'virtual:instance',
            'flavor_id': self.service.make_flavor(),
            'image_uuid': fixtures.IMAGE,
            'amount': 2,
            **values,
        }

    def list_instances(self, uuid):
        return self.read(uuid)['instances']

    def test_instances_come_with_the_start_and_go_with_the_end(self):
        self.open('fake-0', 'fake-1')
        uuid, _ = self.run_lease(reservations=[self.describe(name='web')])
        instances = self.list_instances(uuid)
        self.assertEqual(['web-1', 'web-2'], sorted(each['name'] for each in instances))
        for each in instances:
            self.service.wait_for(each['uuid'], 'ACTIVE')
            (made,) = self.service.list_actions(each['uuid'])
            self.assertEqual(
                ('create', 'lease', uuid, self.member.persona.user_id),
                tuple(made[n] for n in ('action', 'cause', 'cause_id', 'user_id')),
            )
        self.end(uuid)
        self.wait_for_lease(uuid, 'TERMINATED')
        for each in instances:
            self.service.wait_for(each['uuid'], 'DELETED')
        nodes = self.admin.get('/v1/nodes').body['nodes']
        self.assertEqual(
            {None}, {node['reservation_uuid'] for node in nodes if node['reservable']}
        )

    def test_an_end_while_they_are_being_built(self):
        self.open('fake-0')
        uuid, _ = self.run_lease(reservations=[self.describe(amount=1)])
        (instance,) = self.list_instances(uuid)
        self.assertEqual(204, self.member.delete(f'/v1/leases/{uuid}').status)
        self.wait_for_lease(uuid, 'GONE')
        self.service.wait_for(instance['uuid'], 'DELETED')

    def test_sizes_are_refused(self):
        body = self.describe(vcpus=2, memory_mb=2048, disk_gb=20)
        answer = self.member.post(
            '/v1/leases', leases_case.describe(reservations=[body])
        )
        self.assert_refused(answer, 400, 'InvalidParameter')
        self.assertIn('give flavor_id', answer.body['error_message'])
