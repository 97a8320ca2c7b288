"""Hooks broken off after every call of Manila and around every record, and rerun."""

from mogan_like.common import exception
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case

RULE = {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'rw'}


class KilledTest(shares_case.SharesCase):
    def kill_everywhere(self, run, start, end, least):
        """Die at the first moment, the second, and so on, and let another go on.

        :param run: called with a plugin and a record, does the operation
        :param start: called before each round, returns data of the record
        :param end: called with the record after each round
        :param least: how many moments there are at least
        """
        for at in range(1, 1000):
            moments = hooks.Moments(at)
            kept = hooks.Record(start(), moments)
            try:
                run(self.make_plugin(moments), kept)
            except hooks.Killed:
                # Another conductor has the row as it was written last.
                again = hooks.Record(kept.kept)
                run(self.make_plugin(), again)
                # And a third one, which has not heard of that.
                run(self.make_plugin(), hooks.Record(again.kept))
                end(again)
            else:
                end(kept)
                self.assertGreater(at, least)
                return

    def test_protect_makes_one_snapshot(self):
        share_id = self.make_share()
        self.connect().allow_access(share_id, RULE)
        self.manila.settle()

        def start():
            for snapshot_id in list(self.state.snapshots):
                self.manila.forget('snapshot', snapshot_id)

        def end(record):
            self.assertEqual([record.kept['snapshot_id']], list(self.state.snapshots))
            self.assertEqual([RULE], record.kept['access_rules'])

        self.kill_everywhere(
            lambda made, record: self.protect(share_id, made, record=record),
            start,
            end,
            least=8,
        )

    def test_protect_broken_off_for_good_leaves_nothing_after_a_delete(self):
        share_id = self.make_share()
        for at in range(1, 1000):
            moments = hooks.Moments(at)
            kept = hooks.Record({}, moments)
            try:
                self.protect(share_id, self.make_plugin(moments), record=kept)
            except hooks.Killed:
                kept.data = kept.kept
                self.assert_delete_leaves_nothing(share_id, kept)
            else:
                self.assertGreater(at, 8)
                return

    def test_restore_makes_one_share(self):
        share_id = self.make_share()
        self.connect().allow_access(share_id, RULE)
        self.manila.settle()
        protected = self.protect(share_id)
        # What was restored from the same snapshot before is not taken for it.
        others = {share_id, self.restore(share_id, protected).data['restored_id']}

        def start():
            for each in set(self.state.shares) - others:
                self.manila.forget('share', each)

        def end(record):
            [made] = set(self.state.shares) - others
            self.assertEqual(record.kept['restored_id'], made)
            [rule] = self.state.list_rules_of(self.state.shares[made])
            self.assertEqual('active', rule.status)
            self.assertEqual('available', record.statuses[-1])

        def run(made, record):
            wanted = {'restore_access': True}
            self.restore(share_id, protected, wanted, made, record=record)

        self.kill_everywhere(run, start, end, least=12)

    def test_revert_reverts_once_or_says_that_it_may_not_have(self):
        share_id = self.make_share(share_type='revertible')
        file = self.manila.find_directory(share_id) / 'file'
        file.write_bytes(b'old')
        protected = self.protect(share_id)
        asked = self.manila.list_calls().count('shares.revert')

        def start():
            nonlocal asked
            asked = self.manila.list_calls().count('shares.revert')
            file.write_bytes(b'new')

        def end(record):
            times = self.manila.list_calls().count('shares.revert') - asked
            self.assertIn((times, file.read_bytes()), ((0, b'new'), (1, b'old')))
            self.assertEqual(times, int('reverting' in record.kept))

        def run(made, record):
            wanted = {'share_id': share_id}
            try:
                self.restore(share_id, protected, wanted, made, record=record)
            except exception.ShareServiceUnavailable as error:
                self.assertTrue(record.kept['asked'])
                self.assertIn('It may have done so', str(error))
            else:
                self.assertEqual('available', record.statuses[-1])

        self.kill_everywhere(run, start, end, least=10)

    def test_a_revert_that_ended_before_it_was_known_of_is_not_repeated(self):
        share_id = self.make_share(share_type='revertible')
        file = self.manila.find_directory(share_id) / 'file'
        file.write_bytes(b'old')
        protected = self.protect(share_id)
        file.write_bytes(b'new')

        def die(name, _found):
            if name == 'revert_share':
                raise hooks.Killed

        wanted, record = {'share_id': share_id}, hooks.Record()
        made = self.make_plugin()
        self.watch(made, die)
        self.assertRaises(
            hooks.Killed, self.restore, share_id, protected, wanted, made, record=record
        )
        self.manila.settle()
        self.assertEqual(b'old', file.read_bytes())
        file.write_bytes(b'newer')
        error = self.assertRaises(
            exception.ShareServiceUnavailable,
            self.restore,
            share_id,
            protected,
            wanted,
            record=hooks.Record(record.kept),
        )
        self.assertIn('restore again', str(error))
        self.assertEqual(b'newer', file.read_bytes())
        self.assertEqual(1, self.manila.list_calls().count('shares.revert'))

    def test_a_revert_that_is_known_of_is_not_asked_for_again(self):
        share_id = self.make_share(share_type='revertible')
        protected = self.protect(share_id)
        record = self.restore(share_id, protected, {'share_id': share_id})
        self.restore(share_id, protected, {'share_id': share_id}, record=record)
        self.assertEqual(1, self.manila.list_calls().count('shares.revert'))

    def test_delete_deletes(self):
        share_id = self.make_share()

        def start():
            self.assertEqual({}, self.state.snapshots)
            return self.protect(share_id).data

        def end(record):
            self.assertEqual({}, self.state.snapshots)
            self.assertEqual('deleted', record.statuses[-1])

        self.kill_everywhere(
            lambda made, record: self.delete(share_id, record, made, record=record),
            start,
            end,
            least=4,
        )

    def test_verify_verifies(self):
        share_id = self.make_share()
        protected = self.protect(share_id)
        self.kill_everywhere(
            lambda made, record: self.verify(share_id, protected, made, record=record),
            dict,
            lambda record: self.assertEqual('available', record.statuses[-1]),
            least=1,
        )
