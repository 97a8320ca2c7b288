"""What a lease contains and waits for, with an instance on its node."""

from mogan_like.common import clock
from tests import fixtures
from tests.functional.leases import leases_case

_PATH = '/v1/instances/{}/states/{}'


class WaitingTest(leases_case.LeasesCase):
    options = {'fake__nodes': 2}

    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(2)
        self.host = self.admin.post('/v1/os-hosts', {'name': 'fake-0'}).body['host']
        self.lease = self.make(
            start_date='now',
            reservations=[
                {'resource_type': 'physical:host', 'min': 1, 'max': 1},
                {'resource_type': leases_case.DUMMY},
            ],
        )
        self.wait_for_lease(self.lease['id'], 'ACTIVE')
        self.reservation = self.lease['reservations'][0]['id']
        self.instance = self.service.make_instance(reservation=self.reservation)
        self.path = f'/v1/leases/{self.lease["id"]}'

    def lock(self):
        body = {'lock': {'reason': 'new fan'}}
        answer = self.admin.put(_PATH.format(self.instance, 'lock'), body)
        self.assertEqual(202, answer.status, answer)

    def wait_for_holder(self):
        """What is shown once the instance holds the lease."""

        def find():
            shown = self.member.get(self.path).body['lease']
            waiting = shown['waiting_for']
            return waiting and self.instance in waiting['reason'] and shown

        return fixtures.wait_until(find, 'the lease to wait')

    def test_contents(self):
        lease = self.read(self.lease['id'])
        (allocation,) = lease['allocations']
        self.assertEqual(
            (self.reservation, self.host['id'], self.host['uuid'], 'fake-0', False),
            (
                allocation['reservation_id'],
                allocation['host_id'],
                allocation['node_uuid'],
                allocation['hypervisor_hostname'],
                allocation['released'],
            ),
        )
        self.assertEqual(
            [
                {
                    'uuid': self.instance,
                    'name': 'metal',
                    'status': 'ACTIVE',
                    'locked': False,
                    'reservation_id': self.reservation,
                }
            ],
            lease['instances'],
        )
        mine = self.member.get(self.path).body['lease']
        for name in ('instances', 'allocations'):
            self.assertEqual(lease[name], mine[name])

    def test_what_was_given_back_early_was_not_held_for_longer(self):
        (held,) = self.read(self.lease['id'])['allocations']
        self.member.put(self.path, {'end_date': 'now'})
        self.wait_for_lease(self.lease['id'], 'TERMINATED')
        (history,) = self.read(self.lease['id'])['allocations']
        self.assertTrue(history['released'])
        self.assertLess(history['end_date'], held['end_date'])

    def test_instances_that_the_lease_has_made(self):
        self.admin.post('/v1/os-hosts', {'name': 'fake-1'})
        asked = {
            'resource_type': 'virtual:instance',
            'flavor_id': self.service.make_flavor(),
            'image_uuid': fixtures.IMAGE,
        }
        lease = self.make(start_date='now', reservations=[asked])
        self.wait_for_lease(lease['id'], 'ACTIVE')
        (instance,) = self.read(lease['id'])['instances']
        self.assertEqual(lease['reservations'][0]['id'], instance['reservation_id'])
        self.service.wait_for(instance['uuid'], 'ACTIVE')

    def test_a_locked_instance_holds_the_end_and_is_named(self):
        self.lock()
        self.member.put(self.path, {'end_date': 'now'})
        lease = self.wait_for_holder()
        self.assertEqual('TERMINATING', lease['status'])
        waiting = lease['waiting_for']
        (holder,) = waiting['instances']
        self.assertEqual(
            (self.instance, 'metal', 'admin', 'new fan'),
            tuple(holder[n] for n in ('uuid', 'name', 'locked_by', 'reason')),
        )
        now = clock.isoformat(clock.utcnow())
        self.assertTrue(lease['end_date'] <= waiting['since'] < now, lease)
        self.assertLess(holder['locked_at'], now)
        statuses = {r['resource_type']: r['status'] for r in lease['reservations']}
        self.assertEqual('deleted', statuses[leases_case.DUMMY])
        self.assertEqual(204, self.member.delete(self.path).status)
        self.assertEqual('DELETING', self.wait_for_holder()['status'])
        self.admin.put(_PATH.format(self.instance, 'unlock'), {'unlock': None})
        self.wait_for_lease(self.lease['id'], 'GONE')
        actions = self.member.get(f'/v1/instances/{self.instance}/actions').body
        deleted = actions['actions'][0]
        self.assertEqual(
            ('delete', 'lease', self.lease['id'], 'user-member'),
            tuple(deleted[n] for n in ('action', 'cause', 'cause_id', 'user_id')),
        )
