"""A conductor killed -9 while a lease puts machines up, and takes them down."""

import testtools

from tests import fixtures
from tests.processes import site
from tests.processes import site_case

_MACHINES = 3
_STEPS = ('build.write_image', 'delete.wipe')


class KilledTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        site_case.require_servers(self, 'mysql', 'rabbit')
        self.site = self.useFixture(
            site.Site(
                self, 'mysql', fake__step_seconds=','.join(f'{s}:0.5' for s in _STEPS)
            )
        )
        for number in range(_MACHINES):
            answer = self.site.admin.post('/v1/os-hosts', {'name': f'fake-{number}'})
            self.assertEqual(201, answer.status, answer)

    def test_each_machine_is_put_up_and_taken_down_once(self):
        lease = self._make()
        self._kill_in('build.write_image')
        self._wait_until('ACTIVE', lease)
        shown = self.site.member.get(f'/v1/leases/{lease}').body['lease']
        made = [each['uuid'] for each in shown['instances']]
        self.assertEqual(_MACHINES, len(made))
        for uuid in made:
            self.site.wait_for(uuid, 'ACTIVE')
        self.site.member.put(f'/v1/leases/{lease}', {'end_date': 'now'})
        self._kill_in('delete.wipe')
        self._wait_until('TERMINATED', lease)
        self._check(lease, made)

    def _make(self):
        values = {
            'resource_type': 'virtual:instance',
            'amount': _MACHINES,
            'flavor_id': self.site.make_flavor(),
            'image_uuid': fixtures.IMAGE,
        }
        body = {
            'name': 'lease',
            'start_date': 'now',
            'end_date': '2099-01-01 00:00',
            'reservations': [values],
            'events': [],
        }
        answer = self.site.member.post('/v1/leases', body)
        self.assertEqual(201, answer.status, answer)
        return answer.body['lease']['id']

    def _kill_in(self, step):
        fixtures.wait_until(
            lambda: any(
                entry['step'] == step for entry in self.site.machines.journal()
            ),
            f'a {step}',
            60,
        )
        self.site.stop_conductor()
        self.site.start_conductor()

    def _wait_until(self, status, lease):
        path = f'/v1/leases/{lease}'
        fixtures.wait_until(
            lambda: self.site.member.get(path).body['lease']['status'] == status,
            f'the lease to be {status}',
            60,
        )

    def _check(self, lease, made):
        self.site.wait_until_settled()
        rows = self.site.fetch('SELECT uuid, status FROM instances')
        self.assertEqual(
            sorted((uuid, 'DELETED') for uuid in made), sorted(map(tuple, rows))
        )
        for uuid in made:
            verbs = [
                (action['action'], action['result'])
                for action in self.site.list_actions(uuid)
            ]
            self.assertEqual([('create', 'success'), ('delete', 'success')], verbs)
        actions = self.site.admin.get(f'/v1/leases/{lease}/actions?sort_dir=asc').body
        self.assertEqual(
            [('create', 'success'), ('start', 'success'), ('end', 'success')],
            [(each['action'], each['result']) for each in actions['actions']],
        )
        held = 'SELECT id FROM nodes WHERE reservation_uuid IS NOT NULL'
        self.assertEqual([], self.site.fetch(held))
        self.assertEqual(
            [], self.site.fetch('SELECT id FROM allocations WHERE released = 0')
        )
        self.assertEqual(
            [], self.site.fetch("SELECT id FROM due_work WHERE kind LIKE 'lease/%'")
        )
        for number in range(_MACHINES):
            # Back among the nodes that anybody may have.
            answer = self.site.admin.delete(f'/v1/os-hosts/fake-{number}')
            self.assertEqual(204, answer.status, answer)
        self.site.check_books(self)
