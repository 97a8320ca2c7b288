"""Leases that start and end on threads: together and apart."""

import functools
import threading
import unittest.mock

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.conductor import batches
from mogan_like.conductor import plugin_pools
from mogan_like.db import claims
from mogan_like.leases import models
from tests import stopwatch
from tests.unit.conductor import batch_case
from tests.unit.db import db_case


class BatchTests(batch_case.BatchMixin):
    def test_what_is_due_at_the_start_is_done(self):
        uuids = self.make(5)
        self.start()
        self.wait_until('ACTIVE', uuids)

    @db_case.logic
    def test_nudge_finds_new_work_at_once(self):
        work = self.start()
        (uuid,) = self.make()
        work.nudge()
        self.wait_until('ACTIVE', [uuid])
        self.manager.end(self.ctx(), uuid)
        work.nudge()
        self.wait_until('TERMINATED', [uuid])
        self.assert_ended(uuid)

    def test_what_is_due_soon_is_done_then(self):
        self.make()
        self.start()
        (row,) = self.rows(models.LEASES)
        self.wait_until('ACTIVE', [row['uuid']])
        soon = clock.utcnow() + batch_case.events_case.SECOND
        self.set(models.LEASES, {}, end_date=soon)
        self.set(claims.DUE_WORK, {}, until=soon, due_at=soon)
        # It only knows of the time that it read before.
        self.start()
        self.wait_until('TERMINATED', [row['uuid']])
        self.assertGreaterEqual(clock.utcnow(), soon)

    def test_hundreds_are_done_once_by_two_conductors(self):
        uuids = self.make(250)
        for work in (self.start(), self.start()):
            work.nudge()
        self.wait_until('ACTIVE', uuids)
        self.assertEqual(250, len(self.plugin.list_calls('on_start')))
        for uuid in uuids[:3]:
            self.assert_active(uuid)

    def test_what_is_made_while_it_works_is_done_once(self):
        work = self.start()
        made = []

        def make():
            for _ in range(10):
                made.extend(self.make())
                work.nudge()

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.wait_until('ACTIVE', made)
        self.assertEqual(40, len(self.plugin.list_calls('on_start')))

    def test_end_is_begun_as_soon_as_the_start_is_through(self):
        self.hold(self.plugin)
        work = self.start()
        (uuid,) = self.make()
        work.nudge()
        self.wait_for_calls(self.plugin, 1)
        self.manager.delete(self.ctx(), uuid)
        work.nudge()
        self.assertEqual('DELETING', self.status(uuid))
        self.gate.set()
        self.wait_until('TERMINATED', [uuid])

    @db_case.logic
    def test_reservations_of_a_lease_are_called_in_parallel(self):
        both = threading.Barrier(2, timeout=20)
        for plugin in (self.plugin, self.other):
            plugin.acts['on_start'] = functools.partial(_meet, both)
        self.start()
        types = [{'resource_type': name, 'size': 1} for name in ('thing', 'other')]
        (uuid,) = self.make(reservations=types)
        self.start()
        self.wait_until('ACTIVE', [uuid])


class SlowTests(batch_case.BatchMixin):
    @db_case.logic
    def test_plugin_takes_no_more_than_its_share(self):
        self.hold(self.plugin)
        work = self.start(threads=4)
        slow, quick = self.make(6), self.make_other(20)
        work.nudge()
        self.wait_until('ACTIVE', quick)
        self.assertEqual(2, len(self.plugin.list_calls('on_start')))
        self.gate.set()
        self.wait_until('ACTIVE', slow)

    @db_case.logic
    def test_call_holds_up_nobody_else_of_its_plugin(self):
        self.plugin.acts['on_start'] = self.hold_first()
        work = self.start(threads=8)
        uuids = self.make(30)
        work.nudge()
        self.wait_for(lambda: self.count('ACTIVE') == 29, 'all others')
        self.gate.set()
        self.wait_until('ACTIVE', uuids)

    def hold_first(self):
        first = iter([True])

        def act(_call):
            if next(first, False):
                self.gate.wait(60)

        return act

    def test_what_waits_for_a_thread_is_left_to_other_conductors(self):
        self.hold(self.plugin)
        work = self.start(threads=4)
        uuids = self.make(6)
        work.nudge()
        self.wait_for_calls(self.plugin, 2)
        self.wait_for(
            lambda: sum(self.has_owner(uuid) for uuid in uuids) == 2, 'the others'
        )
        free = [uuid for uuid in uuids if not self.has_owner(uuid)]
        self.assertEqual({'STARTING'}, {self.status(uuid) for uuid in free})
        # It did not fail, and is due.
        for uuid in free:
            self.assertEqual(0, self.due(uuid)['attempts'])
            self.assertLessEqual(self.due(uuid)['until'], clock.utcnow())
        self.plugin.acts.clear()
        self.start(threads=4)
        self.wait_until('ACTIVE', free)
        self.assertEqual(2, self.count('STARTING'))

    @db_case.logic
    def test_what_is_full_takes_no_more_until_there_is_room(self):
        self.hold(self.plugin)
        work = self.start(threads=4)
        self.make(2)
        work.nudge()
        self.wait_for_calls(self.plugin, 2)
        self.wait_for(lambda: not work._pools.get_room('thing'), 'calls to be slow')
        (uuid,) = self.make()
        work.nudge()
        (other,) = self.make_other()
        work.nudge()
        self.wait_until('ACTIVE', [other])
        self.assertEqual('PENDING', self.status(uuid))
        self.gate.set()
        self.wait_until('ACTIVE', [uuid])

    def test_claims_are_kept_all_the_while(self):
        self.hold(self.plugin)
        (uuid,) = self.make()
        self.start()
        self.wait_for_calls(self.plugin, 1)
        before = self.due(uuid)['until']
        self.start()
        self.wait_for(
            lambda: clock.utcnow() > before + batch_case.events_case.SECOND,
            'the claim to have run out',
        )
        self.assertEqual(1, len(self.plugin.list_calls('on_start')))


class StopTests(batch_case.BatchMixin):
    def test_what_is_called_goes_on_and_what_waits_is_let_go_of(self):
        self.hold(self.plugin)
        work = self.start(threads=4)
        uuids = self.make(5)
        work.nudge()
        self.wait_for_calls(self.plugin, 2)
        work.stop()
        self.wait_for(
            lambda: sum(self.has_owner(uuid) for uuid in uuids) == 2, 'the others'
        )
        self.assertFalse(work.drain(0.1))
        self.gate.set()
        self.assertTrue(work.drain(10))
        self.assertEqual(2, self.count('ACTIVE'))

    def test_last_look_takes_part_of_the_time(self):
        self.hold(self.plugin)
        self.make()
        work = self.start()
        self.wait_for_calls(self.plugin, 1)
        work.stop()
        times = [0]
        with (
            unittest.mock.patch.object(clock, 'monotonic', lambda: times[-1]),
            # Its last look ends seven seconds later.
            unittest.mock.patch.object(
                work._loop, 'wait', lambda _timeout: times.append(7)
            ),
            unittest.mock.patch.object(work._changed, 'wait_for') as wait_for,
        ):
            work.drain(10)
        self.assertEqual(3, wait_for.call_args.args[1])

    def test_what_does_not_end_in_time_is_left_to_others(self):
        self.hold(self.plugin)
        (uuid,) = self.make()
        work = self.start()
        self.wait_for_calls(self.plugin, 1)
        work.stop()
        work.release_all()
        self.assertFalse(self.has_owner(uuid))
        self.assertTrue(self.plugin.list_calls('on_start')[0].abandoned.is_set())
        self.plugin.acts.clear()
        self.start()
        self.wait_until('ACTIVE', [uuid])
        self.gate.set()
        self.assert_active(uuid)

    def test_what_was_never_started_stops_at_once(self):
        pools = plugin_pools.PluginPools({}, 1, self.given_up.append)
        work = batches.BatchWork(batch_case.jobs.LeaseJobs({}, {}), pools)
        with stopwatch.Stopwatch() as watch:
            work.stop()
            self.assertTrue(work.drain(60))
            work.release_all()
        self.assertLess(watch.seconds, 4)

    def test_stop_without_a_database_leaves_claims_to_run_out(self):
        self.hold(self.plugin)
        self.make(3)
        work = self.start()
        self.wait_for_calls(self.plugin, 3)
        work.stop()
        tries = []

        def fail(claim):
            tries.append(claim)
            raise exception.DatabaseUnavailable()

        with unittest.mock.patch.object(work._held, 'let_go', fail):
            work.release_all()
        self.assertEqual(1, len(tries))

    def test_conductor_that_dies_in_calls_is_followed_by_another(self):
        self.hold(self.plugin)
        uuids = self.make(4)
        dead = self.start()
        self.wait_for_calls(self.plugin, 4)
        self.drop(dead)
        self.plugin.acts.clear()
        self.run_out()
        self.start()
        self.wait_until('ACTIVE', uuids)
        self.gate.set()
        for uuid in uuids:
            self.assert_active(uuid)
            self.assertEqual(
                [('create', 'success'), ('start', 'success')], self.actions(uuid)
            )


class AwayTests(batch_case.BatchMixin):
    def test_what_is_done_while_there_is_no_database_is_written_later(self):
        uuids = self.make(30)
        failing = threading.Event()
        failing.set()
        work = self.start()
        finish = work._jobs.finish

        def fail(works):
            if failing.is_set():
                raise exception.DatabaseUnavailable()
            return finish(works)

        with unittest.mock.patch.object(work._jobs, 'finish', fail):
            work.nudge()
            self.wait_for_calls(self.plugin, 30)
            self.wait_for(lambda: not work._is_calling(), 'the calls to end')
            self.wait_for(work._away.is_set, 'the database to be missed')
            # Their claims run out, and nobody else is there.
            self.run_out()
            work.nudge()
            self.assertEqual(30, self.count('STARTING'))
            failing.clear()
            self.wait_until('ACTIVE', uuids)
        self.assertEqual(30, len(self.plugin.list_calls('on_start')))

    def test_what_is_done_is_not_done_again_before_all_of_it_is_written(self):
        uuids = self.make(4)
        failing = threading.Event()
        failing.set()
        work = self.start()
        finish = work._jobs.finish

        def look_and_finish(works):
            if failing.is_set():
                raise exception.DatabaseUnavailable()
            # As the loop may at any moment.
            work._look()
            return finish(works)

        with (
            unittest.mock.patch('mogan_like.conductor.finisher.BATCH', 1),
            unittest.mock.patch.object(work._jobs, 'finish', look_and_finish),
        ):
            work.nudge()
            self.wait_for_calls(self.plugin, 4)
            self.wait_for(lambda: not work._is_calling(), 'the calls to end')
            self.wait_for(work._away.is_set, 'the database to be missed')
            self.run_out()
            failing.clear()
            self.wait_until('ACTIVE', uuids)
        self.assertEqual(4, len(self.plugin.list_calls('on_start')))


def _meet(barrier, _call):
    barrier.wait()


db_case.on_each(
    globals(), BatchTests, SlowTests, StopTests, AwayTests, backends=('sqlite', 'mysql')
)
