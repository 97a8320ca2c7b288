"""One host, many who want it: exactly one gets it, and the others are told when."""

import dataclasses
import datetime
import functools
import json

from sqlalchemy import insert

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.leases import models
from mogan_like.leases.manager import leases
from mogan_like.leases.plugins.host import inventory
from mogan_like.leases.plugins.host import planning
from tests import racing
from tests.unit.db import db_case
from tests.unit.leases import host_plugin_case
from tests.unit.leases import lease_case

HOUR = host_plugin_case.HOUR


class RaceTests(host_plugin_case.PluginMixin):
    """Whole creates: audit, counting, planning and writing at once."""

    options = {'quota__leases': -1, 'quota__reserved_nodes': -1}

    def setUp(self):
        super().setUp()
        self.leases = leases.LeasesManager(
            lease_case.Engine(), {'physical:host': self.plugin}, {}
        )

    def create(self, project='p', start=0, reservations=1, **values):
        ctx = host_plugin_case.host_case.context.RequestContext(
            user_id='u', project_id=project, overwrite=False
        )
        values = {'resource_type': 'physical:host', 'min': 1, 'max': 1, **values}
        begin = self.zero + start * HOUR
        return self.leases.create(
            ctx,
            {
                'name': 'a lease',
                'start_date': clock.isoformat(begin),
                'end_date': clock.isoformat(begin + HOUR),
                'reservations': [values] * reservations,
            },
        )

    def create_at_once(self, count, projects=1, **values):
        """(what was made, what was raised)."""
        results = racing.at_once(
            *[
                functools.partial(self.create, f'p{number % projects}', **values)
                for number in range(count)
            ]
        )
        refused = [each for each in results if isinstance(each, Exception)]
        return [each for each in results if each not in refused], refused

    def assert_never_twice(self):
        taken = [
            (row['host_id'], row['start_date']) for row in self.rows(models.ALLOCATIONS)
        ]
        self.assertEqual(len(set(taken)), len(taken))

    def test_one_host_for_fifty(self):
        for projects in (1, 50):
            hour = projects * 10
            if projects == 1:
                self.make_hosts(1)
            made, refused = self.create_at_once(50, projects, start=hour)
            self.assertEqual((1, 49), (len(made), len(refused)), refused)
            free = clock.isoformat(self.zero + (hour + 1) * HOUR)
            self.assertEqual(
                {
                    '1 wanted of physical hosts, 0 free: there are enough from '
                    f'{free} on.'
                },
                {str(each) for each in refused},
            )
            self.assert_never_twice()

    def test_two_reservations_of_one_lease(self):
        self.make_hosts(3)
        self.create(reservations=2)
        error = self.assertRaises(
            exception.NotEnoughResources, self.create, reservations=2
        )
        self.assertIn('0 free', str(error))
        self.assert_never_twice()
        self.assertEqual(2, len(self.rows(models.ALLOCATIONS)))

    def test_a_host_for_each(self):
        self.make_hosts(50)
        made, refused = self.create_at_once(50, 50)
        self.assertEqual([], refused)
        self.assertEqual(50, len(made))
        self.assert_never_twice()

    def test_too_few_for_all(self):
        self.make_hosts(12)
        _, refused = self.create_at_once(50, 50, min=3, max=3)
        self.assertEqual(
            {exception.NotEnoughResources}, {type(each) for each in refused}
        )
        self.assertEqual(12, len(self.rows(models.ALLOCATIONS)))
        self.assert_never_twice()

    def test_an_extension_and_a_create_do_not_both_get_the_time(self):
        for hour in range(0, 50, 10):
            if not hour:
                self.make_hosts(1)
            reservation = self.reserve(hour, hour + 1)
            results = racing.at_once(
                functools.partial(self.change, reservation, end_date=hour + 2),
                functools.partial(self.reserve, hour + 1, hour + 2),
            )
            refused = [each for each in results if isinstance(each, Exception)]
            self.assertEqual(1, len(refused), results)
            self.assertIsInstance(refused[0], exception.NotEnoughResources)

    def test_a_host_is_closed_or_reserved(self):
        self.make_nodes(5)
        for number in range(5):
            host = self.make_host(number)
            by_name = json.dumps(['=', '$name', f'n-{number}'])
            closed, reserved = racing.at_once(
                functools.partial(self.hosts.delete, self.admin(), host),
                functools.partial(self.reserve, resource_properties=by_name),
            )
            if closed is None:
                self.assertIsInstance(reserved, exception.NotEnoughResources)
            else:
                self.assertIsInstance(closed, exception.InUse)
                self.assertEqual([f'n-{number}'], self.allocated(reserved))


class QuotaRaceTests(host_plugin_case.PluginMixin):
    options = {'quota__reserved_nodes': 7}

    def test_the_quota_of_a_project_is_never_exceeded(self):
        self.make_hosts(50)
        results = racing.at_once(*[self.reserve] * 20)
        refused = [each for each in results if isinstance(each, Exception)]
        self.assertEqual(13, len(refused))
        self.assertEqual({exception.QuotaExceeded}, {type(each) for each in refused})
        self.assertEqual(7, len(self.rows(models.ALLOCATIONS)))


class GenerationTests(host_plugin_case.PluginMixin):
    def test_who_plans_by_an_older_look_plans_again(self):
        self.make_hosts(1)
        looks = []

        class LateChoice(planning.Choice):
            def rank_free(choice):
                looks.append(1)
                free = super().rank_free()
                if len(looks) == 1 and not self.is_sqlite():
                    # Another project's comes in between.
                    self.reserve_other()
                return free

        self.patch(planning, 'Choice', LateChoice)
        if self.is_sqlite():
            self.reserve_other()
        message = self.assert_not_enough()
        self.assertIn('0 free', message)
        self.assertEqual(1, len(self.rows(models.ALLOCATIONS)))

    def reserve_other(self):
        self.plan(dataclasses.replace(self.make_reservation(), project_id='other'))

    def is_sqlite(self):
        # It has one writer at a time.
        return self.backend == 'sqlite'


class StatementTests(host_plugin_case.PluginMixin):
    options = {'quota__reserved_nodes': -1}

    def fill(self, hosts, leases_of_others):
        """So many hosts, and so many allocations on them."""
        self.make_nodes(hosts, properties={'cpus': '16', 'memory_mb': '65536'})
        rows = [
            {
                'node_uuid': f'uuid-{number}',
                'name': f'n-{number}',
                'generation': 0,
                'created_at': self.zero,
                'updated_at': self.zero,
            }
            for number in range(hosts)
        ]
        self.write(models.HOSTS, rows)
        self.set(host_plugin_case.host_case.NODES, {}, reservable=True, free=0)
        ids = [row['id'] for row in self.rows(models.HOSTS)]
        self.write(
            models.HOST_CAPABILITIES,
            [{'host_id': each, 'name': 'gpu', 'value': 'true'} for each in ids],
        )
        each_hour = datetime.timedelta(minutes=59)
        self.write(
            models.ALLOCATIONS,
            [
                {
                    'uuid': f'a-{number}',
                    'host_id': ids[number % hosts],
                    'node_uuid': f'uuid-{number % hosts}',
                    'reservation_uuid': f'r-{number}',
                    'lease_uuid': f'l-{number}',
                    'project_id': host_plugin_case.PROJECT,
                    'start_date': self.zero + number // hosts * HOUR,
                    'end_date': self.zero + number // hosts * HOUR + each_hour,
                    'released': 0,
                }
                for number in range(leases_of_others)
            ],
        )

    def empty(self):
        for table in (models.ALLOCATIONS, models.HOSTS, models.HOST_CAPABILITIES):
            self.in_transaction(lambda conn, each=table: conn.execute(each.delete()))
        self.set(host_plugin_case.host_case.NODES, {}, reservation_uuid=None)

    def write(self, table, rows):
        self.in_transaction(lambda conn: conn.execute(insert(table), rows))

    def count(self, do, *args, **kwargs):
        """How many statements it takes."""
        counter = self.useFixture(host_plugin_case.Counter())
        counter.statements.clear()
        do(*args, **kwargs)
        return len(counter.statements)

    @db_case.logic
    def test_their_number_does_not_grow(self):
        counts = []
        for hosts, others in ((10, 50), (1000, 10000)):
            self.fill(hosts, others)
            # The project's count is there from its first lease on.
            self.reserve(100, 101)
            one = self.make_reservation(
                20, 21, min=10, max=10, resource_properties='["=", "$gpu", "true"]'
            )
            two = self.make_reservation(2, 3)
            taken = self.make_reservation(0, 1, min=hosts, max=hosts)
            counts.append(
                (
                    self.count(self.plan, one),
                    self.count(self.change, one, end_date=22),
                    self.count(self.start, one),
                    self.count(self.assertRaises, Exception, self.plan, taken),
                )
            )
            self.assertEqual(10, len(self.given(one)))
            self.assertEqual([], self.allocated(two))
            for table in (models.ALLOCATIONS, models.HOSTS, models.HOST_CAPABILITIES):
                self.in_transaction(
                    lambda conn, each=table: conn.execute(each.delete())
                )
            self.set(host_plugin_case.host_case.NODES, {}, reservation_uuid=None)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0][0], 10)

    def test_hosts_come_first(self):
        """Or an allocation between the two looks is not noticed."""
        self.make_hosts(1)
        reservation = self.make_reservation()
        counter = self.useFixture(host_plugin_case.Counter())
        self.plan(reservation)
        tables = [
            name
            for statement in counter.statements
            for name in ('FROM hosts', 'FROM nodes', 'FROM allocations')
            if name in statement and statement.startswith('SELECT')
        ]
        self.assertEqual('FROM hosts', tables[0])
        self.assertIn('FROM allocations', tables)

    @db_case.logic
    def test_the_choice_is_a_random_one(self):
        hosts = [
            inventory.Host(number, f'u-{number}', f'n-{number}', 0, None, {})
            for number in range(20)
        ]
        firsts = {inventory.rank(hosts)[0].id for _ in range(50)}
        self.assertGreater(len(firsts), 3)


db_case.on_each(globals(), RaceTests, QuotaRaceTests, GenerationTests, StatementTests)
