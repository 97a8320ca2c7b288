"""The stories that a newcomer is told first."""

import os
from pathlib import Path
import subprocess
import sys

import fixtures as base
import testtools

from tests.functional.processes import processes

_DEMO = Path(__file__).parents[2] / 'tools' / 'demo'


class DemoTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(base.FakeLogger())
        state, port = self.useFixture(base.TempDir()).path, processes.find_port()
        self.arguments = ['--state-dir', state, '--port', str(port)]
        service = self.useFixture(processes.Process('mogan-like', *self.arguments))
        service.wait_for_port(port)

    def play(self):
        return subprocess.run(
            [sys.executable, os.fspath(_DEMO), *self.arguments],
            capture_output=True,
            text=True,
            timeout=processes.PATIENCE,
        )

    def test_as_often_as_one_likes(self):
        for _ in range(2):
            done = self.play()
            self.assertEqual((0, ''), (done.returncode, done.stderr), done.stdout)
            self.assertIn('demo  delete refused', done.stdout)
            self.assertIn('demo  delete success  (lease)', done.stdout)
            self.assertIn('"waiting_for"', done.stdout)
