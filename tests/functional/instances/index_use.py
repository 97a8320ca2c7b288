"""Rows of instances, and their lists, for the test of what indexes lists use."""

import datetime
import itertools

from mogan_like.instances import models
from mogan_like.instances.queries import flavors
from mogan_like.instances.queries import instances
from mogan_like.instances.queries import keypairs
from mogan_like.instances.queries import nodes

_BEGIN = datetime.datetime(2026, 1, 1)
_PROJECT = 'own'
#: How many there are of the oldest, which are the project's.
_OWN = 100
_STATUSES = ('LOCKED', 'LOCKED', 'LOCKED', 'ERROR')


def _make_instance(number):
    # The oldest are the project's: read by time alone, all others are first.
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'i-{number}',
        'name': f'name-{number % 7}',
        'project_id': _PROJECT if number < _OWN else 'other',
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


TABLES = {
    models.INSTANCES: _make_instance,
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
        # Nova's pattern, which all rows are looked at by, in the order of the page.
        yield {'deleted': False, **scope, 'name_pattern': 'name'}, 'created_at'


def _list_instances_of_states():
    """As before, of some states only: all others make up most of the rows."""
    scopes = ({}, {'project_id': _PROJECT})
    filters = (
        {'statuses': ('BUILDING', 'ERROR', 'REBUILDING')},
        {'statuses': ('BUILDING', 'ERROR'), 'name': 'name-3'},
        {'statuses': ('ERROR', 'LOCKED'), 'locked': False},
        {'locked': False},
    )
    for deleted, scope, chosen, key in itertools.product(
        (False, True), scopes, filters, instances.SORT_KEYS
    ):
        if key != 'updated_at':
            yield {'deleted': deleted, **scope, **chosen}, key
    for scope in scopes:
        chosen = {'statuses': ('BUILDING', 'ERROR'), 'flavor_uuid': 'f-1'}
        yield {'deleted': False, **scope, **chosen}, 'created_at'


class IndexUseMixin:
    """Each list of instances and what they are made of; ``check`` is the test's."""

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

    def test_instances_of_states(self):
        for filters, key in _list_instances_of_states():
            self.check(
                lambda conn, page, filters=filters: instances.list_page(
                    conn, instances.DETAIL, filters, page
                ),
                filters,
                key,
                'uuid',
                parted_by='status',
            )

    def test_instances_that_changed(self):
        """Live and deleted ones: each kind by its index."""
        middle = _BEGIN + datetime.timedelta(seconds=_OWN / 2)
        for scope in ({}, {'project_id': _PROJECT}):
            filters = {**scope, 'changes_before': middle}
            self.check(
                lambda conn, page, filters=filters: instances.list_page(
                    conn, instances.SERVER, filters, page
                ),
                filters,
                'updated_at',
                'uuid',
                parted_by='deleted',
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
                plan = self._explain(conn, statement, parameters)
            self.assertIn(f'{index}reservation_uuid', plan)
