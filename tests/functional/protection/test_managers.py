"""The managers of protection behind RPC: plain values in, plain values out."""

import fixtures as base

from mogan_like.api import pagination
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common import rpc
from mogan_like.db import engine
from mogan_like.protection import protectables
from mogan_like.protection import providers
from mogan_like.protection.queries import checkpoints
from mogan_like.protection.queries import logs
from mogan_like.protection.queries import runs
from mogan_like.protection.queries import services
from tests import fixtures
from tests import personas
from tests.functional import case
from tests.unit.protection import world as worlds
from tests.unit.protection.world import PROVIDER
from tests.unit.protection.world import SHARE


class ManagersTest(case.FunctionalCase):
    def setUp(self):
        self.world = worlds.World()
        self.world.add_shares('s1', 's2', project=personas.PROJECT)
        bank = worlds.MemoryBank()
        provider = providers.Provider(
            PROVIDER, 'test', 'of a test', (worlds.ShareProtection(self.world),), bank
        )
        found = protectables.Protectables(
            {
                worlds.FOLDER: worlds.FolderPlugin(self.world),
                SHARE: worlds.SharePlugin(self.world),
            }
        )
        patches = (
            base.MonkeyPatch(
                f'{providers.__name__}.load', lambda: {PROVIDER: provider}
            ),
            base.MonkeyPatch(f'{protectables.__name__}.load', lambda: found),
        )
        for patch in patches:
            patch.setUp()
            self.addCleanup(patch.cleanUp)
        super().setUp()

    def call(self, method, /, **values):
        """What a method of a conductor returns, called as the member."""
        namespace, _, name = method.partition('.')
        ctx = context.RequestContext(user_id='u', project_id=personas.PROJECT)
        return rpc.Client(namespace).call(ctx, name, **values)

    def read(self, get, *args):
        with engine.reader() as conn:
            return get(conn, *args)

    def wait_for(self, get, status, *args):
        fixtures.wait_until(
            lambda: self.read(get, *args).status == status, f'{args} to be {status}'
        )

    def test_from_a_plan_to_a_restore_and_back(self):
        plan = self.call(
            'plans.create',
            plan={
                'name': 'mine',
                'provider_id': PROVIDER,
                'resources': [{'id': 's1', 'type': SHARE, 'name': 's1'}],
                'parameters': {SHARE: {'name': 'x', 'force': True}},
            },
        )
        made = self.call(
            'checkpoints.create',
            provider_id=PROVIDER,
            plan_uuid=plan['uuid'],
            extra_info=None,
        )
        self.wait_for(checkpoints.get, 'available', made['uuid'])
        where = {'provider_id': PROVIDER, 'checkpoint_id': made['uuid']}
        for kind in ('restore', 'verify'):
            run = self.call(f'runs.{kind}', values=where)
            self.wait_for(runs.get, 'success', kind, run['uuid'])
        which = {'provider_id': PROVIDER, 'uuid': made['uuid']}
        self.call('checkpoints.reset_status', status='error', **which)
        self.call('checkpoints.delete', **which)
        self.wait_for(checkpoints.get, 'deleted', made['uuid'])
        self.assertEqual({}, self.world.snapshots)
        self.call('plans.delete', uuid=plan['uuid'])
        page = pagination.Page(10, None, 'started_at', 'asc')
        found = self.read(logs.list_page, {'checkpoint_uuid': made['uuid']}, page)
        self.assertEqual(
            ['protect', 'restore', 'verify', 'delete'],
            [row.operation_type for row in found],
        )

    def test_errors_come_as_they_are(self):
        error = self.assertRaises(
            exception.CheckpointNotFound,
            self.call,
            'checkpoints.delete',
            provider_id=PROVIDER,
            uuid='gone',
        )
        self.assertEqual(404, error.code)

    def test_what_plugins_know(self):
        self.assertEqual([worlds.FOLDER, SHARE], self.call('protectables.list_types'))
        shown = self.call('protectables.show_type', resource_type=worlds.FOLDER)
        self.assertEqual([worlds.FOLDER, SHARE], shown['dependent_types'])
        found = self.call('protectables.list_instances', resource_type=SHARE, limit=1)
        self.assertEqual(['s1', 's2'], [each['id'] for each in found])
        shown = self.call(
            'protectables.show_instance', resource_type=SHARE, resource_id='s1'
        )
        self.assertEqual([], shown['dependent_resources'])
        (listed,) = self.call('providers.list')
        self.assertEqual(listed, self.call('providers.show', provider_id=PROVIDER))
        schema = listed['extended_info_schema']['options_schema'][SHARE]
        self.assertEqual(['name', 'force'], schema['required'])

    def test_the_conductor_reports_its_host(self):
        (row,) = fixtures.wait_until(lambda: self.read(services.list_all), 'a report')
        shown = self.call('services.set_status', service_id=row.id, status='disabled')
        self.assertTrue(shown['disabled'])
