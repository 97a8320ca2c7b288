"""Nodes given at the start: broken ones are replaced, late ones waited for."""

import dataclasses
import threading

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.leases import models
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins.host import starting
from tests import racing
from tests.unit.db import db_case
from tests.unit.leases import host_plugin_case


class StartCase(host_plugin_case.PluginMixin):
    def add_row(self, reservation):
        """The reservation's row, as its lease's create leaves it."""
        self.in_transaction(
            lambda conn: conn.execute(
                models.RESERVATIONS.insert(),
                {
                    'uuid': reservation.uuid,
                    'lease_uuid': reservation.lease_uuid,
                    'resource_type': self.plugin.resource_type,
                    'status': 'pending',
                    'started': True,
                    'unsettled': False,
                    'missing_resources': False,
                    'resources_changed': False,
                    'requested': '{}',
                    'created_at': self.zero,
                    'updated_at': self.zero,
                },
            )
        )
        return reservation

    def is_changed(self, reservation):
        (row,) = self.rows(models.RESERVATIONS, uuid=reservation.uuid)
        return row['resources_changed']

    def assert_given(self, reservation, names, **plan):
        answer = self.start(reservation)
        self.assertEqual(base.Plan(**plan), answer)
        self.assertEqual(names, self.given(reservation))

    def assert_waits(self, reservation, *words, waits_on=None, **plan):
        waiting = self.start(reservation)
        self.assertIsInstance(waiting, base.Waiting)
        for word in words:
            self.assertIn(word, waiting.reason)
        # Not everybody may know which nodes a lease has.
        for name in self.allocated(reservation):
            self.assertNotIn(name, waiting.reason)
        if waits_on is not None:
            self.assertEqual(waits_on, waiting.waits_on)
        plan = {'missing_resources': True, **plan}
        self.assertEqual(base.Plan(**plan), waiting.plan)


class StartTests(StartCase):
    def test_the_project_has_its_nodes(self):
        self.make_hosts(3)
        reservation = self.reserve(max=2)
        for _ in range(2):
            self.assert_given(reservation, self.allocated(reservation))
        (row, _) = self.rows(
            host_plugin_case.host_case.NODES, reservation_uuid=reservation.uuid
        )
        self.assertEqual(reservation.project_id, row['reservation_project_id'])

    def test_a_broken_node_is_replaced_by_another_that_fits(self):
        for values in ({'maintenance': True}, {'present': False}):
            self.make_nodes(3)
            self.make_host(0, rack='a')
            self.make_host(1, rack='b')
            reservation = self.reserve(resource_properties='["in", "$rack", "a", "c"]')
            self.add_row(reservation)
            self.set_node(0, **values)
            other = self.make_host(2, rack='c')
            self.assert_given(reservation, ['n-2'], resources_changed=True)
            self.assertEqual(['n-2'], self.allocated(reservation))
            self.assertTrue(self.is_changed(reservation))
            self.assert_not_enough(resource_properties='["=", "$rack", "c"]')
            self.assert_given(reservation, ['n-2'])
            self.end(reservation)
            self.set_node(0, maintenance=False, present=True)
            for host in ('n-0', 'n-1', other):
                self.hosts.delete(self.admin(), host)

    def test_a_node_that_others_have_reserved_is_no_replacement(self):
        self.make_hosts(2)
        reservation = self.add_row(self.reserve(0, 4))
        (name,) = self.allocated(reservation)
        self.reserve(2, 3)
        self.set_node(name[-1], maintenance=True)
        self.assert_waits(reservation, '0 of 1 nodes', 'a node is in maintenance')
        self.set_node(name[-1], maintenance=False)
        self.assert_given(reservation, [name])

    @db_case.logic
    def test_a_node_that_is_held_is_no_replacement(self):
        self.make_hosts(2)
        reservation = self.add_row(self.reserve())
        (name,) = self.allocated(reservation)
        other = 'n-1' if name == 'n-0' else 'n-0'
        self.set_node(name[-1], present=False)
        for held in (
            {'reservation_uuid': 'late'},
            {'reservation_uuid': None, 'instance_uuid': 'left'},
        ):
            self.set_node(other[-1], **held)
            self.assert_waits(reservation, 'a node is gone from the inventory')
        self.set_node(other[-1], instance_uuid=None)
        self.assert_given(reservation, [other], resources_changed=True)

    @db_case.logic
    def test_fewer_than_planned_but_enough(self):
        self.make_hosts(3)
        reservation = self.add_row(self.reserve(min=2, max=3))
        self.set_node(1, maintenance=True)
        self.assert_given(reservation, ['n-0', 'n-2'], missing_resources=True)
        self.assertEqual(['n-0', 'n-1', 'n-2'], self.allocated(reservation))
        self.set_node(1, maintenance=False)
        self.assert_given(reservation, ['n-0', 'n-1', 'n-2'])

    @db_case.logic
    def test_too_few_wait_and_keep_what_is_there(self):
        self.make_nodes(5)
        for number in range(3):
            self.make_host(number)
        reservation = self.add_row(self.reserve(min=3, max=3))
        self.set_node(0, maintenance=True)
        self.set_node(1, present=False)
        self.assert_waits(
            reservation,
            '1 of 3 nodes are there',
            'a node is in maintenance',
            'a node is gone from the inventory',
        )
        self.assertEqual(['n-2'], self.given(reservation))
        self.make_host(3)
        self.assert_waits(reservation, '2 of 3 nodes', resources_changed=True)
        self.make_host(4)
        self.assert_given(reservation, ['n-2', 'n-3', 'n-4'], resources_changed=True)

    @db_case.logic
    def test_a_reason_has_bounds(self):
        self.make_hosts(9)
        reservation = self.add_row(self.reserve(min=9, max=9))
        for number in range(9):
            self.set_node(number, maintenance=True)
        waiting = self.start(reservation)
        self.assertEqual(5, waiting.reason.count('is in maintenance'))
        self.assertIn('; 4 more.', waiting.reason)

    @db_case.logic
    def test_a_call_that_is_given_up_gives_nothing(self):
        self.make_hosts(1)
        reservation = self.reserve()
        call = self.make_call(reservation)
        call.abandoned.set()
        self.assertRaises(starting.Abandoned, self.plugin.on_start, call)
        self.assertEqual([], self.given(reservation))

    @db_case.logic
    def test_a_call_after_the_end_gives_nothing(self):
        self.make_hosts(2)
        reservation = self.reserve(max=2)
        self.start(reservation)
        self.end(reservation)
        self.start(reservation)
        self.assertEqual([], self.given(reservation))

    def test_an_end_between_look_and_gift_waits_for_it(self):
        """A call that nobody waits for any more may be that late."""
        self.make_hosts(2)
        reservation = self.reserve(max=2)
        looked, ended = threading.Event(), threading.Event()
        hand_over = self.plugin.nodes.hand_over

        def hand_over_late(*args):
            looked.set()
            # Not longer: the end waits for the rows that were looked at.
            ended.wait(0.5)
            return hand_over(*args)

        def end():
            looked.wait(30)
            self.end(reservation)
            ended.set()

        self.plugin.nodes.hand_over = hand_over_late
        results = racing.at_once(lambda: self.start(reservation), end)
        self.assertEqual([base.Plan(), None], results)
        self.assertEqual([], self.given(reservation))
        self.assertEqual([], self.allocated(reservation))

    @db_case.logic
    def test_a_given_node_that_breaks_with_an_instance_stays(self):
        self.make_hosts(2)
        reservation = self.add_row(self.reserve())
        (name,) = self.allocated(reservation)
        self.start(reservation)
        self.put_instance(name[-1], reservation)
        self.set_node(name[-1], maintenance=True, present=False)
        self.assert_given(reservation, [name])

    @db_case.logic
    def test_a_given_node_that_breaks_before_it_is_used_is_replaced(self):
        self.make_hosts(2)
        reservation = self.add_row(self.reserve())
        (name,) = self.allocated(reservation)
        self.start(reservation)
        other = 'n-1' if name == 'n-0' else 'n-0'
        self.set_node(name[-1], maintenance=True)
        self.set_node(other[-1], maintenance=True)
        self.assert_waits(reservation, 'a node is in maintenance')
        self.set_node(other[-1], maintenance=False)
        self.assert_given(reservation, [other], resources_changed=True)
        self.assertEqual([other], self.allocated(reservation))

    def test_killed_anywhere(self):
        """Where one node is given, one is replaced, and one is waited for."""
        self.make_hosts(4)
        counts = []
        rounds = host_plugin_case.kill_each(lambda: self.start(self.reservation))
        while True:
            for number in range(4):
                self.set_node(number, maintenance=False)
            self.reservation = self.add_row(self.reserve(min=3, max=3))
            taken = self.allocated(self.reservation)
            for name in taken[:2]:
                self.set_node(name[-1], maintenance=True)
            number = next(rounds, None)
            if number is None:
                break
            counts.append(number)
            waiting = self.start(self.reservation)
            self.assertIn('2 of 3 nodes are there', waiting.reason)
            self.assertEqual(2, len(self.given(self.reservation)))
            self.assertEqual(3, len(self.allocated(self.reservation)))
            self.assertTrue(self.is_changed(self.reservation))
            self.end(self.reservation)
        self.assertGreater(len(counts), 10)

    def test_two_that_want_the_same_replacement(self):
        self.make_hosts(3)
        first, second = (self.add_row(self.reserve()) for _ in range(2))
        for reservation in (first, second):
            (name,) = self.allocated(reservation)
            self.set_node(name[-1], maintenance=True)
        answers = [self.start(first), self.start(second)]
        self.assertEqual(base.Plan(resources_changed=True), answers[0])
        self.assertIsInstance(answers[1], base.Waiting)
        self.assertEqual(1, len(self.given(first)))


class BackToBackTests(StartCase):
    def test_a_late_end_is_waited_for_and_wakes_who_waits(self):
        self.make_hosts(1)
        former = self.reserve(0, 1)
        self.start(former)
        instance = self.put_instance(0, former)
        self.lock_instance(instance, 'admin')
        following = self.add_row(self.reserve(1, 2))
        self.end(former)
        self.assert_waits(
            following,
            f'a node is still held by lease {former.lease_uuid}',
            f'with instance {instance}',
            waits_on='uuid-0',
        )
        self.add_waiting('uuid-0')
        self.remove_instance(instance)
        self.assertIsNone(self.end(former))
        self.assertEqual(1, self.woken)
        (work,) = self.rows(claims.DUE_WORK)
        self.assertIsNone(work['waits_on'])
        self.assertLessEqual(work['until'], clock.utcnow())
        self.assert_given(following, ['n-0'])

    @db_case.logic
    def test_another_projects_lease_is_not_named(self):
        self.make_hosts(1)
        former = self.reserve(0, 1)
        self.start(former)
        following = dataclasses.replace(
            self.make_reservation(1, 2), project_id='another'
        )
        self.plan(following)
        answer = self.start(self.add_row(following))
        self.assertIn("is still held by another project's lease", answer.reason)
        for secret in (former.lease_uuid, former.uuid):
            self.assertNotIn(secret, answer.reason)

    def add_waiting(self, waits_on):
        """Due work that waits."""
        values = {
            'kind': 'lease/physical:host',
            'object_id': 'x',
            'due_at': self.zero,
            'until': self.zero,
            'waits_on': waits_on,
            'generation': 1,
            'attempts': 0,
            'payload': '{}',
        }
        self.in_transaction(lambda conn: conn.execute(claims.DUE_WORK.insert(), values))

    def test_a_late_end_moves_the_next_one_where_there_is_another_node(self):
        self.make_hosts(2)
        former = self.reserve(0, 1)
        (name,) = self.allocated(former)
        by_name = f'["=", "$name", "{name}"]'
        self.start(former)
        self.put_instance(name[-1], former)
        following = self.add_row(
            self.reserve(1, 2, resource_properties=f'["or", {by_name}, {by_name}]')
        )
        other = 'n-1' if name == 'n-0' else 'n-0'
        self.hosts.update(self.admin(), other, {'also': name})
        fitting = f'["or", {by_name}, ["=", "$also", "{name}"]]'
        following = self.change(following, values={'resource_properties': fitting})[1]
        self.assertEqual([name], self.allocated(following))
        self.assert_given(following, [other], resources_changed=True)

    @db_case.logic
    def test_an_end_in_time_is_not_noticed(self):
        self.make_hosts(1)
        former, following = self.reserve(0, 1), self.reserve(1, 2)
        self.start(former)
        self.end(former)
        self.assert_given(following, ['n-0'])


db_case.on_each(globals(), StartTests, BackToBackTests)
