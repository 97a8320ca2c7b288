"""Shares of a real Manila are protected, by users of a real Keystone."""

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


class ProtectionTest(keystone_case.KeystoneCase):
    """In a project that no other test looks at."""

    def setUp(self):
        super().setUp()
        self.manila = self.useFixture(manila.Manila(self, self.keystone))
        self.project = self.useFixture(manila.Project(self.keystone))
        # It acts for a project by a role of its own there.
        self.keystone.give_role('mogan', self.project.name, 'member')
        home, bank = (self.useFixture(fixtures.TempDir()).path for _ in range(2))
        site.write_provider(Path(home), site.PROVIDER, 'shares', bank)
        self.options = {
            'protection__providers_dir': home,
            'conductor__scan_interval': 0.2,
            'triggers__min_interval': 1,
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
        demo = self._connect('demo', self.project.name)
        self.shares, self.snapshots = demo.shares, demo.share_snapshots
        self.share = self.shares.create('NFS', 1, name='data').id
        self._wait_for_share(self.share)
        self.addCleanup(self._clean)

    def _connect(self, user, project):
        session = self.keystone.session(user, project)
        return client.Client(session=session, api_version=_VERSION)

    def _clean(self):
        """Leave nothing of the project in Manila."""
        for manager in (self.snapshots, self.shares):
            for each in manager.list():
                manager.delete(each)
            wait_until(partial(_is_empty, manager), 'Manila to forget', _PATIENCE)

    def _wait_for_share(self, share):
        wait_until(
            lambda: self.shares.get(share).status == 'available', share, _PATIENCE
        )

    def _make(self, path, key, body):
        return self.change(200, self.token, 'POST', path, {key: body}).json()[key]

    def _make_plan(self):
        return self._make(
            '/v1/plans',
            'plan',
            {
                'name': 'a plan',
                'provider_id': site.PROVIDER,
                'resources': [{'id': self.share, 'type': site.SHARE, 'name': 'data'}],
                'parameters': {site.SHARE: protection_case.OPTIONS},
            },
        )['id']

    def _protect(self, status='available'):
        made = self._make(_CHECKPOINTS, 'checkpoint', {'plan_id': self._make_plan()})
        return self._wait_for(f'{_CHECKPOINTS}/{made["id"]}', 'checkpoint', status)

    def _run(self, noun, checkpoint):
        body = {'provider_id': site.PROVIDER, 'checkpoint_id': checkpoint['id']}
        made = self._make(f'/v1/{noun}s', noun, body)
        return self._wait_for(f'/v1/{noun}s/{made["id"]}', noun, 'success')

    def _wait_for(self, path, key, status):
        def look():
            shown = self.get(self.token, path)[key]
            return shown['status'] == status and shown

        return wait_until(look, f'{path} to be {status}', _PATIENCE)

    def test_from_protect_to_delete(self):
        listed = self.get(self.token, f'/v1/protectables/{site.SHARE}/instances')
        self.assertEqual([self.share], [each['id'] for each in listed['instances']])
        checkpoint = self._protect()
        (snapshot,) = self.snapshots.list()
        self.assertEqual(
            ('nightly', self.share, 'available'),
            (snapshot.name, snapshot.share_id, snapshot.status),
        )
        self._run('verification', checkpoint)
        self._run('restore', checkpoint)
        restored = {each.id: each for each in self.shares.list()}
        del restored[self.share]
        (made,) = restored.values()
        self.assertEqual(f'{checkpoint["id"]}@{self.share}', made.name)
        self.assertEqual(('available', snapshot.id), (made.status, made.snapshot_id))
        path = f'{_CHECKPOINTS}/{checkpoint["id"]}'
        self.change(200, self.token, 'DELETE', path)
        wait_until(
            lambda: self.ask(self.token, 'GET', path).status_code == 404,
            'the checkpoint to go',
            _PATIENCE,
        )
        self.assertEqual([], self.snapshots.list())
        self.assertEqual(2, len(self.shares.list()))

    def test_refused_by_manila(self):
        quotas = self._connect('admin', 'admin').quotas
        quotas.update(self.project.id, snapshots=0)
        self.addCleanup(quotas.delete, self.project.id)
        checkpoint = self._protect('error')
        path = f'/v1/operation_logs?checkpoint_id={checkpoint["id"]}'
        (told,) = self.get(self.token, path)['operation_logs']
        self.assertIn('quota', told['error_info'].lower())
        path = f'{_CHECKPOINTS}/{checkpoint["id"]}'
        self.change(200, self.token, 'DELETE', path)
        wait_until(
            lambda: self.ask(self.token, 'GET', path).status_code == 404,
            'the checkpoint to go',
            _PATIENCE,
        )

    def test_schedule_by_a_trust(self):
        definition = {
            'plan_id': self._make_plan(),
            'provider_id': site.PROVIDER,
            'max_backups': 2,
        }
        trigger = self._make('/v1/triggers', 'trigger_info', _EVERY_SECOND)
        # From here on it has no other authority than the user's.
        self.keystone.take_role('mogan', self.project.name, 'member')
        operation = self._make(
            '/v1/scheduled_operations',
            'scheduled_operation',
            {
                'name': 'keep two',
                'operation_type': 'retention_protect',
                'trigger_id': trigger['id'],
                'operation_definition': definition,
            },
        )
        seen = set()

        def look():
            seen.update(each.id for each in self.snapshots.list())
            return len(seen) > 2

        wait_until(look, 'three snapshots', _PATIENCE)
        path = f'/v1/scheduled_operations/{operation["id"]}'
        self.change(200, self.token, 'DELETE', path)
        self.keystone.give_role('mogan', self.project.name, 'member')
        wait_until(self._is_settled, 'the last run to end', _PATIENCE)

    def _is_settled(self):
        found = self.get(self.token, _CHECKPOINTS)['checkpoints']
        return {each['status'] for each in found} <= {'available', 'error'}


def _is_empty(manager):
    return not manager.list()
