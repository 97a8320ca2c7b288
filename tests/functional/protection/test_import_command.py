"""``mogan-like-manage checkpoint import``, as an operator runs it."""

import datetime
import types

from mogan_like.db import engine
from mogan_like.db import migrations
from mogan_like.protection import banking
from mogan_like.protection.banks import filesystem
from tests import fixtures
from tests.functional import test_commands

_PROVIDER = '8c9d6f0e-3b5a-4c59-9f60-6f2f5f0c7a12'
_CHECKPOINT = '5b0c6f0e-3b5a-4c59-9f60-6f2f5f0c7a13'
_FILE = """\
[provider]
id = {id}
name = test
plugin = manila-share-snapshot
bank = filesystem
[filesystem]
path = {path}
"""


class ImportCommandTest(test_commands.CommandsCase):
    def setUp(self):
        super().setUp()
        path = self.folder.join('bank')
        self.bank = filesystem.FilesystemBank({'path': path})
        with open(self.folder.join('test.conf'), 'w', encoding='utf-8') as file:
            file.write(_FILE.format(id=_PROVIDER, path=path))
        self.configure(protection__providers_dir=self.folder.path)
        self.useFixture(fixtures.Config(database__connection=self.url))
        self.addCleanup(engine.dispose)
        migrations.sync()

    def run_import(self, provider=_PROVIDER, **kwargs):
        arguments = ('checkpoint', 'import', '--provider', provider)
        return self.run_script('mogan-like-manage', *arguments, **kwargs)

    def write(self):
        checkpoint = types.SimpleNamespace(
            uuid=_CHECKPOINT,
            status='available',
            user_id='u',
            project_id='p',
            provider_id=_PROVIDER,
            plan_uuid='plan',
            plan='{"id": "plan", "name": "n", "resources": [], "parameters": {}}',
            extra_info='{}',
            resource_graph='[{"0": ["T", "r", "name", null]}, []]',
            fault=None,
            created_at=datetime.datetime(2026, 2, 3, 4, 5, 6, 789),
        )
        resource = types.SimpleNamespace(
            resource_type='T',
            resource_id='r',
            name='name',
            status='available',
            fault=None,
            data='{"snapshot_id": "s"}',
        )
        banking.write(self.bank, checkpoint, [resource], check=lambda: None)

    def fetch(self, query):
        with engine.reader() as conn:
            return [tuple(row) for row in conn.exec_driver_sql(query)]

    def test_import(self):
        self.write()
        stdout, _ = self.run_import()
        self.assertIn('1 checkpoints imported; 0 were there', stdout)
        self.assertEqual(
            [(_CHECKPOINT, 'available', '2026-02-03 04:05:06.000789')],
            self.fetch('SELECT uuid, status, created_at FROM checkpoints'),
        )
        self.assertEqual(
            [('r', '{"snapshot_id":"s"}')],
            self.fetch('SELECT resource_id, data FROM protected_resources'),
        )
        for spelled in (_PROVIDER, '{' + _PROVIDER.upper() + '}'):
            stdout, _ = self.run_import(provider=spelled)
            self.assertIn('0 checkpoints imported; 1 were there', stdout)

    def test_what_cannot_be_read(self):
        self.bank.put(f'checkpoints/{_CHECKPOINT}/index.json', {'status': 'available'})
        stdout, stderr = self.run_import(status=1)
        self.assertIn('1 cannot be read', stdout)
        self.assertIn(_CHECKPOINT, stderr)

    def test_unknown_provider(self):
        self.configure(protection__providers_dir=self.folder.join('none'))
        _, stderr = self.run_import(status=1)
        self.assertIn('could not be found', stderr)
