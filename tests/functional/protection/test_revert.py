"""A share is reverted in place by a restore with ``share_id``, over the API."""

import os

from tests.functional.protection import protection_case
from tests.functional.protection import site


class RevertCase(protection_case.ProtectionCase):
    """A test with a share that was changed since its checkpoint was made.

    :ivar share: its id
    :ivar file: a file in it, 'old' in the checkpoint and 'new' now
    """

    def setUp(self):
        super().setUp()
        self.share = self.make_share(share_type='revertible')
        self.manila = self.site.manila
        self.file = self.manila.find_directory(self.share) / 'file'
        self.file.write_bytes(b'old')
        self.plan = self.make_plan(self.share)
        self.checkpoint = self.make_checkpoint(self.plan)
        self.file.write_bytes(b'new')

    def ask_to_revert(self, checkpoint=None, share=None):
        """The answer to a request for a restore into a share."""
        run = {
            'provider_id': site.PROVIDER,
            'checkpoint_id': (checkpoint or self.checkpoint)['id'],
            'parameters': {
                site.SHARE: {'share_id': self.share if share is None else share}
            },
        }
        return self.member.post('/v1/restores', {'restore': run})

    def revert(self, status, **values):
        """A restore into the share, when it has come to a status."""
        made = self.ask(self.ask_to_revert(**values), 'restore')
        return self.wait_for(f'/v1/restores/{made["id"]}', status)

    def assert_nothing_is_changed(self, checkpoints):
        """Neither the share nor anything that was ever made of it."""
        self.assertEqual(b'new', self.file.read_bytes())
        for call in ('shares.revert', 'snapshots.delete', 'shares.delete'):
            self.assertNotIn(call, self.manila.list_calls())
        self.assertEqual([], self.list('/v1/restores', 'restores'))
        found = self.list(self.checkpoints, 'checkpoints')
        self.assertEqual({'available'}, {each['status'] for each in found})
        self.assertEqual(
            {each['id'] for each in checkpoints}, {each['id'] for each in found}
        )


class RevertTest(RevertCase):
    def test_the_bytes_are_back_in_the_same_share(self):
        there = os.stat(self.file.parent).st_ino
        restore = self.revert('success')
        name = f'{site.SHARE}#{self.share}'
        self.assertEqual({name: 'available'}, restore['resources_status'])
        self.assertEqual({name: self.share}, restore['resources_restored'])
        self.assertEqual({}, restore['resources_reason'])
        self.assertEqual(b'old', self.file.read_bytes())
        self.assertEqual(there, os.stat(self.file.parent).st_ino)
        self.assertEqual([self.share], list(self.manila.state.shares))
        self.file.write_bytes(b'newer')
        self.revert('success')
        self.assertEqual(b'old', self.file.read_bytes())
        self.delete_checkpoint(self.checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)

    def test_a_share_that_is_none_of_the_checkpoints(self):
        other = self.make_share('other', share_type='revertible')
        foreign = self.make_share(project=self.other.persona.project_id)
        for share in (other, foreign, protection_case.NOT_THERE, 'x', ''):
            answer = self.ask_to_revert(share=share)
            self.assert_refused(answer, 400, 'InvalidParameter')
            text = answer.body['error_message']
            self.assertIn('share_id', text)
            self.assertIn(f'the snapshot is of share {self.share}', text)
        self.assert_nothing_is_changed([self.checkpoint])

    def test_a_type_that_does_not_allow_it(self):
        share = self.make_share('plain')
        checkpoint = self.make_checkpoint(self.make_plan(share))
        answer = self.ask_to_revert(checkpoint, share)
        self.assert_refused(answer, 400, 'InvalidParameter')
        self.assertIn(
            f'the type of share {share} does not allow', answer.body['error_message']
        )
        self.assert_nothing_is_changed([self.checkpoint, checkpoint])

    def test_a_share_that_is_gone(self):
        self.manila.forget('share', self.share)
        answer = self.ask_to_revert()
        self.assertEqual(404, answer.status, answer)
        self.assertIn(self.share, answer.body['error_message'])
        self.assertEqual([], self.list('/v1/restores', 'restores'))


class OlderCheckpointTest(RevertCase):
    """Manila reverts to the newest snapshot only, and we delete none for that."""

    def assert_names(self, *newer):
        """What is newer is named, from the newest on, and nothing is touched."""
        answer = self.ask_to_revert()
        self.assert_refused(answer, 409, 'NewerCheckpoints')
        text = answer.body['error_message']
        self.assertIn(f'newer than checkpoint {self.checkpoint["id"]} are: ', text)
        self.assertTrue(text.endswith(f' are: {", ".join(newer)}.'), text)

    def test_newer_checkpoints_are_named_until_they_are_gone(self):
        newer = [self.make_checkpoint(self.plan) for _ in range(2)]
        second, third = (each['id'] for each in newer)
        self.assert_names(third, second)
        self.assert_nothing_is_changed([self.checkpoint, *newer])
        self.delete_checkpoint(newer[0])
        self.assert_names(third)
        self.delete_checkpoint(newer[1])
        self.revert('success')
        self.assertEqual(b'old', self.file.read_bytes())

    def test_a_snapshot_of_the_users_own(self):
        snapshots = self.manila.client(self.member.persona.project_id).share_snapshots
        mine = snapshots.create(self.share, name='mine').id
        self.manila.settle()
        self.assert_names(f'snapshot {mine}')
        self.assert_nothing_is_changed([self.checkpoint])
        self.assertIn(mine, self.manila.state.snapshots)

    def test_one_that_failed_with_its_snapshot(self):
        self.manila.switches.outcome('snapshot.create', 'error')
        failed = self.make_checkpoint(self.plan, status='error')
        self.assert_names(failed['id'])
        self.delete_checkpoint(failed)
        self.revert('success')

    def test_one_that_failed_without_a_snapshot_is_in_nobodys_way(self):
        self.manila.switches.refuse('snapshots.create', 413, times=1)
        self.make_checkpoint(self.plan, status='error')
        self.revert('success')
        self.assertEqual(b'old', self.file.read_bytes())

    def test_the_newest_of_two(self):
        self.file.write_bytes(b'in between')
        newest = self.make_checkpoint(self.plan)
        self.file.write_bytes(b'new')
        self.revert('success', checkpoint=newest)
        self.assertEqual(b'in between', self.file.read_bytes())
        self.assertEqual(2, len(self.manila.state.snapshots))


class FailingTest(RevertCase):
    def assert_failed(self, *texts, **values):
        """A revert fails, and says why wherever the user looks."""
        restore = self.revert('fail')
        self.assert_told(restore, *texts, **values)
        # Nothing holds the checkpoint any more.
        self.delete_checkpoint(self.checkpoint)

    def test_it_fails_in_manila(self):
        self.manila.switches.outcome('share.revert', 'error')
        self.assert_failed(self.share, 'reverting_error', status='reverting_error')

    def test_a_share_in_a_bad_status(self):
        self.manila.set_status('share', self.share, 'error')
        self.assert_failed(self.share, 'error')

    def test_manila_refuses_it(self):
        """Here for an access rule that could not be applied."""
        shares = self.manila.client(self.member.persona.project_id).shares
        shares.allow(self.share, 'user', 'somebody', 'rw')
        self.manila.settle()
        self.assert_failed('Manila refused to revert', 'access rules')
        self.assertEqual(b'new', self.file.read_bytes())
