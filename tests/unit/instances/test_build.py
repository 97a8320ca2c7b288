"""What a driver is handed: it stops as soon as the work is no longer its own."""

import threading
import unittest

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.instances import build
from mogan_like.instances.drivers import base


class JobTest(unittest.TestCase):
    def make_job(self, ttl=60):
        """A job whose claim holds for so many seconds."""
        now = clock.utcnow()
        until = clock.monotonic() + ttl
        self.claim = claims.Claim(
            1, 'instance', 'i', now, 'me', 1, 1, {'action_id': 7}, until
        )
        return build.Job(self.claim, 'build')

    def assert_cancelled_within(self, seconds, wait, *args, **kwargs):
        began = clock.monotonic()
        self.assertRaises(base.JobCancelled, wait, *args, **kwargs)
        self.assertLess(clock.monotonic() - began, seconds)

    def test_id_is_that_of_one_verb_of_the_action(self):
        job = self.make_job()
        self.assertEqual('build-7', job.id)
        self.assertEqual('power-7', build.Job(self.claim, 'power').id)

    def test_wait_is_as_long_as_it_was_asked_for(self):
        began = clock.monotonic()
        self.assertFalse(self.make_job().wait(0.05))
        self.assertGreaterEqual(clock.monotonic() - began, 0.05)

    def test_wait_ends_when_it_is_done(self):
        calls = []
        done = self.make_job().wait(
            60, lambda: calls.append(1) or len(calls) == 3, interval=0.01
        )
        self.assertTrue(done)
        self.assertEqual(3, len(calls))

    def test_wait_ends_when_the_claim_is_lost(self):
        job = self.make_job()
        timer = threading.Timer(0.05, self.claim.lost.set)
        timer.start()
        self.addCleanup(timer.join)
        self.assert_cancelled_within(5, job.wait, 60)

    def test_wait_ends_when_the_claim_runs_out_and_nobody_says_so(self):
        self.assert_cancelled_within(5, self.make_job(ttl=0.1).wait, 60)
        never = {'done': lambda: False, 'interval': 30}
        self.assert_cancelled_within(5, self.make_job(ttl=0.1).wait, 60, **never)

    def test_nothing_is_begun_without_the_claim(self):
        job = self.make_job(ttl=-1)
        self.assertRaises(base.JobCancelled, job.check)
        self.assertRaises(base.JobCancelled, job.step, 'power_off')
        self.assertRaises(base.JobCancelled, job.wait, 0)
