"""Steps that fail or wait: what stays, what is told, and when they come again."""

from mogan_like.actions import models as actions_models
from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.leases import models
from mogan_like.leases.plugins import base
from tests.unit.db import db_case
from tests.unit.leases import events_case
from tests.unit.leases.events_case import SECOND
from tests.unit.leases.test_events import BOTH

_NO = RuntimeError('secret')
_TOLD = exception.Conflict('There is no machine.')


class FailureMixin(events_case.EventsMixin):
    def start_failing(self, error=_TOLD, **values):
        self.plugin.fail('on_start', error)
        uuid = self.create(start_date='now', **values)['uuid']
        self.step()
        return uuid

    def assert_comes_again(self, uuid, attempts=1):
        due = self.due(uuid)
        self.assertEqual((None, attempts), (due['owner'], due['attempts']))
        wait = self.get_waiting_time(uuid)
        longest = CONF.conductor.retry_delay * 2 ** (attempts - 1) * 1.25
        self.assertGreater(wait, 0)
        self.assertLessEqual(wait, longest)

    def test_of_a_start_is_seen_everywhere_and_comes_again(self):
        uuid = self.start_failing()
        self.assertEqual('ERROR', self.status(uuid))
        self.assertEqual(('ERROR', 'failed'), self.events(uuid)['start_lease'])
        self.assertEqual(['error'], self.reservation_statuses(uuid))
        self.assertEqual('There is no machine.', self.due(uuid)['error'])
        self.assert_comes_again(uuid)
        self.assertEqual([('create', 'success'), ('start', None)], self.actions(uuid))

    @db_case.logic
    def test_of_a_start_is_made_good_by_a_later_one(self):
        uuid = self.start_failing()
        self.plugin.fail('on_start', None)
        self.manager.retry(self.ctx(), uuid)
        self.assertEqual(['start'], self.step())
        self.assert_active(uuid)
        self.assertIsNone(self.due(uuid)['error'])
        self.assertEqual(0, self.due(uuid)['attempts'])
        self.assertEqual(
            [('on_start.thing', 'error'), ('on_start.thing', 'success')],
            self.action_events(uuid)['start'],
        )
        self.assertEqual(
            [('create', 'success'), ('start', 'success'), ('retry', 'success')],
            self.actions(uuid),
        )

    @db_case.logic
    def test_lets_longer_and_longer_pass(self):
        uuid = self.start_failing()
        for attempts in (2, 3):
            self.bring_forward(uuid)
            self.step()
            self.assert_comes_again(uuid, attempts)

    @db_case.logic
    def test_comes_again_at_the_end_at_the_latest(self):
        CONF.set_override('retry_delay', 3600, group='conductor')
        self.addCleanup(CONF.clear_override, 'retry_delay', group='conductor')
        uuid = self.start_failing(end_date=clock.isoformat(clock.utcnow() + 9 * SECOND))
        self.assertEqual(self.lease(uuid)['end_date'], self.due(uuid)['until'])

    @db_case.logic
    def test_of_a_bug_is_told_to_administrators_only(self):
        uuid = self.start_failing(_NO)
        self.assertEqual(recorder.UNKNOWN, self.due(uuid)['error'])
        (event,) = self.rows(actions_models.EVENTS, event='on_start.thing')
        self.assertIn('secret', event['traceback'])
        self.assertNotIn('secret', event['message'])

    @db_case.logic
    def test_of_any_kind_is_one(self):
        for error in (SystemExit(1), KeyboardInterrupt(), GeneratorExit()):
            uuid = self.start_failing(error)
            self.assertEqual('ERROR', self.status(uuid))

    @db_case.logic
    def test_to_return_a_plan_is_one(self):
        self.plugin.acts['on_start'] = lambda call: 'done'
        uuid = self.create(start_date='now')['uuid']
        self.step()
        self.assertEqual('ERROR', self.status(uuid))

    @db_case.logic
    def test_of_a_start_is_ended_by_a_person_who_waits_for_nothing(self):
        uuid = self.start_failing()
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid, start='failed')
        self.assertTrue(self.plugin.list_calls('on_end')[0].started)
        self.assertEqual(
            [('create', 'success'), ('start', 'cancelled'), ('end', 'success')],
            self.actions(uuid),
        )

    def test_of_an_end_comes_again_until_it_succeeds(self):
        uuid = self.start_one()
        self.age(uuid)
        self.plugin.fail('on_end', _TOLD)
        for attempts in (1, 2):
            self.assertEqual(['end'], self.step())
            self.assertEqual('ERROR', self.status(uuid))
            self.assertEqual(('ERROR', 'failed'), self.events(uuid)['end_lease'])
            self.assert_comes_again(uuid, attempts)
            self.bring_forward(uuid)
        self.plugin.fail('on_end', None)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)
        self.assertEqual(
            [('on_end.thing', 'error')] * 2 + [('on_end.thing', 'success')],
            self.action_events(uuid)['end'],
        )
        self.assertEqual(('end', 'success'), self.actions(uuid)[-1])

    @db_case.logic
    def test_of_an_end_is_added_to_the_verb_that_wanted_it(self):
        uuid = self.start_one()
        self.plugin.fail('on_end', _TOLD)
        self.manager.delete(self.ctx(), uuid)
        self.step()
        self.assertEqual('DELETING', self.status(uuid))
        self.assertEqual(('delete', None), self.actions(uuid)[-1])
        self.assertEqual(
            [('on_end.thing', 'error')], self.action_events(uuid)['delete']
        )
        self.plugin.fail('on_end', None)
        self.bring_forward(uuid)
        self.step()
        self.assert_ended(uuid)
        self.assertEqual(1, self.lease(uuid)['deleted'])

    def test_of_an_end_can_be_ended_and_deleted_all_the_same(self):
        uuid = self.start_one()
        self.plugin.fail('on_end', _TOLD)
        self.manager.end(self.ctx(), uuid)
        self.step()
        self.manager.end(self.ctx(), uuid)
        self.assertEqual('TERMINATING', self.status(uuid))
        self.assertEqual(['end'], self.step())
        self.plugin.fail('on_end', None)
        self.manager.delete(self.ctx(), uuid)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)

    @db_case.logic
    def test_of_a_change_leaves_it_to_be_made(self):
        uuid = self.start_one()
        (row,) = self.reservations(uuid)
        changed = [{'id': row['uuid'], 'size': 5}]
        self.manager.update(self.ctx(), uuid, {'reservations': changed})
        self.plugin.fail('on_start', _TOLD)
        self.step()
        self.assertEqual('UPDATING', self.status(uuid))
        self.assertEqual(['error'], self.reservation_statuses(uuid))
        self.assertEqual(('update', None), self.actions(uuid)[-1])
        self.plugin.fail('on_start', None)
        self.bring_forward(uuid)
        self.assertEqual(['update'], self.step())
        self.assert_active(uuid)
        self.assertEqual(('update', 'success'), self.actions(uuid)[-1])

    @db_case.logic
    def test_of_one_reservation_does_not_repeat_what_was_done_for_others(self):
        uuid = self.start_one(reservations=BOTH)
        self.other.fail('on_end', _TOLD)
        self.manager.end(self.ctx(), uuid)
        self.step('lease/mixed')
        self.assertEqual(['deleted', 'error'], self.reservation_statuses(uuid))
        self.other.fail('on_end', None)
        self.bring_forward(uuid)
        self.step('lease/mixed')
        self.assert_ended(uuid)
        self.assertEqual(1, len(self.plugin.list_calls('on_end')))
        self.assertEqual(2, len(self.other.list_calls('on_end')))

    def test_that_never_ends_does_not_fill_the_audit(self):
        CONF.set_override('max_events', 10, group='actions')
        self.addCleanup(CONF.clear_override, 'max_events', group='actions')
        uuid = self.start_failing()
        for _ in range(15):
            self.bring_forward(uuid)
            self.step()
        self.assertLessEqual(len(self.action_events(uuid)['start']), 10)

    @db_case.logic
    def test_of_one_lease_is_not_that_of_others(self):
        self.plugin.acts['on_start'] = _fail_for('bad')
        uuids = [
            self.create(start_date='now', name=name)['uuid']
            for name in ('good', 'bad', 'good')
        ]
        self.assertEqual(3, len(self.step()))
        self.assertEqual(
            ['ACTIVE', 'ERROR', 'ACTIVE'], [self.status(uuid) for uuid in uuids]
        )

    @db_case.logic
    def test_to_make_sense_of_one_leases_rows_is_not_that_of_others(self):
        uuids = [self.create(start_date='now')['uuid'] for _ in range(3)]
        self.set(models.RESERVATIONS, {'lease_uuid': uuids[1]}, requested='{')
        self.assertEqual(2, len(self.step()))
        self.assertEqual(
            ['ACTIVE', 'PENDING', 'ACTIVE'], [self.status(uuid) for uuid in uuids]
        )
        self.assertEqual(recorder.UNKNOWN, self.due(uuids[1])['error'])
        self.assert_comes_again(uuids[1])

    def test_to_write_one_lease_is_not_that_of_others(self):
        uuids = [self.create(start_date='now')['uuid'] for _ in range(3)]
        works = self.call(self.begin())
        broken = {'lease_uuid': uuids[1], 'event_type': 'start_lease'}
        self.set(models.EVENTS, broken, event_type='strange')
        self.finish(works)
        self.assertEqual(
            ['ACTIVE', 'STARTING', 'ACTIVE'], [self.status(uuid) for uuid in uuids]
        )
        self.assertEqual(recorder.UNKNOWN, self.due(uuids[1])['error'])
        self.assert_comes_again(uuids[1])

    def test_to_find_a_plugin_leaves_the_lease_to_other_conductors(self):
        uuid = self.create(start_date='now', reservations=BOTH)['uuid']
        without = events_case.jobs.LeaseJobs({'thing': self.plugin}, {})
        self.assertEqual([], without.begin('lease/mixed', 100).works)
        self.assertEqual('PENDING', self.status(uuid))
        self.assertIn('no plugin for other', self.due(uuid)['error'])
        self.bring_forward(uuid)
        self.assertEqual(['start'], self.step('lease/mixed'))


class WaitingMixin(events_case.EventsMixin):
    def end_waiting(self, **values):
        uuid = self.start_one()
        self.wait('on_end', **values)
        self.manager.end(self.ctx(), uuid)
        self.step()
        return uuid

    def wait(self, verb, reason='It is locked.', waits_on='i-1', **values):
        self.plugin.fail(verb, base.Waiting(reason, waits_on, **values))

    def test_is_no_failure(self):
        uuid = self.end_waiting(seconds=30)
        self.assertEqual('TERMINATING', self.status(uuid))
        self.assertEqual(('IN_PROGRESS', None), self.events(uuid)['end_lease'])
        self.assertEqual(['active'], self.reservation_statuses(uuid))
        due = self.due(uuid)
        self.assertEqual(
            ('i-1', 'It is locked.', 0, None),
            (due['waits_on'], due['error'], due['attempts'], due['owner']),
        )
        self.assertAlmostEqual(30, self.get_waiting_time(uuid), delta=5)
        self.assertEqual(('end', None), self.actions(uuid)[-1])

    def test_ends_when_it_is_woken(self):
        uuid = self.end_waiting()
        self.assertEqual([], self.step())
        self.in_transaction(claims.wake, 'i-1')
        self.plugin.fail('on_end', None)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)

    def test_goes_on_when_what_it_waits_on_is_another_thing_then(self):
        uuid = self.end_waiting()
        self.in_transaction(claims.wake, 'i-1')
        self.wait('on_end', waits_on='i-2')
        self.assertEqual(['end'], self.step())
        self.assertEqual('i-2', self.due(uuid)['waits_on'])

    @db_case.logic
    def test_of_one_reservation_lets_others_end(self):
        uuid = self.start_one(reservations=BOTH)
        self.wait('on_end')
        self.manager.end(self.ctx(), uuid)
        self.step('lease/mixed')
        self.assertEqual(['active', 'deleted'], self.reservation_statuses(uuid))
        self.plugin.fail('on_end', None)
        self.in_transaction(claims.wake, 'i-1')
        self.step('lease/mixed')
        self.assert_ended(uuid)
        self.assertEqual(1, len(self.other.list_calls('on_end')))

    @db_case.logic
    def test_on_several_things_looks_after_all_of_them(self):
        uuid = self.start_one(reservations=BOTH)
        self.wait('on_end', seconds=60)
        self.other.fail('on_end', base.Waiting('So is it.', 'i-2', seconds=60))
        self.manager.end(self.ctx(), uuid)
        self.step('lease/mixed')
        due = self.due(uuid)
        self.assertEqual(
            ('i-1', 'It is locked. So is it.'), (due['waits_on'], due['error'])
        )
        # Nothing wakes it for the other one.
        self.assertLessEqual(self.get_waiting_time(uuid), 10)

    def test_while_another_reservation_fails_is_woken_as_well(self):
        uuid = self.start_one(reservations=BOTH)
        self.wait('on_end')
        self.other.fail('on_end', _TOLD)
        self.manager.end(self.ctx(), uuid)
        self.step('lease/mixed')
        due = self.due(uuid)
        self.assertEqual(('i-1', 1), (due['waits_on'], due['attempts']))
        self.assertEqual('There is no machine.', due['error'])
        self.assertEqual('ERROR', self.status(uuid))

    @db_case.logic
    def test_of_a_start_ends_with_the_lease(self):
        uuid = self.create(start_date='now')['uuid']
        self.wait('on_start', seconds=86400)
        self.step()
        self.assertEqual('STARTING', self.status(uuid))
        self.assertEqual(self.lease(uuid)['end_date'], self.due(uuid)['until'])
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid, start='failed')

    @db_case.logic
    def test_of_a_start_can_lack_something(self):
        uuid = self.create(start_date='now')['uuid']
        self.wait('on_start', plan=base.Plan(missing_resources=True))
        self.step()
        self.assertEqual('STARTING', self.status(uuid))
        self.assertTrue(self.lease(uuid)['degraded'])
        self.assertTrue(self.reservations(uuid)[0]['missing_resources'])

    @db_case.logic
    def test_for_nothing_in_particular_is_for_a_time(self):
        uuid = self.end_waiting(waits_on=None, seconds=10)
        self.assertIsNone(self.due(uuid)['waits_on'])
        self.assertAlmostEqual(10, self.get_waiting_time(uuid), delta=5)

    @db_case.logic
    def test_by_the_clock_opens_the_one_action(self):
        uuid = self.start_one()
        self.wait('on_end')
        self.age(uuid)
        for _ in range(2):
            self.step()
            self.bring_forward(uuid)
        self.assertEqual([('start', 'success'), ('end', None)], self.actions(uuid)[-2:])
        self.plugin.fail('on_end', None)
        self.step()
        self.assertEqual(
            [('start', 'success'), ('end', 'success')], self.actions(uuid)[-2:]
        )


def _fail_for(name):
    def fail(call):
        if call.reservation.lease_name == name:
            raise _TOLD

    return fail


db_case.on_each(globals(), FailureMixin, WaitingMixin)
