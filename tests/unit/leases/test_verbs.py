"""Verbs of people on leases, while nobody does the due work."""

import datetime

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import quotas
from mogan_like.leases import models
from mogan_like.leases import states
from mogan_like.leases.plugins import base
from tests.unit.db import db_case
from tests.unit.leases import lease_case
from tests.unit.leases.lease_case import HOUR
from tests.unit.leases.lease_case import PROJECT

MINUTE = datetime.timedelta(minutes=1)


class CreateMixin(lease_case.LeaseMixin):
    def test_writes_all_of_it(self):
        lease = self.create(name='mine')
        self.assertEqual('PENDING', lease['status'])
        (reservation,) = lease['reservations']
        self.assertEqual({'size': 1}, reservation['requested'])
        self.assertEqual('pending', reservation['status'])
        self.assertEqual(
            {'start_lease': ('UNDONE', None), 'end_lease': ('UNDONE', None)},
            self.events(lease['uuid']),
        )
        due = self.due(lease['uuid'])
        self.assertEqual('lease/thing', due['kind'])
        self.assertEqual(lease['start_date'], clock.isoformat(due['until']))
        self.assertEqual([('create', 'success')], self.actions(lease['uuid']))
        self.assertEqual(1, self.engine.nudges)

    def test_work_before_the_end_has_an_event(self):
        reservations = [{'resource_type': 'thing', 'size': 1, 'before_end': 'tell'}]
        lease = self.create(reservations=reservations)
        self.assertIn('before_end_lease', self.events(lease['uuid']))
        end = datetime.datetime.fromisoformat(lease['end_date'])
        self.assertEqual(clock.isoformat(end - HOUR), lease['before_end_date'])

    def test_nothing_is_left_of_a_refused_one(self):
        self.plugin.refusal = exception.Conflict('Not enough.')
        self.assertRaises(exception.Conflict, self.create)
        for table in (models.LEASES, models.RESERVATIONS, claims.DUE_WORK):
            self.assertEqual([], self.rows(table))
        with_usages = self.in_transaction(quotas.get_usages, PROJECT, 'u1')
        self.assertEqual(0, with_usages['leases'])

    def test_repeated_under_one_key(self):
        key = {'key': 'k', 'hash': 'h'}
        first = self.manager.create(self.ctx(), self.body(), key)
        self.assertEqual(first, self.manager.create(self.ctx(), self.body(), key))
        self.assertEqual(1, len(self.rows(models.LEASES)))

    def test_quota(self):
        CONF.set_override('leases', 1, group='quota')
        self.create()
        self.assertRaises(exception.QuotaExceeded, self.create)

    @db_case.logic
    def test_bad_values(self):
        thing = {'resource_type': 'thing', 'size': 1}
        for words, values in (
            ('later than the start', {'start': HOUR, 'end': HOUR}),
            ('in the past', {'start': -HOUR}),
            ('known are: thing', {'reservations': [{'resource_type': 'x'}]}),
            ('size', {'reservations': [{'resource_type': 'thing'}]}),
            ('size', {'reservations': [{**thing, 'size': 0}]}),
            ('colour', {'reservations': [{**thing, 'colour': 1}]}),
            ('there are: tell', {'reservations': [{**thing, 'before_end': 'x'}]}),
            ('within the lease', {'before_end_date': '2020-01-01T00:00:00'}),
            ('not a date', {'end_date': 'tomorrow'}),
            ('not a date', {'end_date': '2099-01-01T00:00:00+01:00'}),
        ):
            error = self.assertRaises(exception.InvalidParameter, self.create, **values)
            self.assertIn(words, str(error))
        self.assertEqual([], self.rows(models.LEASES))

    @db_case.logic
    def test_over_before_it_is_asked_for(self):
        now = clock.utcnow()
        minute = now.replace(second=0, microsecond=0)
        over = {'start_date': clock.isoformat(minute), 'end_date': clock.isoformat(now)}
        self.assertRaises(exception.InvalidParameter, self.create, **over)

    @db_case.logic
    def test_the_minute_that_goes_on_is_not_past(self):
        now = clock.utcnow().replace(second=0, microsecond=0)
        self.create(start_date=clock.isoformat(now))

    @db_case.logic
    def test_longest_and_farthest(self):
        CONF.set_override('max_lease_duration', 3600, group='leases')
        self.assertRaises(exception.QuotaExceeded, self.create, HOUR, 3 * HOUR)
        CONF.set_override('max_advance', 60, group='leases')
        error = self.assertRaises(exception.QuotaExceeded, self.create, HOUR, 2 * HOUR)
        self.assertIn('60 seconds from now', str(error))


class EndMixin(lease_case.LeaseMixin):
    def test_from_every_status(self):
        for status in states.ALL:
            uuid = self.create()['uuid']
            end = 'DONE' if status == 'TERMINATED' else 'UNDONE'
            self.bring_to(uuid, status, end=end)
            before = self.lease(uuid)
            answer = self.manager.end(self.ctx(), uuid)
            target = states.TRANSITIONS[status, 'end']
            self.assertEqual(target, answer['status'], status)
            again = self.manager.end(self.ctx('u2'), uuid)
            self.assertEqual(answer, again, status)
            if status in states.ENDING or status == states.TERMINATED:
                self.assertEqual(before['end_date'], self.lease(uuid)['end_date'])
                continue
            self.assertLessEqual(self.lease(uuid)['end_date'], clock.utcnow())
            self.assertLessEqual(self.due(uuid)['until'], clock.utcnow())
            self.assertEqual('u1', self.lease(uuid)['ended_by_user_id'])
            self.assertEqual(
                [('create', 'success'), ('end', None), ('end', 'success')],
                self.actions(uuid),
            )

    def test_before_its_start(self):
        uuid = self.create()['uuid']
        lease = self.manager.end(self.ctx(), uuid)
        self.assertEqual(lease['start_date'], lease['end_date'])
        self.assertIsNone(lease['before_end_date'])
        self.assertEqual(('DONE', 'skipped'), self.events(uuid)['start_lease'])
        self.assertEqual(('UNDONE', None), self.events(uuid)['end_lease'])

    def test_while_it_starts(self):
        uuid = self.create()['uuid']
        self.bring_to(uuid, 'STARTING', start='IN_PROGRESS')
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(('IN_PROGRESS', None), self.events(uuid)['start_lease'])

    def test_work_that_somebody_is_at_is_left_to_them(self):
        uuid = self.create(-MINUTE * 0, 3 * HOUR, start_date='now')['uuid']
        (claim,) = self.in_transaction(claims.claim_due, ['lease/thing'], 10, 60)
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(claim.owner, self.due(uuid)['owner'])
        self.in_transaction(claims.hold, claim)

    @db_case.logic
    def test_unknown(self):
        self.assertRaises(
            exception.LeaseNotFound, self.manager.end, self.ctx(), 'unknown'
        )


class DeleteMixin(lease_case.LeaseMixin):
    def test_from_every_status(self):
        for status in states.ALL:
            uuid = self.create()['uuid']
            self.bring_to(uuid, status)
            self.manager.delete(self.ctx(), uuid)
            row = self.lease(uuid)
            self.assertEqual(states.TRANSITIONS[status, 'delete'], row['status'])
            self.assertEqual(int(status == 'TERMINATED'), row['deleted'])
            self.manager.delete(self.ctx(), uuid)
            self.assertEqual(row, self.lease(uuid))

    def test_after_an_end_it_is_still_who_ended_it(self):
        uuid = self.create()['uuid']
        self.bring_to(uuid, 'ACTIVE')
        self.manager.end(self.ctx('u1'), uuid)
        self.manager.delete(self.ctx('u2'), uuid)
        self.assertEqual('DELETING', self.lease(uuid)['status'])
        self.assertEqual('u1', self.lease(uuid)['ended_by_user_id'])


class UpdateMixin(lease_case.LeaseMixin):
    def update(self, uuid, **values):
        for name in ('start_date', 'end_date', 'before_end_date'):
            if isinstance(values.get(name), datetime.timedelta):
                values[name] = clock.isoformat(clock.utcnow() + values[name])
        return self.manager.update(self.ctx(), uuid, values)

    def test_rename_in_every_status(self):
        for status in states.ALL:
            uuid = self.create()['uuid']
            self.bring_to(uuid, status)
            self.assertEqual('new', self.update(uuid, name='new')['name'])
            self.assertEqual(status, self.lease(uuid)['status'])

    def test_extend_only_while_no_end_runs(self):
        for status in states.ALL:
            uuid = self.create()['uuid']
            self.bring_to(uuid, status, start='ERROR' if status == 'ERROR' else 'DONE')
            before = self.lease(uuid)
            if status in ('PENDING', 'ACTIVE', 'ERROR'):
                lease = self.update(uuid, end_date=9 * HOUR)
                self.assertGreater(
                    lease['end_date'], clock.isoformat(before['end_date'])
                )
                self.assertEqual(status, lease['status'])
                continue
            self.assertRaises(
                exception.InvalidLeaseState, self.update, uuid, end_date=9 * HOUR
            )
            self.assertEqual(before, self.lease(uuid))

    def test_extend_after_a_failed_end(self):
        uuid = self.create()['uuid']
        self.bring_to(uuid, 'ERROR', end='ERROR')
        self.assertRaises(
            exception.InvalidLeaseState, self.update, uuid, end_date=9 * HOUR
        )

    def test_shorter_comes_due_earlier(self):
        uuid = self.create()['uuid']
        self.bring_to(uuid, 'ACTIVE')
        far = clock.utcnow() + 3 * HOUR
        self.set(claims.DUE_WORK, {'object_id': uuid}, until=far, due_at=far)
        lease = self.update(uuid, end_date=HOUR)
        self.assertEqual(lease['end_date'], clock.isoformat(self.due(uuid)['until']))

    def test_work_before_the_end_that_is_to_be_done_now_is_due_now(self):
        uuid = self.create(
            reservations=[{'resource_type': 'thing', 'size': 1, 'before_end': 'tell'}]
        )['uuid']
        self.bring_to(uuid, 'ACTIVE')
        far = clock.utcnow() + 3 * HOUR
        self.set(claims.DUE_WORK, {'object_id': uuid}, until=far, due_at=far)
        self.update(uuid, before_end_date='now')
        self.assertLessEqual(self.due(uuid)['until'], clock.utcnow())

    @db_case.logic
    def test_start_of_a_started_one(self):
        uuid = self.create()['uuid']
        self.bring_to(uuid, 'ACTIVE')
        error = self.assertRaises(
            exception.InvalidParameter, self.update, uuid, start_date=2 * HOUR
        )
        self.assertIn('has started', str(error))

    @db_case.logic
    def test_dates_given_as_they_are_change_nothing(self):
        uuid = self.create()['uuid']
        self.bring_to(uuid, 'ACTIVE')
        before = self.lease(uuid)
        same = {
            name: clock.isoformat(before[name]) for name in ('start_date', 'end_date')
        }
        self.assertEqual('ACTIVE', self.update(uuid, **same)['status'])
        after = self.lease(uuid)
        self.assertEqual(before, {**after, 'updated_at': before['updated_at']})

    @db_case.logic
    def test_a_limit_that_was_lowered_takes_nothing_away(self):
        lease = self.create(HOUR, 5 * HOUR)
        uuid, (reservation,) = lease['uuid'], lease['reservations']
        CONF.set_override('max_lease_duration', 3600, group='leases')
        wanted = [{'id': reservation['uuid'], 'size': 2}]
        self.assertEqual(
            2,
            self.update(uuid, reservations=wanted)['reservations'][0]['requested'][
                'size'
            ],
        )
        self.update(uuid, end_date=4 * HOUR)
        self.assertRaises(exception.QuotaExceeded, self.update, uuid, end_date=5 * HOUR)

    def test_defer(self):
        uuid = self.create()['uuid']
        lease = self.update(uuid, start_date=2 * HOUR)
        (event,) = self.rows(models.EVENTS, lease_uuid=uuid, event_type='start_lease')
        self.assertEqual(lease['start_date'], clock.isoformat(event['time']))

    @db_case.logic
    def test_refused_by_the_plugin_changes_nothing(self):
        uuid = self.create()['uuid']
        before = self.lease(uuid), self.reservations(uuid), self.due(uuid)
        self.plugin.refusal = exception.Conflict('Not enough.')
        self.assertRaises(
            exception.Conflict, self.update, uuid, name='new', end_date=9 * HOUR
        )
        after = self.lease(uuid), self.reservations(uuid), self.due(uuid)
        self.assertEqual(before, after)

    @db_case.logic
    def test_of_what_runs_is_left_to_a_worker(self):
        lease = self.create()
        uuid, (reservation,) = lease['uuid'], lease['reservations']
        self.bring_to(uuid, 'ACTIVE')
        wanted = [{'id': reservation['uuid'], 'size': 7}]
        lease = self.update(uuid, reservations=wanted)
        self.assertEqual('UPDATING', lease['status'])
        self.assertEqual({'size': 7}, lease['reservations'][0]['requested'])
        self.assertTrue(self.reservations(uuid)[0]['unsettled'])
        self.assertLessEqual(self.due(uuid)['until'], clock.utcnow())
        self.assertEqual(('update', None), self.actions(uuid)[-1])

    @db_case.logic
    def test_moved_by_new_dates_is_left_to_a_worker_too(self):
        uuid = self.create()['uuid']
        self.bring_to(uuid, 'ACTIVE')
        self.assertEqual('ACTIVE', self.update(uuid, end_date=5 * HOUR)['status'])
        self.plugin.plan = base.Plan(resources_changed=True)
        self.assertEqual('UPDATING', self.update(uuid, end_date=6 * HOUR)['status'])

    @db_case.logic
    def test_missing_resources_degrade(self):
        uuid = self.create()['uuid']
        self.plugin.plan = base.Plan(missing_resources=True)
        self.assertTrue(self.update(uuid, end_date=5 * HOUR)['degraded'])
        self.plugin.plan = base.Plan()
        self.assertFalse(self.update(uuid, end_date=6 * HOUR)['degraded'])

    @db_case.logic
    def test_reservations_that_are_none_of_it(self):
        lease, other = self.create(), self.create()
        mine, its = lease['reservations'][0]['uuid'], other['reservations'][0]['uuid']
        for wanted in (
            [{'id': its, 'size': 2}],
            [{'id': mine, 'size': 2}, {'id': mine, 'size': 3}],
            [{'id': mine, 'resource_type': 'other'}],
            [{'id': mine, 'size': 0}],
        ):
            self.assertRaises(
                exception.InvalidParameter,
                self.update,
                lease['uuid'],
                reservations=wanted,
            )

    def test_work_before_the_end_is_done_again_after_an_extension(self):
        uuid = self.create(
            reservations=[{'resource_type': 'thing', 'size': 1, 'before_end': 'tell'}]
        )['uuid']
        self.bring_to(uuid, 'ACTIVE')
        done = {'lease_uuid': uuid, 'event_type': 'before_end_lease'}
        self.set(models.EVENTS, done, status='DONE', result='done')
        self.update(uuid, end_date=2 * HOUR)
        self.assertEqual(('DONE', 'done'), self.events(uuid)['before_end_lease'])
        self.update(uuid, end_date=5 * HOUR)
        self.assertEqual(('UNDONE', None), self.events(uuid)['before_end_lease'])


class AdminMixin(lease_case.LeaseMixin):
    def test_retry(self):
        uuid = self.create()['uuid']
        self.manager.retry(self.ctx(), uuid)
        self.assertLessEqual(self.due(uuid)['until'], clock.utcnow())
        self.bring_to(uuid, 'TERMINATED')
        self.assertRaises(
            exception.InvalidLeaseState, self.manager.retry, self.ctx(), uuid
        )

    def test_abandon(self):
        for end, deleted in ((self.manager.end, 0), (self.manager.delete, 1)):
            uuid = self.create()['uuid']
            self.bring_to(uuid, 'ACTIVE')
            end(self.ctx(), uuid)
            self.manager.abandon(self.ctx(), uuid)
            row = self.lease(uuid)
            self.assertEqual(('TERMINATED', deleted), (row['status'], row['deleted']))
            self.assertEqual('release', self.plugin.calls[-1][0])
            self.assertIsNone(self.due(uuid))
            self.assertEqual(('ERROR', 'abandoned'), self.events(uuid)['end_lease'])
            self.assertEqual('error', self.reservations(uuid)[0]['status'])
            used = self.in_transaction(quotas.get_usages, PROJECT, 'u1')
            self.assertEqual(0, used['leases'])
            self.assertNotIn(None, [result for _, result in self.actions(uuid)])

    def test_repeat_under_a_key_is_not_done(self):
        uuid = self.create()['uuid']
        self.bring_to(uuid, 'ACTIVE')
        self.manager.end(self.ctx(), uuid)
        for verb in ('retry', 'abandon'):
            key = {'key': verb, 'hash': 'a hash'}
            for _ in range(2):
                getattr(self.manager, verb)(self.ctx(), uuid, idempotency=key)
        verbs = [verb for verb, _ in self.actions(uuid)]
        self.assertEqual(['end', 'retry', 'abandon'], verbs[-3:])
        key['hash'] = 'of another request'
        self.assertRaises(
            exception.IdempotencyKeyReused,
            self.manager.abandon,
            self.ctx(),
            uuid,
            idempotency=key,
        )

    @db_case.logic
    def test_abandon_of_what_is_not_ending(self):
        for status in ('PENDING', 'STARTING', 'ACTIVE', 'UPDATING', 'TERMINATED'):
            uuid = self.create()['uuid']
            self.bring_to(uuid, status)
            self.assertRaises(
                exception.InvalidLeaseState, self.manager.abandon, self.ctx(), uuid
            )


db_case.on_each(globals(), CreateMixin, EndMixin, DeleteMixin, UpdateMixin, AdminMixin)
