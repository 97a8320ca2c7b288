"""What the engine makes of the options, and of what databases say."""

import contextlib
import logging
import traceback
from unittest import mock

import fixtures
from oslo_db import exception as db_exc
import psycopg2
import sqlalchemy as sa
import testtools

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.instances import models
from tests import fixtures as service_fixtures
from tests.unit.db import db_case

_SECRET = 'a secret of somebody'


class LetsNobodyInMixin:
    """The database is there, and our login is wrong."""

    reason: str

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        self.url = sa.make_url(CONF.database.connection)
        self.use(self.url.set(username='mogan_like_nobody', password='wrong'))

    def use(self, url):
        engine.dispose()
        CONF.set_override(
            'connection', url.render_as_string(hide_password=False), group='database'
        )

    def test_a_read_is_tried_again_by_who_asked(self):
        error = self.assertRaises(db_exc.DBConnectionError, engine.ping)
        self.assertIn(self.reason, str(error))

    def test_a_write_is_given_up(self):
        @engine.retried
        def write():
            with engine.writer() as conn:
                conn.execute(sa.text('SELECT 1'))

        with mock.patch('time.sleep'):
            self.assertRaises(exception.DatabaseUnavailable, write)
        self.assertIn(self.reason, self.log.output)

    def test_no_such_database(self):
        self.use(self.url.set(database='mogan_like_test_none'))
        self.assertRaises(engine.UNAVAILABLE, engine.ping)


class MysqlTest(LetsNobodyInMixin, db_case.DatabaseCase):
    backend = 'mysql'
    reason = 'Access denied'


class SavepointTest(db_case.DatabaseCase):
    """A deadlock inside a savepoint takes the transaction with it."""

    backend = 'mysql'

    def test_it_is_broken_off_and_run_again(self):
        runs = []

        @engine.retried
        def write():
            with engine.writer() as conn:
                try:
                    with conn.begin_nested():
                        runs.append(1)
                        if len(runs) == 1:
                            # What MariaDB does when it chooses a victim.
                            conn.connection.dbapi_connection.rollback()
                            raise db_exc.DBDeadlock
                        conn.execute(sa.text('SELECT 1'))
                except db_exc.DBDuplicateEntry:
                    return

        write()
        self.assertEqual(2, len(runs))


class PostgresqlTest(LetsNobodyInMixin, db_case.DatabaseCase):
    backend = 'postgresql'
    reason = 'role "mogan_like_nobody" does not exist'


class PostgresqlPasswordTest(testtools.TestCase):
    """The server of the tests trusts everybody: here its client says no."""

    def setUp(self):
        super().setUp()
        url = 'postgresql+psycopg2://somebody:wrong@127.0.0.1/mogan_like'
        self.useFixture(service_fixtures.Config(database__connection=url))
        engine.dispose()
        self.addCleanup(engine.dispose)

    def check(self, said):
        with mock.patch(
            'psycopg2.connect', side_effect=psycopg2.OperationalError(said)
        ):
            error = self.assertRaises(db_exc.DBConnectionError, engine.ping)
        self.assertIn(said, str(error))

    def test_wrong_password(self):
        said = 'FATAL:  password authentication failed for user "somebody"\n'
        self.check(f'connection to server at "127.0.0.1", port 5432 failed: {said}')
        # As libpq said it before version 14.
        self.check(said)


class PoolTimeout:
    """[database]pool_timeout is for databases that have a pool."""

    options: dict = {'database__pool_timeout': 7}

    def test_it_works(self):
        engine.ping()
        with engine.writer() as conn:
            self.assertEqual(1, conn.execute(sa.text('SELECT 1')).scalar())


class GivenBack:
    """A connection that is given back makes nobody wait."""

    def test_no_pause(self):
        with mock.patch('time.sleep') as sleep:
            engine.ping()
            with engine.writer() as conn:
                conn.execute(sa.text('SELECT 1'))
        sleep.assert_not_called()


class SqlitePoolTest(db_case.DatabaseCase):
    """A file stays open; what is left of it at the end is in SchemaTest."""

    def find_file(self, make):
        with make() as conn:
            return conn.connection.dbapi_connection

    def test_it_stays_open(self):
        for make in (engine.reader, engine.writer):
            self.assertIs(self.find_file(make), self.find_file(make))

    def test_as_many_as_are_wanted(self):
        with contextlib.ExitStack() as stack:
            files = {
                stack.enter_context(engine.reader()).connection.dbapi_connection
                for _ in range(50)
            }
        self.assertEqual(50, len(files))

    def test_with_parameters_of_the_operator(self):
        engine.dispose()
        CONF.set_override('connection_parameters', 'timeout=7', group='database')
        self.addCleanup(CONF.clear_override, 'connection_parameters', group='database')
        self.assertIs(self.find_file(engine.reader), self.find_file(engine.reader))
        self.assertEqual({'timeout': '7'}, engine.get_writer_engine().url.query)


class HiddenParameters:
    """What is sent to a database is not in what it makes us say."""

    def check(self, statement, *parameters):
        log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))
        try:
            with engine.writer() as conn:
                conn.execute(statement, *parameters)
        except Exception:
            text = traceback.format_exc()
        self.assertIn('rror', text)
        self.assertNotIn(_SECRET, text + log.output)

    def test_statement_that_makes_no_sense(self):
        self.check(sa.text('SELECT * FROM no WHERE data = :it'), {'it': _SECRET})

    def test_row_that_cannot_be(self):
        # Most of its columns must not be empty.
        row = {'uuid': 'one', 'user_data': _SECRET}
        self.check(models.INSTANCES.insert(), row)
        self.check(models.INSTANCES.insert(), [row, {**row, 'uuid': 'two'}])


db_case.on_each(globals(), PoolTimeout, GivenBack, HiddenParameters)
