"""What Manila carries out after its client has given up, and looked for it."""

import contextlib

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection.plugins import base
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case

#: Seconds that a call may take, where one hangs.
HASTY = 0.3


class LateCase(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share()

    @contextlib.contextmanager
    def late(self, call, after, times=1):
        """Let calls hang, and be carried out once another call was answered."""
        self.switches.fault(call, 'hang', times=times, late=after)
        CONF.set_override('timeout', HASTY, group='manila')
        # Sessions are kept, and read it when they are made.
        self.plugin = self.make_plugin()
        yield
        CONF.set_override('timeout', 20, group='manila')
        self.plugin = self.make_plugin()


class LateSnapshotTest(LateCase):
    def test_a_second_snapshot_does_not_stay(self):
        for after in ('snapshots.list', 'snapshots.create', 'snapshots.get'):
            with self.late('snapshots.create', after):
                record = self.protect(self.share_id)
            made = [each.name for each in self.manila.records][::-1]
            self.assertGreaterEqual(made.count('snapshots.create'), 2)
            self.assertEqual(
                [record.data['snapshot_id']], list(self.state.snapshots), after
            )
            self.assert_delete_leaves_nothing(self.share_id, record)

    def test_nor_does_it_when_the_first_fails(self):
        self.switches.outcome('snapshot.create', 'error')
        record = hooks.Record()
        with self.late('snapshots.create', 'snapshots.create'):
            self.assertRaises(
                exception.ProtectionFailed, self.protect, self.share_id, record=record
            )
        self.assertEqual([record.data['snapshot_id']], list(self.state.snapshots))

    def test_nor_is_the_first_waited_for_before_it_goes(self):
        self.switches.stay('snapshot.creating', seconds=0)
        self.switches.outcome('snapshot.create', 'stuck')
        record = hooks.Record()
        with self.late('snapshots.create', 'snapshots.create'):
            self.assertRaises(
                base.Cancelled,
                self.protect,
                self.share_id,
                record=record,
                waiter=hooks.Waiter(self.clock, checks=30),
            )
        self.manila.settle()
        self.assertEqual([record.data['snapshot_id']], list(self.state.snapshots))

    def test_one_that_cannot_be_removed_fails_nothing_and_is_logged(self):
        self.switches.outcome('snapshot.delete', 'error', times=None)
        record = hooks.Record()
        with self.late('snapshots.create', 'snapshots.list'):
            self.protect(self.share_id, record=record)
        self.assertEqual('available', record.statuses[-1])
        [other] = set(self.state.snapshots) - {record.data['snapshot_id']}
        self.assertIn(other, self.log.output)
        self.assert_delete_leaves_nothing(self.share_id, record)

    def test_the_last_answer_that_is_lost_is_looked_for_too(self):
        made = self.make_plugin(poll_errors=2)
        self.switches.fault('snapshots.create', 'close', times=1)
        self.switches.fault('snapshots.create', 'close', times=1, done=True)
        record = self.protect(self.share_id, made)
        self.assertEqual([record.data['snapshot_id']], list(self.state.snapshots))

    def test_those_of_others_stay(self):
        other = self.protect(self.share_id, checkpoint_id=hooks.OTHER_CHECKPOINT)
        with self.late('snapshots.create', 'snapshots.list'):
            record = self.protect(self.share_id)
        self.assertEqual(
            {record.data['snapshot_id'], other.data['snapshot_id']},
            set(self.state.snapshots),
        )

    def test_one_made_while_the_checkpoint_is_deleted(self):
        with self.late('snapshots.create', 'snapshots.delete'):
            record = self.protect(self.share_id)
        self.assertEqual([record.data['snapshot_id']], list(self.state.snapshots))
        self.delete(self.share_id, record)
        self.assertEqual({}, self.state.snapshots)

    def test_one_made_after_the_delete_of_a_failed_checkpoint_looked(self):
        record = hooks.Record()
        with self.late('snapshots.create', 'snapshots.delete', times=2):
            self.plugin = self.make_plugin(poll_errors=2)
            self.assertRaises(
                exception.ShareServiceUnavailable,
                self.protect,
                self.share_id,
                record=record,
            )
        self.assertEqual({}, self.state.snapshots)
        made = self.connect().create_snapshot(
            self.share_id, metadata={'mogan_like_checkpoint': hooks.CHECKPOINT}
        )
        self.manila.settle()
        self.delete(self.share_id, record)
        self.assertNotIn(made['id'], self.state.snapshots)
        self.assertEqual({}, self.state.snapshots)

    def test_a_conductor_that_took_over_looks_too(self):
        record = hooks.Record()
        with self.late('snapshots.create', 'snapshots.create'):
            moments = hooks.Moments()
            record = hooks.Record({}, moments)

            def die(name, _found):
                if name == 'create_snapshot':
                    raise hooks.Killed

            self.watch(self.plugin, die)
            self.assertRaises(hooks.Killed, self.protect, self.share_id, record=record)
        again = hooks.Record(record.kept)
        self.protect(self.share_id, record=again)
        self.assertEqual([again.data['snapshot_id']], list(self.state.snapshots))

    def test_nor_does_it_know_what_the_one_that_died_asked_for(self):
        mark = {'mogan_like_checkpoint': hooks.CHECKPOINT}
        with self.late('snapshots.create', 'snapshots.list'):
            self.assertRaises(
                exception.ShareServiceUnavailable,
                self.connect().create_snapshot,
                self.share_id,
                metadata=mark,
            )
        record = hooks.Record({'asked': True})
        self.protect(self.share_id, record=record)
        self.assertEqual([record.data['snapshot_id']], list(self.state.snapshots))

    def test_the_first_answer_that_is_lost_is_looked_for_at_once(self):
        self.switches.fault('snapshots.create', 'close', times=1, done=True)
        self.protect(self.share_id)
        self.assertEqual(1, self.manila.list_calls().count('snapshots.create'))

    def test_a_quota_that_is_full_for_the_first_fails_nothing(self):
        self.state.quotas.defaults['snapshots'] = 1
        with self.late('snapshots.create', 'snapshots.list'):
            record = self.protect(self.share_id)
        self.assertEqual([record.data['snapshot_id']], list(self.state.snapshots))
        self.assertEqual('available', record.statuses[-1])

    def test_one_that_was_refused_may_have_been_made_before_all_the_same(self):
        self.switches.fault('snapshots.create', 'close', times=1)
        self.switches.refuse('snapshots.create', 413)
        record = hooks.Record()
        error = self.assertRaises(
            exception.ShareQuotaExceeded, self.protect, self.share_id, record=record
        )
        self.assertIn(f'mogan_like_checkpoint={hooks.CHECKPOINT}', str(error))

    def test_a_manila_that_stays_away_altogether(self):
        def leave(name, _found):
            if name == 'within':
                self.switches.fault('*', 'close')

        self.watch(self.plugin, leave)
        record = hooks.Record()
        error = self.assertRaises(
            exception.ShareServiceUnavailable,
            self.protect,
            self.share_id,
            record=record,
        )
        self.assertIn(f'mogan_like_checkpoint={hooks.CHECKPOINT}', str(error))

    def test_a_manila_that_is_away_when_another_conductor_looks(self):
        self.switches.fault('snapshots.list', 'close')
        error = self.assertRaises(
            exception.ShareServiceUnavailable,
            self.protect,
            self.share_id,
            record=hooks.Record({'asked': True}),
        )
        self.assertIn(f'mogan_like_checkpoint={hooks.CHECKPOINT}', str(error))

    def test_where_no_answer_was_lost_a_delete_looks_once(self):
        told = []
        record = self.protect(self.share_id)
        made = self.make_plugin()
        self.watch(made, lambda name, _found: told.append(name))
        self.delete(self.share_id, record, made)
        self.assertEqual(1, told.count('list_snapshots'))

    def test_where_no_answer_was_lost_nothing_more_is_asked(self):
        before = len(self.manila.records)
        self.protect(self.share_id)
        asked = [each.name for each in self.manila.records[before:]]
        self.assertNotIn('snapshots.list', asked)

    def test_what_manila_refused_was_not_made(self):
        for code, seconds in ((403, 0), (401, 0), (413, 5), (429, 5)):
            self.switches.refuse('snapshots.create', code, retry_after=seconds)
            record = hooks.Record()
            error = self.assertRaises(
                exception.MoganLikeError, self.protect, self.share_id, record=record
            )
            self.assertNotIn('later', str(error))
            self.switches.clear()
            before = len(self.manila.records)
            self.assertEqual(['deleted'], self.delete(self.share_id, record).statuses)
            self.assertEqual(before, len(self.manila.records), code)


class LateShareTest(LateCase):
    def setUp(self):
        super().setUp()
        self.protected = self.protect(self.share_id)

    def test_a_second_share_does_not_stay(self):
        for after in ('shares.list', 'shares.create', 'shares.get'):
            before = set(self.state.shares)
            with self.late('shares.create', after):
                record = self.restore(self.share_id, self.protected)
            [made] = set(self.state.shares) - before
            self.assertEqual(record.data['restored_id'], made, after)
            self.assertEqual('available', record.statuses[-1])

    def test_nor_does_it_when_the_first_fails(self):
        self.switches.outcome('share.create', 'error')
        record = hooks.Record()
        with self.late('shares.create', 'shares.create'):
            self.assertRaises(
                exception.ProtectionFailed,
                self.restore,
                self.share_id,
                self.protected,
                record=record,
            )
        [made] = set(self.state.shares) - {self.share_id}
        self.assertEqual(record.data['restored_id'], made)

    def test_one_that_may_yet_be_made_is_told_of(self):
        record = hooks.Record()
        self.switches.fault('shares.create', 'close')
        error = self.assertRaises(
            exception.ShareServiceUnavailable,
            self.restore,
            self.share_id,
            self.protected,
            record=record,
        )
        mark = f'mogan_like_restore={record.data["attempt"]}'
        text = f'it does not answer. It may do so later, or have done so: {mark}'
        self.assertIn(text, str(error))

    def test_those_of_other_restores_stay(self):
        other = self.restore(self.share_id, self.protected).data['restored_id']
        with self.late('shares.create', 'shares.list'):
            record = self.restore(self.share_id, self.protected)
        self.assertEqual(
            {self.share_id, other, record.data['restored_id']}, set(self.state.shares)
        )

    def test_where_no_answer_was_lost_nothing_more_is_asked(self):
        before = len(self.manila.records)
        self.restore(self.share_id, self.protected)
        asked = [each.name for each in self.manila.records[before:]]
        self.assertNotIn('shares.list', asked)


class LateRevertTest(LateCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share(share_type='revertible')
        self.file = self.manila.find_directory(self.share_id) / 'file'
        self.file.write_bytes(b'old')
        self.protected = self.protect(self.share_id)
        self.file.write_bytes(b'new')

    def revert(self, **values):
        wanted = {'share_id': self.share_id}
        return self.restore(self.share_id, self.protected, wanted, **values)

    def assert_asked_once(self):
        self.assertEqual(1, self.manila.list_calls().count('shares.revert'))

    def test_one_that_is_begun_late_is_waited_for(self):
        with self.late('shares.revert', 'shares.get'):
            record = self.revert()
        self.assertEqual(b'old', self.file.read_bytes())
        self.assertEqual('available', record.statuses[-1])
        self.assert_asked_once()

    def test_one_that_fails_late_is_told_as_manila_says(self):
        self.switches.outcome('share.revert', 'error')
        with self.late('shares.revert', 'shares.get'):
            error = self.assertRaises(exception.ProtectionFailed, self.revert)
        self.assertIn('reverting_error', str(error))

    def test_one_that_is_not_seen_to_begin_is_not_asked_for_again(self):
        self.switches.fault('shares.revert', 'close', times=1)
        error = self.assertRaises(exception.ShareServiceUnavailable, self.revert)
        text = 'It may have done so, or do so later: look at the share'
        self.assertIn(text, str(error))
        self.assertIn(self.share_id, str(error))
        self.assertEqual(b'new', self.file.read_bytes())
        self.assert_asked_once()
        self.assertLess(self.clock.now, shares_case.TIMEOUT_S)

    def test_a_manila_that_stays_away_is_told_the_same(self):
        def leave(name, _found):
            if name == 'within':
                self.switches.fault('*', 'close')

        self.watch(self.plugin, leave)
        error = self.assertRaises(exception.ShareServiceUnavailable, self.revert)
        self.assertIn('or do so later', str(error))
        self.assert_asked_once()

    def test_one_that_has_failed_when_another_conductor_looks(self):
        self.manila.set_status('share', self.share_id, 'reverting_error')
        record = hooks.Record({'asked': True})
        error = self.assertRaises(
            exception.ProtectionFailed, self.revert, record=record
        )
        self.assertIn('is reverting_error in Manila', str(error))

    def test_one_that_was_refused_leaves_no_doubt(self):
        self.switches.refuse('shares.revert', 409)
        record = hooks.Record()
        self.assertRaises(exception.ShareServiceRefused, self.revert, record=record)
        self.assertIs(False, record.data['asked'])
        # Manila has said nothing of it yet.
        self.assertEqual([], record.statuses)

    def test_somebody_elses_revert_is_none_of_ours(self):
        self.switches.stay('share.reverting', shown=3)
        self.connect().revert_share(self.share_id, self.protected.data['snapshot_id'])
        self.revert()
        self.assertEqual(2, self.manila.list_calls().count('shares.revert'))


class ClaimTest(LateCase):
    """What makes something ends before another conductor can begin it."""

    def watch_calls(self):
        told = []
        self.watch(self.plugin, lambda *call: told.append(call))
        return told

    def assert_bounded(self, told, name, held):
        [at] = [at for at, call in enumerate(told) if call[0] == name]
        before, seconds = told[at - 1]
        self.assertEqual('within', before)
        self.assertLess(seconds, held)

    def test_a_snapshot(self):
        told = self.watch_calls()
        waiter = hooks.Waiter(self.clock, held=7)
        self.protect(self.share_id, waiter=waiter)
        self.assert_bounded(told, 'create_snapshot', 7)

    def test_a_share(self):
        protected = self.protect(self.share_id)
        told = self.watch_calls()
        waiter = hooks.Waiter(self.clock, held=7)
        self.restore(self.share_id, protected, waiter=waiter)
        self.assert_bounded(told, 'create_share', 7)

    def test_a_revert(self):
        share_id = self.make_share(share_type='revertible')
        protected = self.protect(share_id)
        told = self.watch_calls()
        waiter = hooks.Waiter(self.clock, held=7)
        self.restore(share_id, protected, {'share_id': share_id}, waiter=waiter)
        told = [call for call in told if call[0] in ('within', 'revert_share')]
        self.assert_bounded(told, 'revert_share', 7)

    def test_one_that_is_not_ours_any_more_makes_nothing(self):
        class Lost(hooks.Waiter):
            def hold(self):
                raise base.Cancelled

        self.assertRaises(
            base.Cancelled, self.protect, self.share_id, waiter=Lost(self.clock)
        )
        self.assertNotIn('snapshots.create', self.manila.list_calls())
