"""Commands about leases, hosts and allocations."""

from tests.functional.client import client_case
from tests.functional.leases import leases_case

_ADMIN = client_case.ADMIN
_DUMMY = leases_case.DUMMY
_HOST = 'physical:host,min=1,max=1'
_LATER = '2098-01-01 00:00'
_END = '2099-01-01 00:00'


class LeasesTest(client_case.ClientCase):
    options = {'fake__nodes': 3, 'conductor__scan_interval': 0.1}

    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(3)

    def create(self, name, *words, **kwargs):
        words = ('--end', _END, '--utc', *words)
        return self.read('lease', 'create', name, *words, **kwargs)

    def test_made_read_changed_and_ended(self):
        made = self.create('l', '--resource', f'{_DUMMY},a=b,c=1', '--wait')
        self.assertEqual('ACTIVE', made['status'])
        self.assertEqual('2099-01-01T00:00:00.000000+00:00', made['end_date'])
        (held,) = made['reservations']
        self.assertEqual(('b', _DUMMY), (held['a'], held['resource_type']))
        words = ('lease', 'set', 'l', '--name', 'm', '--end', '2098-06-01', '--utc')
        self.run_words(*words, '--reservation', f'{held["id"]},a=z', '--wait')
        shown = self.read('lease', 'show', 'm', '--utc')
        self.assertEqual('2098-06-01T00:00:00.000000+00:00', shown['end_date'])
        (held,) = shown['reservations']
        self.assertEqual('z', held['a'])
        (row,) = self.read('lease', 'list', '--status', 'active', '--name', 'm')
        self.assertEqual(made['id'], row['ID'])
        self.assertEqual([], self.read('lease', 'list', '--active-at', '2098-07-01'))
        self.assertEqual([], self.read('lease', 'list', persona=client_case.OTHER))
        rows = self.read('lease', 'list', '--all-projects', persona=_ADMIN)
        self.assertEqual(made['project_id'], rows[0]['Project ID'])
        self.run_words('lease', 'end', 'm', '--wait')
        self.assertEqual('TERMINATED', self.read('lease', 'show', 'm')['status'])
        self.check_deleted(made['id'])

    def check_deleted(self, uuid):
        self.run_words('lease', 'delete', uuid, '--wait')
        self.assertIn('no lease m', self.refuse('lease', 'delete', 'm'))
        (row,) = self.read('lease', 'list', '--deleted', persona=_ADMIN)
        self.assertEqual(uuid, row['ID'])
        shown = self.read('lease', 'show', uuid, persona=_ADMIN)
        self.assertIsNotNone(shown['deleted_at'])
        self.assertIn(f'no lease {uuid}', self.refuse('lease', 'show', uuid))
        rows = self.read('lease', 'action', 'list', uuid)
        self.assertEqual('delete', rows[0]['Action'])
        words = ('lease', 'action', 'show', uuid, rows[0]['Request ID'])
        self.assertEqual('success', self.read(*words)['result'])

    def test_what_is_checked_before_it_is_sent(self):
        rows = self.read('lease', 'resource', 'list')
        types = {row['Resource Type'] for row in rows}
        self.assertLessEqual({_DUMMY, 'physical:host', 'virtual:instance'}, types)
        rows = self.read('lease', 'resource', 'show', 'physical:host')
        self.assertIn(
            {
                'Key': 'min',
                'Type': 'integer, 1 to 10000',
                'Default': '(required)',
                'Description': 'How many hosts it takes.',
            },
            rows,
        )
        before = len(self.admin.get('/v1/leases').body['leases'])
        for resource, told in (
            ('nothing', 'There is no resource type nothing; there are dummy.vm'),
            ('physical:host,min=0,max=1', 'min: 0 is less than the minimum of 1'),
            ('physical:host,max=1', "'min' is a required property"),
            ('physical:host,min=1,max=1,a=b', "'a' was unexpected"),
            ('physical:host,min', 'min is not <key>=<value>'),
        ):
            words = ('lease', 'create', 'l', '--end', _END, '--resource', resource)
            self.assertIn(told, self.refuse(*words))
        self.assertEqual(before, len(self.admin.get('/v1/leases').body['leases']))
        words = ('lease', 'create', 'l', '--end', _END, '--resource')
        told = self.refuse(*words, _HOST)
        self.assertIn('HTTP 409', told)
        self.assert_named(told)

    def test_hosts(self):
        words = ('host', 'create', 'fake-1', '--property', 'rack=a')
        made = self.read(*words, persona=_ADMIN)
        self.assertEqual('a', made['capabilities']['rack'])
        words = ('host', 'set', 'fake-1', '--property', 'gpu=yes')
        self.run_words(*words, '--no-property', 'rack', persona=_ADMIN)
        shown = self.read('host', 'show', made['id'], persona=_ADMIN)['capabilities']
        self.assertEqual('yes', shown['gpu'])
        self.assertNotIn('rack', shown)
        (row,) = self.read('host', 'list', persona=_ADMIN)
        self.assertEqual('fake-1', row['Name'])
        words = ('host', 'property', 'set', 'gpu', '--private')
        self.run_words(*words, persona=_ADMIN)
        rows = self.read('host', 'property', 'list')
        self.assertNotIn({'Property': 'gpu'}, rows)
        words = ('host', 'property', 'list', '--all', '--long')
        rows = self.read(*words, persona=_ADMIN)
        self.assertIn({'Property': 'gpu', 'Private': True, 'Values': ['yes']}, rows)
        self.check_held()
        self.run_words('host', 'delete', 'fake-1', persona=_ADMIN)
        self.assertEqual([], self.read('host', 'list', persona=_ADMIN))

    def check_held(self):
        words = ('--start', _LATER, '--resource')
        gpu = 'resource_properties=["and", ["=", "$gpu", "yes"]]'
        made = self.create('l', *words, f'{_HOST},{gpu}')
        (held,) = made['reservations']
        self.assertEqual(gpu.partition('=')[2], held['resource_properties'])
        for narrow in ((), ('--lease', 'l'), ('--type', 'physical:host')):
            (row,) = self.read('allocation', 'list', *narrow, persona=_ADMIN)
            self.assertEqual(made['id'], row['Reservations'][0]['lease_id'])
        told = self.refuse('host', 'delete', 'fake-1', persona=_ADMIN)
        self.assert_named(told)
        self.run_words('lease', 'delete', 'l', '--wait')

    def test_an_instance_that_is_locked_keeps_a_lease(self):
        self.run_words('host', 'create', 'fake-0', persona=_ADMIN)
        made = self.create('l', '--resource', _HOST, '--wait')
        (held,) = made['reservations']
        flavor = self.service.make_flavor()
        words = ('--flavor', flavor, '--image', client_case.IMAGE, '--wait')
        words = ('instance', 'create', 'web', *words, '--reservation', held['id'])
        instance = self.read(*words)['id']
        words = ('instance', 'lock', instance, '--reason', 'new disk')
        self.run_words(*words, persona=_ADMIN)
        told = self.refuse('lease', 'end', 'l', '--wait', '--timeout', '0.5', '--utc')
        self.assertIn('Waited 0.5 s for lease', told)
        holder = rf'Instance web \({instance}\) is locked by admin since .*\+00:00: new'
        self.assertRegex(told, holder)
        shown = self.read('lease', 'show', 'l')
        self.assertEqual(instance, shown['waiting_for']['instances'][0]['uuid'])
        self.run_words('lease', 'retry', 'l', persona=_ADMIN)
        self.assertIn("doesn't allow", self.refuse('lease', 'abandon', 'l'))
        self.run_words('lease', 'abandon', 'l', persona=_ADMIN)
        self.assertEqual('TERMINATED', self.read('lease', 'show', 'l')['status'])
        self.run_words('instance', 'unlock', instance, persona=_ADMIN)
