"""Wrong tries cost time: a little, then more, never without end."""

import sys
import threading
import unittest

from mogan_like.api.auth import attempts
from tests.unit.api.auth import test_cache


class AttemptsTestCase(unittest.TestCase):
    def setUp(self):
        self.clock = test_cache.Clock()

    def test_nothing_wrong_yet(self):
        self.assertEqual(0.0, attempts.Attempts(1.0, now=self.clock).pause('a'))

    def test_doubles_up_to_the_cap(self):
        tries = attempts.Attempts(1.0, now=self.clock)
        pauses = []
        for _ in range(7):
            tries.fail('a')
            pauses.append(round(tries.pause('a'), 6))
        self.assertEqual([0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0], pauses)

    def test_no_number_is_too_large(self):
        tries = attempts.Attempts(1.0, now=self.clock)
        for _ in range(5000):
            tries.fail('a')
        self.assertAlmostEqual(1.0, tries.pause('a'))

    def test_a_pause_passes(self):
        tries = attempts.Attempts(1.0, now=self.clock)
        tries.fail('a')
        self.clock.time += 0.05
        self.assertAlmostEqual(0.05, tries.pause('a'))
        self.clock.time += 0.05
        self.assertAlmostEqual(0.0, tries.pause('a'))

    def test_keys_do_not_share(self):
        tries = attempts.Attempts(1.0, now=self.clock)
        tries.fail('a')
        self.assertEqual(0.0, tries.pause('b'))

    def test_some_are_free(self):
        tries = attempts.Attempts(0.1, free=3, now=self.clock)
        for _ in range(3):
            tries.fail('a')
            self.assertEqual(0.0, tries.pause('a'))
        tries.fail('a')
        self.assertAlmostEqual(0.1, tries.pause('a'))

    def test_forgiven(self):
        tries = attempts.Attempts(1.0, now=self.clock)
        for _ in range(5):
            tries.fail('a')
        tries.forgive('a')
        self.assertEqual(0.0, tries.pause('a'))
        tries.fail('a')
        self.assertAlmostEqual(0.1, tries.pause('a'))

    def test_forgotten_after_a_minute(self):
        tries = attempts.Attempts(1.0, now=self.clock)
        for _ in range(5):
            tries.fail('a')
        self.clock.time += 60
        tries.fail('a')
        self.assertAlmostEqual(0.1, tries.pause('a'))

    def test_no_failure_is_lost_between_threads(self):
        tries = attempts.Attempts(1.0, free=400, now=self.clock)
        start = threading.Barrier(4)
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-6)

        def work():
            start.wait()
            for _ in range(100):
                tries.fail('a')

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(0.0, tries.pause('a'))
        tries.fail('a')
        self.assertAlmostEqual(0.1, tries.pause('a'))

    def test_bounded(self):
        tries = attempts.Attempts(1.0, now=self.clock)
        for number in range(10_050):
            tries.fail(number)
        self.assertEqual(10_000, len(tries._failures))
        self.assertEqual(0.0, tries.pause(0))
        self.assertAlmostEqual(0.1, tries.pause(10_049))
