"""A function that hangs costs its caller no more than the time it gave."""

import threading
import time
import unittest

from mogan_like.common.rpc import deadline
from tests import stopwatch

PATIENCE = 10


class TestRunner(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.runner = deadline.Runner('test', 2)
        self.addCleanup(self.runner.close)
        self.release = threading.Event()
        self.addCleanup(self.release.set)

    def hang(self):
        self.release.wait(PATIENCE)

    def test_result(self):
        self.assertEqual(7, self.runner.run(PATIENCE, lambda: 7))

    def test_no_limit(self):
        self.assertEqual(7, self.runner.run(None, lambda: 7))

    def test_error(self):
        with self.assertRaises(ZeroDivisionError):
            self.runner.run(PATIENCE, lambda: 1 / 0)

    def test_error_that_is_no_exception_does_not_take_the_thread(self):
        def leave():
            raise SystemExit(3)

        for _ in range(5):
            with self.assertRaises(SystemExit):
                self.runner.run(PATIENCE, leave)
        self.assertEqual(7, self.runner.run(PATIENCE, lambda: 7))

    def test_time_is_up(self):
        began = time.monotonic()
        with stopwatch.Stopwatch() as watch, self.assertRaises(TimeoutError):
            self.runner.run(0.1, self.hang)
        self.assertGreaterEqual(time.monotonic() - began, 0.1)
        self.assertLess(watch.seconds, 0.3)

    def test_no_time_left(self):
        with self.assertRaises(TimeoutError):
            self.runner.run(-1, self.hang)

    def test_others_go_on(self):
        with self.assertRaises(TimeoutError):
            self.runner.run(0.01, self.hang)
        self.assertEqual(7, self.runner.run(PATIENCE, lambda: 7))

    def test_given_up_before_it_started_never_starts(self):
        done = []
        for _ in range(2):
            with self.assertRaises(TimeoutError):
                self.runner.run(0.01, self.hang)
        with self.assertRaises(TimeoutError):
            self.runner.run(0.01, lambda: done.append('late'))
        self.release.set()
        self.runner.run(PATIENCE, lambda: done.append('in time'))
        self.assertEqual(['in time'], done)

    def test_threads_are_used_again(self):
        used = {self.runner.run(PATIENCE, threading.get_ident) for _ in range(50)}
        self.assertLessEqual(len(used), 2)

    def test_at_once(self):
        meet = threading.Barrier(2, timeout=PATIENCE)
        self.runner.submit(meet.wait)
        self.runner.run(PATIENCE, meet.wait)

    def test_many_callers(self):
        answers = []

        def ask(n):
            answers.append((n, self.runner.run(PATIENCE, lambda: n * n)))

        callers = [threading.Thread(target=ask, args=(n,)) for n in range(50)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(PATIENCE)
        self.assertEqual([(n, n * n) for n in range(50)], sorted(answers))

    def test_close(self):
        self.runner.run(PATIENCE, lambda: None)
        self.runner.close()
        self.runner.close()
        with self.assertRaises(RuntimeError):
            self.runner.run(PATIENCE, lambda: None)

    def test_close_ends_threads(self):
        threads = {self.runner.run(PATIENCE, threading.current_thread)}
        self.runner.close()
        for thread in threads:
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive())
