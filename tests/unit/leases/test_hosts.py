"""Hosts: opened once, closed only when nothing needs them, found by page."""

import datetime
import functools

from mogan_like.api import pagination
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.leases import models
from mogan_like.leases.queries import hosts as queries
from mogan_like.leases.store import hosts as store
from tests import racing
from tests.unit.db import db_case
from tests.unit.leases import host_case

HOUR = datetime.timedelta(hours=1)


class HostTests(host_case.HostMixin):
    def list(self, limit=100, marker=None, **kwargs):
        """(names on a page, whether there is another)."""
        kwargs = {'sort_dir': 'asc', **kwargs}
        page = pagination.Page(limit, marker, kwargs.pop('sort_key', 'name'), **kwargs)
        rows = self.in_transaction(queries.list_page, page)
        if rows is None:
            return None
        rows, more = pagination.cut(rows, page)
        return [row.name for row in rows], more

    def show(self, host_id):
        def do(conn):
            return queries.show(conn, [queries.find(conn, host_id)])[0]

        return self.in_transaction(do)

    def names(self, private=False):
        page = pagination.Page(100, None, 'name', 'asc')
        rows = self.in_transaction(queries.list_names, page, private)
        return [(row.name, bool(row.private)) for row in rows]

    def refuse(self, do, *args):
        """The message of a value that is refused."""
        return str(self.assertRaises(exception.InvalidParameter, do, *args))

    def test_opened_node_is_a_host_in_the_words_of_blazar(self):
        self.make_nodes(1, properties={'cpus': '16', 'memory_mb': '65536', 'arch': 'x'})
        made = self.hosts.create(self.admin(), 'n-0', {'gpu': True, 'rack': 7})
        self.assertEqual(made, self.show('n-0'))
        self.assertEqual(made, self.show(made['id']))
        (row,) = self.rows(models.HOSTS)
        expected = {
            'id': str(row['id']),
            'uuid': 'uuid-0',
            'name': 'n-0',
            'hypervisor_hostname': 'n-0',
            'hypervisor_type': 'baremetal',
            'service_name': 'n-0',
            'resource_class': 'metal',
            'vcpus': 16,
            'cpus': '16',
            'memory_mb': 65536,
            'local_gb': None,
            'arch': 'x',
            'gpu': 'true',
            'rack': '7',
            'reservable': True,
            'maintenance': False,
            'present': True,
            'created_at': clock.isoformat(row['created_at']),
            'updated_at': clock.isoformat(row['updated_at']),
        }
        self.assertEqual(expected, made)
        self.assertTrue(self.node(0)['reservable'])
        self.assertEqual([('host', 'create', 'success')], self.audit('uuid-0'))

    def test_by_the_uuid_of_the_node_too(self):
        self.make_nodes(1)
        made = self.hosts.create(self.admin(), 'uuid-0', {})
        self.assertEqual('n-0', made['hypervisor_hostname'])

    def test_a_node_is_opened_once(self):
        self.make_nodes(1)
        create = functools.partial(self.hosts.create, self.admin())
        results = racing.at_once(
            *[lambda: self.hosts.create(self.admin(), 'n-0', {'a': 1})] * 8
        )
        refused = [each for each in results if isinstance(each, Exception)]
        self.assertEqual(7, len(refused), results)
        self.assertEqual({'Host n-0 already exists.'}, {str(each) for each in refused})
        self.assertRaises(exception.AlreadyExists, create, 'n-0', {})
        self.assertEqual(1, len(self.rows(models.HOSTS)))

    @db_case.logic
    def test_unknown_node(self):
        error = self.assertRaises(
            exception.NodeNotFound, self.hosts.create, self.admin(), 'none', {}
        )
        self.assertEqual('Node none could not be found.', str(error))
        self.assertEqual([('host', 'create', 'refused')], self.audit('none'))

    def test_a_name_of_two_nodes_is_refused_and_recorded(self):
        self.make_nodes(2)
        self.set_node(1, name='n-0')
        message = self.refuse(self.hosts.create, self.admin(), 'n-0', {})
        self.assertIn('several nodes are called n-0', message)
        self.assertEqual([('host', 'create', 'refused')], self.audit('n-0'))

    def test_node_with_an_instance_is_not_opened(self):
        self.make_nodes(1)
        self.set_node(0, instance_uuid='i-1', free=0)
        error = self.assertRaises(
            exception.InUse, self.hosts.create, self.admin(), 'n-0', {}
        )
        self.assertIn('instance i-1', str(error))
        self.assertEqual([], self.rows(models.HOSTS))

    def test_repeated_with_a_key_it_is_the_same_answer(self):
        self.make_nodes(1)
        key = {'key': 'k', 'hash': 'h'}
        made = self.hosts.create(self.admin(), 'n-0', {}, key)
        self.assertEqual(made, self.hosts.create(self.admin(), 'n-0', {}, key))

    def test_capabilities_are_set_changed_and_unset(self):
        (host,) = self.make_hosts(1, gpu='true', rack='a')
        shown = self.hosts.update(self.admin(), host, {'gpu': 'false', 'rack': None})
        self.assertEqual('false', shown['gpu'])
        self.assertNotIn('rack', shown)
        for _ in range(2):
            shown = self.hosts.update(self.admin(), 'n-0', {'gpu': None, 'ssd': '2'})
        self.assertEqual(shown, self.show(host))
        self.assertEqual([('ssd', False)], self.names())
        self.assertEqual(('host', 'update', 'success'), self.audit('uuid-0')[-1])

    def test_capabilities_of_one_host_at_once(self):
        (host,) = self.make_hosts(1)
        results = racing.at_once(
            *[
                functools.partial(
                    self.hosts.update, self.admin(), host, {'gpu': str(n)}
                )
                for n in range(8)
            ]
        )
        self.assertEqual([], [each for each in results if isinstance(each, Exception)])

    @db_case.logic
    def test_what_the_inventory_says_is_not_overridden(self):
        self.make_nodes(2, properties={'memory_mb': '1', 'arch': 'x'})
        host = self.make_host(0)
        for name in ('arch', 'memory_mb', 'vcpus', 'id', 'resource_class', 'status'):
            values = {name: 'y'}
            message = self.refuse(self.hosts.update, self.admin(), host, values)
            self.assertIn(f'{name}: that is what the inventory says', message)
            self.refuse(self.hosts.create, self.admin(), 'n-1', values)
        self.assertEqual('x', self.show(host)['arch'])

    @db_case.logic
    def test_what_the_inventory_says_later_is_above_a_capability(self):
        self.make_nodes(1)
        host = self.make_host(0, arch='mine')
        self.make_nodes(1, properties={'arch': 'x'})
        self.assertEqual('x', self.show(host)['arch'])

    @db_case.logic
    def test_bounds_of_capabilities(self):
        (host,) = self.make_hosts(1)
        for values, expected in (
            ({'': 'x'}, 'a name has up to 64'),
            ({'a b': 'x'}, 'a name has up to 64'),
            ({'a' * 65: 'x'}, 'a name has up to 64'),
            ({'a': 'x' * 256}, 'a value is text of up to 255'),
            ({'a': 'x\0'}, 'a value is text of up to 255'),
            ({f'a{n}': 'x' for n in range(129)}, 'more than 128'),
        ):
            message = self.refuse(self.hosts.update, self.admin(), host, values)
            self.assertIn(expected, message)
        self.assertEqual([], self.rows(models.HOST_CAPABILITIES))

    @db_case.logic
    def test_unknown_host(self):
        for host in ('1', 'n-0', '9' * 30):
            for do in (
                functools.partial(self.hosts.update, self.admin(), host, {'a': '1'}),
                functools.partial(self.hosts.delete, self.admin(), host),
            ):
                self.assertRaises(exception.HostNotFound, do)
            self.assertIn(('host', 'update', 'refused'), self.audit(host))

    def test_closed_node_is_in_the_general_pool_again(self):
        (host,) = self.make_hosts(1, gpu='true')
        self.hosts.delete(self.admin(), host)
        self.assertEqual(1, self.node(0)['free'])
        self.assertEqual([], self.rows(models.HOSTS))
        self.assertEqual([], self.rows(models.HOST_CAPABILITIES))
        self.assertEqual([], self.names(private=True))
        self.make_host(0)

    def test_host_with_an_allocation_is_not_closed(self):
        (host,) = self.make_hosts(1)
        start = clock.utcnow() + HOUR
        taken = self.allocate(host, start, start + HOUR)
        error = self.assertRaises(
            exception.InUse, self.hosts.delete, self.admin(), host
        )
        self.assertIn(f'it is reserved by lease {taken["lease_uuid"]} from', str(error))
        self.assertTrue(self.node(0)['reservable'])
        self.set(models.ALLOCATIONS, {'uuid': taken['uuid']}, released=1)
        self.hosts.delete(self.admin(), host)

    @db_case.logic
    def test_all_that_keep_a_host_from_being_closed_are_named(self):
        (host,) = self.make_hosts(1)
        start = clock.utcnow() + HOUR
        taken = [
            self.allocate(host, start + n * HOUR, start + (n + 1) * HOUR)
            for n in range(7)
        ]
        error = str(
            self.assertRaises(exception.InUse, self.hosts.delete, self.admin(), host)
        )
        for allocation in taken[:5]:
            self.assertIn(f'lease {allocation["lease_uuid"]} from', error)
        self.assertNotIn(taken[5]['lease_uuid'], error)
        self.assertIn('2 more', error)

    def test_host_with_an_instance_is_not_closed(self):
        (host,) = self.make_hosts(1)
        self.set_node(0, instance_uuid='i-1', reservation_uuid='r-1')
        error = self.assertRaises(
            exception.InUse, self.hosts.delete, self.admin(), host
        )
        self.assertIn('instance i-1', str(error))

    def test_host_that_somebody_plans_with_meanwhile_is_not_closed(self):
        (host,) = self.make_hosts(1)
        (row,) = self.rows(models.HOSTS)
        self.in_transaction(lambda conn: store.bump(conn, queries.list_all(conn)))
        self.assertRaises(
            store.HostsChanged,
            self.in_transaction,
            store.delete,
            row['id'],
            row['generation'],
        )

    def test_pages(self):
        self.make_nodes(5)
        ids = [self.make_host(number) for number in (3, 1, 4, 0, 2)]
        self.assertEqual((['n-0', 'n-1', 'n-2'], True), self.list(3))
        self.assertEqual((['n-3', 'n-4'], False), self.list(3, ids[4]))
        for limit, marker, names in (
            (2, None, ['n-2', 'n-0']),
            (2, ids[3], ['n-4', 'n-1']),
            (2, ids[1], ['n-3']),
        ):
            found = self.list(limit, marker, sort_key='created_at', sort_dir='desc')
            self.assertEqual(names, found[0])
        for marker in ('0', 'n-0', '9' * 30, 'x'):
            self.assertIsNone(self.list(3, marker))

    def test_names_of_capabilities_and_which_are_private(self):
        self.make_nodes(2)
        self.make_host(0, gpu='true', secret='1')
        self.make_host(1, gpu='false')
        shown = self.hosts.set_property(self.admin(), 'secret', True)
        self.assertEqual(
            {'property': 'secret', 'private': True, 'values': ['1']}, shown
        )
        self.assertEqual([('gpu', False)], self.names())
        self.assertEqual([('gpu', False), ('secret', True)], self.names(private=True))
        values = self.in_transaction(queries.list_values, ['gpu', 'secret'])
        self.assertEqual({'gpu': ['false', 'true'], 'secret': ['1']}, dict(values))
        self.hosts.set_property(self.admin(), 'secret', False)
        self.assertEqual([('gpu', False), ('secret', False)], self.names())
        self.assertRaises(
            exception.HostPropertyNotFound,
            self.hosts.set_property,
            self.admin(),
            'none',
            True,
        )

    def test_pages_of_names_do_not_tell_of_private_ones(self):
        self.make_nodes(1)
        self.make_host(0, a='1', b='2', c='3')
        self.hosts.set_property(self.admin(), 'b', True)
        page = pagination.Page(10, 'a', 'name', 'asc')
        rows = self.in_transaction(queries.list_names, page, False)
        self.assertEqual(['c'], [row.name for row in rows])
        hidden = pagination.Page(10, 'b', 'name', 'asc')
        self.assertIsNone(self.in_transaction(queries.list_names, hidden, False))


db_case.on_each(globals(), HostTests)
