"""How many requests ask others at once: tests with a clock of their own."""

import threading

import fixtures
import testtools

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.protection.manager import places
from tests import config


class _Clock:
    """The time, and what a test adds to it."""

    more = 0

    def monotonic(self):
        return clock.monotonic() + self.more


class PlacesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(config.Config(conductor__rpc_threads=4))
        self.clock = _Clock()
        patch = fixtures.MonkeyPatch(f'{places.__name__}.clock', self.clock)
        self.useFixture(patch)
        self.places = places.Places()

    def test_who_is_slow_keeps_half_of_the_threads_at_most(self):
        with self.places.take('a slow one'), self.places.take('b'):
            self.clock.more = 1
            error = self.assertRaises(exception.OthersTooSlow, self.enter)
        self.assertEqual(503, error.code)
        self.assertIn('a slow one', str(error))
        self.assertIn('2 requests', str(error))
        self.enter()

    def test_an_error_gives_the_place_back(self):
        for _ in range(3):
            self.assertRaises(ZeroDivisionError, self.enter, lambda: 1 / 0)

    def test_one_may_always_ask(self):
        self.useFixture(config.Config(conductor__rpc_threads=1))
        self.enter()

    def test_a_burst_waits_for_who_is_quick(self):
        looked, done = threading.Semaphore(0), threading.Event()

        def stand():
            looked.release()
            return 0

        # Nobody is slow by a clock that stands.
        self.clock.monotonic = stand
        thread = threading.Thread(target=self.enter, args=(done.set,), daemon=True)
        with self.places.take('a'), self.places.take('b'):
            thread.start()
            # The two that have a place, and the one that has none.
            for _ in range(3):
                self.assertTrue(looked.acquire(timeout=30))
            self.assertFalse(done.is_set())
        self.assertTrue(done.wait(30))

    def enter(self, do=lambda: None):
        with self.places.take('c'):
            do()
