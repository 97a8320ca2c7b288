"""Verbs on triggers and scheduled operations."""

import threading

import fixtures

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.protection import models
from mogan_like.protection.manager import verdicts
from tests.unit.db import db_case
from tests.unit.protection import schedule_case
from tests.unit.protection.schedule_case import HOUR
from tests.unit.protection.world import OTHER_PROJECT
from tests.unit.protection.world import PROVIDER
from tests.unit.trusts import expecting

_KEY = {'key': 'once', 'hash': 'h' * 64}
_TRUST = 't' * 32


class TriggersTest(schedule_case.ScheduleMixin, db_case.DatabaseCase):
    def test_a_bad_pattern_is_told_and_recorded(self):
        error = self.assertRaises(
            exception.InvalidParameter, self.create_trigger, pattern='61 * * * *'
        )
        self.assertIn('minute', str(error))
        self.assertEqual([], self.rows(models.TRIGGERS))

    def test_a_repeat_with_its_key_is_one(self):
        body = {'name': 't', 'type': 'time', 'properties': dict(schedule_case.HOURLY)}
        made = [self.triggers.create(self.ctx(), body, _KEY) for _ in range(2)]
        self.assertEqual(made[0], made[1])
        self.assertEqual(1, len(self.rows(models.TRIGGERS)))

    def test_an_update_changes_what_is_named(self):
        trigger = self.create_trigger(window=60, timezone='Europe/Berlin')
        uuid = trigger['uuid']
        made = self.triggers.update(self.ctx(), uuid, {'name': 'new'})
        self.assertEqual(trigger['properties'], made['properties'])
        made = self.triggers.update(
            self.ctx(), uuid, {'properties': {'window': 5, 'timezone': None}}
        )
        kept = self.load(made['properties'])
        self.assertEqual(
            (5, None, '0 * * * *'), (kept['window'], kept['timezone'], kept['pattern'])
        )
        self.assertEqual('new', made['name'])
        self.assertRaises(
            exception.InvalidParameter,
            self.triggers.update,
            self.ctx(),
            uuid,
            {'properties': {'format': 'calendar'}},
        )
        expected = [('create', 'success'), ('update', 'success')]
        expected += [('update', 'success'), ('update', 'refused')]
        self.assertEqual(expected, self.actions(uuid))

    def test_changed_by_somebody_else_while_it_is_checked(self):
        uuid = self.create_trigger()['uuid']
        judge = verdicts.judge

        def meddle(*args):
            with fixtures.MonkeyPatch(f'{verdicts.__name__}.judge', judge):
                change = {'properties': {'timezone': 'Europe/Berlin'}}
                self.triggers.update(self.ctx(), uuid, change)
            return judge(*args)

        stale = {'properties': {'window': 5}}
        before = self.rows(models.TRIGGERS)[0]['properties']
        with fixtures.MonkeyPatch(f'{verdicts.__name__}.judge', meddle):
            # Of what it was checked by is nothing left.
            self.assertRaises(
                exception.Conflict, self.triggers.update, self.ctx(), uuid, stale
            )
        kept = self.load(self.rows(models.TRIGGERS)[0]['properties'])
        self.assertEqual({**self.load(before), 'timezone': 'Europe/Berlin'}, kept)

    def test_operations_run_by_a_changed_trigger_at_once(self):
        trigger = self.create_trigger()
        uuids = [self.create_operation(trigger) for _ in range(2)]
        off = self.create_operation(trigger, enabled=False)
        properties = {'pattern': '30 4 1 1 *'}
        self.triggers.update(self.ctx(), trigger['uuid'], {'properties': properties})
        for uuid in uuids:
            when = self.operation(uuid)['next_run_at']
            self.assertEqual(
                (1, 1, 4, 30), (when.month, when.day, when.hour, when.minute)
            )
            self.assertEqual(when, self.due(uuid)['until'])
        self.assertIsNone(self.operation(off)['next_run_at'])
        self.assertIsNone(self.due(off))

    def test_a_run_that_is_due_stays_due(self):
        trigger = self.create_trigger()
        uuid = self.create_operation(trigger)
        run_at = self.make_due(uuid, ago=HOUR)
        properties = {'pattern': '30 4 1 1 *'}
        self.triggers.update(self.ctx(), trigger['uuid'], {'properties': properties})
        self.assertEqual(run_at, self.operation(uuid)['next_run_at'])
        self.run_due()
        self.assertEqual(1, len(self.made_by(uuid)))
        self.assertEqual(1, self.operation(uuid)['next_run_at'].month)

    def test_of_another_project(self):
        uuid = self.create_trigger()['uuid']
        missing = exception.TriggerNotFound
        properties = {'properties': {'window': 1}}
        other = self.ctx(OTHER_PROJECT)
        self.assertRaises(missing, self.triggers.update, other, uuid, properties)
        other = self.ctx(OTHER_PROJECT)
        self.assertRaises(missing, self.triggers.delete, other, uuid)
        self.assertEqual(1, len(self.rows(models.TRIGGERS)))

    def test_in_use(self):
        trigger = self.create_trigger()
        operation = self.create_operation(trigger)
        uuid = trigger['uuid']
        error = self.assertRaises(
            exception.TriggerInUse, self.triggers.delete, self.ctx(), uuid
        )
        self.assertEqual(424, error.code)
        self.operations.delete(self.ctx(), operation)
        self.triggers.delete(self.ctx(), uuid)
        self.assertRaises(
            exception.TriggerNotFound, self.triggers.delete, self.ctx(), uuid
        )
        expected = ['refused', 'success', 'refused']
        found = [result for action, result in self.actions(uuid) if action == 'delete']
        self.assertEqual(expected, found)


class OperationsTest(schedule_case.ScheduleMixin, db_case.DatabaseCase):
    def assert_refused(self, error, **values):
        body = {**self.describe(), **values}
        before = self.rows(models.SCHEDULED_OPERATIONS)
        found = self.assertRaises(error, self.operations.create, self.ctx(), body)
        self.assertEqual(before, self.rows(models.SCHEDULED_OPERATIONS))
        self.assertEqual([], self.rows(claims.DUE_WORK))
        return str(found)

    def test_refused(self):
        plan = self.create_plan()
        definition = {'plan_id': plan['uuid'], 'provider_id': PROVIDER}
        missing = '0' * 36
        self.assert_refused(exception.TriggerNotFound, trigger_id=missing)
        self.assert_refused(
            exception.PlanNotFound,
            operation_definition={**definition, 'plan_id': missing},
        )
        self.assert_refused(
            exception.ProviderNotFound,
            operation_definition={**definition, 'provider_id': missing},
        )
        self.providers[missing] = self.provider
        said = self.assert_refused(
            exception.InvalidParameter,
            operation_definition={**definition, 'provider_id': missing},
        )
        self.assertIn('another provider', said)

    def test_of_another_project(self):
        body, other = self.describe(), self.ctx(OTHER_PROJECT)
        self.assertRaises(
            exception.TriggerNotFound, self.operations.create, other, body
        )
        trigger = self.triggers.create(
            other, {'name': 't', 'type': 'time', 'properties': schedule_case.HOURLY}
        )
        body['trigger_id'] = trigger['uuid']
        self.assertRaises(exception.PlanNotFound, self.operations.create, other, body)
        uuid = self.create_operation()
        missing = exception.ScheduledOperationNotFound
        self.assertRaises(missing, self.operations.delete, other, uuid)
        other = self.ctx(OTHER_PROJECT)
        self.assertRaises(missing, self.operations.update, other, uuid, {'name': 'x'})

    def test_a_trigger_without_runs(self):
        trigger = self.create_trigger()
        kept = self.load(self.rows(models.TRIGGERS)[0]['properties'])
        kept['end_time'] = '2020-01-01 00:00:00'
        text = str(kept).replace("'", '"').replace('None', 'null')
        self.set(models.TRIGGERS, {'uuid': trigger['uuid']}, properties=text)
        said = self.assert_refused(
            exception.InvalidParameter, trigger_id=trigger['uuid']
        )
        self.assertIn('no run', said)

    def test_switched_off_and_on(self):
        uuid = self.create_operation()
        self.make_due(uuid)
        self.operations.update(self.ctx(), uuid, {'enabled': False, 'name': 'off'})
        row = self.operation(uuid)
        self.assertEqual(('off', None), (row['name'], row['next_run_at']))
        self.assertIsNone(self.due(uuid))
        self.assertEqual(0, self.run_due())
        self.operations.update(self.ctx(), uuid, {'enabled': True})
        # What was due meanwhile is not made up for.
        self.assertGreater(self.operation(uuid)['next_run_at'], clock.utcnow())
        self.assertEqual(self.operation(uuid)['next_run_at'], self.due(uuid)['until'])
        self.operations.update(self.ctx(), uuid, {'enabled': True})
        self.assertEqual(0, self.run_due())

    def test_switched_off_while_a_conductor_is_at_it(self):
        uuid = self.create_operation()
        self.make_due(uuid)
        (claim,) = self.claim()
        self.operations.update(self.ctx(), uuid, {'enabled': False})
        self.jobs['schedule'](claim)
        self.assertEqual([], self.made_by(uuid))

    def test_deleted_while_a_conductor_is_at_it(self):
        uuid = self.create_operation()
        self.make_due(uuid)
        (claim,) = self.claim()
        self.operations.delete(self.ctx(), uuid)
        self.jobs['schedule'](claim)
        self.assertEqual([], self.made_by(uuid))
        self.assertIsNone(self.due(uuid))

    def test_a_plan_in_use_stays(self):
        plan = self.create_plan()
        uuid = self.create_operation(plan=plan)
        self.assertRaises(exception.InUse, self.plans.delete, self.ctx(), plan['uuid'])
        self.operations.delete(self.ctx(), uuid)
        self.assertIsNone(self.due(uuid))
        self.plans.delete(self.ctx(), plan['uuid'])


class TrustsTest(
    expecting.ExpectingMixin, schedule_case.ScheduleMixin, db_case.DatabaseCase
):
    """A trust has work that deletes it as soon as nothing needs it."""

    def assert_released(self, *expected):
        found = [row['object_id'] for row in self.rows(claims.DUE_WORK, kind='trust')]
        self.assertEqual([*expected], found)

    def test_deleted_with_the_operation(self):
        ctx, body = self.ctx(), self.describe()
        before = self.count_expected()
        made = self.operations.create(ctx, body, _TRUST)
        self.assert_released()
        self.assertEqual(before - 1, self.count_expected())
        self.operations.delete(self.ctx(), made['uuid'])
        self.assertEqual(1, self.run_due())
        self.assert_released(_TRUST)

    def test_given_back_when_it_is_refused(self):
        body = {**self.describe(), 'trigger_id': '0' * 36}
        self.assertRaises(
            exception.TriggerNotFound, self.operations.create, self.ctx(), body, _TRUST
        )
        self.assert_released(_TRUST)

    def test_given_back_when_it_was_done_before(self):
        body = self.describe()
        first = self.operations.create(self.ctx(), body, _TRUST, _KEY)
        again = self.operations.create(self.ctx(), body, 'another', _KEY)
        self.assertEqual(first, again)
        self.assert_released('another')
        self.assertEqual(_TRUST, self.operation(first['uuid'])['trust_id'])


class AtOnceMixin(schedule_case.ScheduleMixin):
    """Rows refer to each other without foreign keys: verbs see to it."""

    def both(self, *verbs):
        """Do verbs at once; the names of the errors that they raised."""
        found, barrier = [], threading.Barrier(len(verbs))

        def run(verb):
            barrier.wait()
            try:
                verb()
            except exception.MoganLikeError as exc:
                found.append(type(exc).__name__)

        threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def test_an_operation_and_the_end_of_what_it_needs(self):
        for _ in range(4):
            trigger, plan = self.create_trigger(), self.create_plan()
            body = self.describe(trigger, plan)
            refused = self.both(
                lambda body=body: self.operations.create(self.ctx(), body),
                lambda trigger=trigger: self.triggers.delete(
                    self.ctx(), trigger['uuid']
                ),
                lambda plan=plan: self.plans.delete(self.ctx(), plan['uuid']),
            )
            made = self.rows(models.SCHEDULED_OPERATIONS, trigger_uuid=trigger['uuid'])
            triggers = self.rows(models.TRIGGERS, uuid=trigger['uuid'])
            plans = self.rows(models.PLANS, uuid=plan['uuid'])
            if made:
                self.assertEqual((1, 1), (len(triggers), len(plans)))
                self.assertEqual({'TriggerInUse', 'InUse'}, set(refused))
            else:
                self.assertEqual(1, len(refused))

    def test_switched_off_and_on_while_the_trigger_changes(self):
        trigger = self.create_trigger()
        uuid = self.create_operation(trigger)
        for minute in range(0, 24, 6):
            properties = {'properties': {'pattern': f'{minute} * * * *'}}
            refused = self.both(
                lambda: self.operations.update(self.ctx(), uuid, {'enabled': False}),
                lambda: self.operations.update(self.ctx(), uuid, {'enabled': True}),
                lambda properties=properties: self.triggers.update(
                    self.ctx(), trigger['uuid'], properties
                ),
            )
            self.assertEqual([], refused)
            self.operations.update(self.ctx(), uuid, {'enabled': True})
            row = self.operation(uuid)
            self.assertEqual(minute, row['next_run_at'].minute)
            self.assertEqual(row['next_run_at'], self.due(uuid)['until'])


db_case.on_each(globals(), AtOnceMixin)
