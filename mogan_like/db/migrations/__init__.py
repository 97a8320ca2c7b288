"""The schema's version: brought up, shown and checked.

Only upwards: a step back would drop what was written since.
"""

import contextlib
import os

from alembic import command
from alembic import config
from alembic import migration
from alembic import script
from alembic import util
from oslo_log import log
import sqlalchemy as sa

from mogan_like.common import exception
from mogan_like.db import engine

LOG = log.getLogger(__name__)

_NAME = "CONCAT('mogan-like.', MD5(DATABASE()))"
#: Statements that take the lock if it is free, wait for it, and release it.
#: PostgreSQL's ends with the transaction, and names of its locks belong to
#: one database. SQLite needs none: the transaction itself keeps others out.
_MARIADB = (
    f'SELECT GET_LOCK({_NAME}, 0)',
    f'SELECT GET_LOCK({_NAME}, 86400)',
    f'SELECT RELEASE_LOCK({_NAME})',
)
_LOCKS = {
    'mysql': _MARIADB,
    'mariadb': _MARIADB,
    'postgresql': (
        'SELECT pg_try_advisory_xact_lock(6688)',
        'SELECT pg_advisory_xact_lock(6688)',
        None,
    ),
}


def sync(revision='head'):
    """Bring the schema up to a revision; one process at a time.

    A sync that is broken off is simply run again: PostgreSQL and SQLite have
    undone it, and MariaDB, which cannot, keeps what is there already.

    :returns: (revision before or None, revision after)
    :raises ConfigInvalid: for a schema that newer code has made
    """
    alembic = _get_config()
    with engine.get_writer_engine().begin() as conn, _alone(conn):
        before = _get_revision(conn)
        alembic.attributes['connection'] = conn
        try:
            command.upgrade(alembic, revision)
        except util.CommandError as exc:
            raise exception.ConfigInvalid(
                reason=f'the schema of the database is at {before}: {exc}'
            ) from exc
        return before, _get_revision(conn)


def get_version():
    """The revision that the schema is at; None for an empty database."""
    with engine.reader() as conn:
        return _get_revision(conn)


def get_head():
    """The revision that this code needs."""
    return script.ScriptDirectory.from_config(_get_config()).get_current_head()


@contextlib.contextmanager
def _alone(conn):
    """Wait until no other process is at the schema, and keep others out."""
    take, wait, release = _LOCKS.get(conn.dialect.name, (None, None, None))
    if take is not None and not conn.execute(sa.text(take)).scalar():
        LOG.warning('Another process is at the schema; waiting for it.')
        conn.execute(sa.text(wait))
    try:
        yield
    finally:
        if release is not None:
            conn.execute(sa.text(release))


def _get_revision(conn):
    return migration.MigrationContext.configure(conn).get_current_revision()


def _get_config():
    alembic = config.Config()
    alembic.set_main_option('script_location', os.path.dirname(__file__))
    return alembic
