"""Tests in forks: all are run, all are counted, whatever becomes of a worker."""

import os
from pathlib import Path
import subprocess
import sys
import tempfile
import unittest

TOP = Path(__file__).parents[2]
_TESTS = """
import os
import unittest


class PassingTest(unittest.TestCase):
    def test_passes(self):
        print('printed')

    def test_skips(self):
        self.skipTest('not today')


class FailingTest(unittest.TestCase):
    def test_fails(self):
        print('what was printed before')
        self.fail('on purpose')


class OtherTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = os.getpid()

    def test_one(self):
        self.assertEqual(os.getpid(), self.made)

    test_two = test_one
"""
_KILLED = """
import os
import signal
import unittest


class KilledTest(unittest.TestCase):
    def test_dies(self):
        os.kill(os.getpid(), signal.SIGKILL)
"""


class CrewTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)
        self.tests = self.top / 'tests' / 'some'
        self.tests.mkdir(parents=True)
        for path in (self.top / 'tests', self.tests):
            (path / '__init__.py').touch()
        self.write('test_it', _TESTS)

    def write(self, name, text):
        (self.tests / f'{name}.py').write_text(text)

    def run_some(self, *arguments):
        """(status, what was printed)."""
        done = subprocess.run(
            [sys.executable, TOP / 'tools/run_tests.py', 'some', *arguments],
            capture_output=True,
            text=True,
            cwd=self.top,
            env={**os.environ, 'PYTHONDONTWRITEBYTECODE': '1'},
        )
        self.assertEqual('', done.stderr)
        return done.returncode, done.stdout

    def test_all_are_run(self):
        for workers in ('1', '3'):
            status, printed = self.run_some('--workers', workers)
            self.assertEqual(1, status)
            self.assertIn('3 passed, 1 failed, 1 skipped', printed)
            self.assertIn('FAILED tests.some.test_it.FailingTest.test_fails', printed)
            self.assertIn('on purpose', printed)
            self.assertIn('what was printed before', printed)
            self.assertIn('PassingTest.test_skips: not today', printed)

    def test_some_by_name(self):
        status, printed = self.run_some('--filter', 'Passing|test_one$')
        self.assertEqual(0, status, printed)
        self.assertIn('2 passed, 0 failed, 1 skipped', printed)
        self.assertNotIn('printed\n', printed)

    def test_a_worker_that_is_killed(self):
        self.write('test_killed', _KILLED)
        status, printed = self.run_some('--workers', '2')
        self.assertEqual(1, status)
        self.assertIn('KilledTest.test_dies (inprogress)', printed)
        self.assertIn('3 passed, 3 failed, 1 skipped', printed)

    def test_a_module_that_cannot_be_imported(self):
        self.write('test_broken', 'import no_such_module\n')
        status, printed = self.run_some('--filter', 'Passing')
        self.assertEqual(1, status)
        self.assertIn("No module named 'no_such_module'", printed)

    def test_the_longest_comes_first_the_next_time(self):
        slow = 'import time\n' + _TESTS.replace("print('printed')", 'time.sleep(0.1)')
        self.write('test_slow', slow)
        self.run_some()
        _status, printed = self.run_some('--workers', '1')
        order = [line for line in printed.splitlines() if line.startswith('skipped')]
        self.assertIn('test_slow.PassingTest', order[0])

    def test_what_was_kept_need_not_be_readable(self):
        (self.top / '.test-durations.json').write_text('{"half": 1')
        _status, printed = self.run_some()
        self.assertIn('3 passed, 1 failed, 1 skipped', printed)
