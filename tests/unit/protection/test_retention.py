"""What a scheduled operation keeps: the newest good ones, and always one."""

import collections
import datetime
import uuid as uuids

import fixtures
import testtools

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.protection import models
from mogan_like.protection.operations import retention
from tests.unit.db import db_case
from tests.unit.protection import schedule_case
from tests.unit.protection import test_schedule_killed as killed
from tests.unit.protection.world import PROVIDER

_DAY = datetime.timedelta(days=1)
_NOW = datetime.datetime(2026, 3, 1)
_Row = collections.namedtuple('_Row', 'number created_at')


class ChooseTest(testtools.TestCase):
    def choose(self, ages, **definition):
        """The numbers of those that go, of some that are so many days old."""
        rows = [_Row(number, _NOW - age * _DAY) for number, age in enumerate(ages)]
        return [row.number for row in retention.choose(rows, definition, _NOW)]

    def test_by_number(self):
        self.assertEqual([3, 2], self.choose([0, 1, 2, 3], max_backups=2))
        self.assertEqual([], self.choose([0, 1], max_backups=2))
        self.assertEqual([1], self.choose([0, 0], max_backups=1))

    def test_by_age(self):
        self.assertEqual([3], self.choose([0, 1, 2, 2.1], max_backup_duration=2))

    def test_by_both_whichever_is_stricter(self):
        limits = {'max_backups': 3, 'max_backup_duration': 1}
        self.assertEqual([3, 2], self.choose([0, 1, 2, 3], **limits))
        self.assertEqual([3], self.choose([0, 0, 0, 0], **limits))

    def test_never_the_last_one(self):
        self.assertEqual([1], self.choose([100, 200], max_backup_duration=1))
        self.assertEqual([], self.choose([100], max_backup_duration=1, max_backups=1))
        self.assertEqual([], self.choose([], max_backups=1))

    def test_without_limits(self):
        self.assertEqual([], self.choose([0, 1000]))

    def choose_failed(self, ages, kept, **definition):
        rows = [_Row(number, _NOW - age * _DAY) for number, age in enumerate(ages)]
        oldest = kept and _Row(None, _NOW - kept * _DAY)
        gone = retention.choose_failed(rows, oldest, definition, _NOW)
        return [row.number for row in gone]

    def test_failed_ones_that_are_older_than_all_good_ones(self):
        self.assertEqual([3, 2], self.choose_failed([0, 1, 3, 4], 2, max_backups=9))
        self.assertEqual([], self.choose_failed([0, 1], None, max_backups=9))

    def test_failed_ones_by_the_same_limits(self):
        """Else those since the last good one would fill the quota."""
        for kept in (None, 9):
            gone = self.choose_failed([0, 1, 2, 3], kept, max_backups=2)
            self.assertEqual([3, 2], gone)
            gone = self.choose_failed([1, 2, 3, 4], kept, max_backup_duration=3)
            self.assertEqual([3], gone)
        self.assertEqual(
            [1, 0], self.choose_failed([5, 6], None, max_backup_duration=3)
        )


class RetentionTest(schedule_case.ScheduleMixin, db_case.DatabaseCase):
    def setUp(self):
        super().setUp()
        self.plan = self.create_plan()

    def begin_run(self, uuid):
        """Have a run begin; the checkpoint's id."""
        self.make_due(uuid)
        self.assertEqual(1, self.run_due())
        return self.made_by(uuid)[-1]['uuid']

    def end(self, checkpoint, status='available'):
        """As if its protect had ended."""
        self.set(models.CHECKPOINTS, {'uuid': checkpoint}, status=status)
        self.in_transaction(claims.remove, 'checkpoint', checkpoint)
        self.in_transaction(claims.wake, checkpoint)

    def run_once(self, uuid, status='available'):
        """A run with all that follows it; the checkpoint's id."""
        checkpoint = self.begin_run(uuid)
        self.assertEqual(1, self.run_due('retention'))
        self.end(checkpoint, status)
        self.assertEqual(1, self.run_due('retention'))
        return checkpoint

    def statuses(self, uuid):
        return [row['status'] for row in self.made_by(uuid)]

    def test_the_oldest_go_when_the_new_one_is_there(self):
        uuid = self.create_operation(plan=self.plan, max_backups=2)
        for _ in range(2):
            self.run_once(uuid)
        checkpoint = self.begin_run(uuid)
        self.assertEqual(1, self.run_due('retention'))
        self.assertEqual(['available', 'available', 'protecting'], self.statuses(uuid))
        self.assertEqual(0, self.run_due('retention'))
        self.end(checkpoint)
        self.assertEqual(1, self.run_due('retention'))
        self.assertEqual(['deleting', 'available', 'available'], self.statuses(uuid))
        (row,) = self.rows(
            actions_models.ACTIONS,
            object_id=self.made_by(uuid)[0]['uuid'],
            action='delete',
        )
        self.assertEqual(('schedule', uuid), (row['cause'], row['cause_id']))
        self.assertEqual(0, self.run_due('retention'))

    def test_runs_that_overlap_do_not_keep_the_old_ones(self):
        """Where protecting takes longer than the interval, one always goes on."""
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        before = None
        for _ in range(3):
            checkpoint = self.begin_run(uuid)
            if before is not None:
                self.end(before)
            self.assertEqual(1, self.run_due('retention'))
            before = checkpoint
        self.assertEqual(['deleting', 'available', 'protecting'], self.statuses(uuid))
        self.end(checkpoint)
        self.assertEqual(1, self.run_due('retention'))
        self.assertEqual(['deleting', 'deleting', 'available'], self.statuses(uuid))
        self.assertEqual(0, self.run_due('retention'))

    def test_an_older_one_may_end_last(self):
        """No other run need follow, as when the operation is disabled."""
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        first, second = self.begin_run(uuid), self.begin_run(uuid)
        self.operations.update(self.ctx(), uuid, {'enabled': False})
        self.end(second)
        self.assertEqual(1, self.run_due('retention'))
        self.assertEqual(['protecting', 'available'], self.statuses(uuid))
        self.assertEqual(0, self.run_due('retention'))
        self.end(first)
        self.assertEqual(1, self.run_due('retention'))
        self.assertEqual(['deleting', 'available'], self.statuses(uuid))
        self.assertEqual([], self.rows(claims.DUE_WORK, kind='retention'))

    def test_one_that_failed_drops_no_good_one(self):
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        self.run_once(uuid)
        self.run_once(uuid, 'error')
        self.assertEqual(['available', 'error'], self.statuses(uuid))

    def test_failed_ones_go_with_the_good_ones_before_them(self):
        uuid = self.create_operation(plan=self.plan, max_backups=2)
        self.run_once(uuid)
        self.run_once(uuid, 'error')
        self.run_once(uuid, 'error-deleting')
        self.run_once(uuid)
        self.assertNotIn('deleting', self.statuses(uuid))
        self.run_once(uuid)
        self.assertEqual(['deleting'] * 3 + ['available'] * 2, self.statuses(uuid))
        (row,) = self.rows(
            actions_models.ACTIONS,
            object_id=self.made_by(uuid)[1]['uuid'],
            action='delete',
        )
        self.assertEqual(('schedule', uuid), (row['cause'], row['cause_id']))

    def test_runs_that_all_fail_at_once_do_not_fill_the_quota(self):
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        self.run_once(uuid)
        for _ in range(3):
            self.end(self.begin_run(uuid), 'error')
            # It has failed before anybody looks.
            self.assertEqual(1, self.run_due('retention'))
        self.assertEqual(
            ['available', 'deleting', 'deleting', 'error'], self.statuses(uuid)
        )

    def test_by_age(self):
        uuid = self.create_operation(plan=self.plan, max_backup_duration=2)
        old = self.run_once(uuid)
        self.set(
            models.CHECKPOINTS, {'uuid': old}, created_at=clock.utcnow() - 3 * _DAY
        )
        self.run_once(uuid)
        self.assertEqual(['deleting', 'available'], self.statuses(uuid))

    def test_those_of_others_stay(self):
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        other = self.create_operation(plan=self.plan, max_backups=1)
        by_hand = self.protect(self.plan)
        self.end(by_hand)
        self.run_once(other)
        for _ in range(2):
            self.run_once(uuid)
        self.assertEqual('available', self.checkpoint(by_hand)['status'])
        self.assertEqual(['available'], self.statuses(other))

    def test_one_that_is_restored_goes_later(self):
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        first = self.run_once(uuid)
        self.set(models.CHECKPOINTS, {'uuid': first}, restoring=1)
        self.run_once(uuid)
        self.assertEqual(['available', 'available'], self.statuses(uuid))
        (work,) = self.rows(claims.DUE_WORK, object_id=uuid, kind='retention')
        self.assertIn('in use', work['error'])
        self.assertGreater(work['until'], clock.utcnow())
        self.set(models.CHECKPOINTS, {'uuid': first}, restoring=0)
        self.set(claims.DUE_WORK, {'id': work['id']}, until=clock.utcnow())
        self.assertEqual(1, self.run_due('retention'))
        self.assertEqual(['deleting', 'available'], self.statuses(uuid))

    def test_the_next_run_may_begin_before_the_last_has_ended(self):
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        first = self.begin_run(uuid)
        (stale,) = self.claim('retention')
        second = self.begin_run(uuid)
        self.jobs['retention'](stale)
        self.end(first)
        self.end(second)
        self.set(claims.DUE_WORK, {'kind': 'retention'}, until=clock.utcnow())
        self.assertEqual(1, self.run_due('retention'))
        self.assertEqual(['deleting', 'available'], self.statuses(uuid))

    def test_an_operation_that_is_gone_drops_nothing_more(self):
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        self.run_once(uuid)
        self.end(self.begin_run(uuid))
        (claim,) = self.claim('retention')
        self.operations.delete(self.ctx(), uuid)
        self.jobs['retention'](claim)
        self.assertEqual(['available', 'available'], self.statuses(uuid))

    def test_an_operation_that_goes_meanwhile_drops_nothing_more(self):
        """Its trust may be given back the moment that nothing acts by it."""
        uuid = self.create_operation(plan=self.plan, max_backups=1)
        for _ in range(3):
            self.end(self.begin_run(uuid))
        delete, begun = self.checkpoints.delete, []

        def delete_operation_after(*args):
            delete(*args)
            begun.append(args)
            if len(begun) == 1:
                self.operations.delete(self.ctx(), uuid)

        patch = fixtures.MonkeyPatch(
            'mogan_like.protection.manager.checkpoints.CheckpointsManager.delete',
            lambda _manager, *args: delete_operation_after(*args),
        )
        self.useFixture(patch)
        self.run_due('retention')
        self.assertEqual(['deleting', 'available', 'available'], self.statuses(uuid))
        # Nothing of it is in the audit either: it was not asked for any more.
        self.assertEqual(
            ['delete'],
            [
                row['action']
                for each in self.made_by(uuid)
                for row in self.rows(actions_models.ACTIONS, object_id=each['uuid'])
                if row['action'] == 'delete'
            ],
        )

    def test_without_limits_there_is_no_work(self):
        uuid = self.create_operation(plan=self.plan)
        self.begin_run(uuid)
        self.assertEqual([], self.rows(claims.DUE_WORK, kind='retention'))


class KilledTest(schedule_case.ScheduleMixin, db_case.DatabaseCase):
    kill_at_each = killed.KilledTest.kill_at_each
    take_over = killed.KilledTest.take_over

    def test_at_each_statement(self):
        uuid = self.create_operation(max_backups=1)
        self.make_due(uuid)
        self.run_due()
        (first,) = self.made_by(uuid)
        first['status'] = 'available'
        self.set(models.CHECKPOINTS, {'uuid': first['uuid']}, status='available')

        def begin():
            """As if another run had ended well."""
            made = {**first, 'uuid': str(uuids.uuid4())}
            del made['id']
            made['created_at'] = clock.utcnow()

            def write(conn):
                conn.execute(models.CHECKPOINTS.insert(), made)
                claims.replace(conn, 'retention', uuid, clock.utcnow())

            self.in_transaction(write)

        begin()
        begun = self.kill_at_each(begin, 'retention')
        self.assertGreater(len(begun), 10)
        *gone, last = self.made_by(uuid)[1:]
        self.assertEqual(len(begun), len(gone))
        self.assertEqual('available', last['status'])
        for row in gone:
            self.assertEqual('deleting', row['status'])
            self.assertEqual([('delete', None)], self.actions(row['uuid']))
        self.assertEqual([], self.rows(claims.DUE_WORK, kind='retention'))


class LiveTest(schedule_case.ScheduleMixin, db_case.DatabaseCase):
    def test_from_run_to_run(self):
        self.start_engine()
        self.start_schedules()
        uuid = self.create_operation(max_backups=2)
        for number in range(1, 4):
            self.make_due(uuid)
            self.schedule_nudges.nudge()
            kept = min(number, 2)
            self.wait(
                lambda number=number, kept=kept: (
                    self.count(uuid) == {'available': kept, 'deleted': number - kept}
                ),
                f'{kept} checkpoints to be kept',
            )
        self.assertEqual(2, len(self.world.snapshots))
        self.assertEqual(PROVIDER, self.made_by(uuid)[0]['provider_id'])

    def count(self, uuid):
        found = {'available': 0, 'deleted': 0}
        for row in self.made_by(uuid):
            found[row['status']] = found.get(row['status'], 0) + 1
        return found
