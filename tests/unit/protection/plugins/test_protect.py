"""Protecting shares: what is made, and every way it does not come to be."""

from mogan_like.common import exception
from mogan_like.protection.plugins import base
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case

BAD_STATUSES = (
    'error',
    'deleting',
    'deferred_deleting',
    'error_deleting',
    'error_deferred_deleting',
    'manage_error',
    'unmanage_error',
    'unmanage_starting',
    'manage_error_unmanage_starting',
    'unmanaged',
    'deleted',
    'extending_error',
    'shrinking_error',
    'shrinking_possible_data_loss_error',
    'reverting_error',
    'backup_restoring_error',
)
BUSY_STATUSES = (
    'creating',
    'creating_from_snapshot',
    'manage_starting',
    'extending',
    'shrinking',
    'migrating',
    'migrating_to',
    'server_migrating',
    'server_migrating_to',
    'replication_change',
    'restoring',
    'reverting',
    'reverting_to_snapshot',
    'awaiting_transfer',
    'backup_creating',
    'backup_restoring',
    'ensuring',
    'a_status_of_tomorrow',
)


class ProtectTest(shares_case.SharesCase):
    def test_a_snapshot_and_its_record(self):
        share_id = self.make_share()
        self.connect().allow_access(
            share_id,
            {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'ro'},
        )
        self.manila.settle()
        record = self.protect(share_id)
        [snapshot] = self.state.snapshots.values()
        share = self.state.shares[share_id]
        self.assertEqual(
            ('nightly', 'of the data', share_id, hooks.PROJECT, 'available'),
            (
                snapshot.name,
                snapshot.description,
                snapshot.share_id,
                snapshot.project_id,
                snapshot.status,
            ),
        )
        rule = {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'ro'}
        self.assertEqual(
            {
                'share_id': share_id,
                'size': 2,
                'share_proto': 'NFS',
                'share_type': share.type.id,
                'share_network_id': None,
                'access_rules': [rule],
                'asked': True,
                'snapshot_id': snapshot.id,
            },
            record.data,
        )
        self.assertEqual(['available'], record.statuses)

    def test_access_rules_that_are_hidden_cannot_be_put_back(self):
        share_id = self.make_share()
        rule = {'access_type': 'user', 'access_to': 'name', 'access_level': 'ro'}
        self.connect().allow_access(share_id, rule)
        with self.state.lock:
            [made] = self.state.rules.values()
            made.access_to = '******'
        self.assertEqual([], self.protect(share_id).data['access_rules'])

    def test_access_rules_that_never_worked_are_not_put_back(self):
        share_id = self.make_share()
        self.switches.outcome('rule.allow', 'error')
        rule = {'access_type': 'user', 'access_to': 'name', 'access_level': 'ro'}
        self.connect().allow_access(share_id, rule)
        self.manila.settle()
        self.assertEqual([], self.protect(share_id).data['access_rules'])

    def test_access_rules_that_are_being_taken_away_are_not_put_back(self):
        share_id = self.make_share()
        rule = {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'ro'}
        self.connect().allow_access(share_id, rule)
        for status, kept in (
            ('queued_to_apply', [rule]),
            ('applying', [rule]),
            ('queued_to_deny', []),
            ('denying', []),
        ):
            with self.state.lock:
                [made] = self.state.rules.values()
                made.course.stop()
                made.status = status
            self.assertEqual(kept, self.protect(share_id).data['access_rules'], status)

    def test_a_share_that_is_busy_is_waited_for(self):
        self.switches.stay('share.creating', shown=4)
        share_id = self.make_share(wait=False)
        record = self.protect(share_id)
        self.assertEqual(['available'], record.statuses)
        self.assertGreaterEqual(len(self.clock.waits), 4)

    def test_every_busy_status_is_waited_in_until_the_deadline(self):
        share_id = self.make_share()
        for status in BUSY_STATUSES:
            self.manila.set_status('share', share_id, status)
            self.clock.now = 0
            error = self.assertRaises(
                exception.ProtectionFailed, self.protect, share_id
            )
            self.assertIn(f'still {status} in Manila after 1000 s', str(error))
            self.assertBetween(shares_case.TIMEOUT_S, self.clock.now)
        self.assertEqual({}, self.state.snapshots)

    def assertBetween(self, seconds, now):
        self.assertGreaterEqual(now, seconds)
        self.assertLess(now, seconds + 1)

    def test_every_bad_status_fails_at_once(self):
        share_id = self.make_share()
        for status in BAD_STATUSES:
            self.manila.set_status('share', share_id, status)
            error = self.assertRaises(
                exception.ResourceInvalidStatus, self.protect, share_id
            )
            self.assertIn(status, str(error))
        self.assertEqual([], self.clock.waits)
        self.assertEqual({}, self.state.snapshots)

    def test_forced_it_is_asked_for_at_once(self):
        share_id = self.make_share()
        self.manila.set_status('share', share_id, 'extending')
        forced = {**shares_case.PARAMETERS, 'force': True}
        error = self.assertRaises(
            exception.ShareServiceRefused, self.protect, share_id, parameters=forced
        )
        # The emulator, like Manila, does not look at it, and refuses.
        self.assertIn('status must be available', str(error))
        self.assertEqual([], self.clock.waits)
        self.manila.set_status('share', share_id, 'available')
        self.protect(share_id, parameters=forced)
        self.assertEqual(1, len(self.state.snapshots))

    def test_waits_grow_and_have_a_limit(self):
        self.switches.outcome('snapshot.create', 'stuck')
        share_id = self.make_share()
        record = hooks.Record()
        error = self.assertRaises(
            exception.ProtectionFailed, self.protect, share_id, record=record
        )
        self.assertIn('still creating', str(error))
        self.assertLess(self.clock.waits[0], 3)
        self.assertGreater(self.clock.waits[3], 8)
        self.assertLessEqual(max(self.clock.waits), 30 * 1.25)
        self.assertBetween(shares_case.TIMEOUT_S, self.clock.now)
        self.assertEqual(list(self.state.snapshots), [record.data['snapshot_id']])
        self.assert_delete_leaves_nothing(share_id, record)

    def test_a_snapshot_that_goes_to_error(self):
        self.switches.outcome('snapshot.create', 'error')
        share_id, record = self.make_share(), hooks.Record()
        error = self.assertRaises(
            exception.ProtectionFailed, self.protect, share_id, record=record
        )
        snapshot_id = record.data['snapshot_id']
        self.assertEqual(f'Snapshot {snapshot_id} is error in Manila.', str(error))
        self.assert_delete_leaves_nothing(share_id, record)

    def test_a_snapshot_that_vanishes_while_it_is_made(self):
        self.switches.outcome('snapshot.create', 'vanish')
        share_id, record = self.make_share(), hooks.Record()
        error = self.assertRaises(
            exception.ProtectionFailed, self.protect, share_id, record=record
        )
        self.assertIn('is not-found in Manila', str(error))
        self.assertIn('snapshot_id', record.data)
        self.assert_delete_leaves_nothing(share_id, record)

    def test_the_quota_is_used_up(self):
        for name, limit, text in (
            ('snapshots', 0, 'Maximum number of snapshots'),
            ('snapshot_gigabytes', 1, 'gigabytes quota'),
        ):
            share_id, record = self.make_share(), hooks.Record()
            self.state.quotas.defaults[name] = limit
            error = self.assertRaises(
                exception.ShareQuotaExceeded, self.protect, share_id, record=record
            )
            self.assertIn(text, str(error))
            self.assertEqual([], self.clock.waits)
            self.assert_delete_leaves_nothing(share_id, record)

    def test_a_share_deleted_since_it_was_listed(self):
        share_id = self.make_share()
        self.manila.forget('share', share_id)
        error = self.assertRaises(
            exception.ShareServiceNotFound, self.protect, share_id
        )
        self.assertIn(share_id, str(error))

    def test_a_share_of_another_project(self):
        share_id = self.make_share(hooks.OTHER_PROJECT)
        self.assertRaises(exception.ShareServiceNotFound, self.protect, share_id)
        self.assertEqual({}, self.state.snapshots)

    def test_two_checkpoints_of_one_share_have_a_snapshot_each(self):
        share_id = self.make_share()
        one = self.protect(share_id)
        other = self.protect(share_id, checkpoint_id=hooks.OTHER_CHECKPOINT)
        self.assertNotEqual(one.data['snapshot_id'], other.data['snapshot_id'])
        self.delete(share_id, one)
        self.assertEqual([other.data['snapshot_id']], list(self.state.snapshots))

    def test_called_off_it_leaves_everything_as_it_is(self):
        self.switches.outcome('snapshot.create', 'stuck')
        share_id, record = self.make_share(), hooks.Record()
        self.assertRaises(
            base.Cancelled,
            self.protect,
            share_id,
            record=record,
            waiter=hooks.Waiter(self.clock, checks=20),
        )
        self.assertEqual([], record.statuses)
        self.assert_delete_leaves_nothing(share_id, record)

    def test_a_share_whose_type_has_no_snapshots(self):
        share_id = self.make_share()
        self.state.shares[share_id].flags['snapshot_support'] = False
        error = self.assertRaises(exception.ShareServiceRefused, self.protect, share_id)
        self.assertIn('does not have that capability', str(error))
