"""Hosts for reservations: which, and when there are enough."""

import dataclasses
import json
import unittest

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.leases import models
from mogan_like.leases.plugins import host as host_plugin
from tests.unit.db import db_case
from tests.unit.leases import host_plugin_case


class CheckTest(unittest.TestCase):
    def check(self, **values):
        return host_plugin.HostPlugin().check_values(None, values)

    def test_numbers_may_come_as_text(self):
        self.assertEqual(
            {
                'min': 1,
                'max': 2,
                'hypervisor_properties': '',
                'resource_properties': '["=", "$a", "b"]',
                'before_end': None,
            },
            self.check(min='1', max='02', resource_properties='["=", "$a", "b"]'),
        )

    def test_refusals(self):
        for values, expected in (
            ({'min': 2, 'max': '1'}, 'min: it is more than max'),
            ({'min': 1, 'max': '99999'}, 'max: it is more than 10000'),
            (
                {'min': 1, 'max': 1, 'hypervisor_properties': '["~", "$a", "b"]'},
                'hypervisor_properties: at [0]: ~ is no operator',
            ),
            (
                {'min': 1, 'max': 1, 'resource_properties': '{'},
                'resource_properties: it is not JSON',
            ),
        ):
            with self.assertRaisesRegex(exception.InvalidParameter, '') as caught:
                self.check(**values)
            self.assertIn(expected, str(caught.exception))


class ReserveTests(host_plugin_case.PluginMixin):
    options = {'quota__reserved_nodes': 4}

    def test_as_many_as_there_are_up_to_max(self):
        self.make_hosts(3)
        reservation = self.reserve(min=2, max=5)
        self.assertEqual(['n-0', 'n-1', 'n-2'], self.allocated(reservation))
        rows = self.rows(models.ALLOCATIONS, reservation_uuid=reservation.uuid)
        self.assertEqual(
            {
                (
                    reservation.lease_uuid,
                    reservation.project_id,
                    reservation.start_date,
                    reservation.end_date,
                    0,
                )
            },
            {
                (
                    row['lease_uuid'],
                    row['project_id'],
                    row['start_date'],
                    row['end_date'],
                    row['released'],
                )
                for row in rows
            },
        )

    def test_other_times_do_not_matter(self):
        self.make_hosts(1)
        self.reserve(1, 2)
        self.reserve(0, 1)
        self.reserve(2, 3)
        for start, end in ((0, 3), (1, 2), (2.5, 4)):
            self.assert_not_enough(start, end)
        self.assertEqual(3, len(self.rows(models.ALLOCATIONS)))

    def test_the_refusal_says_when_enough_are_free(self):
        self.make_hosts(2)
        self.reserve(0, 2, max=2)
        self.reserve(3, 5)
        message = self.assert_not_enough(1, 2)
        self.assertEqual(
            '1 wanted of physical hosts, 0 free: there are enough from '
            f'{clock.isoformat(self.zero + 2 * host_plugin_case.HOUR)} on.',
            message,
        )
        message = self.assert_not_enough(1, 3, min=2, max=2)
        self.assertIn(
            f'from {clock.isoformat(self.zero + 5 * host_plugin_case.HOUR)} on', message
        )
        message = self.assert_not_enough(min=3, max=3)
        self.assertIn('there are 2 in all that fit and work.', message)

    def test_properties_of_both_kinds_apply_to_the_node_and_what_was_added(self):
        self.make_nodes(3, properties={'cpus': '16'})
        self.make_host(0, gpu='true')
        self.make_host(1, gpu='true', rack='b')
        self.make_host(2, rack='b')

        def reserve(start, **values):
            values = {name: json.dumps(value) for name, value in values.items()}
            return self.allocated(self.reserve(start, start + 1, max=3, **values))

        gpu = ['=', '$gpu', 'true']
        self.assertEqual(['n-0', 'n-1'], reserve(0, resource_properties=gpu))
        self.assertEqual(['n-0', 'n-1'], reserve(1, hypervisor_properties=gpu))
        both = {
            'resource_properties': ['and', gpu, ['=', '$rack', 'b']],
            'hypervisor_properties': ['>=', '$vcpus', '16'],
        }
        self.assertEqual(['n-1'], reserve(2, **both))
        both['hypervisor_properties'] = ['>', '$vcpus', '16']
        self.assertRaises(exception.NotEnoughResources, reserve, 3, **both)
        by_name = ['in', '$hypervisor_hostname', 'n-2', 'n-7']
        self.assertEqual(['n-2'], reserve(4, hypervisor_properties=by_name))

    def test_broken_nodes_are_not_chosen(self):
        self.make_hosts(3)
        self.set_node(0, maintenance=True)
        self.set_node(1, present=False)
        self.assertEqual(['n-2'], self.allocated(self.reserve(max=3)))
        self.assertIn('there are 1 in all', self.assert_not_enough(1, 2, min=2, max=2))

    def test_nodes_that_are_held_now_are_the_last_to_be_chosen(self):
        self.make_hosts(3)
        self.set_node(0, reservation_uuid='late')
        self.set_node(1, reservation_uuid='late', instance_uuid='i')
        for hours in range(5):
            self.assertEqual(['n-2'], self.allocated(self.reserve(hours, hours + 1)))
        self.reserve(max=3)

    def test_an_allocation_whose_time_is_over_does_not_stand_in_the_way(self):
        (host,) = self.make_hosts(1)
        past = clock.utcnow() - host_plugin_case.HOUR
        self.allocate(host, past, clock.utcnow())
        # In the minute that is going on, as a start that was called now is.
        reservation = self.make_reservation()
        self.plan(dataclasses.replace(reservation, start_date=past))
        self.assertEqual(['n-0'], self.allocated(reservation))

    def test_released_allocations_do_not_count(self):
        (host,) = self.make_hosts(1)
        end = self.zero + host_plugin_case.HOUR
        self.allocate(host, self.zero, end, released=1)
        self.reserve()

    def test_candidates(self):
        self.make_hosts(3)
        self.set_node(0, reservation_uuid='late')
        self.set_node(1, maintenance=True)
        reservation = self.make_reservation()
        names = self.in_transaction(self.plugin.allocation_candidates, reservation)
        self.assertEqual(['n-2', 'n-0'], names)
        self.assertEqual([], self.rows(models.ALLOCATIONS))

    def test_list_of_allocations(self):
        self.make_hosts(2)
        reservation = self.reserve()
        # Of its type are those whose reservations are.
        self.in_transaction(
            lambda conn: conn.execute(
                models.RESERVATIONS.insert(),
                {
                    'uuid': reservation.uuid,
                    'lease_uuid': reservation.lease_uuid,
                    'resource_type': self.plugin.resource_type,
                    'status': 'pending',
                    'started': False,
                    'unsettled': False,
                    'missing_resources': False,
                    'resources_changed': False,
                    'requested': '{}',
                    'created_at': self.zero,
                    'updated_at': self.zero,
                },
            )
        )
        self.reserve()
        (row,) = self.rows(models.ALLOCATIONS, reservation_uuid=reservation.uuid)
        self.assertEqual(
            [
                {
                    'resource_id': str(row['host_id']),
                    'reservations': [
                        {
                            'id': reservation.uuid,
                            'lease_id': reservation.lease_uuid,
                            'start_date': reservation.start_date,
                            'end_date': reservation.end_date,
                        }
                    ],
                }
            ],
            self.in_transaction(self.plugin.list_allocations),
        )


db_case.on_each(globals(), ReserveTests)
