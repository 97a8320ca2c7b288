"""Databases with every table, empty: made once and used by many tests.

Making the tables takes MariaDB a second and longer. A test that leaves threads
behind, since it plays a conductor that dies, leaves its database to them.
"""

import atexit
import threading

import fixtures
import sqlalchemy as sa

from mogan_like.db import tables
from tests import services

#: {backend: databases that nobody uses now}, of this process.
_spare = {'mysql': [], 'postgresql': []}


class EmptyTables(fixtures.Fixture):
    """A database with every table, all of them empty.

    :param backend: sqlite, mysql or postgresql
    :ivar url: SQLAlchemy's URL of it
    """

    def __init__(self, test, backend):
        self._test = test
        self._backend = backend

    def _setUp(self):
        if self._backend == 'sqlite':
            self.url = self.useFixture(services.Database(self._test, 'sqlite')).url
            _change(self.url, tables.METADATA.create_all)
            return
        self._before = set(threading.enumerate())
        spare = _spare[self._backend]
        database = spare.pop() if spare else self._make()
        self.url = database.url
        _change(self.url, _empty)
        self.addCleanup(self._give_back, database)

    def _make(self):
        database = services.Database(self._test, self._backend)
        database.setUp()
        try:
            _change(database.url, tables.METADATA.create_all)
        except BaseException:
            database.cleanUp()
            raise
        return database

    def _give_back(self, database):
        if set(threading.enumerate()) - self._before:
            database.cleanUp()
        else:
            _spare[self._backend].append(database)


def _change(url, change):
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as conn:
        change(conn)


def _empty(conn):
    for table in tables.METADATA.sorted_tables:
        conn.execute(table.delete())


@atexit.register
def _drop_spare():
    for databases in _spare.values():
        for database in databases:
            database.cleanUp()
