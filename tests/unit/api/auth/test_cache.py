"""What is remembered, for how long, and how much of it."""

import threading
import unittest

from mogan_like.api.auth import cache


class Clock:
    """A clock that the test moves."""

    def __init__(self):
        self.time = 1000.0

    def __call__(self):
        return self.time


class ExpiringCacheTestCase(unittest.TestCase):
    def setUp(self):
        self.clock = Clock()
        self.cache = cache.ExpiringCache(3, self.clock)

    def test_nothing(self):
        self.assertIsNone(self.cache.get('a'))
        self.cache.forget('a')

    def test_until_its_time_is_over(self):
        self.cache.put('a', 1, 60)
        self.clock.time += 59.9
        self.assertEqual(1, self.cache.get('a'))
        self.clock.time += 0.1
        self.assertIsNone(self.cache.get('a'))
        self.assertEqual(0, len(self.cache))

    def test_again_is_longer(self):
        self.cache.put('a', 1, 60)
        self.clock.time += 50
        self.cache.put('a', 2, 60)
        self.clock.time += 50
        self.assertEqual(2, self.cache.get('a'))

    def test_no_time_at_all(self):
        for seconds in (0, -1):
            self.cache.put('a', 1, seconds)
            self.assertIsNone(self.cache.get('a'))

    def test_no_time_at_all_pushes_nobody_out(self):
        for key in 'abc':
            self.cache.put(key, key, 60)
        self.cache.put('d', 'd', 0)
        self.assertEqual(['a', 'b', 'c'], [self.cache.get(k) for k in 'abc'])

    def test_the_least_recently_used_goes(self):
        for key in 'abc':
            self.cache.put(key, key, 60)
        self.cache.get('a')
        self.cache.put('d', 'd', 60)
        self.assertEqual(['a', None, 'c', 'd'], [self.cache.get(k) for k in 'abcd'])

    def test_forget(self):
        self.cache.put('a', 1, 60)
        self.cache.forget('a')
        self.assertIsNone(self.cache.get('a'))

    def test_many_threads(self):
        problems = []

        def work(number):
            try:
                for step in range(2000):
                    key = (number * step) % 7
                    self.cache.put(key, key, 60 if step % 3 else 0.0)
                    if self.cache.get(key) not in (None, key):
                        problems.append("another key's value")
                    self.cache.forget(step % 5)
            except Exception as error:
                problems.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], problems)
        self.assertLessEqual(len(self.cache), 3)
