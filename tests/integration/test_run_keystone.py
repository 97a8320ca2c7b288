"""``tools/run.sh keystone``, and the clients that people have."""

from pathlib import Path
import socket

import orjson

from tests.integration import run_keystone_case
from tests.processes import processes
from tests.waiting import wait_until

#: Of etc/mogan_like/providers.d/manila.conf.
_PROVIDER = '8c9d6f0e-3b5a-4c59-9f60-6f2f5f0c7a11'
_SHARE = 'OS::Manila::Share'
_NEW = ('--flavor', 'metal', '--image', 'debian-12', '--nic', 'none')


class StartTest(run_keystone_case.RunKeystoneCase):
    def test_ports_that_are_taken(self):
        """All are told of, with what to do, and nothing was started."""
        for port in self.ports.values():
            taken = socket.create_server(('127.0.0.1', int(port)))
            self.addCleanup(taken.close)
        started = self.start()
        self.assertEqual(1, started.wait())
        again = './tools/run.sh keystone'
        how = {
            'KS_PORT': ('Keystone', f'KS_PORT=PORT {again}'),
            'GLANCE_PORT': ('Glance', f'GLANCE_PORT=PORT {again}'),
            'MANILA_PORT': ('Manila', f'MANILA_PORT=PORT {again}'),
            'port': ('mogan-like', f'{again} --port PORT'),
        }
        self.assertEqual(
            [
                f'Port {self.ports[name]} of {what} is taken. Choose another: {command}'
                for name, (what, command) in how.items()
            ],
            started.read_output().splitlines(),
        )
        self.assertFalse((self.state / 'keystone').exists())

    def test_a_service_that_does_not_start(self):
        """It says why, not what an earlier one logged, and nothing runs on."""
        Path(self.state, 'mogan-like.log').write_text('of an earlier one\n')
        started = self.start('--no-such-option')
        self.assertEqual(2, started.wait(), started.read_output())
        printed = started.read_output()
        self.assertIn('--no-such-option', printed)
        self.assertNotIn('earlier', printed)
        self.assertFalse((self.state / 'keystone' / 'pid').exists())


class RunTest(run_keystone_case.ClientsCase):
    def test_clients_that_people_have(self):
        self.check_environment()
        self.check_inventory()
        self.check_keypair()
        uuid = self.check_create()
        self.check_own_commands(uuid)
        self.check_lists(uuid)
        self.check_locks(uuid)
        self.check_verbs(uuid)
        self.check_end(uuid)
        self.check_lease()
        self.protect()
        self.check_stop()

    def check_environment(self):
        """The clients are alone; the catalogue has all they look for."""
        script = processes.find_script('openstack')
        unknown = processes.Process(
            *(self.clients.python, script, 'baremetalcompute', 'instance', 'list'),
            cwd=self.home,
            env={'HOME': self.home, **self.users['demo']},
        )
        with unknown:
            self.assertEqual(2, unknown.wait(), unknown.read_output())
            self.assertIn('is not an openstack command', unknown.read_output())
        types = {each['Type'] for each in self.openstack('catalog', 'list')}
        self.assertLessEqual(
            {'compute', 'reservation', 'data-protect', 'image', 'sharev2'}, types
        )

    def check_inventory(self):
        """There is a flavor, by name and by id; what there is none of is said."""
        for words in ((), ('--long',), ('--all',)):
            self.assertEqual(['metal'], self.list_names('flavor', 'list', *words))
        for user in self.users:
            (flavor,) = self.openstack('flavor', 'list', '--all', user=user)
        for name in ('metal', flavor['ID']):
            shown = self.openstack('flavor', 'show', name)
            self.assertEqual((flavor['ID'], 16), (shown['id'], shown['vcpus']))
        printed = self.run_client('openstack', 'flavor', 'show', 'wood', status=1)
        self.assertIn('No Flavor found for wood', printed)
        limits = self.openstack('limits', 'show', '--absolute')
        self.assertIn({'Name': 'instances', 'Value': 10}, limits)
        for words in (('hypervisor', 'list'), ('quota', 'show'), ('aggregate', 'list')):
            self.assertIn('404', self.run_client('openstack', *words, status=1))

    def check_keypair(self):
        """One is made with its private half, one of a public half; both go."""
        path, given = Path(self.home, 'key'), Path(self.home, 'key.pub')
        words = ('openstack', 'keypair')
        self.run_client(*words, 'create', '--private-key', str(path), 'made')
        self.assertIn('PRIVATE KEY', path.read_text())
        public = self.run_client(*words, 'show', '--public-key', 'made')
        given.write_text(public[public.index('ssh-') :])
        self.run_client(*words, 'create', '--public-key', str(given), 'given')
        self.assertEqual(['given', 'made'], self.list_names('keypair', 'list'))
        prints = {
            self.openstack('keypair', 'show', name)['fingerprint']
            for name in ('made', 'given')
        }
        self.assertEqual(1, len(prints))
        printed = self.run_client(*words, 'delete', 'made', 'none', status=1)
        self.assertIn('Keypair none could not be found', printed)
        self.assertEqual(['given'], self.list_names('keypair', 'list'))

    def check_create(self):
        """The id of a server that is made, after some that cannot be."""
        for words, reason in (
            (('--key-name', 'none'), 'keypair none could not be found'),
            (('--max', '2'), 'server.max_count'),
            (('--password', 'secret'), 'unknown field adminPass'),
            (('--tag', 'x'), 'unknown field tags'),
            (('--security-group', 'default'), '404'),
        ):
            printed = self.server('create', *_NEW, *words, 'first', status=1)
            self.assertIn(reason, printed)
        words = ('--key-name', 'given', '--description', 'd', '--property', 'a=b')
        made = self.openstack('server', 'create', *_NEW, *words, '--wait', 'first')
        self.assertEqual(
            ('ACTIVE', 'given', {'a': 'b'}),
            (made['status'], made['key_name'], made['properties']),
        )
        return made['id']

    def check_own_commands(self, uuid):
        """Our own commands find it, too, with the clouds.yaml that was written."""
        clouds = self.state / 'keystone' / 'clouds.yaml'
        self.assertEqual(0o600, clouds.stat().st_mode & 0o777)
        words = ('baremetalcompute', 'instance', 'show', uuid, '-c', 'name')
        for user in self.users:
            shown = processes.Process(
                *('openstack', '--os-cloud', user, *words, '-f', 'value'),
                cwd=self.home,
                env={'HOME': self.home, 'OS_CLIENT_CONFIG_FILE': str(clouds)},
            )
            with shown:
                self.assertEqual(0, shown.wait(), shown.read_output())
                self.assertIn('first', shown.read_output())

    def check_lists(self, uuid):
        """Lists of servers, and one of them, by name and by id."""
        for words, names in (
            ((), ['first']),
            (('--long',), ['first']),
            (('--no-name-lookup',), ['first']),
            (('--name', '^fi'), ['first']),
            (('--name', 'x'), []),
            (('--status', 'ACTIVE'), ['first']),
            (('--status', 'SHUTOFF'), []),
            (('--locked',), []),
            (('--unlocked',), ['first']),
            (('--deleted',), []),
            (('--limit', '1'), ['first']),
            (('--marker', 'first'), []),
            (('--changes-since', '2000-01-01T00:00:00'), ['first']),
        ):
            self.assertEqual(names, self.list_names('server', 'list', *words), words)
        (listed,) = self.openstack('server', 'list', '--all-projects', user='admin')
        self.assertEqual((uuid, 'debian-12'), (listed['ID'], listed['Image']))
        self.assertEqual([], self.list_names('server', 'list', user='admin'))
        printed = self.server('list', '--all-projects', status=1)
        self.assertIn("Policy doesn't allow", printed)
        for name in ('first', uuid):
            self.assertEqual([uuid, 'first'], self.show(name, 'id', 'name'))
        self.assertIn('No Server found', self.server('show', 'none', status=1))

    def check_locks(self, uuid):
        """An owner's lock, and an admin's over it."""
        self.server('lock', '--reason', 'a backup', 'first')
        self.assertEqual(['first'], self.list_names('server', 'list', '--locked'))
        for words in (
            ('delete', '--wait', 'first'),
            ('stop', 'first'),
            ('reboot', '--hard', 'first'),
            ('rebuild', '--wait', 'first'),
            ('set', '--name', 'x', 'first'),
        ):
            printed = self.server(*words, status=1)
            self.assertIn(f'Instance {uuid} is locked', printed)
        printed = self.server('lock', 'first', status=1)
        self.assertIn('locked by an owner since', printed)
        self.server('lock', '--reason', 'new fans', uuid, user='admin')
        fields = ('locked', 'locked_reason', 'status')
        self.assertEqual([True, 'new fans', 'ACTIVE'], self.show('first', *fields))
        printed = self.server('lock', 'first', status=1)
        self.assertIn('locked by an admin since', printed)
        self.assertIn('403', self.server('unlock', 'first', status=1))
        self.server('unlock', uuid, user='admin')
        self.server('lock', 'first')
        self.server('unlock', 'first')
        self.assertEqual([False, None, 'ACTIVE'], self.show('first', *fields))

    def check_verbs(self, uuid):
        """What else is done to one, and what is not there to be done."""
        self.server('stop', 'first')
        self.wait_for_status(uuid, 'SHUTOFF')
        self.server('start', 'first')
        self.wait_for_status(uuid, 'ACTIVE')
        self.server('reboot', '--soft', 'first')
        self.wait_for_status(uuid, 'ACTIVE')
        self.server('reboot', '--hard', '--wait', 'first')
        self.server('rebuild', '--image', 'debian-13', '--wait', 'first')
        self.assertIn('debian-13', self.show('first', 'image')[0])
        self.server('set', '--name', 'second', '--description', 'e', 'first')
        self.assertEqual([uuid, 'e'], self.show('second', 'id', 'description'))
        for words, reason in (
            ('server migrate second', 'no such action: migrate'),
            ('server resize --flavor metal second', 'no such action: resize'),
            ('console log show second', 'no such action: os-getConsoleOutput'),
            ('server add network second x', '404'),
        ):
            printed = self.run_client('openstack', *words.split(), status=1)
            self.assertIn(reason, printed)

    def check_end(self, uuid):
        """It goes, at last; what was done to it is read by its id."""
        done = [
            *('update', 'rebuild', 'reboot', 'reboot', 'start', 'stop'),
            *('unlock', 'lock', 'unlock', 'unlock', 'lock', 'lock', 'lock'),
            *('update', 'rebuild', 'reboot', 'stop', 'delete', 'lock', 'create'),
        ]
        refused = self.check_events('second', done)[done.index('delete')]
        self.server('delete', '--wait', 'second')
        self.check_events(uuid, ['delete', *done])
        self.check_events(uuid, ['delete', 'update'], '--limit', '2')
        since = ('--long', '--changes-since', '2000-01-01T00:00:00')
        self.check_events(uuid, ['delete', *done], *since)
        shown = self.openstack('server', 'event', 'show', uuid, refused['Request ID'])
        self.assertEqual(['Error'], [event['result'] for event in shown['events']])
        self.assertIn('locked by an owner', shown['message'])
        self.assertIn('No Server found', self.server('show', 'second', status=1))
        self.assertEqual(['second'], self.list_names('server', 'list', '--deleted'))

    def check_events(self, server, actions, *words):
        """What ``server event list`` prints: these actions, newest first."""
        listed = self.openstack('server', 'event', 'list', *words, server)
        self.assertEqual(actions, [each['Action'] for each in listed])
        return listed

    def check_lease(self):
        """A node is leased, used by its reservation, and given back."""
        (host,) = self.blazar('host-list', user='admin')
        wanted = 'resource_type=physical:host,min=1,max=1'
        self.blazar('lease-create', '--reservation', wanted, 'week')
        printed = self.run_client(
            'blazar', 'lease-create', '--reservation', wanted, 'more', status=1
        )
        self.assertIn('0 free', printed)
        self.wait_for_lease('week', 'ACTIVE')
        reservation = orjson.loads(self.blazar('lease-show', 'week')['reservations'])
        hint = f'reservation={reservation["id"]}'
        self.openstack('server', 'create', *_NEW, '--hint', hint, 'leased')
        self.wait_for_status('leased', 'ACTIVE')
        printed = self.run_client(
            'blazar', 'host-delete', host['hypervisor_hostname'], user='admin', status=1
        )
        self.assertIn('is in use', printed)
        self.run_client('blazar', 'lease-update', '--prolong-for', '1h', 'week')
        (listed,) = self.openstack('reservation', 'lease', 'list')
        self.assertEqual('week', listed['name'])
        self.run_client('blazar', 'lease-delete', 'week')
        wait_until(
            lambda: not self.list_names('server', 'list'),
            'the leased machine to be given back',
            processes.PATIENCE,
        )
        self.assertEqual([], self.blazar('lease-list'))

    def wait_for_lease(self, name, status):
        """Wait until the client shows a lease like this."""
        wait_until(
            lambda: self.blazar('lease-show', name)['status'] == status,
            f'{name} to be {status}',
            processes.PATIENCE,
        )

    def protect(self):
        """Make a checkpoint of the share that is there, and restore it."""
        _, share = self.karbor('protectable-list-instances', _SHARE)
        options = {'snapshot_name': 'nightly', 'description': '', 'force': False}
        words = ('nightly', _PROVIDER, f'{share}={_SHARE}=data', '--parameters-json')
        parameters = orjson.dumps({_SHARE: options}).decode()
        plan = self.karbor('plan-create', *words, parameters)['id']
        made = self.karbor('checkpoint-create', _PROVIDER, plan)['id']
        self.wait_for_operation('available', 'checkpoint-show', _PROVIDER, made)
        words = (_PROVIDER, made, '--parameters', f'resource_type={_SHARE}')
        restore = self.karbor('restore-create', *words)['id']
        self.wait_for_operation('success', 'restore-show', restore)
        self.run_client('karbor', 'checkpoint-delete', _PROVIDER, made)

    def wait_for_operation(self, status, *words):
        """Wait until karbor shows this status."""
        wait_until(
            lambda: self.karbor(*words)['status'] == status,
            f'{words} to be {status}',
            processes.PATIENCE,
        )

    def check_stop(self):
        """It ends as asked, and nothing of it runs on."""
        self.assertEqual(0, self.stop())
        self.assertFalse((self.state / 'keystone' / 'pid').exists())
