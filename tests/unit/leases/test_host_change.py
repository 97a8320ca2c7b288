"""Other dates or other hosts: those that can stay do, and instances too."""

from mogan_like.common import exception
from mogan_like.leases import models
from tests.unit.db import db_case
from tests.unit.leases import host_plugin_case


class ChangeTests(host_plugin_case.PluginMixin):
    def dates(self, reservation):
        """{(start, end)} in hours."""
        return {
            tuple(
                (row[name] - self.zero) / host_plugin_case.HOUR
                for name in ('start_date', 'end_date')
            )
            for row in self.rows(
                models.ALLOCATIONS, reservation_uuid=reservation.uuid, released=0
            )
        }

    def run_reservation(self, *args, **values):
        """A reservation whose nodes are given to its project."""
        reservation = self.reserve(*args, **values)
        self.start(reservation)
        return reservation

    def test_other_dates_keep_the_hosts(self):
        self.make_hosts(9)
        reservation = self.reserve(0, 2, max=2)
        before = self.allocated(reservation)
        for start, end in ((0, 3), (1, 3), (5, 6), (5, 5.5)):
            plan, reservation = self.change(reservation, start_date=start, end_date=end)
            self.assertEqual(before, self.allocated(reservation))
            self.assertEqual({(start, end)}, self.dates(reservation))
            self.assertFalse(plan.resources_changed or plan.missing_resources)

    def test_others_see_the_dates_that_it_has_now(self):
        self.make_hosts(1)
        reservation = self.reserve(0, 2)
        _, reservation = self.change(reservation, end_date=3)
        self.assert_not_enough(2, 3)
        self.change(reservation, end_date=1)
        self.reserve(1, 3)

    def test_a_host_that_is_taken_then_is_replaced(self):
        self.make_hosts(2)
        reservation = self.reserve(0, 2)
        (name,) = self.allocated(reservation)
        other = self.reserve(2, 4, hypervisor_properties=f'["=", "$name", "{name}"]')
        plan, reservation = self.change(reservation, end_date=3)
        self.assertTrue(plan.resources_changed)
        self.assertEqual(
            {'n-0', 'n-1'}, {*self.allocated(reservation), *self.allocated(other)}
        )

    def test_an_extension_into_others_is_refused_and_changes_nothing(self):
        self.make_hosts(1)
        reservation = self.reserve(0, 2)
        self.reserve(2, 4)
        error = self.assertRaises(
            exception.NotEnoughResources, self.change, reservation, end_date=3
        )
        self.assertIn('physical hosts', str(error))
        self.assertEqual({(0, 2)}, self.dates(reservation))

    def test_more_and_fewer(self):
        self.make_hosts(4)
        reservation = self.reserve(max=2)
        before = set(self.allocated(reservation))
        plan, reservation = self.change(reservation, values={'max': 3})
        self.assertTrue(before < set(self.allocated(reservation)))
        self.assertFalse(plan.resources_changed)
        _, reservation = self.change(reservation, values={'max': 1})
        self.assertEqual(1, len(self.allocated(reservation)))
        self.assertEqual([], self.allocated(reservation, released=1))
        self.assertRaises(
            exception.NotEnoughResources,
            self.change,
            reservation,
            values={'min': 5, 'max': 5},
        )

    @db_case.logic
    def test_other_properties(self):
        self.make_nodes(2)
        self.make_host(0, rack='a')
        self.make_host(1, rack='b')
        reservation = self.reserve(resource_properties='["=", "$rack", "a"]')
        _, reservation = self.change(
            reservation, values={'resource_properties': '["=", "$rack", "b"]'}
        )
        self.assertEqual(['n-1'], self.allocated(reservation))

    @db_case.logic
    def test_properties_that_a_host_lost_since_do_not_matter(self):
        self.make_nodes(1)
        host = self.make_host(0, rack='a')
        reservation = self.reserve(resource_properties='["=", "$rack", "a"]')
        self.hosts.update(self.admin(), host, {'rack': 'b'})
        self.change(reservation, end_date=3)
        self.assertEqual(['n-0'], self.allocated(reservation))

    @db_case.logic
    def test_a_broken_host_stays(self):
        self.make_hosts(2)
        reservation = self.reserve()
        (name,) = self.allocated(reservation)
        self.set_node(name[-1], maintenance=True)
        self.change(reservation, end_date=3)
        self.assertEqual([name], self.allocated(reservation))

    def test_running_nodes_that_are_dropped_are_taken_back_at_once(self):
        self.make_hosts(3)
        reservation = self.run_reservation(max=3)
        self.put_instance(1, reservation)
        _, after = self.change(reservation, started=True, values={'max': 1})
        self.assertEqual(['n-1'], self.given(reservation))
        self.assertEqual(['n-1'], self.allocated(after))
        self.assertEqual(['n-0', 'n-2'], self.allocated(after, released=1))

    @db_case.logic
    def test_nodes_with_instances_are_not_dropped(self):
        self.make_hosts(3)
        reservation = self.run_reservation(max=3)
        uuids = [self.put_instance(number, reservation) for number in (0, 1)]
        error = self.assertRaises(
            exception.InUse, self.change, reservation, started=True, values={'max': 1}
        )
        self.assertTrue(any(uuid in str(error) for uuid in uuids), error)
        self.assertEqual(['n-0', 'n-1', 'n-2'], self.given(reservation))
        self.assertEqual(['n-0', 'n-1', 'n-2'], self.allocated(reservation))

    def test_a_running_node_that_others_have_reserved_next(self):
        self.make_hosts(2)
        reservation = self.run_reservation(0, 2)
        (name,) = self.given(reservation)
        self.reserve(2, 3, hypervisor_properties=f'["=", "$name", "{name}"]')
        uuid = self.put_instance(name[-1], reservation)
        error = self.assertRaises(
            exception.InUse, self.change, reservation, started=True, end_date=3
        )
        self.assertIn(f'Instance {uuid} is in use: it is on a host that', str(error))
        self.assertIn('others have reserved in that time', str(error))
        # Not everybody may know which nodes a lease has.
        self.assertNotIn(name, str(error).replace(uuid, ''))
        self.remove_instance(uuid)
        plan, after = self.change(reservation, started=True, end_date=3)
        self.assertTrue(plan.resources_changed)
        self.assertEqual([], self.given(reservation))
        self.start(after)
        self.assertEqual(self.allocated(after), self.given(after))
        self.assertNotEqual([name], self.given(after))

    @db_case.logic
    def test_what_is_missing_stays_missing(self):
        self.make_hosts(2)
        reservation = self.reserve(max=2)
        self.set_node(1, maintenance=True)
        self.assertTrue(self.start(reservation).missing_resources)
        plan, _ = self.change(reservation, started=True, end_date=2)
        self.assertTrue(plan.missing_resources)
        self.assertEqual(['n-0', 'n-1'], self.allocated(reservation))


db_case.on_each(globals(), ChangeTests)
