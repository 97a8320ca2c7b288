"""What every table is made of."""

import datetime
import functools
import itertools

from oslo_db import exception as db_exc
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.ext import compiler
from sqlalchemy.sql import functions

from mogan_like.common import clock

METADATA = sa.MetaData(
    naming_convention={
        'ix': 'ix_%(table_name)s_%(column_0_N_name)s',
        'uq': 'uq_%(table_name)s_%(column_0_N_name)s',
        'pk': 'pk_%(table_name)s',
    }
)

#: Ids compare byte by byte on all three databases; MariaDB's default
#: collation would take project ABC for project abc.
TABLE_ARGS = {
    'mysql_engine': 'InnoDB',
    'mysql_charset': 'utf8mb4',
    'mysql_collate': 'utf8mb4_bin',
}

#: A key that grows by itself; SQLite does that for INTEGER only.
BigId = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')

#: Naive UTC with microseconds; MariaDB's DATETIME would drop the fraction.
UtcDateTime = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb')

#: What MariaDB's dialect is called, by the URL.
_MARIADB = ('mysql', 'mariadb')

#: Text of up to 16 MiB; MariaDB's TEXT ends at 64 KiB.
LongText = sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mysql', 'mariadb')


class utcnow(functions.FunctionElement):
    """The database's time as a UtcDateTime."""

    type = UtcDateTime
    inherit_cache = True


@compiler.compiles(utcnow, 'postgresql')
def _utcnow_postgresql(_element, _compiler, **_kw):
    return "(clock_timestamp() AT TIME ZONE 'utc')"


@compiler.compiles(utcnow, 'mysql')
@compiler.compiles(utcnow, 'mariadb')
def _utcnow_mysql(_element, _compiler, **_kw):
    return 'UTC_TIMESTAMP(6)'


@compiler.compiles(utcnow, 'sqlite')
def _utcnow_sqlite(_element, _compiler, **_kw):
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


class iso_time(functions.FunctionElement):
    """A UtcDateTime as text in ISO 8601, with its microseconds."""

    type = sa.String()
    name = 'iso_time'
    inherit_cache = True


@compiler.compiles(iso_time)
def _iso_time(element, compiler, **kw):
    # MariaDB gives YYYY-MM-DD HH:MM:SS.ffffff, and SQLite was given it.
    return f"REPLACE({compiler.process(element.clauses, **kw)}, ' ', 'T')"


@compiler.compiles(iso_time, 'postgresql')
def _iso_time_postgresql(element, compiler, **kw):
    time = compiler.process(element.clauses, **kw)
    return f'to_char({time}, \'YYYY-MM-DD"T"HH24:MI:SS.US\')'


def for_json(*columns):
    """Columns to select, with times as the text that JSON has.

    Drivers make datetimes of them in Python, JSON would make text of those
    again, and the two are half of what a list costs.
    """
    return tuple(
        iso_time(column).label(column.name)
        if isinstance(column.type, sa.DateTime)
        else column
        for column in columns
    )


def table(name, *args):
    """A table of this service."""
    return sa.Table(name, METADATA, *args, **TABLE_ARGS)


def to_plain(row):
    """{column: value} of a row, as RPC and JSON can carry it."""
    # SQLAlchemy's names are a kind of text that orjson does not take for keys.
    return {str(name): _to_plain_value(value) for name, value in row._mapping.items()}


def _to_plain_value(value):
    return clock.isoformat(value) if isinstance(value, datetime.datetime) else value


def insert_unless_there(conn, target, values):
    """Insert a row; no effect when its key is there already.

    :returns: True when the row was inserted
    """
    try:
        with conn.begin_nested():
            conn.execute(target.insert(), values)
    except db_exc.DBDuplicateEntry:
        return False
    return True


def select_page(conn, query, keys, fixed, marker, page, choices=None):
    """One page of a list, by key and never by offset.

    :param query: a select of one table
    :param keys: the columns to sort by, the last one unique
    :param fixed: the columns that the query gives one value
    :param marker: conditions that the marker's row alone meets
    :param page: limit, marker and sort_dir
    :param choices: {column: values} that rows may have, some: what has one of
        them is read by an index of its own. Of the keys only the first ones may be
        among these columns, with values that Python sorts as the database does
    :returns: the rows, one more than the limit where there is a next page; or
        None when there is no such marker
    """
    fixed = frozenset(column.name for column in fixed)
    keys = [key for key in keys if key.name not in fixed]
    after = {}
    if page.marker is not None:
        values = conn.execute(sa.select(*keys).where(*marker)).first()
        if values is None:
            return None
        after = dict(zip(keys, values, strict=True))
    is_mariadb = conn.dialect.name in _MARIADB
    pages = [
        _select_part(query, keys, fixed, chosen, after, page, is_mariadb)
        for chosen in _combine(choices or {})
        if not _is_past(chosen, after, page)
    ]
    if not pages:
        return []
    return conn.execute(
        pages[0] if len(pages) == 1 else _merge(query, pages, keys, page)
    ).all()


def _combine(choices):
    """[{column: value}] of every combination; of no choices one without any."""
    combinations = itertools.product(*choices.values())
    return [dict(zip(choices, values, strict=True)) for values in combinations]


def _is_past(chosen, after, page):
    """True when all rows with these values are before the marker."""
    ours, marked = _get_both(chosen, after)
    return ours > marked if page.sort_dir == 'desc' else ours < marked


def _get_both(chosen, after):
    """What these values and the marker are sorted by before all else."""
    keys = [key for key in after if key in chosen]
    return [chosen[key] for key in keys], [after[key] for key in keys]


def _select_part(query, keys, fixed, chosen, after, page, is_mariadb):
    """The rows with these values that may be on the page."""
    query = query.where(*(column == value for column, value in chosen.items()))
    ours, marked = _get_both(chosen, after)
    if after and ours == marked:
        rest = {key: value for key, value in after.items() if key not in chosen}
        find_after = _spell_after if is_mariadb else _compare_rows
        query = query.where(find_after(rest, page.sort_dir == 'desc'))
    if is_mariadb:
        query = _force_index(query, fixed.union(key.name for key in chosen), keys)
    # MariaDB sorts all of it by a column that is always the same.
    return _sort(query, [key for key in keys if key not in chosen], page)


def _sort(query, keys, page):
    descending = page.sort_dir == 'desc'
    order = [key.desc() if descending else key.asc() for key in keys]
    return query.order_by(*order).limit(page.limit + 1)


def _merge(query, pages, keys, page):
    """The pages of all parts in one order.

    In one statement: between two of them a row could go from one part to another,
    and be seen twice or not at all. Only keys are merged, of which there are few
    columns; the rows are read by them.
    """
    names = [f'key_{number}' for number in range(len(keys))]
    labels = [key.label(name) for name, key in zip(names, keys, strict=True)]
    parts = [part.with_only_columns(*labels).subquery() for part in pages]
    found = sa.union_all(*map(sa.select, parts)).subquery()
    merged = _sort(sa.select(found), [found.c[name] for name in names], page).subquery()
    rows = merged.join(keys[-1].table, keys[-1] == merged.c[names[-1]])
    return _sort(sa.select(*query.selected_columns).select_from(rows), keys, page)


def _compare_rows(after, descending):
    """The rows after a marker, by its {key: value}."""
    found = sa.tuple_(*after)
    marker = sa.tuple_(
        *(sa.bindparam(None, value, key.type) for key, value in after.items())
    )
    return found < marker if descending else found > marker


def _spell_after(after, descending):
    """The same for MariaDB, which uses no index for a comparison of rows.

    As ``a > x OR a = x AND b > y``: if the ``a = x`` is left out, as it may
    be, it begins to read at the first row that has it.
    """
    same, conditions = [], []
    for key, value in after.items():
        conditions.append(sa.and_(*same, key < value if descending else key > value))
        same.append(key == value)
    return sa.or_(*conditions)


def _force_index(query, fixed, keys):
    # Left to itself MariaDB takes any index that gives the order, though it may
    # lead past all rows of others.
    table = keys[0].table
    names = tuple(key.name for key in keys if key.name not in fixed)
    name = _find_index(table, fixed, names)
    return query.with_hint(table, f'FORCE INDEX ({name})') if name else query


@functools.cache
def _find_index(table, fixed, keys):
    """The name of the index that leads to a page and no other rows, or None.

    That is one of fixed columns alone, which leads to few rows, or one of all
    fixed columns and then the keys. Every index ends with the id, named or not.
    """
    count, wanted = len(fixed), [key for key in keys if key != 'id']
    unique = [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    indexes = {
        index.name: [column.name for column in index.columns if column.name != 'id']
        for index in sorted([*table.indexes, *unique], key=lambda index: index.name)
    }
    for name, columns in indexes.items():
        if fixed.issuperset(columns):
            return name
    for name, columns in indexes.items():
        if fixed == set(columns[:count]) and wanted == columns[count:]:
            return name
    return None
