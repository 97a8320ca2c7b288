"""Calls of plugins that take longer than they may."""

import threading

from mogan_like.common.config import CONF
from tests.unit.conductor import batch_case
from tests.unit.db import db_case


class TimeoutTests(batch_case.BatchMixin):
    options = {**batch_case.BatchMixin.options, 'conductor__retry_delay': 60}

    def test_call_past_its_time_is_a_failure_and_ignored_from_then_on(self):
        self.hold(self.plugin)
        self.plugin.timeout = 0.3
        work = self.start()
        (uuid,) = self.make()
        work.nudge()
        self.wait_until('ERROR', [uuid])
        self.assertEqual('on_start took longer than 0.3 s.', self.due(uuid)['error'])
        (call,) = self.plugin.list_calls('on_start')
        self.assertTrue(call.abandoned.is_set())
        self.assertEqual((4, 1, 0, 1), work._pools.count()['thing'])
        before = self.lease(uuid), self.reservations(uuid), self.due(uuid)
        self.gate.set()
        self.wait_for(lambda: work._pools.count()['thing'][3] == 0, 'its return')
        self.assertEqual(
            before, (self.lease(uuid), self.reservations(uuid), self.due(uuid))
        )
        self.assertEqual([], self.given_up)

    @db_case.logic
    def test_end_that_hangs_is_tried_again_by_another_thread(self):
        self.plugin.timeout = 0.3
        work = self.start()
        (uuid,) = self.make()
        work.nudge()
        self.wait_until('ACTIVE', [uuid])
        self.hold(self.plugin, 'on_end')
        self.manager.end(self.ctx(), uuid)
        work.nudge()
        self.wait_until('ERROR', [uuid])
        self.assertEqual('on_end took longer than 0.3 s.', self.due(uuid)['error'])
        self.plugin.acts.clear()
        self.manager.retry(self.ctx(), uuid)
        work.nudge()
        self.wait_until('TERMINATED', [uuid])
        self.gate.set()
        self.wait_for(lambda: not work._pools.count()['thing'][1], 'its return')
        self.assert_ended(uuid)
        self.assertEqual(2, len(self.plugin.list_calls('on_end')))

    def test_call_that_returns_late_does_not_count_for_another(self):
        late = threading.Event()
        self.addCleanup(late.set)
        self.plugin.timeout = 0.3
        self.plugin.acts['on_start'] = lambda call: late.wait(60) and None
        self.hold(self.other)
        types = [{'resource_type': name, 'size': 1} for name in ('thing', 'other')]
        (uuid,) = self.make(reservations=types)
        work = self.start()
        self.wait_for_calls(self.other, 1)
        self.wait_for(lambda: work._pools.count()['thing'][3], 'the call to be late')
        late.set()
        self.wait_for(lambda: not work._pools.count()['thing'][1], 'its return')
        self.assertEqual('STARTING', self.status(uuid))
        self.assertTrue(self.has_owner(uuid))
        self.gate.set()
        self.wait_until('ERROR', [uuid])
        self.assertEqual(['error', 'active'], self.reservation_statuses(uuid))

    @db_case.logic
    def test_without_one_of_the_plugin_that_of_the_option_counts(self):
        CONF.set_override('plugin_timeout', 1, group='leases')
        self.addCleanup(CONF.clear_override, 'plugin_timeout', group='leases')
        self.hold(self.plugin)
        (uuid,) = self.make()
        self.start()
        self.wait_until('ERROR', [uuid])
        self.assertEqual('on_start took longer than 1 s.', self.due(uuid)['error'])

    @db_case.logic
    def test_conductor_gives_up_when_a_plugin_has_no_threads_left(self):
        self.hold(self.plugin)
        self.plugin.timeout = 0.3
        uuids = self.make(2)
        work = self.start(threads=4)
        self.wait_for(lambda: self.given_up, 'the conductor to give up')
        self.assertEqual(['thing'], self.given_up)
        self.wait_until('ERROR', uuids)
        (other,) = self.make_other()
        work.nudge()
        self.wait_until('ACTIVE', [other])
        work.stop()
        # What hangs is not waited for.
        self.assertTrue(work.drain(5))

    @db_case.logic
    def test_work_before_an_end_that_has_come_is_waited_for_for_the_grace(self):
        for name, value in (('before_end_grace', 1),):
            CONF.set_override(name, value, group='leases')
            self.addCleanup(CONF.clear_override, name, group='leases')
        self.hold(self.plugin, 'before_end')
        self.other.acts['before_end'] = None
        (uuid,) = self.make(before_end_date='now')
        work = self.start()
        self.wait_for_calls(self.plugin, 1, 'before_end')
        self.manager.end(self.ctx(), uuid)
        work._scans.nudge()
        self.wait_until('TERMINATED', [uuid])
        self.assertEqual(('ERROR', 'failed'), self.events(uuid)['before_end_lease'])


db_case.on_each(globals(), TimeoutTests, backends=('sqlite', 'mysql'))
