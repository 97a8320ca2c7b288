"""What every instance driver must pass.

A driver's test joins the mixin with a test case and says how to make the
driver; see tests/unit/instances/drivers/test_contract.py.
"""

import uuid

from mogan_like.common import exception
from mogan_like.instances.drivers import base
from tests.plugins import instance_driver_late
from tests.plugins.instance_driver_case import IMAGE
from tests.plugins.instance_driver_case import NETWORK
from tests.plugins.instance_job import Job


class InstanceDriverContract(instance_driver_late.LateWorkContract):
    """Joined with a test case that says how the driver is made."""

    # -- inventory and requests

    def test_inventory_is_the_same_for_everybody(self):
        nodes = self.driver.inventory()
        self.assertEqual(nodes, self.successor.inventory())
        self.assertEqual(len(nodes), len({node.uuid for node in nodes}))
        self.assertEqual(len(nodes), len({node.name for node in nodes}))
        for node in nodes:
            self.assertIsInstance(node, base.NodeSpec)
            self.assertEqual(node.uuid, str(uuid.UUID(node.uuid)))
            self.assertTrue(node.resource_class)
            for item in node.properties.items():
                self.assertEqual([str, str], [type(part) for part in item])

    def test_a_plain_request_is_honoured(self):
        self.driver.check_request(
            base.BuildRequest(
                str(uuid.uuid4()), 'one', IMAGE, networks=[{'net_id': NETWORK}]
            )
        )

    def test_what_cannot_be_honoured_is_refused_by_name(self):
        for fields, name in self.unsupported_requests():
            request = base.BuildRequest(str(uuid.uuid4()), 'one', IMAGE, **fields)
            with self.assertRaises(exception.FieldNotSupported) as refused:
                self.driver.check_request(request)
            self.assertEqual(
                {'driver': self.driver.name, 'field': name}, refused.exception.kwargs
            )

    # -- build

    def test_a_build_ends_switched_on_with_addresses(self):
        instance = str(uuid.uuid4())
        self.assert_addresses(self.build(Job(), instance))
        self.assertEqual(base.POWER_ON, self.power_state(self.node))

    def test_all_that_a_build_does_is_in_a_step(self):
        points = self.points_of(lambda job: self.build(job, str(uuid.uuid4())))
        self.assertTrue([step for kind, step in points if kind == 'start'])
        self.assertTrue([step for kind, step in points if kind == 'end'])

    def test_a_finished_build_is_not_done_again(self):
        instance = str(uuid.uuid4())
        first = self.build(Job(), instance)
        before = self.effects(self.node)
        again = self.build(Job(), instance, self.successor)
        self.assertEqual(first, again)
        self.assertEqual(before, self.effects(self.node))

    def test_a_build_that_comes_again_does_not_undo_later_work(self):
        instance = self.built()
        self.rebuild(Job(), instance)
        self.driver.power(Job(), self.node, instance, 'off')
        before = self.effects(self.node)
        self.build(Job(), instance, self.successor)
        self.assertEqual(before, self.effects(self.node))
        self.assertEqual(base.POWER_OFF, self.power_state(self.node))

    def test_a_build_killed_anywhere_is_finished_by_another(self):
        def run(job, driver=None):
            return self.build(job, instance, driver)

        instance = str(uuid.uuid4())
        expected = self.effects_of(run, Job())
        self.delete(instance)
        points = self.points_of(run)
        self.delete(instance)
        for at in range(len(points)):
            instance = str(uuid.uuid4())
            addresses, effects = self.killed(run, at)
            self.assertEqual(expected, effects, points[at])
            self.assert_addresses(addresses)
            self.assertEqual(base.POWER_ON, self.power_state(self.node))
            self.delete(instance)

    def test_a_machine_is_not_built_over(self):
        first = self.built()
        before = self.effects(self.node)
        self.assert_refused(self.build, Job(), str(uuid.uuid4()), self.successor)
        self.assertEqual(before, self.effects(self.node))
        self.assertEqual(base.POWER_ON, self.power_state(self.node))
        self.delete(first)
        self.assert_clean()

    def test_addresses_are_not_given_twice(self):
        given = []
        for node in (self.node, self.other_node):
            for items in self.build(Job(), str(uuid.uuid4()), node=node).values():
                given += [item['addr'] for item in items]
        self.assertEqual(len(given), len(set(given)))

    # -- delete

    def test_a_delete_leaves_the_machine_free(self):
        self.delete(self.built())
        self.assert_clean()

    def test_a_delete_of_what_is_gone_is_success(self):
        instance = self.built()
        self.delete(instance)
        before = self.effects(self.node)
        self.successor.delete(Job(), self.node, instance)
        self.driver.delete(Job(), self.node, str(uuid.uuid4()))
        self.assertEqual(before, self.effects(self.node))

    def test_a_delete_leaves_another_instance_alone(self):
        self.built()
        before = self.effects(self.node)
        self.driver.delete(Job(), self.node, str(uuid.uuid4()))
        self.assertEqual(before, self.effects(self.node))
        self.assertEqual(base.POWER_ON, self.power_state(self.node))

    def test_a_delete_killed_anywhere_is_finished_by_another(self):
        def run(job, driver=None):
            (driver or self.driver).delete(job, self.node, instance)

        instance = self.built()
        expected = self.effects_of(run, Job())
        instance = self.built()
        points = self.points_of(run)
        for at in range(len(points)):
            instance = self.built()
            _none, effects = self.killed(run, at)
            self.assertEqual(expected, effects, points[at])
            self.assert_clean()

    # -- rebuild

    def test_a_rebuild_keeps_the_addresses(self):
        instance = str(uuid.uuid4())
        addresses = self.build(Job(), instance)
        self.driver.power(Job(), self.node, instance, 'off')
        self.assertEqual(addresses, self.rebuild(Job(), instance))
        self.assertEqual(base.POWER_ON, self.power_state(self.node))

    def test_a_rebuild_is_done_once_for_each_job(self):
        instance = self.built()
        job = Job()
        first = self.effects_of(self.rebuild, job, instance)
        self.assertTrue(first)
        again = self.effects_of(self.rebuild, Job(job.id), instance, self.successor)
        self.assertEqual([], again)
        self.assertEqual(first, self.effects_of(self.rebuild, Job(), instance))

    def test_a_rebuild_killed_anywhere_is_finished_by_another(self):
        def run(job, driver=None):
            return self.rebuild(job, instance, driver)

        instance = self.built()
        expected = self.effects_of(run, Job())
        points = self.points_of(run)
        for at in range(len(points)):
            addresses, effects = self.killed(run, at)
            self.assertEqual(expected, effects, points[at])
            self.assert_addresses(addresses)

    def test_a_rebuild_of_what_is_not_there_is_refused(self):
        self.built()
        before = self.effects(self.node)
        self.assert_refused(self.rebuild, Job(), str(uuid.uuid4()))
        self.assertEqual(before, self.effects(self.node))

    # -- power

    def test_every_target_ends_in_its_state(self):
        instance = self.built()
        for target, state in base.POWER_TARGETS.items():
            result = self.driver.power(Job(), self.node, instance, target)
            self.assertEqual(state, result, target)
            self.assertEqual(state, self.power_state(self.node))

    def test_a_switch_that_is_right_already_is_left(self):
        instance = self.built()
        before = self.effects(self.node)
        self.driver.power(Job(), self.node, instance, 'on')
        self.assertEqual(before, self.effects(self.node))

    def test_a_reboot_is_done_once_for_each_job(self):
        def run(job, driver=None):
            return (driver or self.driver).power(job, self.node, instance, 'reboot')

        instance = self.built()
        job = Job()
        once = self.effects_of(run, job)
        self.assertTrue(once)
        self.assertEqual([], self.effects_of(run, Job(job.id), self.successor))
        self.assertEqual(once, self.effects_of(run, Job()))

    def test_power_killed_anywhere_is_finished_by_another(self):
        def run(job, driver=None):
            return (driver or self.driver).power(job, self.node, instance, target)

        instance = self.built()
        for target in ('off', 'on', 'reboot', 'soft_reboot', 'soft_off'):
            points = self.points_of(
                lambda job: self.driver.power(job, self.node, instance, 'reboot')
            )
            if target == 'on':
                self.driver.power(Job(), self.node, instance, 'off')
            for at in range(len(points)):
                state, effects = self.killed(run, at)
                self.assertEqual(base.POWER_TARGETS[target], state)
                self.assertLessEqual(len(effects), 1, (target, points[at]))

    def test_power_of_what_is_not_there_is_refused(self):
        self.built()
        self.assert_refused(
            self.driver.power, Job(), self.node, str(uuid.uuid4()), 'off'
        )
        self.assertEqual(base.POWER_ON, self.power_state(self.node))
