"""Base of tests of ``tools/run.sh keystone``."""

from pathlib import Path
import re
import signal
import subprocess
import sys

import fixtures
import orjson
import testtools

from tests.functional import clients
from tests.integration import plain_clients
from tests.processes import processes
from tests.waiting import wait_until

_TOP = Path(__file__).parents[2]
#: As run.sh does it; its virtual environment is this one.
_START = '. tools/run_keystone.sh; start_with_keystone "$@"'


class RunKeystoneCase(testtools.TestCase):
    """A checkout of its own to start it in.

    :ivar state: where everything is kept
    :ivar ports: {setting: port}, and that of the service as ``port``
    """

    def setUp(self):
        super().setUp()
        self.top = Path(self.useFixture(fixtures.TempDir()).path)
        for name in ('tools', 'tests', 'mogan_like'):
            (self.top / name).symlink_to(_TOP / name)
        (self.top / '.venv').symlink_to(sys.prefix)
        self.state = self.top / 'var'
        self.state.mkdir()
        names = ('KS_PORT', 'GLANCE_PORT', 'MANILA_PORT', 'port')
        self.ports = {name: str(processes.find_port()) for name in names}

    def start(self, *options):
        """A Process of it.

        :param options: more of the service's
        """
        settings = dict(self.ports)
        started = processes.Process(
            *('/bin/bash', '-euo', 'pipefail', '-c', _START, 'run'),
            *('--port', settings.pop('port'), *options),
            cwd=self.top,
            env={
                'top': str(self.top),
                'state': str(self.state),
                'python': sys.executable,
                **settings,
            },
        )
        # Keystone is in no group of this test's: it ends by a request only.
        self.addCleanup(
            subprocess.run,
            [_TOP / 'tools' / 'keystone.sh', 'reset'],
            env=processes.make_environment(KS_STATE=str(self.state / 'keystone')),
        )
        return self.useFixture(started)


class ClientsCase(RunKeystoneCase):
    """It runs, and there are clients that know nothing of this project.

    :ivar clients: a PlainClients
    """

    def setUp(self):
        super().setUp()
        self.home = self.useFixture(fixtures.TempDir()).path
        self.clients = self.useFixture(plain_clients.PlainClients())
        self.started = self.start()
        self.addCleanup(self.stop)
        self.started.wait_for_output('stand-ins')
        self.users = {name: self.read_variables(name) for name in ('admin', 'demo')}

    def stop(self):
        """End it as Ctrl-C does; its exit status."""
        if self.started.get_status() is None:
            self.started.send(signal.SIGTERM)
        return self.started.wait()

    def read_variables(self, user):
        """{name: value} of what is sourced to be a user."""
        sourced = subprocess.run(
            [
                '/bin/bash',
                '-c',
                '. "$1"; env',
                'run',
                f'{self.state}/keystone/{user}.sh',
            ],
            env={},
            capture_output=True,
            text=True,
            check=True,
        )
        pairs = (line.split('=', 1) for line in sourced.stdout.splitlines())
        return {name: value for name, value in pairs if name.startswith('OS_')}

    def run_client(self, *words, user='demo', status=0):
        """What a command of a user's printed, which ends with this status."""
        done = processes.Process(
            *words,
            cwd=self.home,
            env={'HOME': self.home, **self.users[user]},
            nursery=self.clients.nursery,
        )
        with done:
            self.assertEqual(status, done.wait(), (words, done.read_output()))
            printed = done.read_output()
        self.assertNotIn('Traceback', printed)
        return printed

    def openstack(self, *words, **kwargs):
        """The same of the openstack client, as JSON."""
        printed = self.run_client('openstack', *words, '-f', 'json', **kwargs)
        # Plugins complain of themselves before it.
        return orjson.loads(printed[re.search(r'^[\[{]', printed, re.M).start() :])

    def server(self, *words, **kwargs):
        """What ``openstack server`` printed of a command that has no columns."""
        return self.run_client('openstack', 'server', *words, **kwargs)

    def show(self, name, *fields):
        """Some fields of a server, as a list."""
        shown = self.openstack('server', 'show', name)
        return [shown[field] for field in fields]

    def list_names(self, *words, **kwargs):
        """The names of what ``openstack ... list`` prints."""
        return [each['Name'] for each in self.openstack(*words, **kwargs)]

    def wait_for_status(self, name, status):
        """Wait until the client shows a server like this."""
        wait_until(
            lambda: self.show(name, 'status') == [status],
            f'{name} to be {status}',
            processes.PATIENCE,
        )

    def karbor(self, *words):
        """{field: value} of what karbor printed, or {id: type} of a list."""
        return clients.read_properties(self.run_client('karbor', *words))

    def blazar(self, *words, **kwargs):
        """What blazar printed, as JSON."""
        printed = self.run_client('blazar', *words, '-f', 'json', **kwargs)
        return orjson.loads(printed[re.search(r'^[\[{]', printed, re.M).start() :])
