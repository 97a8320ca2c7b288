"""Nodes taken back at the end, and what is on them deleted or waited for."""

from mogan_like.leases.plugins import base
from tests.unit.db import db_case
from tests.unit.leases import host_plugin_case


class EndTests(host_plugin_case.PluginMixin):
    def run_reservation(self, count=2):
        self.make_hosts(count)
        reservation = self.reserve(max=count)
        self.start(reservation)
        return reservation

    def assert_over(self, reservation):
        self.assertIsNone(self.end(reservation))
        self.assertEqual([], self.given(reservation))
        self.assertEqual([], self.allocated(reservation))

    def verbs(self):
        """[(verb, uuid)]."""
        return [call[:2] for call in self.instances.calls]

    def test_nodes_are_free_again(self):
        reservation = self.run_reservation()
        for _ in range(2):
            self.assert_over(reservation)
        self.assertEqual(['n-0', 'n-1'], self.allocated(reservation, released=1))
        self.reserve(max=2)

    @db_case.logic
    def test_a_reservation_that_never_was_started(self):
        self.make_hosts(1)
        reservation = self.reserve()
        self.assertIsNone(self.end(reservation, started=False))
        self.assertEqual([], self.allocated(reservation))

    def test_instances_are_deleted_by_who_ended_the_lease(self):
        reservation = self.run_reservation()
        uuids = {self.put_instance(number, reservation) for number in range(2)}
        by = {'ended_by_user_id': 'boss', 'ended_by_project_id': 'q'}
        waiting = self.end(reservation, **by)
        self.assertIsInstance(waiting, base.Waiting)
        self.assertIn('is being deleted', waiting.reason)
        self.assertIn(waiting.waits_on, uuids)
        self.assertEqual({('delete', uuid) for uuid in uuids}, set(self.verbs()))
        contexts = [call[-1] for call in self.instances.calls]
        for ctx in contexts:
            self.assertEqual(
                ('lease', reservation.lease_uuid, 'boss', 'q'),
                (ctx.cause, ctx.cause_id, ctx.user_id, ctx.project_id),
            )
        self.assertEqual(2, len({ctx.request_id for ctx in contexts}))
        self.assertIsInstance(self.end(reservation, **by), base.Waiting)
        # Once each: they are on their way.
        self.assertEqual(2, len(self.instances.calls))
        for uuid in uuids:
            self.remove_instance(uuid)
        self.assert_over(reservation)

    def test_an_owners_lock_is_released_in_the_name_of_the_lease(self):
        reservation = self.run_reservation(1)
        uuid = self.put_instance(0, reservation)
        self.lock_instance(uuid, 'owner')
        self.assertIn('is being deleted', self.end(reservation).reason)
        self.assertEqual([('unlock', uuid), ('delete', uuid)], self.verbs())
        requests = {call[-1].request_id for call in self.instances.calls}
        self.assertEqual(2, len(requests))
        self.assertEqual('owner', self.instances.calls[0][2])

    def test_an_admins_lock_is_waited_for_and_others_go_meanwhile(self):
        reservation = self.run_reservation(3)
        locked = self.put_instance(0, reservation)
        going = self.put_instance(1, reservation)
        self.lock_instance(locked, 'admin')
        waiting = self.end(reservation)
        self.assertEqual(locked, waiting.waits_on)
        self.assertIn(
            f'instance {locked} (instance on n-0) has been locked by an admin since '
            '2026-01-02T00:00:00.000000 (disk swap); instance ',
            waiting.reason,
        )
        self.assertEqual([('delete', going)], self.verbs())
        self.assertEqual(['n-2'], self.allocated(reservation, released=1))
        self.remove_instance(going)
        self.end(reservation)
        self.assertEqual(['n-0'], self.given(reservation))
        self.set(
            host_plugin_case.instance_store.models.INSTANCES,
            {'uuid': locked},
            status='ACTIVE',
            locked_by=None,
        )
        self.end(reservation)
        self.assertEqual(('delete', locked), self.verbs()[-1])
        self.remove_instance(locked)
        self.assert_over(reservation)

    def test_no_instance_comes_to_a_node_that_is_to_go(self):
        reservation = self.run_reservation(2)
        uuid = self.put_instance(0, reservation)
        self.lock_instance(uuid, 'admin')
        self.end(reservation)
        for number in range(2):
            self.assertIsNone(self.node(number)['reservation_project_id'])

    @db_case.logic
    def test_a_delete_that_is_refused_is_tried_again_soon(self):
        reservation = self.run_reservation(1)
        uuid = self.put_instance(0, reservation)
        self.instances.refusals[uuid] = host_plugin_case.exception.ConductorBusy()
        waiting = self.end(reservation)
        self.assertIsNone(waiting.waits_on)
        self.assertLess(waiting.seconds, 10)
        self.instances.refusals.clear()
        self.assertEqual(uuid, self.end(reservation).waits_on)

    @db_case.logic
    def test_a_busy_conductor_is_asked_once_and_not_for_each(self):
        reservation = self.run_reservation(5)
        busy = host_plugin_case.exception.ConductorBusy()
        for number in range(5):
            self.instances.refusals[self.put_instance(number, reservation)] = busy
        self.end(reservation)
        self.assertEqual(1, len(self.instances.calls))

    @db_case.logic
    def test_a_bug_of_the_delete_is_not_hidden(self):
        reservation = self.run_reservation(1)
        uuid = self.put_instance(0, reservation)
        self.instances.refusals[uuid] = ValueError()
        self.assertRaises(ValueError, self.end, reservation)

    def test_an_instance_that_its_user_deletes_meanwhile(self):
        reservation = self.run_reservation(1)
        uuid = self.put_instance(0, reservation)
        delete = self.instances.delete

        def delete_and_find_it_gone(ctx, uuid):
            delete(ctx, uuid)
            self.remove_instance(uuid)
            raise host_plugin_case.exception.InstanceNotFound(uuid=uuid)

        self.instances.delete = delete_and_find_it_gone
        self.assert_over(reservation)
        self.assertEqual([('delete', uuid)], self.verbs())

    @db_case.logic
    def test_a_node_that_is_gone_from_the_inventory(self):
        reservation = self.run_reservation(2)
        self.set_node(0, present=False)
        self.assert_over(reservation)

    @db_case.logic
    def test_many_instances_are_not_all_named(self):
        reservation = self.run_reservation(8)
        for number in range(8):
            self.lock_instance(self.put_instance(number, reservation), 'admin')
        reason = self.end(reservation).reason
        self.assertEqual(5, reason.count('has been locked'))
        self.assertIn('; 3 more instances.', reason)

    def test_killed_anywhere(self):
        self.make_hosts(2)
        counts = []
        rounds = host_plugin_case.kill_each(lambda: self.end(self.reservation))
        while True:
            self.reservation = self.reserve(min=2, max=2)
            self.start(self.reservation)
            uuid = self.put_instance(0, self.reservation)
            self.lock_instance(uuid, 'owner')
            self.instances.calls.clear()
            number = next(rounds, None)
            if number is None:
                break
            counts.append(number)
            self.end(self.reservation)
            # The stand-in is killed too, in its own transactions.
            deleted = [call for call in self.verbs() if call[0] == 'delete']
            self.assertIn(('delete', uuid), deleted)
            self.remove_instance(uuid)
            self.assert_over(self.reservation)
        self.assertGreater(len(counts), 10)

    @db_case.logic
    def test_given_up_by_an_admin(self):
        reservation = self.run_reservation(2)
        uuid = self.put_instance(0, reservation)
        self.lock_instance(uuid, 'admin')
        for _ in range(2):
            self.in_transaction(self.plugin.release_resource, reservation)
        self.assertEqual(
            ([], []), (self.given(reservation), self.allocated(reservation))
        )
        # The instance is still there, and its node is for nobody.
        following = self.reserve(min=2, max=2)
        waiting = self.start(following)
        self.assertIn('a node still has an instance', waiting.reason)
        self.remove_instance(uuid)
        self.start(following)
        self.assertEqual(['n-0', 'n-1'], self.given(following))


db_case.on_each(globals(), EndTests)
