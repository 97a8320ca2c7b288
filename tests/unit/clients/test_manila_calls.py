"""How long a call of Manila may take, and when it may be made again."""

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from tests import stopwatch
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case

#: Seconds that nothing here may come near to.
LONG = 60


class TimeTest(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share()
        CONF.set_override('timeout', LONG, group='manila')
        self.plugin = self.make_plugin()
        self.ctx = hooks.make_ctx()
        self.calls = {
            'shares.get': lambda manila: manila.get_share(self.share_id),
            'shares.list': lambda manila: list(manila.list_shares()),
            'snapshots.create': lambda manila: manila.create_snapshot(self.share_id),
        }

    def connect_for(self, seconds):
        self.ctx.answer_by = clock.monotonic() + seconds
        return self.plugin._connections.connect(self.ctx)

    def assert_hasty(self, call, *args):
        with stopwatch.Stopwatch() as watch:
            error = self.assertRaises(exception.ShareServiceUnavailable, call, *args)
        self.assertLess(watch.seconds, LONG / 2)
        self.assertIn('it does not answer', str(error))
        self.assertEqual(503, error.code)

    def test_a_call_ends_when_nobody_waits_any_more(self):
        for name, call in self.calls.items():
            self.switches.fault(name, 'hang')
            self.assert_hasty(call, self.connect_for(0.3))
            self.assert_hasty(call, self.connect().within(0.3))
            self.switches.clear()

    def test_the_sooner_end_counts(self):
        self.switches.fault('*', 'hang')
        self.assert_hasty(self.calls['shares.get'], self.connect_for(0.3).within(LONG))
        self.assert_hasty(self.calls['shares.get'], self.connect_for(LONG).within(0.3))

    def test_a_list_ends_as_a_whole(self):
        CONF.set_override('page_size', 2, group='manila')
        self.addCleanup(CONF.clear_override, 'page_size', group='manila')
        for _ in range(50):
            self.make_share(wait=False)
        manila = self.connect_for(0.3)
        self.switches.fault('shares.list', 'delay', seconds=0.05)
        self.assert_hasty(self.calls['shares.list'], manila)
        self.assertLess(self.manila.list_calls().count('shares.list'), 10)

    def test_when_it_is_too_late_nothing_is_asked(self):
        manila = self.connect_for(LONG)
        self.ctx.answer_by = clock.monotonic() - 1
        before = len(self.manila.records)
        for call in self.calls.values():
            self.assert_hasty(call, manila.within(-1))
        self.assertEqual(before, len(self.manila.records))

    def test_who_has_time_is_not_hurried(self):
        for call in self.calls.values():
            call(self.connect_for(LONG))


class PauseTest(shares_case.SharesCase):
    def refuse(self, code, seconds):
        self.switches.refuse('shares.get', code, retry_after=seconds, times=1)
        share_id = self.make_share()
        return self.assertRaises(
            exception.MoganLikeError, self.connect().get_share, share_id
        )

    def test_too_many_requests_are_no_quota(self):
        error = self.refuse(413, 7)
        self.assertIsInstance(error, exception.ShareServiceUnavailable)
        self.assertEqual(7, error.pause)
        self.assertIn('it answers 413', str(error))

    def test_the_quota_says_not_to_wait(self):
        self.assertIsInstance(self.refuse(413, 0), exception.ShareQuotaExceeded)

    def test_other_errors_may_say_when_to_come_again_too(self):
        for code in (429, 503):
            error = self.refuse(code, 9)
            self.assertIsInstance(error, exception.ShareServiceUnavailable)
            self.assertEqual(9, error.pause)
            self.assertIn(f'it answers {code}', str(error))
