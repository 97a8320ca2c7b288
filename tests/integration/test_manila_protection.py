"""Shares of a real Manila are protected, by users of a real Keystone.

Its Dummy driver keeps no bytes: what comes back is seen with the emulator.
"""

from functools import partial
from pathlib import Path

import fixtures
from manilaclient import api_versions
from manilaclient.v2 import client

from mogan_like.common.config import CONF
from tests.emulators import service_user
from tests.fixtures import wait_until
from tests.functional.protection import protection_case
from tests.functional.protection import site
from tests.integration import keystone_case
from tests.integration import manila

_CHECKPOINTS = f'/v1/providers/{site.PROVIDER}/checkpoints'
_VERSION = api_versions.APIVersion('2.73')
#: Seconds for one thing that Manila does.
_PATIENCE = 120
_RULE = 'BEGIN:VEVENT\nRRULE:FREQ=SECONDLY\nEND:VEVENT'
_EVERY_SECOND = {
    'name': 'often',
    'type': 'time',
    'properties': {'format': 'calendar', 'pattern': _RULE},
}


class ProtectionCase(keystone_case.KeystoneCase):
    """In a project that no other test looks at.

    :ivar share: of the default type
    """

    def setUp(self):
        super().setUp()
        self.manila = self.useFixture(manila.Manila(self, self.keystone))
        self.project = self.useFixture(manila.Project(self.keystone))
        # It acts for a project by a role of its own there.
        self.keystone.give_role('mogan', self.project.name, 'member')
        demo = self.connect('demo', self.project.name)
        self.shares, self.snapshots = demo.shares, demo.share_snapshots
        # Done when the service has stopped: nothing is made any more.
        self.addCleanup(self.clean)
        home, bank = (self.useFixture(fixtures.TempDir()).path for _ in range(2))
        site.write_provider(Path(home), site.PROVIDER, 'shares', bank)
        self.options = {
            'protection__providers_dir': home,
            'conductor__scan_interval': 0.2,
            'triggers__min_interval': 1,
            # It may not be done by force: that is said soon.
            'manila_share_snapshot__force_delete_after': 0,
        }
        self.start()
        options = self.keystone.auth_options(through=self.gate)
        for group in ('manila', 'keystone'):
            self.useFixture(
                service_user.ServiceUser(
                    options['auth_url'], group, username='mogan', password='secret'
                )
            )
        # Where Keystone is behind the gate.
        CONF.set_override('region_name', options['region_name'], group='keystone')
        self.addCleanup(CONF.clear_override, 'region_name', group='keystone')
        self.token = self.keystone.token('demo', self.project.name)
        self.share = self.make_share()

    def make_share(self, **values):
        """The id of an available share."""
        share = self.shares.create('NFS', 1, name='data', **values).id
        wait_until(
            lambda: self.shares.get(share).status == 'available', share, _PATIENCE
        )
        return share

    def connect(self, user, project):
        """A client of Manila."""
        session = self.keystone.session(user, project)
        return client.Client(session=session, api_version=_VERSION)

    def clean(self):
        """Leave nothing of the project in Manila."""
        for manager in (self.snapshots, self.shares):
            for each in manager.list():
                manager.delete(each)
            wait_until(partial(_is_empty, manager), 'Manila to forget', _PATIENCE)

    def make(self, path, key, values):
        """What a POST has made."""
        return self.change(200, self.token, 'POST', path, {key: values}).json()[key]

    def make_plan(self, share=None):
        """The id of a new plan of one share."""
        resource = {'id': share or self.share, 'type': site.SHARE, 'name': 'data'}
        plan = {
            'name': 'a plan',
            'provider_id': site.PROVIDER,
            'resources': [resource],
            'parameters': {site.SHARE: protection_case.OPTIONS},
        }
        return self.make('/v1/plans', 'plan', plan)['id']

    def protect(self, share=None, status='available'):
        """A checkpoint of one share, as it is in a status."""
        return self.protect_by(self.make_plan(share), status)

    def protect_by(self, plan, status):
        """A checkpoint by a plan, as it is in a status."""
        made = self.make(_CHECKPOINTS, 'checkpoint', {'plan_id': plan})
        return self.wait_for(f'{_CHECKPOINTS}/{made["id"]}', 'checkpoint', status)

    def describe_run(self, checkpoint, **parameters):
        """The values of a restore or verification."""
        return {
            'provider_id': site.PROVIDER,
            'checkpoint_id': checkpoint['id'],
            'parameters': {site.SHARE: parameters} if parameters else {},
        }

    def run_on(self, noun, checkpoint, status='success', **parameters):
        """A restore or verification, as it is in a status."""
        values = self.describe_run(checkpoint, **parameters)
        made = self.make(f'/v1/{noun}s', noun, values)
        return self.wait_for(f'/v1/{noun}s/{made["id"]}', noun, status)

    def wait_for(self, path, key, status):
        """What a path shows, once it is in a status."""

        def look():
            shown = self.get(self.token, path)[key]
            return shown['status'] == status and shown

        return wait_until(look, f'{path} to be {status}', _PATIENCE)

    def delete(self, checkpoint):
        """Delete a checkpoint, and wait until it is gone."""
        path = f'{_CHECKPOINTS}/{checkpoint["id"]}'
        self.change(200, self.token, 'DELETE', path)
        wait_until(
            lambda: self.ask(self.token, 'GET', path).status_code == 404,
            'the checkpoint to go',
            _PATIENCE,
        )

    def find_new_share(self, *known):
        """The one share of the project that is none of these, nor the first."""
        known = {self.share, *known}
        (made,) = (each for each in self.shares.list() if each.id not in known)
        return made

    def assert_told(self, run, *texts):
        """Why a run failed is said of its resource, and in the operation log."""
        (reason,) = run['resources_reason'].values()
        path = f'/v1/operation_logs?checkpoint_id={run["checkpoint_id"]}'
        (told,) = (
            log
            for log in self.get(self.token, path)['operation_logs']
            if run['id'] in (log['restore_id'], log['verification_id'])
        )
        self.assertEqual('fail', told['status'])
        for text in texts:
            for where in (reason, run['fault'], told['error_info']):
                self.assertIn(text, where)


class ProtectionTest(ProtectionCase):
    def test_from_protect_to_delete(self):
        listed = self.get(self.token, f'/v1/protectables/{site.SHARE}/instances')
        self.assertEqual([self.share], [each['id'] for each in listed['instances']])
        checkpoint = self.protect()
        (snapshot,) = self.snapshots.list()
        self.assertEqual(
            ('nightly', self.share, 'available'),
            (snapshot.name, snapshot.share_id, snapshot.status),
        )
        self.run_on('verification', checkpoint)
        self.run_on('restore', checkpoint)
        made = self.find_new_share()
        self.assertEqual(f'{checkpoint["id"]}@{self.share}', made.name)
        self.assertEqual(('available', snapshot.id), (made.status, made.snapshot_id))
        self.delete(checkpoint)
        self.assertEqual([], self.snapshots.list())
        self.assertEqual(2, len(self.shares.list()))

    def test_refused_by_manila(self):
        quotas = self.connect('admin', 'admin').quotas
        quotas.update(self.project.id, snapshots=0)
        self.addCleanup(quotas.delete, self.project.id)
        checkpoint = self.protect(status='error')
        path = f'/v1/operation_logs?checkpoint_id={checkpoint["id"]}'
        (told,) = self.get(self.token, path)['operation_logs']
        self.assertIn('quota', told['error_info'].lower())
        self.delete(checkpoint)

    def test_a_snapshot_that_somebody_deleted(self):
        checkpoint = self.protect()
        (snapshot,) = self.snapshots.list()
        self.snapshots.delete(snapshot)
        wait_until(partial(_is_empty, self.snapshots), 'it to go', _PATIENCE)
        verification = self.run_on('verification', checkpoint, 'fail')
        self.assert_told(verification, snapshot.id, 'not-found')
        restore = self.run_on('restore', checkpoint, 'fail')
        self.assert_told(restore, snapshot.id, 'could not be found')
        self.assertEqual([self.share], [each.id for each in self.shares.list()])
        self.delete(checkpoint)

    def test_a_share_that_was_deleted_since_it_was_listed(self):
        plan = self.make_plan()
        self.shares.delete(self.share)
        wait_until(partial(_is_empty, self.shares), 'it to go', _PATIENCE)
        checkpoint = self.protect_by(plan, 'error')
        self.assertIn(self.share, checkpoint['fault'])
        self.delete(checkpoint)

    def test_a_share_in_a_bad_status(self):
        plan = self.make_plan()
        admin = self.connect('admin', self.project.name).shares
        admin.reset_state(self.share, 'error')
        path = f'/v1/protectables/{site.SHARE}/instances'
        self.assertEqual([], self.get(self.token, path)['instances'])
        answer = self.change(409, self.token, 'GET', f'{path}/{self.share}').json()
        self.assertEqual('ResourceInvalidStatus', answer['error_name'])
        self.assertIn('error', answer['error_message'])
        checkpoint = self.protect_by(plan, 'error')
        self.assertIn('Manila refused', checkpoint['fault'])
        self.delete(checkpoint)
        self.assertEqual([], self.snapshots.list())

    def test_a_snapshot_that_cannot_be_deleted(self):
        checkpoint = self.protect()
        (snapshot,) = self.snapshots.list()
        admin = self.connect('admin', self.project.name).share_snapshots
        admin.reset_state(snapshot, 'error_deleting')
        path = f'{_CHECKPOINTS}/{checkpoint["id"]}'
        self.change(200, self.token, 'DELETE', path)
        left = self.wait_for(path, 'checkpoint', 'error-deleting')
        self.assertIn(snapshot.id, left['fault'])
        admin.reset_state(snapshot, 'available')
        self.delete(checkpoint)
        self.assertEqual([], self.snapshots.list())


class AccessTest(ProtectionCase):
    def allow(self, *rule):
        """Add a rule to the share, and wait until it is what it comes to."""
        rule_id = self.shares.allow(self.share, *rule)['id']
        ends = ('active', 'error')
        wait_until(
            lambda: self.rules.get(rule_id).state in ends, f'{rule} to end', _PATIENCE
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


class RevertTest(ProtectionCase):
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
        wait_until(lambda: self.manila.list_answers('POST', path), 'the log', _PATIENCE)
        self.assertEqual([202], self.manila.list_answers('POST', path))
        self.assertEqual(2, len(self.shares.list()))
        self.delete(self.checkpoint)
        self.assertEqual([], self.snapshots.list())

    def test_an_older_checkpoint(self):
        newer = self.protect(self.revertible)
        mine = self.snapshots.create(self.revertible, name='mine')
        wait_until(
            lambda: self.snapshots.get(mine.id).status == 'available', mine, _PATIENCE
        )
        told = self.refuse(409, 'NewerCheckpoints', self.checkpoint, self.revertible)
        self.assertIn(newer['id'], told)
        self.assertIn(f'snapshot {mine.id}', told)
        self.assertEqual(3, len(self.snapshots.list()))
        self.snapshots.delete(mine)
        wait_until(lambda: len(self.snapshots.list()) == 2, 'it to go', _PATIENCE)
        self.run_on('restore', newer, share_id=self.revertible)
        self.delete(newer)
        self.run_on('restore', self.checkpoint, share_id=self.revertible)

    def test_another_share_and_another_type(self):
        told = self.refuse(400, 'InvalidParameter', self.checkpoint, self.share)
        self.assertIn(f'the snapshot is of share {self.revertible}', told)
        plain = self.protect(self.share)
        told = self.refuse(400, 'InvalidParameter', plain, self.share)
        self.assertIn(f'the type of share {self.share}', told)


class ScheduleTest(ProtectionCase):
    def test_by_a_trust(self):
        definition = {
            'plan_id': self.make_plan(),
            'provider_id': site.PROVIDER,
            'max_backups': 2,
        }
        trigger = self.make('/v1/triggers', 'trigger_info', _EVERY_SECOND)
        # From here on it has no other authority than the user's.
        self.keystone.take_role('mogan', self.project.name, 'member')
        operation = self.make(
            '/v1/scheduled_operations',
            'scheduled_operation',
            {
                'name': 'keep two',
                'operation_type': 'retention_protect',
                'trigger_id': trigger['id'],
                'operation_definition': definition,
            },
        )
        path = f'/v1/scheduled_operations/{operation["id"]}'
        (trust,) = self._list_trusts()
        seen = set()

        def look():
            seen.update(each.id for each in self.snapshots.list())
            return len(seen) > 2

        wait_until(look, 'three snapshots', _PATIENCE)
        body = {'scheduled_operation': {'enabled': False}}
        self.change(200, self.token, 'PUT', path, body)
        wait_until(self._has_two, 'two to be kept', _PATIENCE)
        self.assertEqual(
            ['available'] * 2, [each.status for each in self.snapshots.list()]
        )
        logs = self.get(self.token, '/v1/operation_logs')['operation_logs']
        self.assertEqual({'success'}, {each['status'] for each in logs}, logs)
        self.assertEqual([trust], self._list_trusts())
        self.change(200, self.token, 'DELETE', path)
        wait_until(lambda: not self._list_trusts(), 'the trust to go', _PATIENCE)
        self.assertIsNone(self.keystone.find_trust(trust))
        self.assertTrue(self._has_two())

    def _has_two(self):
        found = self.get(self.token, _CHECKPOINTS)['checkpoints']
        return [each['status'] for each in found] == ['available'] * 2

    def _list_trusts(self):
        """The ids of those that the user has given, as Keystone tells it."""
        asking = self.keystone.session('demo', self.project.name)
        answer = asking.get(
            f'{self.keystone.auth_url}/OS-TRUST/trusts'
            f'?trustor_user_id={asking.get_user_id()}'
        )
        return [
            each['id']
            for each in answer.json()['trusts']
            if each['project_id'] == self.project.id
        ]


def _is_empty(manager):
    return not manager.list()
