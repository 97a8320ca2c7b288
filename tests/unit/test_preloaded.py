"""A script in a fork ends as it does by itself."""

import functools

import testtools

from tests import preloaded
from tests.processes import processes

SCRIPT = 'mogan-like-status'


@functools.cache
def get_nursery():
    return preloaded.Nursery([SCRIPT], [], processes.make_environment())


class EndTest(testtools.TestCase):
    def end(self, nursery, *arguments, **kwargs):
        """(status, what was printed)."""
        process = processes.Process(SCRIPT, *arguments, nursery=nursery, **kwargs)
        with process:
            return process.wait(), process.read_output()

    def assert_same(self, status, told, *arguments, **kwargs):
        alone = self.end(None, *arguments, **kwargs)
        self.assertEqual(alone, self.end(get_nursery(), *arguments, **kwargs))
        self.assertEqual(status, alone[0], alone)
        self.assertIn(told, alone[1])

    def test_done(self):
        self.assert_same(0, 'usage: ', '--help')

    def test_arguments_that_are_wrong(self):
        self.assert_same(2, 'required', '--no-such-option')

    def test_output_that_nobody_takes(self):
        with open('/dev/full', 'w') as full:
            self.assert_same(120, 'No space left', '--help', stdout=full)
