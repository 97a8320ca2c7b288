"""A Manila that carries out later what it did not answer, seen through the API."""

from tests import personas
from tests.functional.protection import protection_case


class LateManilaTest(protection_case.ProtectionCase):
    def setUp(self):
        super().setUp()
        self.share = self.make_share()
        self.plan = self.make_plan(self.share)

    def lose(self, call, after):
        """Have an answer lost, and its call carried out after another one."""
        self.site.manila.switches.fault(call, 'close', times=1, late=after)

    def list_snapshots(self):
        with self.site.manila.state.lock:
            return list(self.site.manila.state.snapshots)

    def list_shares(self):
        with self.site.manila.state.lock:
            return set(self.site.manila.state.shares)

    def delete(self, checkpoint):
        path = f'{self.checkpoints}/{checkpoint["id"]}'
        self.assertEqual(200, self.member.delete(path).status)
        self.wait_for(path, 404)

    def test_a_checkpoint_has_one_snapshot(self):
        for after in ('snapshots.list', 'snapshots.create', 'snapshots.get'):
            self.lose('snapshots.create', after)
            checkpoint = self.make_checkpoint(self.plan)
            self.assertEqual(1, len(self.list_snapshots()), after)
            self.delete(checkpoint)
            self.assertEqual([], self.list_snapshots())

    def test_a_restore_makes_one_share(self):
        checkpoint = self.make_checkpoint(self.plan)
        for after in ('shares.list', 'shares.create', 'shares.get'):
            before = self.list_shares()
            self.lose('shares.create', after)
            restore = self.begin('restore', checkpoint)
            self.wait_for(f'/v1/restores/{restore["id"]}', 'success')
            self.assertEqual(1, len(self.list_shares() - before), after)

    def test_one_that_is_made_after_a_checkpoint_failed_goes_with_it(self):
        self.lose('snapshots.create', 'shares.get')
        # It is looked for, and found by nobody; then Manila says no for good.
        self.site.manila.switches.refuse('snapshots.create', 403)
        checkpoint = self.make_checkpoint(self.plan, status='error')
        mark = f'mogan_like_checkpoint={checkpoint["id"]}'
        self.assertIn(mark, checkpoint['fault'])
        self.assertEqual([], self.list_snapshots())
        self.site.manila.client(personas.PROJECT).shares.get(self.share)
        self.assertEqual(1, len(self.list_snapshots()))
        self.delete(checkpoint)
        self.assertEqual([], self.list_snapshots())
