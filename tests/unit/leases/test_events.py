"""The steps of a lease by the clock, when all goes well."""

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.db import quotas
from mogan_like.leases import models
from mogan_like.leases.plugins import base
from tests.unit.db import db_case
from tests.unit.leases import events_case
from tests.unit.leases.events_case import HOUR
from tests.unit.leases.lease_case import PROJECT

BOTH = [{'resource_type': 'thing', 'size': 1}, {'resource_type': 'other', 'size': 2}]


class StartMixin(events_case.EventsMixin):
    @db_case.logic
    def test_is_seen_while_it_is_going_on(self):
        uuid = self.create(start_date='now')['uuid']
        self.begin()
        self.assertEqual('STARTING', self.status(uuid))
        self.assertEqual(('IN_PROGRESS', None), self.events(uuid)['start_lease'])
        self.assertTrue(self.reservations(uuid)[0]['started'])

    def test_makes_the_lease_active_until_its_end(self):
        uuid = self.start_one()
        self.assert_active(uuid)
        due = self.due(uuid)
        self.assertEqual(self.lease(uuid)['end_date'], due['until'])
        self.assertEqual((None, 0, None), (due['owner'], due['attempts'], due['error']))
        (call,) = self.plugin.list_calls('on_start')
        self.assertEqual({'size': 1}, call.reservation.values)
        self.assertEqual((uuid, PROJECT), _name(call.reservation))
        self.assertEqual([], self.step())

    def test_has_one_action_with_an_event_for_each_call(self):
        uuid = self.start_one(reservations=BOTH)
        (action,) = self.rows(actions_models.ACTIONS, object_id=uuid, action='start')
        self.assertEqual(
            ('lease', 'clock', PROJECT, 'success', None),
            tuple(
                action[name]
                for name in (
                    'object_type',
                    'cause',
                    'owner_project_id',
                    'result',
                    'user_id',
                )
            ),
        )
        self.assertEqual(
            [('on_start.thing', 'success'), ('on_start.other', 'success')],
            self.action_events(uuid)['start'],
        )

    def test_of_many_at_once(self):
        uuids = [self.create(start_date='now')['uuid'] for _ in range(25)]
        self.assertEqual(25, len(self.step()))
        for uuid in uuids:
            self.assert_active(uuid)
            self.assertEqual(self.lease(uuid)['end_date'], self.due(uuid)['due_at'])
            self.assertEqual(
                [('create', 'success'), ('start', 'success')], self.actions(uuid)
            )

    def test_keeps_what_the_plugin_had_to_plan_anew(self):
        plan = base.Plan('else', missing_resources=True, resources_changed=True)
        self.plugin.acts['on_start'] = lambda call: plan
        uuid = self.start_one()
        (row,) = self.reservations(uuid)
        self.assertEqual(
            ('else', True, True),
            (row['resource_id'], row['missing_resources'], row['resources_changed']),
        )
        self.assertTrue(self.lease(uuid)['degraded'])

    def test_of_a_lease_that_is_deferred_meanwhile_is_not_begun(self):
        uuid = self.create(start_date='now')['uuid']
        later = clock.utcnow() + HOUR
        self.set(models.LEASES, {'uuid': uuid}, start_date=later)
        self.assertEqual([], self.step())
        self.assertEqual('PENDING', self.status(uuid))
        self.assertEqual(later, self.due(uuid)['until'])

    def test_of_another_kind_is_left_alone(self):
        uuid = self.create(start_date='now', reservations=BOTH)['uuid']
        self.assertEqual([], self.step('lease/thing'))
        self.assertEqual(['start'], self.step('lease/mixed'))
        self.assert_active(uuid)


class EndMixin(events_case.EventsMixin):
    def used(self):
        with engine.reader() as conn:
            return quotas.get_used(conn, PROJECT, 'leases')

    def test_by_the_clock(self):
        uuid = self.start_one()
        self.assertEqual(1, self.used())
        self.age(uuid)
        works = self.begin()
        self.assertEqual('TERMINATING', self.status(uuid))
        self.assertEqual(('IN_PROGRESS', None), self.events(uuid)['end_lease'])
        self.finish(self.call(works))
        self.assert_ended(uuid)
        self.assertEqual(0, self.used())
        self.assertEqual(
            [('create', 'success'), ('start', 'success'), ('end', 'success')],
            self.actions(uuid),
        )
        (call,) = self.plugin.list_calls('on_end')
        self.assertTrue(call.started)
        self.assertIsNone(call.ended_by_user_id)

    def test_by_a_person_is_their_action(self):
        uuid = self.start_one()
        self.manager.end(self.ctx('u2'), uuid)
        self.assertEqual(('end', None), self.actions(uuid)[-1])
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)
        self.assertEqual(
            [('create', 'success'), ('start', 'success'), ('end', 'success')],
            self.actions(uuid),
        )
        self.assertEqual([('on_end.thing', 'success')], self.action_events(uuid)['end'])
        (call,) = self.plugin.list_calls('on_end')
        self.assertEqual(
            ('u2', PROJECT), (call.ended_by_user_id, call.ended_by_project_id)
        )

    def test_that_is_a_delete_drops_the_lease(self):
        uuid = self.start_one()
        self.manager.end(self.ctx(), uuid)
        self.manager.delete(self.ctx(), uuid)
        self.step()
        self.assert_ended(uuid)
        lease = self.lease(uuid)
        self.assertEqual(1, lease['deleted'])
        self.assertIsNotNone(lease['deleted_at'])
        self.assertEqual(
            [('end', 'success'), ('delete', 'success')], self.actions(uuid)[-2:]
        )

    @db_case.logic
    def test_before_its_start_undoes_nothing_that_was_not_done(self):
        uuid = self.create(before_end_date=self.in_hours(2))['uuid']
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid, start='skipped')
        self.assertEqual(('DONE', 'skipped'), self.events(uuid)['before_end_lease'])
        (call,) = self.plugin.list_calls('on_end')
        self.assertFalse(call.started)
        self.assertEqual([], self.plugin.list_calls('before_end'))

    @db_case.logic
    def test_of_a_lease_that_nobody_came_to_in_time(self):
        uuid = self.create(before_end_date=self.in_hours(2))['uuid']
        self.age(uuid, 4 * HOUR)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid, 'missed', 'missed')
        self.assertEqual(('DONE', 'missed'), self.events(uuid)['before_end_lease'])
        self.assertFalse(self.plugin.list_calls('on_end')[0].started)
        self.assertEqual([], self.plugin.list_calls('on_start'))

    @db_case.logic
    def test_calls_nothing_for_what_is_deleted_already(self):
        uuid = self.start_one(reservations=BOTH)
        self.set(
            models.RESERVATIONS,
            {'lease_uuid': uuid, 'resource_type': 'other'},
            status='deleted',
        )
        self.manager.end(self.ctx(), uuid)
        self.step('lease/mixed')
        self.assert_ended(uuid)
        self.assertEqual([], self.other.list_calls('on_end'))

    def test_of_a_lease_that_is_gone_drops_the_due_work(self):
        uuid = self.start_one()
        self.bring_forward(uuid)
        self.set(models.LEASES, {'uuid': uuid}, deleted=1)
        self.assertEqual([], self.step())
        self.assertIsNone(self.due(uuid))

    def test_is_extended_when_nobody_told_the_due_work(self):
        uuid = self.start_one()
        later = self.lease(uuid)['end_date'] + HOUR
        self.manager.update(self.ctx(), uuid, {'end_date': clock.isoformat(later)})
        self.bring_forward(uuid)
        self.assertEqual([], self.step())
        self.assertEqual('ACTIVE', self.status(uuid))
        self.assertEqual(later, self.due(uuid)['until'])

    def in_hours(self, hours):
        return clock.isoformat(clock.utcnow() + hours * HOUR)


class UpdateMixin(events_case.EventsMixin):
    def change(self, uuid):
        (row,) = self.reservations(uuid)
        changed = [{'id': row['uuid'], 'size': 5}]
        self.manager.update(self.ctx(), uuid, {'reservations': changed})

    def test_makes_what_runs_match_what_is_reserved(self):
        uuid = self.start_one()
        self.change(uuid)
        self.assertEqual('UPDATING', self.status(uuid))
        self.assertEqual(['update'], self.step())
        self.assert_active(uuid)
        self.assertFalse(self.reservations(uuid)[0]['unsettled'])
        self.assertEqual(
            [{'size': 1}, {'size': 5}],
            [call.reservation.values for call in self.plugin.list_calls('on_start')],
        )
        self.assertEqual(
            [('create', 'success'), ('start', 'success'), ('update', 'success')],
            self.actions(uuid),
        )
        self.assertEqual(self.lease(uuid)['end_date'], self.due(uuid)['until'])

    @db_case.logic
    def test_calls_only_for_what_was_changed(self):
        uuid = self.start_one(reservations=BOTH)
        rows = {row['resource_type']: row for row in self.reservations(uuid)}
        changed = [{'id': rows['other']['uuid'], 'size': 5}]
        self.manager.update(self.ctx(), uuid, {'reservations': changed})
        self.step('lease/mixed')
        self.assert_active(uuid)
        self.assertEqual(1, len(self.plugin.list_calls('on_start')))
        self.assertEqual(2, len(self.other.list_calls('on_start')))

    def test_that_comes_to_the_end_is_ended(self):
        uuid = self.start_one()
        self.change(uuid)
        self.age(uuid)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)
        self.assertEqual(
            [('update', 'cancelled'), ('end', 'success')], self.actions(uuid)[-2:]
        )


class BeforeEndMixin(events_case.EventsMixin):
    def start_with_work(self, name='tell', **values):
        reservations = [{'resource_type': 'thing', 'size': 1, 'before_end': name}]
        return self.start_one(reservations=reservations, **values)

    def before_end(self, uuid):
        return self.events(uuid)['before_end_lease']

    def test_is_done_at_its_time_and_then_the_end_is_waited_for(self):
        uuid = self.start_with_work()
        self.age(uuid, 2.5 * HOUR)
        self.assertEqual(['before_end'], self.step())
        self.assertEqual(('DONE', 'done'), self.before_end(uuid))
        self.assertEqual('ACTIVE', self.status(uuid))
        self.assertEqual(self.lease(uuid)['end_date'], self.due(uuid)['until'])
        self.assertEqual([uuid], [c.reservation.lease_uuid for c in self.tell.calls])
        self.assertEqual(1, len(self.plugin.list_calls('before_end')))
        self.assertEqual(('before_end', 'success'), self.actions(uuid)[-1])
        self.age(uuid, 0.5 * HOUR)
        self.assertEqual(['end'], self.step())
        self.assertEqual(1, len(self.tell.calls))

    def test_comes_first_when_the_lease_is_ended_now(self):
        uuid = self.start_with_work()
        self.manager.delete(self.ctx(), uuid)
        self.assertEqual(['before_end'], self.step())
        self.assertEqual('DELETING', self.status(uuid))
        self.assertEqual([], self.plugin.list_calls('on_end'))
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)

    def test_lets_no_extension_in_once_the_end_has_come(self):
        uuid = self.start_with_work()
        self.age(uuid)
        self.begin()
        self.assertEqual('TERMINATING', self.status(uuid))

    def test_that_was_moved_while_it_was_done_is_done_again(self):
        uuid = self.start_with_work()
        self.age(uuid, 2.5 * HOUR)
        works = self.call(self.begin())
        later = self.lease(uuid)['end_date'] + 2 * HOUR
        self.manager.update(self.ctx(), uuid, {'end_date': clock.isoformat(later)})
        self.finish(works)
        self.assertEqual(('UNDONE', None), self.before_end(uuid))
        self.assertEqual(later - HOUR, self.due(uuid)['until'])

    @db_case.logic
    def test_work_that_is_called_nothing_or_default_is_none(self):
        for name in (None, '', 'default'):
            uuid = self.start_with_work(name, before_end_date='now')
            self.assertEqual(['before_end'], self.step())
            self.assertEqual(('DONE', 'done'), self.before_end(uuid))
        self.assertEqual([], self.tell.calls)

    @db_case.logic
    def test_that_fails_is_tried_again_and_harms_no_status(self):
        uuid = self.start_with_work()
        self.age(uuid, 2.5 * HOUR)
        self.plugin.fail('before_end', RuntimeError('no'))
        self.step()
        self.assertEqual(('ERROR', 'failed'), self.before_end(uuid))
        self.assertEqual('ACTIVE', self.status(uuid))
        self.assertEqual(('before_end', None), self.actions(uuid)[-1])
        self.plugin.fail('before_end', None)
        self.bring_forward(uuid)
        self.assertEqual(['before_end'], self.step())
        self.assertEqual(('DONE', 'done'), self.before_end(uuid))
        self.assertEqual(('before_end', 'success'), self.actions(uuid)[-1])

    @db_case.logic
    def test_that_fails_holds_the_end_for_the_grace_and_no_longer(self):
        uuid = self.start_with_work()
        self.plugin.fail('before_end', RuntimeError('no'))
        self.manager.end(self.ctx(), uuid)
        self.step()
        self.assertEqual('TERMINATING', self.status(uuid))
        self.age(uuid, (CONF.leases.before_end_grace - 1) * events_case.SECOND)
        self.assertEqual(['before_end'], self.step())
        self.assertLessEqual(self.get_waiting_time(uuid), 1)
        self.age(uuid, events_case.SECOND)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)
        self.assertEqual(('ERROR', 'failed'), self.before_end(uuid))

    @db_case.logic
    def test_that_nobody_came_to_in_time_is_left_out(self):
        uuid = self.start_with_work()
        self.age(uuid, 4 * HOUR)
        self.assertEqual(['end'], self.step())
        self.assertEqual(('ERROR', 'failed'), self.before_end(uuid))
        self.assertEqual([], self.tell.calls)

    @db_case.logic
    def test_is_not_done_for_a_lease_that_never_started(self):
        self.plugin.fail('on_start', RuntimeError('no'))
        body = [{'resource_type': 'thing', 'size': 1, 'before_end': 'tell'}]
        uuid = self.create(start_date='now', reservations=body)['uuid']
        self.step()
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(['end'], self.step())
        self.assertEqual(('DONE', 'skipped'), self.before_end(uuid))
        self.assertEqual(('ERROR', 'failed'), self.events(uuid)['start_lease'])


def _name(reservation):
    return reservation.lease_uuid, reservation.project_id


db_case.on_each(globals(), StartMixin, EndMixin, UpdateMixin, BeforeEndMixin)
