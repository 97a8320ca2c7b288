"""Databases with every table, empty, as ``mogan-like-manage db sync`` makes them.

Making the tables takes longer than most tests, so that each process of tests makes
them once: on SQLite a file that is copied, on servers databases that are emptied
and used again. So are the service's engines, which keep the statements that they
have compiled; all of their connections are new.
"""

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
import threading

import fixtures
import sqlalchemy as sa
from sqlalchemy import exc

from mogan_like.db import engine
from mogan_like.db import migrations
from mogan_like.db import tables
from tests import services
from tests.config import Config
from tests.waiting import wait_until

#: {backend: databases that nobody uses now}, of this process.
_spare = {backend: [] for backend in services.DATABASES}


def fetch(conn, table, where):
    """The rows of a table with these values, by their keys.

    :param where: {name of a column: value, or None}
    """
    empty = tuple(name for name, value in where.items() if value is None)
    return conn.execute(_select(table, tuple(where), empty), where).all()


@functools.cache
def _select(table, names, empty):
    # To make it takes longer than to run it. Without an order PostgreSQL gives what
    # was changed last at the end.
    query = sa.select(table).order_by(*table.primary_key)
    return query.where(
        *(
            table.c[name] == (None if name in empty else sa.bindparam(name))
            for name in names
        )
    )


class Migrated(fixtures.Fixture):
    """A database with every table, all of them empty.

    :param backend: sqlite, mysql or postgresql
    :ivar name: of the database, on a server
    :ivar url: SQLAlchemy's URL of it
    """

    def __init__(self, test, backend):
        self._test = test
        self._backend = backend
        self._spoilt = False

    def _setUp(self):
        self._before = set(threading.enumerate())
        spare = _spare[self._backend]
        database = spare.pop() if spare else self._make()
        self.addCleanup(self._give_back, database)
        for each in database.engines.values():
            # A thread may have given one back since the earlier test was at its end.
            each.dispose()
        _EMPTY[self._backend](database)
        self.name, self.url = database.name, database.url
        self.execute = database.execute
        create = functools.partial(_create, engine._create, database)
        self.useFixture(fixtures.MonkeyPatch('mogan_like.db.engine._create', create))

    def spoil(self):
        """It has more than tables, or others, and no other test shall have it."""
        self._spoilt = True

    def _make(self):
        database = services.Database(self._test, self._backend)
        database.setUp()
        database.engines = {}
        if self._backend == 'sqlite':
            return database
        try:
            _migrate(database.url)
        except BaseException:
            database.cleanUp()
            raise
        database.engine = sa.create_engine(database.url, poolclass=sa.NullPool)
        return database

    def _give_back(self, database):
        # Threads and processes that played dead may not write into it later.
        if self._backend == 'sqlite':
            self._spoilt |= bool(set(threading.enumerate()) - self._before)
        elif self._backend == 'mysql':
            _end_mysql(database)
        else:
            _end_postgresql(database)
        if self._spoilt:
            database.cleanUp()
        else:
            _spare[self._backend].append(database)


def _create(create, database, role):
    """An engine of the service, or that of an earlier test with these options."""
    options = engine._read_options()
    if options['connection'] != database.url:
        return create(role)
    key = (role, repr(sorted(options.items())))
    if key not in database.engines:
        database.engines[key] = create(role)
    return database.engines[key]


def _empty_sqlite(database):
    path = sa.make_url(database.url).database
    # Who still has the old file open does not see the new one.
    for suffix in ('', '-wal', '-shm'):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path + suffix)
    shutil.copyfile(_make_file(), path)


@functools.cache
def _make_file():
    """The path of a file of SQLite that is copied."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    path = os.path.join(folder, 'empty.sqlite')
    _migrate(f'sqlite:///{path}')
    file = sa.create_engine(f'sqlite:///{path}', poolclass=sa.NullPool)
    with file.connect() as conn:
        # The file remembers it, and the service's own part would not be seen.
        conn.exec_driver_sql('PRAGMA journal_mode = DELETE')
    return path


def _migrate(url):
    with Config(database__connection=url):
        try:
            migrations.sync()
        finally:
            engine.dispose()


def _empty_server(database):
    """Delete all rows: asking first is cheaper than a statement for each table."""
    ordered = {table.name: table for table in reversed(tables.METADATA.sorted_tables)}
    query = sa.union_all(
        *(
            sa.select(sa.literal_column(f"'{name}'")).where(
                sa.exists(sa.select(sa.literal(1)).select_from(table))
            )
            for name, table in ordered.items()
        )
    )
    with database.engine.begin() as conn:
        for name in conn.scalars(query).all():
            conn.execute(ordered[name].delete())


_EMPTY = {'sqlite': _empty_sqlite, 'mysql': _empty_server, 'postgresql': _empty_server}


def _end_postgresql(database):
    database.execute(
        'SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity'
        f" WHERE datname = '{database.name}'"
    )


def _end_mysql(database):
    listing = sa.text(
        'SELECT id FROM information_schema.processlist WHERE db = :name'
    ).bindparams(name=database.name)

    def ended():
        with services.connect('mysql') as conn:
            left = conn.scalars(listing).all()
            for number in left:
                # It may have ended by itself.
                with contextlib.suppress(exc.OperationalError):
                    conn.exec_driver_sql(f'KILL {number}')
        return not left

    wait_until(ended, f'the sessions on {database.name} to end')


@atexit.register
def _drop_spare():
    for databases in _spare.values():
        for database in databases:
            database.cleanUp()
