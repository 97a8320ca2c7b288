"""Every list reads its page by an index, and no row that is not on the page."""

import contextlib
import datetime
import itertools

from sqlalchemy import event

from mogan_like.actions import models as actions_models
from mogan_like.actions import queries as actions
from mogan_like.api import pagination
from mogan_like.db import engine
from mogan_like.instances import models
from mogan_like.instances.queries import flavors
from mogan_like.instances.queries import instances
from mogan_like.instances.queries import keypairs
from mogan_like.instances.queries import nodes
from mogan_like.leases import models as leases_models
from mogan_like.leases.queries import hosts
from mogan_like.leases.queries import leases
from tests.functional.protection import index_use as protection
from tests.unit.db import db_case

_BEGIN = datetime.datetime(2026, 1, 1)
_PROJECT = 'own'
#: The page's rows, and the one that tells that there is another page.
_LIMIT = 5
_ROWS = 400
_STATUSES = ('ACTIVE', 'ACTIVE', 'LOCKED', 'ERROR')


def _make_instance(number):
    # The oldest are the project's: read by time alone, all others are first.
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'i-{number}',
        'name': f'name-{number % 7}',
        'project_id': _PROJECT if number < _ROWS / 4 else 'other',
        'user_id': 'user',
        'status': _STATUSES[number % 4],
        'flavor_uuid': f'f-{number % 3}',
        'node_uuid': f'n-{number}',
        'reservation_uuid': f'r-{number // 2}',
        'metadata': '{}',
        'networks': '[]',
        'addresses': '{}',
        'created_at': when,
        'updated_at': when,
        'deleted': int(number % 5 == 0),
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


def _make_node(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'n-{number}',
        'name': f'name-{number % 7}',
        'resource_class': f'class-{number % 3}',
        'properties': '{}',
        'maintenance': number % 2 == 0,
        'present': True,
        'free': 0,
        'reservable': number % 2 == 0,
        'reservation_uuid': f'r-{number // 2}',
        'created_at': when,
        'updated_at': when,
    }


def _make_flavor(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'f-{number}',
        'name': f'name-{number}',
        'resource_class': 'class',
        'properties': '{}',
        'is_public': number % 2 == 0,
        'disabled': False,
        'created_at': when,
        'updated_at': when,
    }


def _make_keypair(number):
    return {
        'user_id': f'user-{number % 3}',
        'name': f'name-{number}',
        'type': 'ssh',
        'fingerprint': 'x',
        'public_key': 'y',
        'created_at': _BEGIN,
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
    **protection.TABLES,
    leases_models.LEASES: _make_lease,
    leases_models.HOSTS: _make_host,
    models.INSTANCES: _make_instance,
    actions_models.ACTIONS: _make_action,
    models.NODES: _make_node,
    models.FLAVORS: _make_flavor,
    models.KEYPAIRS: _make_keypair,
}


def _list_instances():
    """Triples of filters, sort key and what to call."""
    scopes = ({}, {'project_id': _PROJECT})
    filters = (
        {},
        {'status': 'ACTIVE'},
        {'locked': True},
        {'name': 'name-3'},
        {'flavor_uuid': 'f-1'},
        {'node_uuid': 'n-6'},
    )
    keys = ('created_at', 'name', 'status')
    for deleted, scope, chosen, key in itertools.product(
        (False, True), scopes, filters, keys
    ):
        yield {'deleted': deleted, **scope, **chosen}, key
    for scope in scopes:
        yield {'deleted': False, **scope, 'changes_since': _BEGIN}, 'updated_at'
        # Nova's: several states under one name, and a pattern, which all rows
        # are looked at by, in the order of the page.
        for chosen in ({'statuses': _STATUSES}, {'name_pattern': 'name'}):
            yield {'deleted': False, **scope, **chosen}, 'created_at'


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


class IndexUse(protection.IndexUseMixin):
    """Each list, both ways, first page and a later one."""

    def setUp(self):
        super().setUp()
        with engine.writer() as conn:
            for table, make in _TABLES.items():
                conn.execute(table.insert(), [make(number) for number in range(_ROWS)])
        self.reads = getattr(self, f'_read_{self.backend}')

    def test_instances(self):
        for filters, key in _list_instances():
            self.check(
                lambda conn, page, filters=filters: instances.list_page(
                    conn, instances.DETAIL, filters, page
                ),
                filters,
                key,
                'uuid',
            )

    def test_instances_that_changed(self):
        """Live and deleted ones: each kind by its index."""
        middle = _BEGIN + datetime.timedelta(seconds=_ROWS / 8)
        for scope in ({}, {'project_id': _PROJECT}):
            filters = {**scope, 'changes_before': middle}
            self.check(
                lambda conn, page, filters=filters: instances.list_changed(
                    conn, instances.SERVER, filters, page
                ),
                filters,
                'updated_at',
                'uuid',
                statements_each=2,
            )

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

    def test_nodes(self):
        filters = ({}, {'resource_class': 'class-1'}, {'maintenance': True})
        for chosen, key in itertools.product(filters, nodes.SORT_KEYS):
            self.check(
                lambda conn, page, chosen=chosen: nodes.list_page(conn, chosen, page),
                chosen,
                key,
                'uuid',
            )

    def test_flavors(self):
        for (public, private), key in itertools.product(
            ((False, False), (True, False), (False, True)), flavors.SORT_KEYS
        ):
            self.check(
                lambda conn, page, which=(public, private): flavors.list_page(
                    conn, page, *which
                ),
                {'public': public, 'private': private},
                key,
                'uuid',
            )

    def test_keypairs(self):
        self.check(
            lambda conn, page: keypairs.list_page(conn, 'user-1', page),
            {},
            'name',
            'name',
        )

    def test_what_reservations_have(self):
        for read, reservations, index in (
            (instances.list_of_reservation, ['r-3', 'r-9'], 'ix_instances_'),
            (nodes.list_of_reservation, 'r-3', 'ix_nodes_'),
        ):
            with self._noted() as (conn, statements):
                self.assertTrue(read(conn, reservations))
                statement, parameters = statements[-1]
                if self.backend == 'postgresql':
                    conn.exec_driver_sql('SET LOCAL enable_seqscan = off')
                    # Without statistics one index is as good as another.
                    conn.exec_driver_sql('ANALYZE')
                way = 'EXPLAIN QUERY PLAN' if self.backend == 'sqlite' else 'EXPLAIN'
                plan = conn.exec_driver_sql(f'{way} {statement}', parameters).all()
            self.assertIn(f'{index}reservation_uuid', str(plan))

    def check(self, list_page, filters, key, marker, statements_each=1):
        for way in ('asc', 'desc'):
            page = pagination.Page(_LIMIT, None, key, way)
            with self._noted() as (conn, statements):
                rows = list_page(conn, page)
                last = statements[-statements_each:]
                self._check(conn, last, (filters, key, way, 'first'))
                if len(rows) > _LIMIT:
                    value = getattr(rows[_LIMIT - 1], marker)
                    del statements[:]
                    list_page(conn, page._replace(marker=value))
                    # Before each there is one that looks for the marker.
                    pages = statements[1::2][:statements_each]
                    self._check(conn, pages, (filters, key, way, 'later'))

    def _check(self, conn, statements, what):
        for statement in [*statements]:
            problem = self.reads(conn, *statement)
            self.assertIsNone(problem, (what, problem, statement))

    @contextlib.contextmanager
    def _noted(self):
        """A connection, and what is sent over it."""
        statements = []

        def note(_conn, _cursor, statement, parameters, *_rest):
            statements.append((statement, parameters))

        with engine.reader() as conn:
            event.listen(conn, 'before_cursor_execute', note)
            yield conn, statements

    @staticmethod
    def _read_mysql(conn, statement, parameters):
        """What is wrong with a statement: rows read for nothing, or sorted."""
        (plan,) = conn.exec_driver_sql(f'ANALYZE {statement}', parameters).mappings()
        if float(plan['r_rows']) > _LIMIT + 1:
            return plan
        # Rows of one node are few: to sort them costs nothing.
        is_few = plan['key'] in ('ix_instances_node_uuid', 'ix_actions_request_id')
        return plan if 'filesort' in plan['Extra'] and not is_few else None

    @staticmethod
    def _read_sqlite(conn, statement, parameters):
        rows = conn.exec_driver_sql(f'EXPLAIN QUERY PLAN {statement}', parameters)
        plan = ' '.join(row.detail for row in rows)
        if 'SCAN' in plan and 'USING INDEX' not in plan:
            return plan
        is_few = 'ix_instances_node_uuid' in plan or 'ix_actions_request_id' in plan
        return plan if 'TEMP B-TREE' in plan and not is_few else None

    @staticmethod
    def _read_postgresql(conn, statement, parameters):
        # It reads so small a table from end to end, unless that is forbidden.
        for way in ('seqscan', 'bitmapscan', 'sort'):
            conn.exec_driver_sql(f'SET LOCAL enable_{way} = off')
        rows = conn.exec_driver_sql(f'EXPLAIN {statement}', parameters)
        plan = '\n'.join(row[0] for row in rows)
        # An incremental one sorts what was made in the same microsecond.
        return plan if '->  Sort' in plan or 'Seq Scan' in plan else None


db_case.on_each(globals(), IndexUse)
