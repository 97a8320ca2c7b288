"""Restores of shares of a real Manila: their rules, and reverts in place."""

from tests.fixtures import wait_until
from tests.integration import manila_case


class AccessTest(manila_case.ManilaCase):
    def allow(self, *rule):
        """Add a rule to the share, and wait until it is what it comes to."""
        rule_id = self.shares.allow(self.share, *rule)['id']
        ends = ('active', 'error')
        wait_until(
            lambda: self.rules.get(rule_id).state in ends,
            f'{rule} to end',
            manila_case.PATIENCE,
        )

    def setUp(self):
        super().setUp()
        self.rules = self.connect('demo', self.project.name).share_access_rules

    def read_rules(self, share):
        """{(kind, who, level, state)} of a share."""
        return {
            (each.access_type, each.access_to, each.access_level, each.state)
            for each in self.rules.access_list(share)
        }

    def test_rules_are_put_back_when_that_is_asked_for(self):
        self.allow('ip', '10.0.0.1', 'ro')
        self.allow('ip', '10.0.1.0/24', 'rw')
        checkpoint = self.protect()
        self.run_on('restore', checkpoint)
        without = self.find_new_share()
        self.assertEqual(set(), self.read_rules(without))
        self.run_on('restore', checkpoint, restore_access=True)
        made = self.find_new_share(without.id)
        self.assertEqual(
            {('ip', '10.0.0.1', 'ro', 'active'), ('ip', '10.0.1.0/24', 'rw', 'active')},
            self.read_rules(made),
        )

    def test_a_rule_that_the_driver_refuses(self):
        # Shares by NFS are for addresses: it never worked, and Manila keeps it.
        self.allow('user', 'somebody', 'rw')
        self.allow('ip', '10.0.0.1', 'ro')
        checkpoint = self.protect()
        self.run_on('restore', checkpoint, restore_access=True)
        made = self.find_new_share()
        self.assertEqual({('ip', '10.0.0.1', 'ro', 'active')}, self.read_rules(made))


class RevertTest(manila_case.ManilaCase):
    def setUp(self):
        super().setUp()
        self.revertible = self.make_share(share_type='revertible')
        self.checkpoint = self.protect(self.revertible)

    def refuse(self, status, name, checkpoint, share):
        """What a restore into a share is refused with."""
        run = self.describe_run(checkpoint, share_id=share)
        answer = self.change(
            status, self.token, 'POST', '/v1/restores', {'restore': run}
        )
        told = answer.json()
        self.assertEqual(name, told['error_name'])
        return told['error_message']

    def test_in_place(self):
        restore = self.run_on('restore', self.checkpoint, share_id=self.revertible)
        self.assertEqual({'available'}, {*restore['resources_status'].values()})
        path = f'/v2/shares/{self.revertible}/action'
        wait_until(
            lambda: self.manila.list_answers('POST', path),
            'the log',
            manila_case.PATIENCE,
        )
        self.assertEqual([202], self.manila.list_answers('POST', path))
        self.assertEqual(2, len(self.shares.list()))
        self.delete(self.checkpoint)
        self.assertEqual([], self.snapshots.list())

    def test_an_older_checkpoint(self):
        newer = self.protect(self.revertible)
        mine = self.snapshots.create(self.revertible, name='mine')
        wait_until(
            lambda: self.snapshots.get(mine.id).status == 'available',
            mine,
            manila_case.PATIENCE,
        )
        told = self.refuse(409, 'NewerCheckpoints', self.checkpoint, self.revertible)
        self.assertIn(newer['id'], told)
        self.assertIn(f'snapshot {mine.id}', told)
        self.assertEqual(3, len(self.snapshots.list()))
        self.snapshots.delete(mine)
        wait_until(
            lambda: len(self.snapshots.list()) == 2, 'it to go', manila_case.PATIENCE
        )
        self.run_on('restore', newer, share_id=self.revertible)
        self.delete(newer)
        self.run_on('restore', self.checkpoint, share_id=self.revertible)

    def test_another_share_and_another_type(self):
        told = self.refuse(400, 'InvalidParameter', self.checkpoint, self.share)
        self.assertIn(f'the snapshot is of share {self.revertible}', told)
        plain = self.protect(self.share)
        told = self.refuse(400, 'InvalidParameter', plain, self.share)
        self.assertIn(f'the type of share {self.share}', told)
