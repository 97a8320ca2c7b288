"""A database on MariaDB for one run, and rows made by the server itself."""

import contextlib
import uuid

import sqlalchemy as sa

from mogan_like.db import tables
from tests import services

SERVER = services.URLS['mysql']


class Database:
    """An empty database, dropped at the end of the block it is used in.

    :ivar url: SQLAlchemy's URL of it
    :ivar engine: SQLAlchemy's engine for it
    """

    def __enter__(self):
        self._name = f'mogan_like_bench_{uuid.uuid4().hex[:16]}'
        url = sa.make_url(SERVER).set(database=self._name)
        url = url.update_query_dict({'charset': 'utf8mb4'})
        self.url = url.render_as_string(hide_password=False)
        server = sa.create_engine(SERVER, poolclass=sa.NullPool)
        try:
            with server.begin() as conn:
                conn.execute(sa.text(f'CREATE DATABASE {self._name}'))
        except sa.exc.OperationalError as exc:
            raise RuntimeError(f'MariaDB is needed at {SERVER}: {exc.orig}') from exc
        self._server = server
        self.engine = sa.create_engine(self.url)
        return self

    def __exit__(self, *_exc):
        self.engine.dispose()
        with self._server.begin() as conn:
            conn.execute(sa.text(f'DROP DATABASE {self._name}'))

    def fill(self, name, count, columns):
        """Fill an empty table.

        :param name: of the table
        :param count: of the rows
        :param columns: ``{column: SQL}`` of each row's values; ``seq`` in it
            is the row's number, from 1
        """
        table = tables.METADATA.tables[name]
        values = ', '.join(f'{value} AS {name}' for name, value in columns.items())
        with self.engine.begin() as conn, self._without_indexes(conn, table):
            conn.execute(
                sa.text(
                    f'INSERT INTO {name} ({", ".join(columns)}) '
                    f'SELECT {values} FROM seq_1_to_{count}'
                )
            )

    def clear(self, name):
        """Empty a table and give its space back."""
        with self.engine.begin() as conn:
            conn.execute(sa.text(f'TRUNCATE TABLE {name}'))

    def execute(self, statement):
        """What a statement returns, as a list of rows."""
        with self.engine.begin() as conn:
            result = conn.execute(sa.text(statement))
            return result.all() if result.returns_rows else []

    def list_threads(self):
        """The kernel's ids of the server's threads that serve this database.

        :raises RuntimeError: when the server is not on this machine
        """
        rows = self.execute(
            'SELECT tid FROM information_schema.processlist '
            f"WHERE db = '{self._name}' AND id != CONNECTION_ID()"
        )
        return [row.tid for row in rows]

    @contextlib.contextmanager
    def _without_indexes(self, conn, table):
        """Make a table's indexes after the block, by sorting and not row by row."""
        if not table.indexes:
            yield
            return
        drops = ', '.join(f'DROP INDEX {index.name}' for index in table.indexes)
        adds = ', '.join(
            f'ADD INDEX {index.name} ({", ".join(index.columns.keys())})'
            for index in table.indexes
        )
        conn.execute(sa.text(f'ALTER TABLE {table.name} {drops}'))
        yield
        conn.execute(sa.text(f'ALTER TABLE {table.name} {adds}'))
        conn.execute(sa.text(f'ANALYZE TABLE {table.name}'))
