"""The loop of due work: who runs what, and when."""

import datetime

import fixtures as fixtures_lib

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from tests import fixtures
from tests.unit.conductor import due_case


class LoopTest(due_case.DueCase):
    def test_work_that_is_there_at_the_start_is_done(self):
        for number in range(10):
            self.add(object_id=str(number))
        self.start(size=2)
        self.wait_until_done()
        self.assertEqual(10, len(self.ran))

    def test_nudge_finds_new_work_at_once(self):
        work = self.start()
        self.add()
        work.nudge()
        self.wait_until_done()

    def test_work_that_is_due_soon_is_done_then_and_not_before(self):
        work = self.start()
        self.add(after=0.5)
        work.nudge()
        self.wait_until_done()
        (claim,) = self.ran
        self.assertGreaterEqual(clock.utcnow(), claim.due_at)

    def test_scan_finds_work_that_nobody_told_of(self):
        fixtures.CONF.set_override('scan_interval', 0.05, group='conductor')
        self.addCleanup(fixtures.CONF.clear_override, 'scan_interval', 'conductor')
        self.start()
        self.add()
        self.wait_until_done()

    def test_job_that_raises_and_kind_that_is_unknown_stop_nothing(self):
        self.add('bad', 'b')
        self.add('unheard-of', 'u')
        work = self.start(size=1)
        self.wait_until_ran(1)
        self.add('short', 's')
        work.nudge()
        self.wait_for(
            lambda: not self.rows(claims.DUE_WORK, kind='short'), 'the good job'
        )
        # What broke is tried again when its claim has run out, not at once; and
        # a kind that a newer conductor brought is left to those who know it.
        left = {row['kind']: row['attempts'] for row in self.rows(claims.DUE_WORK)}
        self.assertEqual({'bad': 1, 'unheard-of': 0}, left)

    def test_more_work_than_workers_waits_and_is_taken_as_they_are_free(self):
        for number in range(5):
            self.add('long', str(number))
        self.start(size=2)
        self.wait_until_ran(2)
        owned = [row for row in self.rows(claims.DUE_WORK) if row['owner']]
        # What no worker is free for is left for other conductors.
        self.assertEqual((2, 2), (len(self.ran), len(owned)))
        self.hold.set()
        self.wait_until_done()

    def test_clock_follows_the_databases(self):
        self.addCleanup(clock.sync, _get_real_time())
        clock.sync(_get_real_time() + 3600 * due_case.SECONDS)
        self.start()
        self.wait_for(
            lambda: abs(clock.utcnow() - _get_real_time()) < due_case.SECONDS,
            'the clock to be right',
        )


class NoConnectionTest(due_case.DueCase):
    # SQLite has no pool of connections to use up.
    backend = 'postgresql'
    options = {
        **due_case.DueCase.options,
        'conductor__scan_interval': 0.05,
        'database__max_pool_size': 1,
        'database__max_overflow': 0,
        'database__pool_timeout': 1,
    }

    def test_loop_outlives_connections_that_are_used_up(self):
        logger = self.useFixture(fixtures_lib.FakeLogger())
        with engine.reader():
            self.start()
            self.wait_for(
                lambda: 'Due work cannot be read' in logger.output, 'the loop to fail'
            )
        self.add()
        self.wait_until_done()


class SupersedeTest(due_case.DueCase):
    def test_worker_at_the_former_work_lets_go_and_the_new_work_is_done(self):
        self.add('long', payload={'n': 1})
        work = self.start()
        self.wait_until_ran(1)
        self.replace('long', 'one', {'n': 2})
        work.supersede('long', 'one')
        self.wait_until_ran(2)
        self.hold.set()
        self.wait_until_done()
        self.assertEqual([{'n': 1}, {'n': 2}], [claim.payload for claim in self.ran])
        self.assertEqual([('long', 'one')], self.announced)

    def test_word_of_another_conductor_does_the_same_and_is_not_passed_on(self):
        self.add('long')
        work = self.start()
        self.wait_until_ran(1)
        self.replace('long', 'one', {'n': 2})
        work.superseded('long', 'one')
        self.wait_until_ran(2)
        self.assertEqual([], self.announced)

    def test_word_that_comes_late_leaves_the_new_work_alone(self):
        self.add('long')
        work = self.start()
        self.wait_until_ran(1)
        self.replace('long', 'one', {'n': 2})
        work.superseded('long', 'one')
        self.wait_until_ran(2)
        # Its own word comes back to a conductor, too.
        work.superseded('long', 'one')
        self.assertFalse(self.ran[1].is_lost())
        self.hold.set()
        self.wait_until_done()
        self.assertEqual(2, len(self.ran))

    def test_others_work_goes_on(self):
        self.add('long', 'one')
        self.add('long', 'two')
        work = self.start()
        self.wait_until_ran(2)
        work.superseded('long', 'three')
        work.superseded('short', 'two')
        self.assertEqual([False, False], [claim.is_lost() for claim in self.ran])

    def test_word_that_never_came_is_found_out_by_renewal(self):
        self.add('long')
        self.start()
        self.wait_until_ran(1)
        self.replace('long', 'one', {'n': 2})
        self.wait_until_ran(2)
        self.assertEqual({'n': 2}, self.ran[1].payload)


def _get_real_time():
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
