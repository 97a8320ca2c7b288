"""The stories that a newcomer is told first."""

import os
from pathlib import Path
import subprocess
import sys

import fixtures as base
import testtools

from tests.emulators.manila import fixture as manila
from tests.processes import processes

_DEMO = Path(__file__).parents[2] / 'tools' / 'demo'


class DemoTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(base.FakeLogger())
        self.state = self.useFixture(base.TempDir()).path
        self.port = processes.find_port()
        self.arguments = ['--state-dir', self.state, '--port', str(self.port)]

    def start(self, url):
        """As ``tools/run.sh demo`` does it."""
        os.mkdir(os.path.join(self.state, 'demo'))
        config = processes.write_config(
            os.path.join(self.state, 'demo', 'mogan_like.conf'),
            {
                'manila__auth_type': 'none',
                'manila__endpoint_override': url,
                'manila_share_snapshot__poll_interval': 0.01,
                'triggers__min_interval': 1,
            },
        )
        service = processes.Process(
            'mogan-like', '--config-file', config, *self.arguments
        )
        self.useFixture(service).wait_for_port(self.port)

    def play(self):
        return subprocess.run(
            [sys.executable, os.fspath(_DEMO), *self.arguments, '--interval', '1'],
            capture_output=True,
            text=True,
            timeout=processes.PATIENCE,
        )

    def read_story(self):
        """What was told, to its end."""
        done = self.play()
        self.assertEqual((0, ''), (done.returncode, done.stderr), done.stdout)
        return done.stdout

    def test_as_often_as_one_likes(self):
        with manila.Manila() as found:
            found.switches.stay('*', shown=1)
            self.start(found.url)
            told = self.read_story()
            self.assertIn('demo  delete refused', told)
            self.assertIn('demo  delete success  (lease)', told)
            self.assertIn('"waiting_for"', told)
            self.assertIn('"name": "Noop"', told)
            self.assertIn('all 100000 are as they were', told)
            self.assertEqual(1, told.count('  gone\n'))
            with found.state.lock:
                left = [*found.state.shares, *found.state.snapshots]
            self.assertEqual([], left)
        # The Manila is gone, the file that names it is not.
        again = self.read_story()
        self.assertIn('demo  delete success  (lease)', again)
        self.assertIn('started without a Manila', again)
