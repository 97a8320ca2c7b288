"""Base of tests on a real database with tables of their own."""

import fixtures
import testtools

from mogan_like.db import engine
from tests import config
from tests import databases
from tests import services


class Tables(fixtures.Fixture):
    """An empty database with every table; the engine speaks to it."""

    def __init__(self, test, backend, **options):
        self._test = test
        self._backend = backend
        self._options = options

    def _setUp(self):
        database = self.useFixture(databases.Migrated(self._test, self._backend))
        self.useFixture(
            config.Config(database__connection=database.url, **self._options)
        )
        self.addCleanup(engine.dispose)


class DatabaseCase(testtools.TestCase):
    """A test on one database.

    :cvar backend: which; a test class for each is made by :func:`on_each`
    :cvar options: of the configuration, by ``group__name``
    """

    backend = 'sqlite'
    options: dict = {}

    def setUp(self):
        super().setUp()
        self.useFixture(Tables(self, self.backend, **self.options))

    def rows(self, table, **where):
        """The rows of a table, as dicts, by their primary key."""
        with engine.reader() as conn:
            return [dict(row._mapping) for row in databases.fetch(conn, table, where)]

    def in_transaction(self, do, *args, **kwargs):
        """What ``do(conn, ...)`` gives in a transaction of its own."""
        with engine.writer() as conn:
            return do(conn, *args, **kwargs)


def logic(test):
    """Mark a test of a case that is run on SQLite alone, see :func:`on_each`.

    For rules and words that are the same wherever the rows are. What rests on the
    SQL, on locks or on who comes first is run on each database.
    """
    test.is_logic = True
    return test


def on_each(namespace, *cases, backends=services.DATABASES):
    """Make a test class of each case for each database.

    Tests marked with :func:`logic` are in that of SQLite only.

    :param namespace: ``globals()`` of the module
    :param cases: mixins of :class:`DatabaseCase`
    :param backends: the databases
    """
    for case in cases:
        for backend in backends:
            name = f'{case.__name__}On{backend.title()}'
            own = {'backend': backend, '__module__': namespace['__name__']}
            if backend != 'sqlite':
                own.update(dict.fromkeys(_list_logic(case)))
            namespace[name] = type(name, (case, DatabaseCase), own)


def _list_logic(case):
    return [name for name in dir(case) if hasattr(getattr(case, name), 'is_logic')]
