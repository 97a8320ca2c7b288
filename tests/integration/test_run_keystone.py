"""``tools/run.sh keystone``, and the clients that people have."""

from pathlib import Path
import re
import signal
import subprocess
import sys

import fixtures
import orjson
import testtools

from tests.functional import clients
from tests.processes import processes
from tests.waiting import wait_until

#: Of etc/mogan_like/providers.d/manila.conf.
_PROVIDER = '8c9d6f0e-3b5a-4c59-9f60-6f2f5f0c7a11'
_SHARE = 'OS::Manila::Share'
_TOP = Path(__file__).parents[2]
#: As run.sh does it; its virtual environment is this one.
_START = '. tools/run_keystone.sh; start_with_keystone "$@"'


class RunKeystoneTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        top = Path(self.useFixture(fixtures.TempDir()).path)
        for name in ('tools', 'tests', 'mogan_like'):
            (top / name).symlink_to(_TOP / name)
        (top / '.venv').symlink_to(sys.prefix)
        self.state = top / 'var'
        self.state.mkdir()
        self.clouds = self.state / 'keystone' / 'clouds.yaml'
        self.home = self.useFixture(fixtures.TempDir()).path
        ports = ('KS_PORT', 'GLANCE_PORT', 'MANILA_PORT')
        self.started = processes.Process(
            '/bin/bash',
            *('-euo', 'pipefail', '-c', _START, 'run'),
            *('--port', str(processes.find_port())),
            cwd=top,
            env={
                'top': str(top),
                'state': str(self.state),
                'python': sys.executable,
                **{name: str(processes.find_port()) for name in ports},
            },
        )
        # Keystone is in no group of this test's: it ends by a request only.
        self.addCleanup(
            subprocess.run,
            [_TOP / 'tools' / 'keystone.sh', 'reset'],
            env=processes.make_environment(KS_STATE=str(self.state / 'keystone')),
        )
        self.useFixture(self.started)
        self.addCleanup(self.stop)
        self.started.wait_for_output('stand-ins')

    def stop(self):
        """End it as Ctrl-C does; its exit status."""
        if self.started.get_status() is None:
            self.started.send(signal.SIGTERM)
        return self.started.wait()

    def run_client(self, *words, status=0):
        """What a command of demo's printed, which ends with this status."""
        command = f'. {self.state}/keystone/demo.sh; exec "$@"'
        client = processes.find_script(words[0])
        done = processes.Process(
            *('/bin/bash', '-c', command, 'run', client, *words[1:]),
            cwd=self.home,
            env={'HOME': self.home, 'OS_CLIENT_CONFIG_FILE': str(self.clouds)},
        )
        with done:
            self.assertEqual(status, done.wait(), done.read_output())
            return done.read_output()

    def openstack(self, *words):
        """The same of the openstack client, as JSON."""
        # Plugins complain of themselves before it.
        printed = self.run_client('openstack', *words, '-f', 'json')
        return orjson.loads(printed[re.search(r'^[\[{]', printed, re.M).start() :])

    def server(self, *words, **kwargs):
        """What ``openstack server`` printed of a command that has no columns."""
        return self.run_client('openstack', 'server', *words, **kwargs)

    def wait_for_status(self, uuid, status):
        """Wait until the client shows a server like this."""
        wait_until(
            lambda: self.openstack('server', 'show', uuid)['status'] == status,
            f'{uuid} to be {status}',
            processes.PATIENCE,
        )

    def karbor(self, *words):
        """{field: value} of what karbor printed, or {id: type} of a list."""
        return clients.read_properties(self.run_client('karbor', *words))

    def protect(self):
        """Make a checkpoint of the share that is there."""
        _, share = self.karbor('protectable-list-instances', _SHARE)
        options = {'snapshot_name': 'nightly', 'description': '', 'force': False}
        words = ('nightly', _PROVIDER, f'{share}={_SHARE}=data', '--parameters-json')
        parameters = orjson.dumps({_SHARE: options}).decode()
        plan = self.karbor('plan-create', *words, parameters)['id']
        made = self.karbor('checkpoint-create', _PROVIDER, plan)['id']

        def is_available():
            shown = self.karbor('checkpoint-show', _PROVIDER, made)
            return shown['status'] == 'available'

        wait_until(is_available, 'the checkpoint', processes.PATIENCE)

    def check_server(self, uuid):
        """All that is done to a server, to its end, and what is told of it then."""
        self.server('lock', '--reason', 'new fans', 'first')
        printed = self.server('delete', 'first', status=1)
        self.assertIn(f'Instance {uuid} is locked', printed)
        self.assertIn('409', printed)
        self.server('unlock', 'first')
        self.server('stop', 'first')
        self.wait_for_status(uuid, 'SHUTOFF')
        self.server('start', 'first')
        self.wait_for_status(uuid, 'ACTIVE')
        self.server('reboot', '--wait', 'first')
        self.server('rebuild', '--image', 'debian-12', '--wait', 'first')
        self.server('set', '--name', 'second', 'first')
        later = ['update', 'rebuild', 'reboot', 'start', 'stop', 'unlock']
        done = [*later, 'delete', 'lock', 'create']
        refused = self.check_events('second', done)[len(later)]
        request = refused['Request ID']
        shown = self.openstack('server', 'event', 'show', 'second', request)
        self.assertEqual(['Error'], [event['result'] for event in shown['events']])
        self.assertIn('locked by an owner', shown['message'])
        self.server('delete', '--wait', 'second')
        # Its name is nobody's now.
        self.check_events(uuid, ['delete', *done])

    def check_events(self, server, actions):
        """What ``server event list`` prints: these actions, newest first."""
        listed = self.openstack('server', 'event', 'list', server)
        self.assertEqual(actions, [each['Action'] for each in listed])
        return listed

    def check_keypair(self):
        """A keypair comes with its private half, and goes."""
        path = Path(self.home, 'key')
        words = ('openstack', 'keypair')
        self.run_client(*words, 'create', '--private-key', str(path), 'key')
        self.assertIn('PRIVATE KEY', path.read_text())
        (listed,) = self.openstack('keypair', 'list')
        self.assertEqual(('key', 'ssh'), (listed['Name'], listed['Type']))
        self.run_client(*words, 'delete', 'key')
        self.assertEqual([], self.openstack('keypair', 'list'))

    def test_clients_that_people_have(self):
        types = {each['Type'] for each in self.openstack('catalog', 'list')}
        self.assertLessEqual(
            {'compute', 'reservation', 'data-protect', 'image', 'sharev2'}, types
        )
        words = ('--flavor', 'metal', '--image', 'debian-12', '--nic', 'none', '--wait')
        made = self.openstack('server', 'create', *words, 'first')
        self.assertEqual('ACTIVE', made['status'])
        (listed,) = self.openstack('server', 'list')
        self.assertEqual(('first', 'debian-12'), (listed['Name'], listed['Image']))
        # Our own finds the same.
        shown = self.openstack('baremetalcompute', 'instance', 'show', 'first')
        self.assertEqual((made['id'], 'ACTIVE'), (shown['id'], shown['status']))
        self.check_server(made['id'])
        self.check_keypair()
        self.run_client('blazar', 'lease-list')
        self.protect()
        (flavor,) = self.openstack('--os-cloud', 'admin', 'flavor', 'list', '--all')
        self.assertEqual('metal', flavor['Name'])
        self.assertEqual(0o600, self.clouds.stat().st_mode & 0o777)
        self.assertEqual(0, self.stop())
        # Nothing of it runs on.
        self.assertFalse((self.state / 'keystone' / 'pid').exists())
