"""Runs of scheduled operations: on time, late, refused, and never twice."""

import datetime
import threading

import fixtures

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.protection import models
from mogan_like.protection.manager import protect
from mogan_like.protection.operations import schedule
from mogan_like.trusts import expected
from mogan_like.trusts import release
from tests.unit.db import db_case
from tests.unit.protection import schedule_case
from tests.unit.protection.schedule_case import HOUR

_TRUST = 't' * 32


class ScheduleTest(schedule_case.ScheduleMixin, db_case.DatabaseCase):
    def test_the_next_run_is_due(self):
        uuid = self.create_operation()
        row = self.operation(uuid)
        self.assertEqual(self.due(uuid)['until'], row['next_run_at'])
        self.assertEqual((0, 0), (row['next_run_at'].minute, row['next_run_at'].second))
        self.assertLessEqual(row['next_run_at'] - clock.utcnow(), HOUR)
        self.assertEqual(0, self.run_due())

    def test_a_run_makes_a_checkpoint_of_its_user(self):
        uuid = self.create_operation()
        run_at = self.make_due(uuid)
        self.assertEqual(1, self.run_due())
        (checkpoint,) = self.made_by(uuid)
        self.assertEqual('u1', checkpoint['user_id'])
        self.assertEqual('protecting', checkpoint['status'])
        row = self.operation(uuid)
        self.assertEqual(run_at, row['last_run_at'])
        self.assertGreater(row['next_run_at'], clock.utcnow())
        self.assertEqual(row['next_run_at'], self.due(uuid)['until'])
        info = self.load(checkpoint['extra_info'])
        self.assertEqual(
            ('operation-engine', uuid, row['trigger_uuid'], clock.isoformat(run_at)),
            (
                info['created_by'],
                info['scheduled_operation_id'],
                info['trigger_id'],
                info['run_at'],
            ),
        )
        self.assertNotIn('late_by', info)
        (action,) = self.rows(actions_models.ACTIONS, object_id=checkpoint['uuid'])
        self.assertEqual(('schedule', uuid), (action['cause'], action['cause_id']))
        self.assertEqual(('create', 'u1'), (action['action'], action['user_id']))
        self.assertEqual([('in_progress', None)], self.runs_of(uuid))

    def test_a_missed_run_is_late_and_once(self):
        uuid = self.create_operation()
        for _ in range(2):
            # The next due row is of the future again.
            self.make_due(uuid, ago=50 * HOUR)
            self.assertEqual(1, self.run_due())
            self.assertEqual(0, self.run_due())
            self.set(models.SCHEDULED_OPERATIONS, {'uuid': uuid}, last_run_at=None)
        found = self.made_by(uuid)
        self.assertEqual(2, len(found))
        late = self.load(found[0]['extra_info'])['late_by']
        self.assertAlmostEqual(50 * 3600, late, delta=60)
        self.assertLessEqual(self.operation(uuid)['next_run_at'] - clock.utcnow(), HOUR)

    def test_a_window_says_from_when_it_is_late(self):
        trigger = self.create_trigger(window=7200)
        uuid = self.create_operation(trigger)
        self.make_due(uuid, ago=HOUR)
        self.run_due()
        (checkpoint,) = self.made_by(uuid)
        self.assertNotIn('late_by', self.load(checkpoint['extra_info']))

    def test_the_last_run(self):
        end = clock.utcnow() + 2 * HOUR
        trigger = self.create_trigger(end_time=end.isoformat())
        uuid = self.create_operation(trigger)
        past = clock.utcnow() - HOUR
        self.make_due(uuid)
        properties = self.rows(models.TRIGGERS, uuid=trigger['uuid'])[0]['properties']
        ended = {**self.load(properties), 'end_time': past.isoformat(' ', 'seconds')}
        text = str(ended).replace("'", '"').replace('None', 'null')
        self.set(models.TRIGGERS, {'uuid': trigger['uuid']}, properties=text)
        self.assertEqual(1, self.run_due())
        self.assertEqual(1, len(self.made_by(uuid)))
        self.assertIsNone(self.operation(uuid)['next_run_at'])
        self.assertIsNone(self.due(uuid))

    def test_a_refused_run_is_told_of_and_the_schedule_goes_on(self):
        CONF.set_override('checkpoints', 0, group='quota')
        uuid = self.create_operation()
        self.make_due(uuid)
        self.run_due()
        self.assertEqual([], self.made_by(uuid))
        ((status, error),) = self.runs_of(uuid)
        self.assertEqual('fail', status)
        self.assertIn('Quota exceeded', error)
        (action,) = self.rows(actions_models.ACTIONS, cause_id=uuid)
        self.assertEqual(('create', 'refused'), (action['action'], action['result']))
        self.assertGreater(self.operation(uuid)['next_run_at'], clock.utcnow())
        self.assertEqual(0, self.run_due())
        CONF.clear_override('checkpoints', group='quota')
        self.make_due(uuid)
        self.run_due()
        self.assertEqual(1, len(self.made_by(uuid)))

    def test_refused_by_a_provider_that_is_disabled_or_gone(self):
        uuid = self.create_operation()
        self.provider.enabled = False
        self.make_due(uuid)
        self.run_due()
        self.providers.clear()
        self.make_due(uuid)
        self.run_due()
        self.assertEqual(['fail', 'fail'], [status for status, _ in self.runs_of(uuid)])
        self.assertIn('Provider', self.runs_of(uuid)[0][1])

    def test_refused_where_the_plan_is_gone(self):
        uuid = self.create_operation()
        self.in_transaction(lambda conn: conn.execute(models.PLANS.delete()))
        self.make_due(uuid)
        self.run_due()
        self.assertIn('Plan', self.runs_of(uuid)[0][1])

    def test_a_bug_is_tried_again_and_then_given_up(self):
        CONF.set_override('max_attempts', 3, group='protection')
        uuid = self.create_operation()
        run_at = self.make_due(uuid)
        broken = fixtures.MonkeyPatch(f'{protect.__name__}.protect', _break)
        with broken, fixtures.FakeLogger() as log:
            for attempt in range(1, 4):
                self.run_due()
                self.assertEqual(run_at, self.operation(uuid)['next_run_at'])
                work = self.due(uuid)
                self.assertEqual(attempt, work['attempts'])
                self.assertGreater(work['until'], clock.utcnow())
                self.set(claims.DUE_WORK, {'object_id': uuid}, until=run_at)
            self.assertEqual([], self.runs_of(uuid))
            self.run_due()
        self.assertIn('ZeroDivisionError', log.output)
        ((status, error),) = self.runs_of(uuid)
        self.assertIn('Given up after 3 tries: An internal error', error)
        self.assertGreater(self.operation(uuid)['next_run_at'], clock.utcnow())
        self.make_due(uuid)
        self.run_due()
        self.assertEqual(1, len(self.made_by(uuid)))

    def test_a_bug_that_goes_away_loses_no_run(self):
        uuid = self.create_operation()
        run_at = self.make_due(uuid)
        with fixtures.MonkeyPatch(f'{protect.__name__}.protect', _break):
            self.run_due()
        self.set(claims.DUE_WORK, {'object_id': uuid}, until=run_at)
        self.run_due()
        self.assertEqual(1, len(self.made_by(uuid)))
        self.assertEqual(run_at, self.operation(uuid)['last_run_at'])
        self.assertEqual('{}', self.due(uuid)['payload'])

    def create_trusted(self):
        ctx = self.ctx()
        self.in_transaction(expected.expect, ctx)
        return self.operations.create(ctx, self.describe(), trust_id=_TRUST)

    def test_a_trust_goes_along(self):
        made = self.create_trusted()
        self.make_due(made['uuid'])
        self.run_due()
        (checkpoint,) = self.made_by(made['uuid'])
        payload = self.load(self.due(checkpoint['uuid'])['payload'])
        self.assertEqual(_TRUST, payload['trust_id'])

    def test_a_trust_stays_while_something_acts_by_it(self):
        made = self.create_trusted()
        self.make_due(made['uuid'])
        self.run_due()
        self.operations.delete(self.ctx(), made['uuid'])
        (checkpoint,) = self.made_by(made['uuid'])
        for status in ('protecting', 'deleting', 'available'):
            self.set(models.CHECKPOINTS, {'uuid': checkpoint['uuid']}, status=status)
            self.assertEqual([], self.rows(claims.DUE_WORK, kind=release.TRUST))
            self.assertEqual(1, self.run_due())
            if status != 'available':
                self.set(
                    claims.DUE_WORK, {'object_id': made['uuid']}, until=clock.utcnow()
                )
        (due,) = self.rows(claims.DUE_WORK, kind=release.TRUST)
        self.assertEqual(_TRUST, due['object_id'])
        self.assertEqual([], self.rows(claims.DUE_WORK, object_id=made['uuid']))


def _break(*_args):
    raise ZeroDivisionError


class ClockTest(schedule_case.ScheduleMixin, db_case.DatabaseCase):
    """The clock is the database's, and whoever keeps that may set it."""

    def jump(self, delta):
        patch = fixtures.MonkeyPatch(f'{clock.__name__}._offset', clock._offset + delta)
        self.useFixture(patch)

    def test_set_back_after_a_run(self):
        uuid = self.create_operation()
        due_at = self.operation(uuid)['next_run_at']
        self.jump(due_at - clock.utcnow() + datetime.timedelta(seconds=5))
        self.assertEqual(1, self.run_due())
        self.jump(-2 * HOUR)
        for _ in range(3):
            self.jump(HOUR / 2)
            self.assertEqual(0, self.run_due())
        trigger = self.operation(uuid)['trigger_uuid']
        self.triggers.update(self.ctx(), trigger, {'properties': {'window': 60}})
        self.assertEqual(0, self.run_due())
        self.assertEqual(due_at + HOUR, self.operation(uuid)['next_run_at'])
        self.jump(2 * HOUR)
        self.assertEqual(1, self.run_due())
        self.assertEqual(2, len(self.made_by(uuid)))

    def test_set_back_between_the_claim_and_the_run(self):
        uuid = self.create_operation()
        due_at = self.operation(uuid)['next_run_at']
        self.jump(due_at - clock.utcnow() + datetime.timedelta(seconds=5))
        (claim,) = self.claim()
        self.jump(-HOUR / 2)
        self.jobs['schedule'](claim)
        self.assertEqual([], self.made_by(uuid))
        self.assertEqual(due_at, self.due(uuid)['until'])
        self.jump(HOUR / 2)
        self.assertEqual(1, self.run_due())
        self.assertEqual(1, len(self.made_by(uuid)))

    def test_a_run_that_comes_again_is_passed_over(self):
        uuid = self.create_operation()
        run_at = self.make_due(uuid)
        self.run_due()
        # Whoever keeps the database may have brought old rows back.
        self.set(models.SCHEDULED_OPERATIONS, {'uuid': uuid}, last_run_at=None)
        self.set_due(uuid, run_at)
        self.assertEqual(1, self.run_due())
        self.assertEqual(1, len(self.made_by(uuid)))
        self.assertEqual([('in_progress', None)], self.runs_of(uuid))
        self.assertGreater(self.operation(uuid)['next_run_at'], clock.utcnow())

    def test_another_run_is_next_by_now(self):
        uuid = self.create_operation()
        self.make_due(uuid)
        is_made = schedule._is_made

        def meddle(run):
            self.set_next(uuid, run.run_at - HOUR)
            return is_made(run)

        with fixtures.MonkeyPatch(f'{schedule.__name__}._is_made', meddle):
            self.run_due()
        self.assertEqual([], self.made_by(uuid))

    def set_next(self, uuid, when):
        self.set(models.SCHEDULED_OPERATIONS, {'uuid': uuid}, next_run_at=when)

    def test_set_on_by_days(self):
        uuid = self.create_operation()
        self.jump(72 * HOUR)
        self.assertEqual(1, self.run_due())
        self.assertEqual(0, self.run_due())
        self.assertEqual(1, len(self.made_by(uuid)))


class TwiceMixin(schedule_case.ScheduleMixin):
    def test_two_conductors_at_one_run(self):
        uuid = self.create_operation()
        self.make_due(uuid)
        (claim,) = self.claim()
        # The second one takes it over, as from one that was thought dead.
        self.set(claims.DUE_WORK, {'object_id': uuid}, until=clock.utcnow())
        (other,) = self.claim()
        threads = [
            threading.Thread(target=self.jobs['schedule'], args=(each,))
            for each in (claim, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(1, len(self.made_by(uuid)))
        self.assertEqual(1, len(self.rows(actions_models.ACTIONS, cause_id=uuid)))
        self.assertEqual(1, self.used('checkpoints'))

    def used(self, resource):
        table = models.base.METADATA.tables['quota_usages']
        return sum(row['used'] for row in self.rows(table, resource=resource))

    def test_a_trigger_that_changes_while_operations_run_by_it(self):
        trigger = self.create_trigger()
        uuid = self.create_operation(trigger)
        hours = [f'{minute} * * * *' for minute in range(0, 55, 9)]

        def change():
            for pattern in hours:
                properties = {'properties': {'pattern': pattern}}
                self.triggers.update(self.ctx(), trigger['uuid'], properties)

        thread = threading.Thread(target=change)
        thread.start()
        runs = 0
        while thread.is_alive():
            self.make_due_now(uuid)
            runs += self.run_due()
        thread.join()
        self.run_due()
        row, work = self.operation(uuid), self.due(uuid)
        self.assertEqual(row['next_run_at'], work['until'])
        if row['next_run_at'] > clock.utcnow():
            self.assertEqual(54, row['next_run_at'].minute)
        found = [self.load(each['extra_info'])['run_at'] for each in self.made_by(uuid)]
        self.assertEqual(len(found), len(set(found)))

    def make_due_now(self, uuid):
        """Move row and due work in one transaction, as a verb does."""
        now = clock.utcnow()

        def move(conn):
            operations = models.SCHEDULED_OPERATIONS
            conn.execute(
                operations.update()
                .where(operations.c.uuid == uuid)
                .values(next_run_at=now, last_run_at=None)
            )
            claims.bring_forward(conn, 'schedule', uuid, now)

        self.in_transaction(move)


db_case.on_each(globals(), TwiceMixin)
