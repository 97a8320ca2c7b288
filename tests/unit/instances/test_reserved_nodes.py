"""Nodes of leases: opened, handed over, taken back, and never in two hands."""

import uuid as uuid_module

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.instances import models
from mogan_like.instances.drivers import base as driver_base
from mogan_like.instances.manager import reserved_nodes
from mogan_like.instances.queries import instances as instance_queries
from mogan_like.instances.queries import nodes as queries
from mogan_like.instances.store import instances
from mogan_like.instances.store import nodes
from tests import racing
from tests.unit.db import db_case

NODES = models.NODES


def spec(number, **values):
    """Node n-1, n-2 ... as a driver reports it."""
    values = {'resource_class': 'metal', 'properties': {}, **values}
    return driver_base.NodeSpec(f'n-{number}', f'name-{number}', **values)


class ReservedCase:
    def setUp(self):
        super().setUp()
        self.manager = reserved_nodes.ReservedNodesManager()
        self.in_transaction(nodes.sync, [spec(number) for number in range(1, 5)])

    def do(self, name, *args):
        """What a method of the manager returns, in a transaction of its own."""
        return self.in_transaction(getattr(self.manager, name), *args)

    def open(self, *uuids):
        for uuid in uuids:
            self.do('open', uuid)

    def change(self, uuid, **values):
        with engine.writer() as conn:
            conn.execute(NODES.update().where(NODES.c.uuid == uuid).values(values))

    def node(self, uuid):
        (row,) = self.rows(NODES, uuid=uuid)
        return row

    def free(self):
        """The uuids of the nodes that any instance may have."""
        return {row['uuid'] for row in self.rows(NODES, free=1)}

    def held(self, uuid):
        """Whose a node is: the reservation and the project."""
        row = self.node(uuid)
        return row['reservation_uuid'], row['reservation_project_id']

    def assert_in_use(self, name, uuid, by):
        raised = self.assertRaises(exception.InUse, self.do, name, uuid)
        self.assertIn(by, str(raised))

    def assert_not_found(self, name, uuid):
        self.assertRaises(exception.NodeNotFound, self.do, name, uuid)


class OpenTests(ReservedCase):
    def test_opened_node_leaves_the_general_pool_and_a_closed_one_comes_back(self):
        for _ in range(2):
            self.open('n-1')
            self.assertEqual({'n-2', 'n-3', 'n-4'}, self.free())
            self.assertTrue(self.node('n-1')['reservable'])
        for _ in range(2):
            self.do('close', 'n-1')
            self.assertEqual({'n-1', 'n-2', 'n-3', 'n-4'}, self.free())
            self.assertFalse(self.node('n-1')['reservable'])

    def test_unknown_or_absent_node(self):
        self.change('n-1', present=False, free=0)
        for uuid in ('n-1', 'n-9'):
            self.assert_not_found('open', uuid)
        self.assert_not_found('close', 'n-9')
        self.assertFalse(self.node('n-1')['reservable'])

    def test_node_with_an_instance_is_not_opened(self):
        self.change('n-1', instance_uuid='i-1', free=0)
        self.assert_in_use('open', 'n-1', 'instance i-1')
        self.assertFalse(self.node('n-1')['reservable'])

    def test_node_in_use_is_not_closed(self):
        self.open('n-1', 'n-2')
        self.do('hand_over', 'r-1', 'p', ['n-1', 'n-2'])
        self.change('n-2', instance_uuid='i-2')
        self.assert_in_use('close', 'n-1', 'reservation r-1')
        self.assert_in_use('close', 'n-2', 'instance i-2')
        self.assertTrue(self.node('n-1')['reservable'])

    def test_node_that_is_out_of_order_comes_back_taken(self):
        for values in ({'maintenance': True}, {'present': False}):
            self.open('n-1')
            self.change('n-1', **values)
            self.do('close', 'n-1')
            self.assertNotIn('n-1', self.free())
            self.change('n-1', maintenance=False, present=True)

    def test_nothing_but_a_close_frees_an_opened_node(self):
        self.open('n-1')
        self.in_transaction(nodes.set_maintenance, 'n-1', True, 'fans')
        self.in_transaction(nodes.set_maintenance, 'n-1', False, None)
        self.assertNotIn('n-1', self.free())
        self.in_transaction(nodes.sync, [spec(1, resource_class='gold')])
        self.assertNotIn('n-1', self.free())
        self.in_transaction(nodes.mark_absent, {'n-2', 'n-3', 'n-4'})
        self.in_transaction(nodes.sync, [spec(1)])
        self.assertNotIn('n-1', self.free())
        self.change('n-1', instance_uuid='i-1')
        self.in_transaction(nodes.give_back, 'i-1')
        self.assertEqual({'n-2', 'n-3', 'n-4'}, self.free())

    def test_open_and_an_instance_race_for_a_node(self):
        for number in range(1, 5):

            @engine.retried
            def take(number=number):
                self.in_transaction(
                    nodes.take, f'i-{number}', 'metal', {}, f'n-{number}'
                )

            opens = engine.retried(lambda number=number: self.open(f'n-{number}'))
            racing.at_once(take, opens)
            node = self.node(f'n-{number}')
            self.assertNotEqual(node['reservable'], bool(node['instance_uuid']))
            self.assertEqual(0, node['free'])


class HandOverTests(ReservedCase):
    def test_nodes_are_handed_over_and_taken_back(self):
        self.open('n-1', 'n-2', 'n-3')
        both = {'n-1', 'n-2'}
        for _ in range(2):
            self.assertEqual(both, self.do('hand_over', 'r-1', 'p', list(both)))
            self.assertEqual(('r-1', 'p'), self.held('n-1'))
        for _ in range(2):
            self.assertEqual(set(), self.do('take_back', 'r-1'))
            self.assertEqual((None, None), self.held('n-1'))
        self.assertEqual({'n-4'}, self.free())

    def test_what_cannot_be_had_is_missing_from_the_answer(self):
        self.open('n-1', 'n-2', 'n-3')
        self.do('hand_over', 'r-other', 'other', ['n-1'])
        wanted = ['n-1', 'n-2', 'n-3', 'n-4', 'n-9']
        for values in (
            {'maintenance': True},
            {'present': False},
            {'instance_uuid': 'i-2'},
        ):
            self.change('n-2', **values)
            self.assertEqual({'n-3'}, self.do('hand_over', 'r-1', 'p', wanted))
            self.change('n-2', maintenance=False, present=True, instance_uuid=None)
            self.assertEqual((None, None), self.held('n-2'))
        self.assertEqual(('r-other', 'other'), self.held('n-1'))
        self.assertEqual((None, None), self.held('n-4'))

    def test_what_it_has_it_keeps(self):
        self.open('n-1')
        self.do('hand_over', 'r-1', 'p', ['n-1'])
        self.change('n-1', instance_uuid='i-1', maintenance=True)
        self.assertEqual({'n-1'}, self.do('hand_over', 'r-1', 'p', ['n-1']))

    def test_node_with_an_instance_stays_and_takes_no_other(self):
        self.open('n-1', 'n-2')
        self.do('hand_over', 'r-1', 'p', ['n-1', 'n-2'])
        self.change('n-1', instance_uuid='i-1')
        for _ in range(2):
            self.assertEqual({'n-1'}, self.do('take_back', 'r-1'))
            self.assertEqual(('r-1', None), self.held('n-1'))
            self.assertEqual((None, None), self.held('n-2'))
        self.in_transaction(nodes.give_back, 'i-1')
        self.assertEqual(set(), self.do('take_back', 'r-1'))
        self.assertEqual((None, None), self.held('n-1'))

    def test_some_nodes_of_a_reservation_are_taken_back(self):
        self.open('n-1', 'n-2', 'n-3')
        self.do('hand_over', 'r-1', 'p', ['n-1', 'n-2'])
        self.do('hand_over', 'r-2', 'p', ['n-3'])
        self.change('n-2', instance_uuid='i-2')
        self.assertEqual(set(), self.do('take_back', 'r-1', ['n-1', 'n-3']))
        self.assertEqual(('r-1', 'p'), self.held('n-2'))
        self.assertEqual(('r-2', 'p'), self.held('n-3'))
        self.assertEqual(set(), self.do('take_back', 'r-1', []))
        self.assertEqual({'n-2'}, self.do('take_back', 'r-1', ['n-2']))

    def test_one_node_is_handed_to_one(self):
        self.open('n-1', 'n-2')
        hands = [
            engine.retried(
                lambda number=number: self.do(
                    'hand_over', f'r-{number}', 'p', ['n-1', 'n-2']
                )
            )
            for number in range(6)
        ]
        got = [uuid for result in racing.at_once(*hands) for uuid in result]
        self.assertEqual(['n-1', 'n-2'], sorted(got))


class ListTests(ReservedCase):
    def test_reservable_nodes_or_those_that_are_asked_for(self):
        self.open('n-3', 'n-1')
        rows = self.in_transaction(queries.list_reservable)
        self.assertEqual(['n-1', 'n-3'], [row.uuid for row in rows])
        self.assertEqual(
            {
                'uuid': 'n-1',
                'name': 'name-1',
                'resource_class': 'metal',
                'properties': '{}',
                'maintenance': False,
                'present': True,
                'instance_uuid': None,
                'reservable': True,
                'reservation_uuid': None,
            },
            dict(rows[0]._mapping),
        )
        some = self.in_transaction(queries.list_reservable, ['n-2', 'n-3', 'n-9'])
        self.assertEqual(['n-2', 'n-3'], [row.uuid for row in some])

    def test_node_is_found_by_uuid_and_by_a_name_of_its_own(self):
        self.change('n-4', name='name-3')
        for name in ('n-1', 'name-1'):
            self.assertEqual('n-1', self.in_transaction(queries.find, name).uuid)
        self.assertIsNone(self.in_transaction(queries.find, 'name-9'))
        self.assertRaises(
            exception.InvalidParameter, self.in_transaction, queries.find, 'name-3'
        )
        # A uuid goes before another's name.
        self.change('n-2', name='n-1')
        self.assertEqual('n-1', self.in_transaction(queries.find, 'n-1').uuid)

    def test_live_instances_of_reservations(self):
        made = {
            'first': 'r-1',
            'second': 'r-2',
            'other': 'r-3',
            'without': None,
            'gone': 'r-1',
        }
        for name, reservation in made.items():
            self.in_transaction(self._insert, name, reservation)
        for event in ('delete', 'done'):
            self.in_transaction(self._move, 'gone', event)
        rows = self.in_transaction(instance_queries.list_of_reservation, ['r-1', 'r-2'])
        self.assertEqual(
            [('first', 'r-1'), ('second', 'r-2')],
            [(row.name, row.reservation_uuid) for row in rows],
        )
        self.in_transaction(self._move, rows[0].uuid, 'done')
        self.in_transaction(instances.lock, rows[0].uuid, 'admin', 'u', 'fans')
        (row,) = self.in_transaction(instance_queries.list_of_reservation, {'r-1'})
        self.assertEqual(
            ('LOCKED', 'admin', 'u', 'fans'),
            (row.status, row.locked_by, row.lock_user_id, row.lock_reason),
        )
        self.assertLessEqual(row.locked_at, clock.utcnow())

    def _insert(self, conn, name, reservation):
        instances.insert(
            conn,
            {
                'uuid': name if name == 'gone' else str(uuid_module.uuid4()),
                'name': name,
                'project_id': 'p',
                'user_id': 'u',
                'flavor_uuid': 'f',
                'metadata': '{}',
                'networks': '[]',
                'addresses': '{}',
                'reservation_uuid': reservation,
            },
        )

    def _move(self, conn, uuid, event):
        if event == 'done' and uuid == 'gone':
            self.assertTrue(instances.mark_deleted(conn, uuid))
        else:
            status = 'BUILDING' if event == 'done' else None
            self.assertTrue(instances.transition(conn, uuid, event, status))


db_case.on_each(globals(), OpenTests, HandOverTests, ListTests)
