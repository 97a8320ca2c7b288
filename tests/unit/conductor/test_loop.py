"""Our clock is kept on the database's, and not on how long it takes to answer."""

import datetime
import unittest

from mogan_like.common import clock
from mogan_like.conductor import loop

_SECOND = datetime.timedelta(seconds=1)


class KeepTimeTest(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(clock.sync, clock.utcnow())

    def move(self, asked, said):
        """By how many seconds the clock was set, to the nearest.

        :param asked: seconds ago, when the database was asked
        :param said: how many seconds after now its answer is
        """
        now = clock.utcnow()
        real = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        before = now - real
        loop.keep_time(now - asked * _SECOND, now + said * _SECOND)
        real = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        return round((clock.utcnow() - real - before).total_seconds())

    def test_answer_that_took_long(self):
        self.assertEqual(0, self.move(asked=60, said=-59))
        self.assertEqual(0, self.move(asked=60, said=-1))

    def test_database_that_is_ahead(self):
        self.assertEqual(90, self.move(asked=60, said=90))

    def test_database_that_is_behind(self):
        self.assertEqual(-30, self.move(asked=60, said=-90))
