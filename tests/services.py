"""Servers that tests need: where they are, and what happens without them."""

import functools
import os
import uuid

import fixtures
import sqlalchemy as sa
from sqlalchemy import exc

URLS = {
    # Else PyMySQL reads all certificates of the machine, 0.1 s for each connection.
    'mysql': 'mysql+pymysql://root@127.0.0.1:3306/?ssl_disabled=true',
    'postgresql': 'postgresql+psycopg2://postgres@127.0.0.1:5432/',
}
# Queues go with their connections: nothing is left behind by a killed test.
RABBIT = (
    'rabbit://guest:guest@127.0.0.1:5672/'
    '?amqp_auto_delete=true&rabbit_transient_queues_ttl=60'
)
DATABASES = ('sqlite', 'mysql', 'postgresql')


def miss(test, what):
    """Skip a test because a server is not there.

    With MOGAN_LIKE_REQUIRE_SERVICES=1 it fails instead.
    """
    message = f'{what} is not there'
    if os.environ.get('MOGAN_LIKE_REQUIRE_SERVICES') == '1':
        test.fail(message)
    test.skipTest(message)


class Database(fixtures.Fixture):
    """An empty database of its own, dropped at the end.

    :param backend: sqlite, mysql or postgresql
    :ivar url: SQLAlchemy's URL of it
    """

    def __init__(self, test, backend):
        self._test = test
        self._backend = backend
        self.name = f'mogan_like_test_{uuid.uuid4().hex}'

    def _setUp(self):
        if self._backend == 'sqlite':
            folder = self.useFixture(fixtures.TempDir()).path
            self.url = f'sqlite:///{folder}/test.sqlite'
            return
        server = sa.make_url(URLS[self._backend])
        try:
            self.execute(f'CREATE DATABASE {self.name}')
        except exc.OperationalError:
            miss(self._test, f'The database server {server}')
        self.addCleanup(self._drop)
        if self._backend == 'postgresql':
            # Nobody cuts the power: a commit need not wait for the disk.
            self.execute(f'ALTER DATABASE {self.name} SET synchronous_commit = off')
        self.url = server.set(database=self.name).render_as_string(hide_password=False)

    def execute(self, *statements):
        """Run statements as the server's administrator."""
        with connect(self._backend) as conn:
            for statement in statements:
                conn.execute(sa.text(statement))

    def _drop(self):
        force = ' WITH (FORCE)' if self._backend == 'postgresql' else ''
        self.execute(f'DROP DATABASE IF EXISTS {self.name}{force}')


def connect(backend):
    """A connection to a server as its administrator; every statement commits."""
    return _get_engine(backend).connect()


@functools.cache
def _get_engine(backend):
    url = sa.make_url(URLS[backend])
    if backend == 'postgresql':
        url = url.set(database='postgres')
    return sa.create_engine(url, isolation_level='AUTOCOMMIT', poolclass=sa.NullPool)
