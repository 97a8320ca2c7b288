"""Base of tests that protect shares of a real Manila, by users of a real Keystone."""

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

CHECKPOINTS = f'/v1/providers/{site.PROVIDER}/checkpoints'
#: Seconds for one thing that Manila does.
PATIENCE = 120
_VERSION = api_versions.APIVersion('2.73')


class ManilaCase(keystone_case.KeystoneCase):
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
            lambda: self.shares.get(share).status == 'available', share, PATIENCE
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
            wait_until(partial(is_empty, manager), 'Manila to forget', PATIENCE)

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
        made = self.make(CHECKPOINTS, 'checkpoint', {'plan_id': plan})
        return self.wait_for(f'{CHECKPOINTS}/{made["id"]}', 'checkpoint', status)

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

        return wait_until(look, f'{path} to be {status}', PATIENCE)

    def delete(self, checkpoint):
        """Delete a checkpoint, and wait until it is gone."""
        path = f'{CHECKPOINTS}/{checkpoint["id"]}'
        self.change(200, self.token, 'DELETE', path)
        wait_until(
            lambda: self.ask(self.token, 'GET', path).status_code == 404,
            'the checkpoint to go',
            PATIENCE,
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


def is_empty(manager):
    """True when it lists nothing."""
    return not manager.list()
