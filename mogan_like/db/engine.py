"""Connections: a writer for conductors, a reader for everybody.

The API process uses :func:`reader` alone, and its database login needs no
more than SELECT.
"""

import atexit
import contextlib
import functools
import threading

from oslo_db import api as db_api
from oslo_db import exception as db_exc
from oslo_db.sqlalchemy import enginefacade
from oslo_db.sqlalchemy import exc_filters
from oslo_log import log
import sqlalchemy as sa
from sqlalchemy import event

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import conf
from mogan_like.db import sqlite_pool

conf.set_defaults(CONF)

LOG = log.getLogger(__name__)

#: Seconds that a writer of SQLite waits for another one.
_BUSY_TIMEOUT = 30

#: MariaDB's number of "SAVEPOINT does not exist".
_NO_SAVEPOINT = 1305

_lock = threading.Lock()
_engines = {}


def writer():
    """A connection in a transaction that commits on leaving the block."""
    return (_engines.get('writer') or _make('writer')).begin()


def reader():
    """A connection for SELECTs."""
    return (_engines.get('reader') or _make('reader')).connect()


def ping():
    """Read from the database once.

    :raises oslo_db.exception.DBError: when it cannot be read
    """
    with reader() as conn:
        conn.execute(sa.text('SELECT 1'))


def get_writer_engine():
    """The writer's engine, for migrations."""
    return _engines.get('writer') or _make('writer')


def dispose():
    """Close every connection; the next use opens new ones."""
    with _lock:
        for engine in _engines.values():
            engine.dispose()
        _engines.clear()


# A file of SQLite that nobody closes has a part of its rows in another file.
atexit.register(dispose)


def retried(func):
    """Run the function again when the database broke its transaction off.

    For functions that are one transaction: after a deadlock, a lost Galera
    certification or a lost connection nothing of it was done. A commit whose
    answer was lost may have been done: what must not be done twice is guarded
    by a status or by a unique key in the same transaction.

    The function raises DatabaseUnavailable when it was broken off too often.
    """

    run = _retry(func)

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        try:
            return run(*args, **kwargs)
        except (db_exc.DBDeadlock, *UNAVAILABLE) as exc:
            LOG.warning('The database broke %s off: %s', func.__qualname__, exc)
            raise exception.DatabaseUnavailable() from exc

    return wrapper


_retry = db_api.wrap_db_retry(
    max_retries=20,
    retry_interval=0.02,
    max_retry_interval=0.5,
    inc_retry_interval=True,
    jitter=True,
    retry_on_deadlock=True,
    retry_on_disconnect=True,
)

#: Errors that mean "there is no database for us, now".
UNAVAILABLE = (db_exc.DBConnectionError, db_exc.DBNonExistentDatabase)

#: Errors that mean "this transaction was broken off; run it again".
BROKEN_OFF = (
    db_exc.DBDeadlock,
    db_exc.DBConnectionError,
    exception.DatabaseUnavailable,
)


# What is said of a server that is away (by libpq 14 and later) or lets nobody in
# is not among oslo.db's own filters: it would be raised as no DBError, and not be
# tried again. Passwords are changed, here and there at different moments.
@exc_filters.filters(
    'postgresql',
    sa.exc.OperationalError,
    r'.*(?:connection to server|could not translate host name|FATAL: )',
)
@exc_filters.filters(
    'mysql', sa.exc.OperationalError, r'.*\((?:1044|1045|1698), .*Access denied'
)
def _tell_away(error, _match, _dialect, _is_disconnect):
    raise db_exc.DBConnectionError(error)


# After the busy timeout; tried again like any other lock that was not got.
@exc_filters.filters('sqlite', sa.exc.OperationalError, r'.*database .*is locked')
def _tell_locked(error, _match, _dialect, _is_disconnect):
    raise db_exc.DBDeadlock(error)


def _make(role):
    with _lock:
        if role not in _engines:
            _engines[role] = _create(role)
        return _engines[role]


def _create(role):
    context = enginefacade.transaction_context()
    context.configure(
        **_read_options(),
        # A try at the start would hold the first request for minutes while
        # the database is away, and leave a connection in the pool that was
        # made before the listeners of _prepare.
        max_retries=0,
        # For eventlet: a sleep whenever a connection is given back.
        thread_checkin=False,
    )
    context.append_on_engine_create(functools.partial(_prepare, role))
    return context.writer.get_engine()


def _read_options():
    options = {
        name: getattr(CONF.database, name)
        for name in (
            'connection',
            'max_pool_size',
            'max_overflow',
            'pool_timeout',
            'connection_recycle_time',
            'connection_parameters',
            'mysql_sql_mode',
            'mysql_wsrep_sync_wait',
        )
    }
    if options['connection'] and options['connection'].startswith('sqlite'):
        # oslo.db wants no pool for files, and hands the timeout to it all the same.
        options['pool_timeout'] = None
        own = f'plugin={sqlite_pool.NAME}'
        given = options['connection_parameters']
        options['connection_parameters'] = f'{given}&{own}' if given else own
    return options


def _prepare(role, engine):
    # Errors go into logs and the audit: user data, for example, must not. oslo.db
    # has no argument for it.
    engine.hide_parameters = True
    if engine.dialect.name == 'postgresql':
        event.listen(engine, 'do_execute', _execute_tersely)
        event.listen(engine, 'do_executemany', _execute_many_tersely)
    if engine.dialect.name in ('mysql', 'mariadb'):
        event.listen(engine, 'connect', _on_mysql)
        event.listen(engine, 'handle_error', _tell_broken_off, retval=True)
    if engine.dialect.name == 'sqlite':
        event.listen(engine, 'connect', functools.partial(_on_sqlite, role))
        if role == 'writer':
            event.listen(engine, 'before_cursor_execute', _begin_immediate, retval=True)


def _tell_broken_off(failure):
    """A savepoint that is gone went with the whole transaction, at a deadlock.

    After oslo.db's own handler, which says of it only that it is an error.
    """
    code = getattr(failure.original_exception, 'args', None) or (None,)
    if code[0] == _NO_SAVEPOINT:
        return db_exc.DBDeadlock(failure.original_exception)
    return None


def _execute_tersely(cursor, statement, parameters, execution):
    with _shortened_error():
        execution.dialect.do_execute(cursor, statement, parameters, execution)
    return True


def _execute_many_tersely(cursor, statement, parameters, execution):
    with _shortened_error():
        execution.dialect.do_executemany(cursor, statement, parameters, execution)
    return True


@contextlib.contextmanager
def _shortened_error():
    """Below its first line PostgreSQL repeats the statement, or the whole row."""
    try:
        yield
    except Exception as exc:
        # oslo.db's filters want the end of the line.
        exc.args = (str(exc).partition('\n')[0] + '\n',)
        raise


def _on_mysql(connection, _record):
    # As on PostgreSQL: a second look in one transaction sees what others have
    # committed since, and no gaps are locked that inserts then wait for.
    with connection.cursor() as cursor:
        cursor.execute('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED')
        # oslo.db connects with utf8mb3, which has no emoji.
        cursor.execute('SET NAMES utf8mb4')


def _on_sqlite(role, connection, _record):
    connection.execute(f'PRAGMA busy_timeout = {_BUSY_TIMEOUT * 1000}')
    if role == 'reader':
        connection.execute('PRAGMA query_only = ON')
        return
    connection.execute('PRAGMA journal_mode = WAL')
    # In WAL mode NORMAL loses no committed transaction when the process dies;
    # FULL, for a power cut, costs a sync for each.
    connection.execute('PRAGMA synchronous = FULL')


def _begin_immediate(_conn, _cursor, statement, parameters, _context, _executemany):
    # A plain BEGIN takes the write lock at the first write, and two readers
    # that both want to write then fail at once, whatever the busy timeout.
    if statement == 'BEGIN':
        statement = 'BEGIN IMMEDIATE'
    return statement, parameters
