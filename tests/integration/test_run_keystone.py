"""``tools/run.sh keystone``, and the clients that people have."""

from pathlib import Path
import re
import signal
import subprocess
import sys

import fixtures
import orjson
import testtools

from tests.processes import processes

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
        self.started.wait_for_output('mogan-like is at')

    def stop(self):
        """End it as Ctrl-C does; its exit status."""
        if self.started.get_status() is None:
            self.started.send(signal.SIGTERM)
        return self.started.wait()

    def openstack(self, cloud, *words):
        """What a command of the openstack client printed as JSON."""
        done = processes.Process(
            'openstack',
            *words,
            *('-f', 'json'),
            cwd=self.home,
            env={
                'HOME': self.home,
                'OS_CLIENT_CONFIG_FILE': str(self.state / 'keystone' / 'clouds.yaml'),
                'OS_CLOUD': cloud,
            },
        )
        with done:
            self.assertEqual(0, done.wait(), done.read_output())
            # Plugins complain of themselves before it.
            printed = done.read_output()
            return orjson.loads(printed[re.search(r'^[\[{]', printed, re.M).start() :])

    def test_clients_that_people_have(self):
        types = {each['Type'] for each in self.openstack('demo', 'catalog', 'list')}
        self.assertLessEqual(
            {'compute', 'reservation', 'data-protect', 'image', 'sharev2'}, types
        )
        for words in (
            ('server', 'list'),
            ('reservation', 'lease', 'list'),
            ('data', 'protection', 'plan', 'list'),
        ):
            self.assertEqual([], self.openstack('demo', *words))
        self.assertEqual([], self.openstack('admin', 'flavor', 'list', '--all'))
        secrets = self.state / 'keystone' / 'clouds.yaml'
        self.assertEqual(0o600, secrets.stat().st_mode & 0o777)
        self.assertEqual(0, self.stop())
        # Nothing of it runs on.
        self.assertFalse((self.state / 'keystone' / 'pid').exists())
