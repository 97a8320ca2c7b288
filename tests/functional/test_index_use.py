"""Every list reads its page by an index, and no row that is not on the page."""

import collections
import contextlib
import datetime
import itertools
import re

from sqlalchemy import event

from mogan_like.actions import models as actions_models
from mogan_like.actions import queries as actions
from mogan_like.api import pagination
from mogan_like.db import engine
from mogan_like.leases import models as leases_models
from mogan_like.leases.queries import hosts
from mogan_like.leases.queries import leases
from tests.functional.instances import index_use as instances
from tests.functional.protection import index_use as protection
from tests.unit.db import db_case

_BEGIN = datetime.datetime(2026, 1, 1)
_PROJECT = 'own'
#: The page's rows, and the one that tells that there is another page.
_LIMIT = 5
_ROWS = 400
#: How a plan tells of a look at instances, and of one that begins by a column.
_LOOKS = {
    'sqlite': (r' instances USING (?!INTEGER)', r'SEARCH instances [^)]*\b{}=\?'),
    'postgresql': (r'ix_\w+ on instances', r'Index Cond: [^,]*\b{}\)?(?:::text)? = '),
}


def _make_action(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'object_type': ('instance', 'flavor')[number % 2],
        'object_id': f'i-{number % 9}',
        'action': ('lock', 'unlock')[number % 2],
        'request_id': f'req-{number}',
        'user_id': f'user-{number % 3}',
        'project_id': f'project-{number % 3}',
        'owner_project_id': f'project-{number % 3}',
        'cause': 'user',
        'started_at': when,
        'updated_at': when,
        'result': ('success', 'refused')[number % 2],
    }


def _make_lease(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    hour = datetime.timedelta(hours=1)
    return {
        'uuid': f'l-{number}',
        'name': f'name-{number % 7}',
        'project_id': _PROJECT if number < _ROWS / 4 else 'other',
        'user_id': 'user',
        'start_date': when + hour,
        'end_date': when + 2 * hour,
        'status': ('PENDING', 'ACTIVE', 'TERMINATED')[number % 3],
        'degraded': False,
        'created_at': when,
        'updated_at': when,
        'deleted': int(number % 5 == 0),
    }


def _make_host(number):
    return {
        'node_uuid': f'n-{number}',
        'name': f'name-{number % 7}',
        'generation': 0,
        'created_at': _BEGIN,
        'updated_at': _BEGIN,
    }


_TABLES = {
    **instances.TABLES,
    **protection.TABLES,
    leases_models.LEASES: _make_lease,
    leases_models.HOSTS: _make_host,
    actions_models.ACTIONS: _make_action,
}


def _list_leases():
    """Pairs of filters and sort key."""
    scopes = ({}, {'project_id': _PROJECT})
    keys = ('created_at', 'name', 'start_date', 'end_date')
    for deleted, scope, status, key in itertools.product(
        (False, True), scopes, ({}, {'status': 'ACTIVE'}), keys
    ):
        yield {'deleted': deleted, **scope, **status}, key
    middle = _BEGIN + datetime.timedelta(hours=2, seconds=_ROWS / 2)
    for scope in scopes:
        yield {**scope, 'name': 'name-3'}, 'created_at'
        yield {**scope, 'ends_before': middle}, 'end_date'


def _search_actions():
    for name, value in _make_action(3).items():
        if name not in ('cause', 'started_at', 'updated_at'):
            yield {name: value}, 'started_at'
    middle = _BEGIN + datetime.timedelta(seconds=_ROWS / 2)
    for filters in ({}, {'started_since': middle}, {'started_before': middle}):
        yield filters, 'started_at'


class IndexUse(instances.IndexUseMixin, protection.IndexUseMixin):
    """Each list, both ways, first page and a later one."""

    def setUp(self):
        super().setUp()
        with engine.writer() as conn:
            for table, make in _TABLES.items():
                conn.execute(table.insert(), [make(number) for number in range(_ROWS)])
        self.reads = getattr(self, f'_read_{self.backend}')

    def test_leases(self):
        for filters, key in _list_leases():
            self.check(
                lambda conn, page, filters=filters: leases.list_page(
                    conn, filters, page
                ),
                filters,
                key,
                'uuid',
            )

    def test_hosts(self):
        # By their ids they are in the table's own order.
        self.check(hosts.list_page, {}, 'name', 'id')

    def test_actions(self):
        for filters, key in _search_actions():
            self.check(
                lambda conn, page, filters=filters: actions.search(conn, filters, page),
                filters,
                key,
                'id',
            )

    def test_actions_of_an_instance(self):
        self.check(
            lambda conn, page: actions.list_of(conn, 'i-3', {}, page),
            {},
            'started_at',
            'request_id',
        )

    def check(self, list_page, filters, key, marker, parted_by=None):
        """Look at the statements for a first page and a later one.

        :param parted_by: the column that each part of the list has one value of
        """
        for way in ('asc', 'desc'):
            page = pagination.Page(_LIMIT, None, key, way)
            with self._noted() as (conn, statements):
                rows = list_page(conn, page)
                what = (filters, key, way)
                # What changes between two statements is on both pages or on none.
                self.assertEqual(1, len(statements), what)
                self._check(conn, statements[-1], (*what, 'first'), parted_by)
                if len(rows) > _LIMIT:
                    value = getattr(rows[_LIMIT - 1], marker)
                    del statements[:]
                    list_page(conn, page._replace(marker=value))
                    # Before it there is one that looks for the marker.
                    self._check(conn, statements[1], (*what, 'later'), parted_by)

    def _check(self, conn, statement, what, parted_by):
        problem = self.reads(conn, *statement)
        self.assertIsNone(problem, (what, problem, statement))
        if parted_by and self.backend != 'mysql':
            # It counts rows; of the others it is seen where they begin to read.
            plan = self._explain(conn, *statement)
            looks, begins = _LOOKS[self.backend]
            led = re.findall(begins.format(parted_by), plan)
            self.assertEqual(len(re.findall(looks, plan)), len(led), (what, plan))

    def _explain(self, conn, statement, parameters):
        way = 'EXPLAIN QUERY PLAN' if self.backend == 'sqlite' else 'EXPLAIN'
        return str(conn.exec_driver_sql(f'{way} {statement}', parameters).all())

    @contextlib.contextmanager
    def _noted(self):
        """A connection, and what is sent over it."""
        statements = []

        def note(_conn, _cursor, statement, parameters, *_rest):
            if statement.startswith('SELECT'):
                statements.append((statement, parameters))

        with engine.reader() as conn:
            event.listen(conn, 'before_cursor_execute', note)
            yield conn, statements

    @staticmethod
    def _read_mysql(conn, statement, parameters):
        """What is wrong with a statement: rows read for nothing, or sorted."""
        plans = conn.exec_driver_sql(f'ANALYZE {statement}', parameters).mappings()
        for plan in plans:
            if plan['table'].startswith('<derived'):
                # Pages of parts, which are merged.
                continue
            # None: it was never come to.
            if float(plan['r_rows'] or 0) > _LIMIT + 1:
                return plan
            # Rows of one node are few: to sort them costs nothing.
            is_few = plan['key'] in ('ix_instances_node_uuid', 'ix_actions_request_id')
            if 'filesort' in plan['Extra'] and not is_few:
                return plan
        return None

    @staticmethod
    def _read_sqlite(conn, statement, parameters):
        rows = conn.exec_driver_sql(f'EXPLAIN QUERY PLAN {statement}', parameters)
        # Pages of parts are scanned to be merged, and then sorted.
        beside = collections.defaultdict(list)
        for row in rows:
            beside[row.parent].append(row.detail)
        tables = [
            detail
            for details in beside.values()
            if not any(detail.startswith('SCAN anon_') for detail in details)
            for detail in details
        ]
        plan = ' '.join(tables)
        if 'SCAN' in plan and 'USING INDEX' not in plan:
            return plan
        is_few = 'ix_instances_node_uuid' in plan or 'ix_actions_request_id' in plan
        return plan if 'TEMP B-TREE' in plan and not is_few else None

    @staticmethod
    def _read_postgresql(conn, statement, parameters):
        # It reads so small a table from end to end, unless that is forbidden.
        for way in ('seqscan', 'bitmapscan', 'sort'):
            conn.exec_driver_sql(f'SET LOCAL enable_{way} = off')
        # At the price of what is forbidden it would compile each statement.
        conn.exec_driver_sql('SET LOCAL jit = off')
        rows = conn.exec_driver_sql(f'EXPLAIN {statement}', parameters)
        plan = '\n'.join(row[0] for row in rows)
        # An incremental one sorts what was made in the same microsecond; of what is
        # no table it sorts pages of parts.
        is_sorted = re.search(r'->  Sort [^>]*->  [A-Za-z ]*Scan', plan)
        return plan if is_sorted or 'Seq Scan' in plan else None


db_case.on_each(globals(), IndexUse)
