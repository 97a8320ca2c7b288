"""The commands of ``blazar``, unmodified."""

import datetime

from mogan_like.common import clock
from tests import personas
from tests.functional.leases import clients_case
from tests.functional.leases import leases_case

_ADMIN = personas.PROJECT_ADMIN


def _parse(text):
    return datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%f')


class BlazarTest(clients_case.ClientsCase):
    def test_hosts(self):
        made = self.blazar(
            'host-create', 'fake-0', '--extra', 'gpu=true', persona=_ADMIN
        )
        host = clients_case.read_properties(made)
        self.assertEqual(('fake-0', 'true'), (host['hypervisor_hostname'], host['gpu']))
        header, row = clients_case.read_table(self.blazar('host-list', persona=_ADMIN))
        self.assertEqual(
            ['id', 'hypervisor_hostname', 'vcpus', 'memory_mb', 'local_gb'], header
        )
        self.assertEqual([host['id'], 'fake-0', host['vcpus']], row[:3])
        changes = ('--extra', 'gpu=false', '--extra', 'rack=r1')
        self.blazar('host-update', 'fake-0', *changes, persona=_ADMIN)
        self.blazar('host-unset', host['id'], '--extra', 'rack', persona=_ADMIN)
        shown = self.blazar('host-show', 'fake-0', persona=_ADMIN)
        found = clients_case.read_properties(shown)
        self.assertEqual('false', found['gpu'].lower())
        self.assertNotIn('rack', found)
        self.check_properties()
        self.blazar('host-delete', 'fake-0', persona=_ADMIN)
        self.assertEqual([], self.admin.get('/v1/os-hosts').body['hosts'])

    def check_properties(self):
        self.blazar('host-property-set', 'gpu', '--private', persona=_ADMIN)
        printed = self.blazar('host-property-list')
        self.assertEqual([], clients_case.read_table(printed))
        words = ('host-property-list', '--detail', '--all')
        _, row = clients_case.read_table(self.blazar(*words, persona=_ADMIN))
        self.assertEqual(['gpu', 'True'], row[:2])
        self.blazar('host-property-set', 'gpu', '--public', persona=_ADMIN)
        found = clients_case.read_properties(self.blazar('host-property-show', 'gpu'))
        self.assertEqual('false', found['property_values'].lower())

    def test_leases(self):
        self.open_hosts()
        made = self.blazar(
            'lease-create',
            '--physical-reservation',
            'min=1,max=1,resource_properties=["=", "$gpu", "true"]',
            '--start-date',
            leases_case.in_minutes(60),
            '--end-date',
            leases_case.in_minutes(180),
            'metal',
        )
        lease = clients_case.read_properties(made)
        self.assertEqual(('metal', 'PENDING'), (lease['name'], lease['status']))
        self.check_updates(lease['id'])
        header, row = clients_case.read_table(self.blazar('lease-list'))
        self.assertEqual(['id', 'name', 'start_date', 'end_date'], header)
        self.assertEqual([lease['id'], 'gold'], row[:2])
        self.check_allocations(lease['id'])
        self.blazar('lease-delete', 'gold')
        self.wait_for_lease(lease['id'], 'GONE')
        said = self.blazar('lease-show', lease['id'], status=1)
        self.assertIn('could not be found', said)

    def open_hosts(self):
        for name, gpu in (('fake-0', 'false'), ('fake-1', 'true')):
            answer = self.admin.post('/v1/os-hosts', {'name': name, 'gpu': gpu})
            self.assertEqual(201, answer.status, answer)

    def check_updates(self, lease):
        """Each of the options that change a lease."""
        self.blazar('lease-update', 'metal', '--name', 'gold')
        hour, minute = datetime.timedelta(hours=1), datetime.timedelta(minutes=1)
        for option, value, name, expected in (
            ('--prolong-for', '1h', 'end_date', hour),
            ('--reduce-by', '30m', 'end_date', -30 * minute),
            ('--defer-by', '15m', 'start_date', 15 * minute),
            ('--advance-by', '600s', 'start_date', -10 * minute),
        ):
            before = _parse(self.read(lease)[name])
            self.blazar('lease-update', 'gold', option, value)
            self.assertEqual(expected, _parse(self.read(lease)[name]) - before, option)
        end = leases_case.in_minutes(300)
        self.blazar('lease-update', lease, '--end-date', end)
        found = self.read(lease)
        self.assertEqual(end, _parse(found['end_date']).strftime('%Y-%m-%d %H:%M'))
        reservation = found['reservations'][0]['id']
        self.blazar('lease-update', lease, '--reservation', f'id={reservation},max=2')
        self.assertIn('Updated lease', self.blazar('lease-update', lease))
        shown = clients_case.read_properties(self.blazar('lease-show', 'gold'))
        self.assertEqual('gold', shown['name'])

    def check_allocations(self, lease):
        words = ('allocation-list', 'host', '--lease-id', lease)
        _, *rows = clients_case.read_table(self.blazar(*words, persona=_ADMIN))
        # The client leaves hosts in that have nothing of the lease.
        self.assertEqual(2, len(rows))
        self.assertEqual(1, sum(lease in row[1] for row in rows))
        words = ('allocation-show', 'host', 'fake-1')
        self.assertIn(lease, self.blazar(*words, persona=_ADMIN))

    def test_a_lease_that_is_running(self):
        self.open_hosts()
        end = clock.utcnow() + datetime.timedelta(hours=2)
        made = self.blazar(
            'lease-create',
            '--reservation',
            'resource_type=physical:host,min=1,max=1',
            '--end-date',
            end.strftime('%Y-%m-%d %H:%M'),
            '--event',
            f'event_type=notification,event_date={leases_case.in_minutes(30)}',
            'now',
        )
        lease = clients_case.read_properties(made)['id']
        self.wait_for_lease(lease, 'ACTIVE')
        self.blazar('lease-update', 'now', '--prolong-for', '1d')
        self.assertEqual('ACTIVE', self.read(lease)['status'])
        refused = self.blazar('lease-update', 'now', '--defer-by', '1h', status=1)
        self.assertIn('started already', refused)
        self.blazar('lease-delete', lease)
        self.wait_for_lease(lease, 'GONE')

    def test_what_there_is_not(self):
        self.assertIn('ERROR', self.blazar('floatingip-list', status=1))
        said = self.blazar('lease-show', 'none', status=1)
        self.assertIn('Unable to find', said)
        said = self.blazar('host-list', status=1)
        self.assertIn("Policy doesn't allow host:list", said)
