"""What the contract of instance drivers is made of: machines and disturbances."""

import contextlib
import uuid

from mogan_like.instances.drivers import base
from tests.plugins.instance_job import Job
from tests.plugins.instance_job import Killed
from tests.plugins.instance_job import kill

NETWORK = '3f1f6d4e-5a0c-4f0e-8f57-0f2c6a3b9d10'
IMAGE = 'b1c7f1b2-63b1-4b0d-9b57-3d6d1d3a7a11'
OTHER_IMAGE = '0d0e4d6f-7a55-44f6-8a39-6b7c2c9e4f12'


class InstanceDriverCase:
    """Joined with a test case that says how the driver is made."""

    def make_driver(self):
        """A driver, as another conductor has it: all see the same machines.

        At least two machines must be free.
        """
        raise NotImplementedError

    def effects(self, node):
        """What was done to the machine and finished, oldest first.

        A list of anything that compares; it only grows.
        """
        raise NotImplementedError

    def power_state(self, node):
        """What the machine is, ``power on`` or ``power off``, whoever's it is."""
        raise NotImplementedError

    def unsupported_requests(self):
        """``[(fields of a BuildRequest, field named in the refusal)]``."""
        return []

    def setUp(self):
        super().setUp()
        self.driver = self.make_driver()
        self.successor = self.make_driver()
        self.node, self.other_node = self.driver.inventory()[:2]

    # -- what the tests are made of

    def build(self, job, instance, driver=None, node=None):
        return (driver or self.driver).build(
            job, node or self.node, instance, IMAGE, [{'net_id': NETWORK}], None, None
        )

    def rebuild(self, job, instance, driver=None):
        return (driver or self.driver).rebuild(
            job, self.node, instance, OTHER_IMAGE, [{'net_id': NETWORK}], None, None
        )

    def built(self, node=None):
        """A new instance on a machine."""
        instance = str(uuid.uuid4())
        self.build(Job(), instance, node=node)
        return instance

    def delete(self, instance):
        self.driver.delete(Job(), self.node, instance)

    def points_of(self, run):
        """The points of one undisturbed run."""
        job = Job()
        run(job)
        return job.points

    def effects_of(self, run, *args):
        before = len(self.effects(self.node))
        run(*args)
        return self.effects(self.node)[before:]

    def assert_clean(self, node=None):
        """Off, and free for another instance."""
        node = node or self.node
        self.assertEqual(base.POWER_OFF, self.power_state(node))
        instance = self.built(node)
        self.driver.delete(Job(), node, instance)

    def assert_refused(self, run, *args):
        """It is refused, in words that do not tell which node it is."""
        with self.assertRaises(base.DriverError) as raised:
            run(*args)
        for told in (self.node.name, self.node.uuid):
            self.assertNotIn(told, str(raised.exception))

    def assert_addresses(self, addresses):
        self.assertTrue(addresses)
        for name, items in addresses.items():
            self.assertIsInstance(name, str)
            self.assertTrue(items)
            for item in items:
                self.assertEqual({'addr', 'version', 'mac_addr'}, set(item))
                self.assertIn(item['version'], (4, 6))

    # -- how a run is disturbed

    def killed(self, run, at):
        """Kill a run at a point, let another driver finish the work.

        A run that does not come to the point is repeated all the same.
        """
        before = len(self.effects(self.node))
        job = Job(at=at, action=kill)
        with contextlib.suppress(Killed):
            run(job)
        result = run(Job(job.id), self.successor)
        return result, self.effects(self.node)[before:]

    def overtaken(
        self, run, at, instance, allowed=(base.DriverError, base.JobCancelled)
    ):
        """Delete the instance, and build another, in the middle of a run.

        :param allowed: what the run may raise
        """
        seen = []

        def overtake(job):
            self.successor.delete(Job(), self.node, instance)
            seen.append(self.built())
            seen.append(self.effects(self.node))

        with contextlib.suppress(*allowed):
            run(Job(at=at, action=overtake))
        tenant, effects = seen
        self.assertEqual(effects, self.effects(self.node))
        self.assertEqual(base.POWER_ON, self.power_state(self.node))
        self.delete(tenant)
        self.assert_clean()
