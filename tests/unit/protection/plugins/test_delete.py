"""Deleting the copies of shares, from every state."""

from mogan_like.common import exception
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case


class DeleteTest(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share()

    def protect_one(self):
        record = self.protect(self.share_id)
        return record, self.state.snapshots[record.data['snapshot_id']]

    def assert_deleted(self, record):
        self.assertEqual(['deleted'], self.delete(self.share_id, record).statuses)
        self.assertEqual({}, self.state.snapshots)

    def test_the_snapshot_is_gone_when_it_ends(self):
        record, _ = self.protect_one()
        self.assert_deleted(record)

    def test_gone_already_is_success(self):
        record, snapshot = self.protect_one()
        self.manila.forget('snapshot', snapshot.id)
        self.assert_deleted(record)

    def test_twice_is_success(self):
        record, _ = self.protect_one()
        self.assert_deleted(record)
        self.assert_deleted(record)

    def test_nothing_was_made(self):
        before = len(self.manila.records)
        self.assert_deleted(hooks.Record())
        self.assertEqual(before, len(self.manila.records))

    def test_what_another_checkpoint_made_stays(self):
        record, _ = self.protect_one()
        kept = self.protect(self.share_id, checkpoint_id=hooks.OTHER_CHECKPOINT)
        self.connect().create_snapshot(self.share_id, name='nightly')
        self.manila.settle()
        self.delete(self.share_id, record)
        self.assertEqual(2, len(self.state.snapshots))
        self.assertIn(kept.data['snapshot_id'], self.state.snapshots)

    def test_manila_is_asked_for_those_of_the_checkpoint(self):
        record, _ = self.protect_one()
        self.protect(self.share_id, checkpoint_id=hooks.OTHER_CHECKPOINT)
        [found] = self.connect().list_snapshots(
            self.share_id, metadata={'mogan_like_checkpoint': hooks.CHECKPOINT}
        )
        self.assertEqual(record.data['snapshot_id'], found['id'])
        self.delete(self.share_id, record)
        [asked] = [r for r in self.manila.records if r.name == 'snapshots.list'][-1:]
        self.assertIn(hooks.CHECKPOINT, asked.path)

    def test_a_snapshot_in_error(self):
        record, snapshot = self.protect_one()
        self.manila.set_status('snapshot', snapshot.id, 'error')
        self.assert_deleted(record)

    def test_a_snapshot_that_is_still_being_made_is_waited_for(self):
        self.switches.stay('snapshot.creating', shown=4)
        made = self.connect().create_snapshot(
            self.share_id, metadata={'mogan_like_checkpoint': hooks.CHECKPOINT}
        )
        record = hooks.Record({'asked': True, 'snapshot_id': made['id']})
        self.assert_deleted(record)
        self.assertLess(self.clock.now, 100)

    def test_somebody_else_deletes_it(self):
        record, snapshot = self.protect_one()
        self.switches.stay('snapshot.deleting', shown=3)
        self.connect().delete_snapshot(snapshot.id)
        self.assert_deleted(record)

    def test_somebody_else_is_faster(self):
        record, snapshot = self.protect_one()
        self.switches.stay('snapshot.deleting', shown=3)
        done = []

        def meddle(name, _found):
            if name == 'get_snapshot' and not done:
                done.append(name)
                self.connect().delete_snapshot(snapshot.id)

        made = self.make_plugin()
        self.watch(made, meddle)
        self.assertEqual(['deleted'], self.delete(self.share_id, record, made).statuses)
        self.assertEqual(['get_snapshot'], done)
        self.assertEqual({}, self.state.snapshots)

    def test_one_that_stays_behind_is_deleted_by_force(self):
        for status in ('error_deleting', 'deleting', 'creating', 'manage_error'):
            record, snapshot = self.protect_one()
            self.manila.set_status('snapshot', snapshot.id, status)
            self.clock.now = 0
            self.assert_deleted(record)
            self.assertGreaterEqual(self.clock.now, 100, status)

    def test_a_deletion_that_fails_in_manila(self):
        record, _ = self.protect_one()
        self.switches.outcome('snapshot.delete', 'error')
        self.assert_deleted(record)
        self.assertGreaterEqual(self.clock.now, 100)

    def test_a_deletion_that_fails_also_by_force(self):
        record, _ = self.protect_one()
        self.switches.outcome('snapshot.delete', 'error', times=None)
        error = self.assertRaises(
            exception.ProtectionFailed, self.delete, self.share_id, record
        )
        self.assertRegex(str(error), 'still (error_)?deleting in Manila after 1000 s')
        self.assert_delete_leaves_nothing(self.share_id, record)

    def test_a_deletion_deferred_by_manila_is_pushed(self):
        record, _ = self.protect_one()
        self.switches.deferred_deletion = True
        self.switches.outcome('snapshot.delete', 'stuck')
        self.assert_deleted(record)
        self.assertGreaterEqual(self.clock.now, 100)

    def test_a_deferred_deletion_that_manila_does(self):
        record, _ = self.protect_one()
        self.switches.deferred_deletion = True
        self.switches.stay('snapshot.deferred_deleting', shown=3)
        self.assert_deleted(record)
        self.assertLess(self.clock.now, 100)

    def test_manila_refuses_the_force(self):
        record, snapshot = self.protect_one()
        self.manila.set_status('snapshot', snapshot.id, 'error_deleting')
        self.switches.refuse('*force_delete*', 403)
        error = self.assertRaises(
            exception.ShareServiceRefused, self.delete, self.share_id, record
        )
        self.assertIn('by force', str(error))
        self.assert_delete_leaves_nothing(self.share_id, record)

    def test_a_share_that_is_gone_with_its_snapshots(self):
        record, _ = self.protect_one()
        self.manila.forget('snapshot', record.data['snapshot_id'])
        self.manila.forget('share', self.share_id)
        self.assert_deleted(record)


class DeleteAsMemberTest(shares_case.SharesCase):
    """Our user is no administrator of the project, but a member."""

    roles = ('member',)

    def test_a_deferred_deletion_is_done_for_who_cannot_see_it(self):
        share_id = self.make_share()
        record = self.protect(share_id)
        self.switches.deferred_deletion = True
        self.switches.outcome('snapshot.delete', 'stuck')
        self.assertEqual(['deleted'], self.delete(share_id, record).statuses)

    def test_force_is_refused_and_said(self):
        share_id = self.make_share()
        record = self.protect(share_id)
        [snapshot] = self.state.snapshots.values()
        self.manila.set_status('snapshot', snapshot.id, 'error_deleting')
        error = self.assertRaises(
            exception.ShareServiceRefused, self.delete, share_id, record
        )
        self.assertIn('by force', str(error))
