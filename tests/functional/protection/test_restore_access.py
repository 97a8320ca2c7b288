"""Access rules of a share are put back with it, over the API."""

from tests.functional.protection import protection_case
from tests.functional.protection import site

_RULES = {('ip', '10.0.0.1', 'ro'), ('ip', '10.0.1.0/24', 'rw')}


class RestoreAccessCase(protection_case.ProtectionCase):
    """A share with rules that are taken from it when its checkpoint is made."""

    def setUp(self):
        super().setUp()
        self.manila = self.site.manila
        self.shares = self.manila.client(self.member.persona.project_id).shares
        self.share = self.make_share(share_type='revertible')
        for rule in sorted(_RULES):
            self.shares.allow(self.share, *rule)
        self.manila.settle()
        self.checkpoint = self.make_checkpoint(self.make_plan(self.share))

    def restore(self, status='success', **values):
        """A restore with these parameters, when it has come to a status."""
        parameters = {site.SHARE: values}
        made = self.begin('restore', self.checkpoint, parameters=parameters)
        return self.wait_for(f'/v1/restores/{made["id"]}', status)

    def read_rules(self, share):
        """The rules of a share, each of them active."""
        with self.manila.state.lock:
            rules = self.manila.state.list_rules_of(self.manila.state.shares[share])
            self.assertEqual([], [each for each in rules if each.status != 'active'])
            return {
                (each.access_type, each.access_to, each.access_level) for each in rules
            }

    def find_new(self):
        """The id of the share that was made last."""
        with self.manila.state.lock:
            *_, last = self.manila.state.shares
        self.assertNotEqual(self.share, last)
        return last

    def take_rules(self, *targets):
        """Take rules from the share, those named or all."""
        with self.manila.state.lock:
            share = self.manila.state.shares[self.share]
            rules = self.manila.state.list_rules_of(share)
        for rule in rules:
            if not targets or rule.access_to in targets:
                self.shares.deny(self.share, rule.id)
        self.manila.settle()


class RestoreAccessTest(RestoreAccessCase):
    def test_nobody_may_use_the_new_share_by_default(self):
        for values in ({}, {'restore_access': False}):
            self.restore(**values)
            self.assertEqual(set(), self.read_rules(self.find_new()))
        self.assertEqual(_RULES, self.read_rules(self.share))

    def test_the_rules_are_those_of_the_checkpoint(self):
        self.take_rules()
        self.shares.allow(self.share, 'ip', '10.9.9.9', 'rw')
        self.manila.settle()
        self.restore(restore_access=True)
        self.assertEqual(_RULES, self.read_rules(self.find_new()))
        self.assertEqual({('ip', '10.9.9.9', 'rw')}, self.read_rules(self.share))

    def test_the_share_itself_gets_back_those_that_are_missing(self):
        self.take_rules('10.0.0.1')
        self.shares.allow(self.share, 'ip', '10.9.9.9', 'rw')
        self.manila.settle()
        self.restore(share_id=self.share, restore_access=True)
        expected = {*_RULES, ('ip', '10.9.9.9', 'rw')}
        self.assertEqual(expected, self.read_rules(self.share))
        self.assertEqual([self.share], list(self.manila.state.shares))


class RefusedRuleTest(RestoreAccessCase):
    """The restore has failed; the share that it has made is the user's to keep."""

    def assert_failed(self, *texts):
        """Why is said wherever the user looks."""
        restore = self.restore('fail', restore_access=True)
        self.assert_told(restore, *texts, status='available')
        made = self.find_new()
        name = f'{site.SHARE}#{self.share}'
        self.assertEqual({name: made}, restore['resources_restored'])
        with self.manila.state.lock:
            self.assertEqual('available', self.manila.state.shares[made].status)
        # Nothing holds the checkpoint any more.
        self.delete_checkpoint(self.checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)

    def test_manila_refuses_it(self):
        self.manila.switches.refuse('shares.allow', 400)
        self.assert_failed('Manila refused to allow access')

    def test_the_driver_cannot_apply_it(self):
        self.manila.switches.outcome('rule.allow', 'error')
        self.assert_failed('could not apply the access rule ip 10.')
