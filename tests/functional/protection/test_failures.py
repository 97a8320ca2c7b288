"""What goes wrong while shares are protected, and how its user gets out of it."""

from tests import fixtures
from tests.functional.protection import protection_case
from tests.functional.protection import site

_SPARE = '0d4b9e0e-5a39-4f5c-9a4e-8f0e6a1c2b37'


class FailuresCase(protection_case.ProtectionCase):
    def setUp(self):
        super().setUp()
        self.manila = self.site.manila
        self.switches = self.manila.switches
        self.share = self.make_share()

    def find_snapshot(self):
        """The id of the one that there is."""
        (snapshot,) = self.manila.state.snapshots
        return snapshot


class ProtectTest(FailuresCase):
    """The reason can be read, and a delete leaves nothing behind."""

    def assert_failed(self, checkpoint, *texts):
        path = f'/v1/operation_logs?checkpoint_id={checkpoint["id"]}'
        (told,) = self.list(path, 'operation_logs')
        self.assertEqual('fail', told['status'])
        for text in (self.share, *texts):
            self.assertIn(text, checkpoint['fault'])
            self.assertIn(text, told['error_info'])
        self.delete_checkpoint(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)

    def make_failed(self):
        """A checkpoint that came to be in error."""
        return self.make_checkpoint(self.make_plan(self.share), status='error')

    def test_a_snapshot_that_goes_to_error(self):
        self.switches.outcome('snapshot.create', 'error')
        checkpoint = self.make_failed()
        self.assert_failed(checkpoint, self.find_snapshot(), 'error in Manila')

    def test_a_snapshot_that_vanishes_while_it_is_made(self):
        self.switches.outcome('snapshot.create', 'vanish')
        self.assert_failed(self.make_failed(), 'not-found in Manila')

    def test_the_quota_is_used_up(self):
        with self.manila.state.lock:
            self.manila.state.quotas.defaults['snapshots'] = 0
        self.assert_failed(self.make_failed(), 'quota')

    def test_a_share_that_was_deleted_since_it_was_listed(self):
        plan = self.make_plan(self.share)
        self.manila.forget('share', self.share)
        checkpoint = self.make_checkpoint(plan, status='error')
        self.assert_failed(checkpoint, 'does not find')


class RestoreTest(FailuresCase):
    """The checkpoint stays good: it can be restored elsewhere, or deleted."""

    def assert_refused_by_manila(self, checkpoint, *texts):
        restore = self.begin('restore', checkpoint)
        restore = self.wait_for(f'/v1/restores/{restore["id"]}', 'fail')
        self.assert_told(restore, *texts)
        self.assertEqual(1, len(self.manila.state.shares))
        self.wait_for(f'{self.checkpoints}/{checkpoint["id"]}', 'available')
        self.delete_checkpoint(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)

    def test_a_type_that_is_gone(self):
        checkpoint = self.make_checkpoint(self.make_plan(self.share))
        with self.manila.state.lock:
            share_type = self.manila.state.shares[self.share].type.id
        self.manila.forget('type', share_type)
        self.assert_refused_by_manila(checkpoint, 'type')

    def test_a_network_that_is_gone(self):
        self.manila.forget('share', self.share)
        networks = self.manila.client(self.member.persona.project_id).share_networks
        network = networks.create(name='net').id
        share = self.make_share(share_network=network)
        checkpoint = self.make_checkpoint(self.make_plan(share))
        self.manila.forget('network', network)
        self.assert_refused_by_manila(checkpoint, network)


class DeleteTest(FailuresCase):
    options = {'manila_share_snapshot__force_delete_after': 0}

    def setUp(self):
        super().setUp()
        self.checkpoint = self.make_checkpoint(self.make_plan(self.share))
        self.path = f'{self.checkpoints}/{self.checkpoint["id"]}'

    def test_manila_does_it_later(self):
        self.switches.deferred_deletion = True
        self.delete_checkpoint(self.checkpoint)
        self.manila.settle()
        self.assertEqual({}, self.manila.state.snapshots)

    def test_manila_fails_and_is_asked_again(self):
        snapshot = self.find_snapshot()
        self.switches.outcome('snapshot.delete', 'error')
        # Nobody here may do it by force.
        self.switches.refuse('snapshots.force_delete', 403)
        self.assertEqual(200, self.member.delete(self.path).status)
        left = self.wait_for(self.path, 'error-deleting')
        for text in (self.share, snapshot):
            self.assertIn(text, left['fault'])
        # Somebody has seen to it.
        self.manila.set_status('snapshot', snapshot, 'available')
        self.delete_checkpoint(self.checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)


class _WithSpare(site.Site):
    """There is another provider that protects shares."""

    def _setUp(self):
        super()._setUp()
        self.add_provider(_SPARE, 'spare')


class ChangedTest(FailuresCase):
    """What a checkpoint was made with is not what there is any more."""

    def make_site(self):
        return _WithSpare()

    def restore(self, checkpoint):
        """The name of the share that a restore has made."""
        before = set(self.manila.state.shares)
        restore = self.begin('restore', checkpoint)
        self.wait_for(f'/v1/restores/{restore["id"]}', 'success')
        (made,) = set(self.manila.state.shares) - before
        return self.manila.state.shares[made].name

    def test_the_plan(self):
        plan = self.make_plan(self.share)
        checkpoint = self.make_checkpoint(plan)
        other, path = self.make_share('other'), f'/v1/plans/{plan["id"]}'
        resources = [{'id': other, 'type': site.SHARE, 'name': 'other'}]
        parameters = {**protection_case.OPTIONS, 'snapshot_name': 'another'}
        values = {'resources': resources, 'parameters': {site.SHARE: parameters}}
        self.ask(self.member.put(path, {'plan': values}), 'plan')
        self.assertEqual(f'{checkpoint["id"]}@{self.share}', self.restore(checkpoint))
        self.assertEqual(200, self.member.delete(path).status)
        self.assertEqual(f'{checkpoint["id"]}@{self.share}', self.restore(checkpoint))
        shown = self.list(f'{self.checkpoints}/{checkpoint["id"]}', 'checkpoint')
        self.assertEqual(plan['resources'], shown['protection_plan']['resources'])
        self.delete_checkpoint(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)

    def test_the_provider_is_removed(self):
        plan = self.make_plan(self.share)
        checkpoint = self.make_checkpoint(plan)
        self.restart_without('shares')
        shown = self.list(self.checkpoints, 'checkpoints')
        self.assertEqual([checkpoint], shown)
        body = {'checkpoint': {'plan_id': plan['id']}}
        answer = self.member.post(self.checkpoints, body)
        self.assert_refused(answer, 404, 'ProviderNotFound')
        # Another one's plugin knows what to do.
        self.assertEqual(f'{checkpoint["id"]}@{self.share}', self.restore(checkpoint))
        self.delete_checkpoint(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)

    def test_all_providers_are_removed(self):
        checkpoint = self.make_checkpoint(self.make_plan(self.share))
        self.restart_without('shares', 'spare')
        path = f'{self.checkpoints}/{checkpoint["id"]}'
        self.assertEqual(200, self.member.delete(path).status)
        left = self.wait_for(path, 'error-deleting')
        self.assertIn(site.PROVIDER, left['fault'])
        self.assertEqual(1, len(self.manila.state.snapshots))
        self.service.stop_conductor()
        self.site.add_provider(site.PROVIDER, 'shares')
        self.service.start_conductor()
        self.delete_checkpoint(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)

    def restart_without(self, *names):
        """Start the service again, with files of providers removed."""
        self.service.stop_conductor()
        for name in names:
            self.site.remove_provider(name)
        self.service.start_conductor()


class TwoAtOnceTest(FailuresCase):
    def test_of_one_plan(self):
        plan = self.make_plan(self.share)
        self.switches.stay('snapshot.creating')
        body = {'checkpoint': {'plan_id': plan['id']}}
        made = [
            self.ask(self.member.post(self.checkpoints, body), 'checkpoint')
            for _ in range(2)
        ]
        fixtures.wait_until(
            lambda: self.manila.list_calls().count('snapshots.create') == 2, 'both'
        )
        self.switches.clear()
        for each in made:
            self.wait_for(f'{self.checkpoints}/{each["id"]}', 'available')
        self.delete_checkpoint(made[0])
        self.assertEqual(1, len(self.manila.state.snapshots))
        for noun in ('verification', 'restore'):
            begun = self.begin(noun, made[1])
            self.wait_for(f'/v1/{noun}s/{begun["id"]}', 'success')
        self.delete_checkpoint(made[1])
        self.assertEqual({}, self.manila.state.snapshots)
