"""The commands of ``openstack reservation``, unmodified."""

from tests import personas
from tests.functional.leases import clients_case
from tests.functional.leases import leases_case

_ADMIN = personas.PROJECT_ADMIN


class OpenStackTest(clients_case.ClientsCase):
    def test_leases_and_hosts(self):
        host = self.openstack('host', 'create', 'fake-2', persona=_ADMIN)
        self.assertEqual('fake-2', host['hypervisor_hostname'])
        (listed,) = self.openstack('host', 'list', persona=_ADMIN)
        self.assertEqual(host['id'], str(listed['id']))
        lease = self.openstack(
            'lease',
            'create',
            '--reservation',
            'resource_type=physical:host,min=1,max=1',
            '--start-date',
            leases_case.in_minutes(60),
            '--end-date',
            leases_case.in_minutes(120),
            'metal',
        )
        self.assertEqual('PENDING', lease['status'])
        self.run_command(
            ['openstack', 'reservation', 'lease', 'set', 'metal', '--name', 'gold']
        )
        shown = self.openstack('lease', 'show', 'gold')
        self.assertEqual((lease['id'], 'gold'), (shown['id'], shown['name']))
        (listed,) = self.openstack('lease', 'list')
        self.assertEqual(lease['id'], listed['id'])
        (allocation,) = self.openstack('allocation', 'list', 'host', persona=_ADMIN)
        self.assertEqual(host['id'], str(allocation['resource_id']))
        self.run_command(['openstack', 'reservation', 'lease', 'delete', 'gold'])
        self.wait_for_lease(lease['id'], 'GONE')
        words = ['openstack', 'reservation', 'host', 'delete', 'fake-2']
        self.run_command(words, persona=_ADMIN)
        self.assertEqual([], self.admin.get('/v1/os-hosts').body['hosts'])
