"""The schema, as revisions make it and as the models describe it."""

import contextlib
import glob
import os

from alembic import autogenerate
from alembic import config as alembic_config
from alembic import migration
from alembic import script
from oslo_db import exception as db_exc
import sqlalchemy as sa
from sqlalchemy import event
import testtools

from mogan_like.db import engine
from mogan_like.db import migrations
from mogan_like.db import tables
from tests import fixtures
from tests import services
from tests.processes import processes
from tests.processes import site_case

_OWN = 'alembic_version'
#: What a server says of its tables: two schemas are equal when this is.
_CATALOG = {
    'sqlite': (
        'SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk'
        " FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
        "SELECT t.name, CASE WHEN i.name LIKE 'sqlite_auto%' THEN '' ELSE i.name END,"
        ' i."unique",'
        ' c.seqno, c.name'
        ' FROM sqlite_master t, pragma_index_list(t.name) i,'
        " pragma_index_info(i.name) c WHERE t.type = 'table'",
    ),
    'mysql': (
        'SELECT table_name, engine, table_collation FROM information_schema.tables'
        ' WHERE table_schema = DATABASE()',
        'SELECT table_name, column_name, column_type, is_nullable, column_default,'
        ' collation_name, extra FROM information_schema.columns'
        ' WHERE table_schema = DATABASE()',
        'SELECT table_name, index_name, non_unique, seq_in_index, column_name'
        ' FROM information_schema.statistics WHERE table_schema = DATABASE()',
    ),
    'postgresql': (
        'SELECT table_name, column_name, data_type, character_maximum_length,'
        ' datetime_precision, is_nullable, column_default'
        " FROM information_schema.columns WHERE table_schema = 'public'",
        'SELECT tablename, indexname, indexdef FROM pg_indexes'
        " WHERE schemaname = 'public'",
    ),
}


class SchemaMixin:
    """The same on every database."""

    database: str

    def hold_up(self):
        """Let no sync begin to the end of the block.

        :returns: a context manager, whose value tells whether syncs wait
        """
        raise NotImplementedError

    def setUp(self):
        super().setUp()
        site_case.require_servers(self, self.database, None)
        self.useFixture(site_case.fixtures.FakeLogger())
        self.url = self.make_database()

    def make_database(self):
        """The URL of an empty database, the one that is configured."""
        url = self.useFixture(services.Database(self, self.database)).url
        self.useFixture(fixtures.Config(database__connection=url))
        engine.dispose()
        self.addCleanup(engine.dispose)
        return url

    def read_catalog(self):
        with engine.reader() as conn:
            return [
                sorted(
                    # Alembic's own table is in no model.
                    (tuple(r) for r in conn.execute(sa.text(query)) if r[0] != _OWN),
                    key=repr,
                )
                for query in _CATALOG[self.database]
            ]

    def compare_with_models(self):
        with engine.reader() as conn:
            context = migration.MigrationContext.configure(
                conn, opts={'compare_type': True, 'compare_server_default': True}
            )
            return autogenerate.compare_metadata(context, tables.METADATA)

    def test_revisions_lead_to_the_models(self):
        self.assertIsNone(migrations.get_version())
        before = None
        for revision in _list_revisions():
            self.assertEqual((before, revision), migrations.sync(revision))
            self.assertEqual(revision, migrations.get_version())
            before = revision
        self.assertEqual(migrations.get_head(), before)
        self.assertEqual([], self.compare_with_models())
        walked = self.read_catalog()
        self.assertEqual((before, before), migrations.sync())
        self.assertEqual(walked, self.read_catalog())
        self.make_database()
        tables.METADATA.create_all(engine.get_writer_engine())
        self.assertEqual(self.read_catalog(), walked)

    def test_two_at_once(self):
        file = processes.write_config(
            self.useFixture(site_case.fixtures.TempDir()).join('mogan_like.conf'),
            {'database__connection': self.url},
        )
        with self.hold_up() as are_held:
            syncs = [
                self.useFixture(
                    processes.Process(
                        'mogan-like-manage',
                        *('--config-file', file, 'db', 'sync'),
                        nursery=processes.get_nursery(),
                    )
                )
                for _ in range(2)
            ]
            fixtures.wait_until(lambda: are_held(syncs), 'both to want the schema')
        for sync in syncs:
            self.assertEqual(0, sync.wait(), sync.read_output())
        outputs = sorted(sync.read_output().splitlines()[-1] for sync in syncs)
        head = migrations.get_head()
        self.assertEqual(
            [
                f'The schema is at {head}.',
                f'The schema is at {head}; it was at nothing.',
            ],
            outputs,
        )
        self.assertEqual([], self.compare_with_models())

    def test_broken_off_at_any_statement(self):
        statements = 0
        while migrations.get_version() != migrations.get_head():
            # MariaDB gets further by one statement that was not done yet; the
            # others have undone all.
            statements += 1 if self.database == 'mysql' else 15
            self.assertLess(statements, 500)
            with self._broken_off(statements), contextlib.suppress(db_exc.DBError):
                migrations.sync()
        self.assertGreater(statements, 30)
        self.assertEqual([], self.compare_with_models())

    @contextlib.contextmanager
    def _broken_off(self, after):
        """Statements that change the schema fail after so many."""
        left = after

        def execute(_conn, _cursor, statement, *_):
            nonlocal left
            if statement.lstrip().startswith(('CREATE', 'INSERT', 'UPDATE')):
                left -= 1
                if left < 0:
                    raise RuntimeError('broken off')

        listened = engine.get_writer_engine()
        event.listen(listened, 'before_cursor_execute', execute)
        try:
            yield
        finally:
            event.remove(listened, 'before_cursor_execute', execute)


class SqliteTest(SchemaMixin, testtools.TestCase):
    database = 'sqlite'

    @contextlib.contextmanager
    def hold_up(self):
        file = sa.make_url(self.url).database
        with engine.writer():
            yield lambda syncs: all(file in _list_files(sync.pid) for sync in syncs)


class MariadbTest(SchemaMixin, testtools.TestCase):
    database = 'mysql'

    @contextlib.contextmanager
    def hold_up(self):
        # Nothing holds DDL up but its own table: they meet by chance.
        yield bool


class PostgresqlTest(SchemaMixin, testtools.TestCase):
    database = 'postgresql'

    @contextlib.contextmanager
    def hold_up(self):
        waiting = (
            'SELECT pid FROM pg_stat_activity'
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )

        def are_held(syncs):
            # In a transaction of its own: within one, the view never changes.
            with engine.reader() as conn:
                return len(conn.exec_driver_sql(waiting).all()) == len(syncs)

        with engine.reader() as conn:
            # Undone at the end: whoever wants to create it waits until then.
            conn.exec_driver_sql(f'CREATE TABLE {_OWN} (version_num VARCHAR(32))')
            yield are_held


def _list_files(pid):
    """The paths of the files that a process has open."""
    files = []
    for link in glob.glob(f'/proc/{pid}/fd/*'):
        with contextlib.suppress(FileNotFoundError):
            files.append(os.readlink(link))
    return files


def _list_revisions():
    """All revisions, first to last."""
    config = alembic_config.Config()
    config.set_main_option('script_location', migrations.__path__[0])
    walk = script.ScriptDirectory.from_config(config).walk_revisions()
    return [each.revision for each in walk][::-1]
