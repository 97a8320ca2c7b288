"""Commands and library against the embedded default, by what it writes itself."""

import json
import os
from pathlib import Path
import subprocess
import sys

import fixtures as base
import testtools

from tests.processes import processes

_EXAMPLE = Path(__file__).parents[3] / 'doc/source/user/library_example.py'
_IMAGE = 'b8a5b6f0-6f0e-4f0b-9a3c-0d6f7c1f2e11'


class HttpBasicTest(testtools.TestCase):
    """Without Keystone."""

    def setUp(self):
        super().setUp()
        state = self.useFixture(base.TempDir()).path
        port = processes.find_port()
        service = processes.Process(
            'mogan-like',
            *('--state-dir', state, '--port', str(port)),
            nursery=processes.get_nursery(),
        )
        self.service = self.useFixture(service)
        self.service.wait_for_port(port)
        self.clouds = os.path.join(state, 'clouds.yaml')

    def run_script(self, *command):
        """What a program printed on stdout; warnings are failures."""
        env = processes.make_environment(
            HOME='/nonexistent',
            OS_CLIENT_CONFIG_FILE=self.clouds,
            # Of the project's own code; others warn of themselves.
            PYTHONWARNINGS='default',
        )
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=processes.PATIENCE, env=env
        )
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertNotIn('mogan_like_client', done.stderr)
        return done.stdout

    def run_words(self, cloud, *words):
        """What a command printed, read as JSON."""
        script = processes.find_script('openstack')
        command = [script, '--os-cloud', cloud, 'baremetalcompute', *words]
        printed = self.run_script(*command, '-f', 'json')
        return json.loads(printed)

    def test_commands(self):
        rows = self.run_words('admin', 'node', 'list')
        self.assertIn('fake-0', [row['Name'] for row in rows])
        words = ('flavor', 'create', 'small', '--resource-class', 'baremetal')
        self.run_words('admin', *words)
        words = ('instance', 'create', 'web', '--flavor', 'small', '--image', _IMAGE)
        made = self.run_words('demo', *words, '--wait')
        self.assertEqual('ACTIVE', made['status'])
        (row,) = self.run_words('demo', 'instance', 'list')
        self.assertEqual(made['id'], row['ID'])
        rows = self.run_words('demo', 'lease', 'resource', 'list')
        self.assertIn('physical:host', [row['Resource Type'] for row in rows])
        rows = self.run_words('demo', 'protection', 'provider', 'list')
        self.assertIn('Noop', [row['Name'] for row in rows])

    def test_what_to_type_is_said_at_the_start(self):
        said = self.service.read_output()
        self.assertIn(f'export OS_CLIENT_CONFIG_FILE={self.clouds}\n', said)
        (line,) = [line for line in said.splitlines() if 'baremetalcompute' in line]
        printed = self.run_script(*line.split(), '-f', 'json')
        self.assertEqual([], json.loads(printed))
        self.assertEqual(0o600, os.stat(self.clouds).st_mode & 0o777)

    def test_the_example_of_the_page(self):
        printed = self.run_script(sys.executable, os.fspath(_EXAMPLE))
        self.assertIn('is ACTIVE', printed)
        self.assertIn('locked by admin: replacing a disk', printed)
        self.assertIn('delete refused', printed)
        self.assertTrue(printed.endswith('gone\n'), printed)
