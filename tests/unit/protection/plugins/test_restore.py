"""Restoring shares: into new ones, and in place."""

from mogan_like.common import exception
from mogan_like.protection.plugins.manila_share_snapshot import marks
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case

RULE = {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'ro'}


class RestoreTest(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share()
        self.file = self.manila.find_directory(self.share_id) / 'file'
        self.file.write_bytes(b'precious\0bytes')
        self.protected = self.protect(self.share_id)

    def find_new(self, record):
        return self.state.shares[record.data['restored_id']]

    def test_the_bytes_are_in_a_new_share(self):
        self.file.unlink()
        record = self.restore(self.share_id, self.protected)
        share = self.find_new(record)
        self.assertNotEqual(self.share_id, share.id)
        self.assertEqual(f'{hooks.CHECKPOINT}@{self.share_id}', share.name)
        self.assertIsNone(share.description)
        self.assertEqual(hooks.PROJECT, share.project_id)
        self.assertEqual('default', share.type.name)
        found = self.manila.find_directory(share.id) / 'file'
        self.assertEqual(b'precious\0bytes', found.read_bytes())
        self.assertEqual('available', record.statuses[-1])

    def test_name_and_description_are_the_users(self):
        record = self.restore(
            self.share_id,
            self.protected,
            {'restore_name': 'back', 'restore_description': 'from the dead'},
        )
        share = self.find_new(record)
        self.assertEqual(('back', 'from the dead'), (share.name, share.description))

    def test_none_is_as_if_it_was_not_said(self):
        record = self.restore(
            self.share_id,
            self.protected,
            {'restore_name': None, 'restore_description': None, 'share_id': None},
        )
        name = f'{hooks.CHECKPOINT}@{self.share_id}'
        self.assertEqual(name, self.find_new(record).name)

    def test_two_restores_make_a_share_each(self):
        one = self.restore(self.share_id, self.protected)
        other = self.restore(self.share_id, self.protected)
        self.assertNotEqual(one.data['restored_id'], other.data['restored_id'])

    def test_access_rules_are_put_back_when_asked_for(self):
        share_id = self.make_share()
        for to in ('10.0.0.1', '10.0.0.2'):
            self.connect().allow_access(share_id, {**RULE, 'access_to': to})
        self.manila.settle()
        protected = self.protect(share_id)
        for wanted, count in ((False, 0), (True, 2)):
            record = self.restore(share_id, protected, {'restore_access': wanted})
            rules = self.state.list_rules_of(self.find_new(record))
            self.assertEqual(count, len(rules))
            for rule in rules:
                self.assertEqual(('active', 'ro'), (rule.status, rule.access_level))

    def test_an_access_rule_that_cannot_be_applied(self):
        for end, text in (('error', 'could not apply'), ('stuck', 'still applying')):
            protected = hooks.Record({**self.protected.data, 'access_rules': [RULE]})
            self.switches.outcome('rule.allow', end)
            record = hooks.Record()
            error = self.assertRaises(
                exception.ProtectionFailed,
                self.restore,
                self.share_id,
                protected,
                {'restore_access': True},
                record=record,
            )
            self.assertIn(text, str(error))
            # The share is there, and named.
            self.assertEqual('available', record.statuses[-1])
            self.assertIn(record.data['restored_id'], str(error))

    def test_a_share_that_does_not_come_to_be(self):
        for end, status in (('error', 'error'), ('vanish', 'not-found')):
            self.switches.outcome('share.create', end)
            record = hooks.Record()
            error = self.assertRaises(
                exception.ProtectionFailed,
                self.restore,
                self.share_id,
                self.protected,
                record=record,
            )
            self.assertIn(f'is {status} in Manila', str(error))
            self.assertIn(record.data['restored_id'], str(error))
            self.assertEqual(status, record.statuses[-1])

    def test_a_share_that_is_never_ready(self):
        self.switches.outcome('share.create', 'stuck')
        record = hooks.Record()
        error = self.assertRaises(
            exception.ProtectionFailed,
            self.restore,
            self.share_id,
            self.protected,
            record=record,
        )
        self.assertIn('still creating in Manila after 1000 s', str(error))
        self.assertEqual('creating', record.statuses[-1])

    def test_the_type_is_gone(self):
        self.manila.forget('type', self.state.shares[self.share_id].type.id)
        error = self.assertRaises(
            exception.ShareServiceRefused, self.restore, self.share_id, self.protected
        )
        self.assertIn('Share type not found', str(error))

    def test_the_network_is_gone(self):
        network = self.manila.client(hooks.PROJECT).share_networks.create()
        share_id = self.make_share(share_network=network.id)
        protected = self.protect(share_id)
        self.assertEqual(network.id, protected.data['share_network_id'])
        self.manila.forget('network', network.id)
        error = self.assertRaises(
            exception.ShareServiceRefused, self.restore, share_id, protected
        )
        self.assertIn(f'Share network {network.id} could not be found', str(error))

    def test_the_snapshot_is_gone(self):
        self.manila.forget('snapshot', self.protected.data['snapshot_id'])
        error = self.assertRaises(
            exception.ShareServiceRefused, self.restore, self.share_id, self.protected
        )
        self.assertIn('could not be found', str(error))

    def test_nothing_was_protected(self):
        self.assertRaises(
            exception.ProtectionFailed, self.restore, self.share_id, hooks.Record()
        )

    def test_the_quota_is_used_up(self):
        self.state.quotas.defaults['shares'] = 1
        error = self.assertRaises(
            exception.ShareQuotaExceeded, self.restore, self.share_id, self.protected
        )
        self.assertIn('Maximum number of shares', str(error))


class RevertTest(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share(share_type='revertible')
        self.file = self.manila.find_directory(self.share_id) / 'file'
        self.file.write_bytes(b'old')
        self.protected = self.protect(self.share_id)
        self.file.write_bytes(b'new')

    def revert(self, share_id=None, **values):
        wanted = {'share_id': share_id or self.share_id}
        return self.restore(self.share_id, self.protected, wanted, **values)

    def check(self, protected=None, share_id=None, **values):
        """As the request for a restore is checked."""
        step = self.make_step(
            self.share_id,
            parameters={'share_id': share_id or self.share_id},
            protected=(protected or self.protected).data,
            **values,
        )
        return self.plugin.check_restore(step)

    def assert_refused(self, error_class, code, *texts, **values):
        """By the check of the request, and again by the hooks."""
        before = len(self.state.snapshots)
        for call in (self.check, self.revert):
            error = self.assertRaises(error_class, call, **values)
            self.assertEqual(code, error.code)
            for text in texts:
                self.assertIn(text, str(error))
        self.assertNotIn('shares.revert', self.manila.list_calls())
        self.assertEqual(before, len(self.state.snapshots))
        self.assertEqual(b'new', self.file.read_bytes())

    def test_the_share_is_as_it_was(self):
        self.check()
        record = self.revert()
        self.assertEqual(b'old', self.file.read_bytes())
        self.assertEqual('available', record.statuses[-1])
        self.assertEqual(self.share_id, record.data['restored_id'])
        self.assertEqual(1, len(self.state.shares))

    def test_another_share(self):
        other = self.make_share(share_type='revertible')
        self.assert_refused(
            exception.InvalidParameter, 400, self.share_id, share_id=other
        )

    def test_a_type_that_does_not_allow_it(self):
        self.state.shares[self.share_id].flags['revert_to_snapshot_support'] = False
        self.assert_refused(exception.InvalidParameter, 400, 'does not allow')

    def test_an_older_checkpoint_names_the_newer_ones(self):
        self.protect(self.share_id, checkpoint_id=hooks.OTHER_CHECKPOINT)
        self.assert_refused(
            exception.NewerCheckpoints, 409, hooks.CHECKPOINT, hooks.OTHER_CHECKPOINT
        )

    def test_newer_checkpoints_that_the_framework_knows(self):
        self.assert_refused(
            exception.NewerCheckpoints,
            409,
            hooks.OTHER_CHECKPOINT,
            siblings=(hooks.OTHER_CHECKPOINT,),
        )

    def test_a_newer_snapshot_that_is_none_of_ours(self):
        made = self.connect().create_snapshot(self.share_id, name='mine')
        self.manila.settle()
        self.assert_refused(exception.NewerCheckpoints, 409, f'snapshot {made["id"]}')

    def set_created(self, snapshot_id, text):
        with self.state.lock:
            self.state.snapshots[snapshot_id].created_at = text

    def test_snapshots_of_one_second_are_taken_for_newer(self):
        other = self.protect(self.share_id, checkpoint_id=hooks.OTHER_CHECKPOINT)
        made = self.connect().create_snapshot(self.share_id, name='mine')
        self.manila.settle()
        own = self.protected.data['snapshot_id']
        for each in (own, other.data['snapshot_id'], made['id']):
            self.set_created(each, '2026-01-02T03:04:05.000000')
        self.assert_refused(
            exception.NewerCheckpoints,
            409,
            f'{hooks.OTHER_CHECKPOINT} (of the same second)',
            f'snapshot {made["id"]} (of the same second)',
        )

    def test_one_more_of_the_same_checkpoint_is_named_by_its_own_id(self):
        mark = {marks.CHECKPOINT: hooks.CHECKPOINT}
        made = self.connect().create_snapshot(self.share_id, metadata=mark)
        self.manila.settle()
        self.assert_refused(exception.NewerCheckpoints, 409, f'snapshot {made["id"]}')

    def test_all_newer_ones_are_named_once_the_newest_first(self):
        mine = self.connect().create_snapshot(self.share_id, name='mine')['id']
        self.manila.settle()
        # Of another provider, and not available: the framework knows none.
        self.protect(self.share_id, checkpoint_id=hooks.OTHER_CHECKPOINT)
        error = self.assertRaises(
            exception.NewerCheckpoints, self.check, siblings=(hooks.OTHER_CHECKPOINT,)
        )
        names = f'{hooks.OTHER_CHECKPOINT}, snapshot {mine}'
        self.assertEqual(names, error.kwargs['newer'])
        error = self.assertRaises(exception.NewerCheckpoints, self.check)
        self.assertEqual(names, error.kwargs['newer'])

    def test_of_two_checkpoints_at_once_the_newest_snapshot_can_be_reverted_to(self):
        # The other one was begun later, but its snapshot was made first.
        self.protect(self.share_id, checkpoint_id=hooks.OTHER_CHECKPOINT)
        [other] = set(self.state.snapshots) - {self.protected.data['snapshot_id']}
        self.set_created(other, '2026-01-02T03:04:05.000000')
        self.check(siblings=(hooks.OTHER_CHECKPOINT,))

    def test_the_newest_of_several(self):
        older = self.protected
        self.protected = self.protect(
            self.share_id, checkpoint_id=hooks.OTHER_CHECKPOINT
        )
        self.revert(checkpoint_id=hooks.OTHER_CHECKPOINT)
        self.assertIn(older.data['snapshot_id'], self.state.snapshots)

    def test_the_share_is_gone(self):
        self.manila.forget('share', self.share_id)
        self.assertRaises(exception.ShareServiceNotFound, self.check)

    def test_nothing_was_protected(self):
        self.assertRaises(exception.ProtectionFailed, self.check, hooks.Record())

    def test_a_new_share_needs_no_check(self):
        before = len(self.manila.records)
        step = self.make_step(self.share_id, parameters={})
        self.assertIsNone(self.plugin.check_restore(step))
        self.assertEqual(before, len(self.manila.records))

    def test_a_share_that_is_busy_is_waited_for(self):
        self.switches.stay('share.creating', shown=5)
        with self.state.lock:
            share = self.state.shares[self.share_id]
            share.status = 'extending'
            share.course.go(
                (
                    lambda: self.switches.find_stay('share.creating'),
                    lambda: setattr(share, 'status', 'available'),
                )
            )
        self.revert()
        self.assertEqual(b'old', self.file.read_bytes())

    def test_a_share_in_a_bad_status(self):
        self.manila.set_status('share', self.share_id, 'error')
        error = self.assertRaises(exception.ResourceInvalidStatus, self.revert)
        self.assertIn('error', str(error))

    def test_a_revert_that_fails(self):
        for end, status in (('error', 'reverting_error'), ('vanish', 'not-found')):
            self.manila.set_status('share', self.share_id, 'available')
            self.switches.outcome('share.revert', end)
            record = hooks.Record()
            error = self.assertRaises(
                exception.ProtectionFailed, self.revert, record=record
            )
            self.assertIn(f'is {status} in Manila', str(error))
            self.assertEqual(status, record.statuses[-1])

    def test_a_revert_that_never_ends(self):
        self.switches.outcome('share.revert', 'stuck')
        record = hooks.Record()
        error = self.assertRaises(
            exception.ProtectionFailed, self.revert, record=record
        )
        self.assertIn('still reverting', str(error))
        self.assertEqual('reverting', record.statuses[-1])

    def test_marks_say_which_checkpoint_a_snapshot_is_of(self):
        [snapshot] = self.connect().list_snapshots(self.share_id)
        self.assertEqual(hooks.CHECKPOINT, marks.get_checkpoint_id(snapshot))


class VerifyTest(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share()
        self.protected = self.protect(self.share_id)
        self.snapshot_id = self.protected.data['snapshot_id']

    def test_there_and_available(self):
        record = self.verify(self.share_id, self.protected)
        self.assertEqual('available', record.statuses[-1])

    def test_in_another_status(self):
        for status in ('error', 'error_deleting', 'deleting', 'unmanage_error'):
            self.manila.set_status('snapshot', self.snapshot_id, status)
            record = hooks.Record()
            error = self.assertRaises(
                exception.ProtectionFailed,
                self.verify,
                self.share_id,
                self.protected,
                record=record,
            )
            self.assertIn(f'is {status} in Manila', str(error))
            self.assertEqual(status, record.statuses[-1])

    def test_gone(self):
        self.manila.forget('snapshot', self.snapshot_id)
        record = hooks.Record()
        self.assertRaises(
            exception.ProtectionFailed,
            self.verify,
            self.share_id,
            self.protected,
            record=record,
        )
        self.assertEqual(['not-found'], record.statuses)

    def test_one_that_is_busy_is_waited_for(self):
        self.manila.set_status('snapshot', self.snapshot_id, 'restoring')
        record = hooks.Record()
        error = self.assertRaises(
            exception.ProtectionFailed,
            self.verify,
            self.share_id,
            self.protected,
            record=record,
        )
        self.assertIn('still restoring', str(error))
        self.assertEqual(['restoring'], record.statuses)

    def test_none_was_made(self):
        self.assertRaises(
            exception.ProtectionFailed, self.verify, self.share_id, hooks.Record()
        )
