"""Work of instance drivers that is cancelled, overtaken or told too late."""

import uuid

from mogan_like.instances.drivers import base
from tests.plugins import instance_driver_case
from tests.plugins.instance_job import Job
from tests.plugins.instance_job import cancel


class LateWorkContract(instance_driver_case.InstanceDriverCase):
    """A worker that has lost its claim does no harm."""

    def test_a_build_cancelled_anywhere_can_be_deleted(self):
        instance = str(uuid.uuid4())
        points = self.points_of(lambda job: self.build(job, instance))
        self.delete(instance)
        last = max(
            index for index, point in enumerate(points) if point[0] in ('start', 'wait')
        )
        for at in range(last + 1):
            instance = str(uuid.uuid4())
            job = Job(at=at, action=cancel)
            self.assertRaises(base.JobCancelled, self.build, job, instance)
            self.driver.delete(Job(), self.node, instance)
            self.assert_clean()

    def test_a_job_cancelled_before_it_begins_does_nothing(self):
        instance = self.built()
        job = Job()
        job.cancelled = True
        before = self.effects(self.node)
        for run in (
            lambda: self.build(job, str(uuid.uuid4()), node=self.other_node),
            lambda: self.rebuild(job, instance),
            lambda: self.driver.power(job, self.node, instance, 'reboot'),
            lambda: self.driver.delete(job, self.node, instance),
        ):
            self.assertRaises(base.JobCancelled, run)
        self.assertEqual(before, self.effects(self.node))
        self.assertEqual([], self.effects(self.other_node))
        self.assert_clean(self.other_node)

    def test_a_build_that_was_deleted_meanwhile_notices(self):
        self._late_builds(lambda instance: None)

    def test_a_build_that_was_deleted_meanwhile_leaves_the_next_alone(self):
        self._late_builds(lambda instance: self.built())

    def _late_builds(self, then):
        """A delete, and what comes then, in the middle of a build."""
        instance = str(uuid.uuid4())
        points = self.points_of(lambda job: self.build(job, instance))
        self.delete(instance)
        for at, (kind, _step) in enumerate(points):
            # Whoever has not begun, and is not told, cannot know.
            for told in (True, False) if kind in ('wait', 'end') else (True,):
                self._late_build(at, told, then)

    def _late_build(self, at, told, then):
        seen = []

        def overtake(job):
            self.successor.delete(Job(), self.node, instance)
            seen.append(then(instance))
            seen.append(self.effects(self.node))
            job.cancelled = told

        instance = str(uuid.uuid4())
        expected = (
            (base.JobCancelled,) if told else (base.DriverError, base.JobCancelled)
        )
        self.assertRaises(expected, self.build, Job(at=at, action=overtake), instance)
        tenant, effects = seen
        self.assertEqual(effects, self.effects(self.node))
        if tenant:
            self.assertEqual(base.POWER_ON, self.power_state(self.node))
            self.delete(tenant)
        self.assert_clean()

    def test_work_that_learns_after_a_wait_that_it_is_late_undoes_nothing(self):
        """The instance is its user's by then, and switched off."""

        def finish(job):
            run(Job(job.id), self.successor)
            self.successor.power(Job(), self.node, instance, 'off')
            effects.append(self.effects(self.node))
            job.late = True

        runs = {
            'build': lambda job, driver=None: self.build(job, instance, driver),
            'rebuild': lambda job, driver=None: self.rebuild(job, instance, driver),
            'power': lambda job, driver=None: (driver or self.driver).power(
                job, self.node, instance, 'reboot'
            ),
        }
        effects = []
        for verb, run in runs.items():
            instance = str(uuid.uuid4()) if verb == 'build' else self.built()
            points = self.points_of(run)
            self.delete(instance)
            for at, (kind, _step) in enumerate(points):
                if kind == 'wait':
                    instance = str(uuid.uuid4()) if verb == 'build' else self.built()
                    job = Job(at=at, action=finish)
                    self.assertRaises(base.JobCancelled, run, job)
                    self.assertEqual(effects.pop(), self.effects(self.node))
                    self.assertEqual(base.POWER_OFF, self.power_state(self.node))
                    self.delete(instance)

    def test_a_delete_that_was_overtaken_leaves_the_next_alone(self):
        def run(job):
            self.driver.delete(job, self.node, instance)

        instance = self.built()
        for at, _point in enumerate(self.points_of(run)):
            instance = self.built()
            # It is gone, which is what was asked for.
            self.overtaken(run, at, instance, allowed=(base.JobCancelled,))

    def test_nothing_else_is_done_while_a_delete_runs(self):
        def late(job):
            before = self.effects(self.node)
            for run in (
                lambda: self.build(Job(), instance, self.successor),
                lambda: self.rebuild(Job(), instance, self.successor),
                lambda: self.successor.power(Job(), self.node, instance, 'on'),
            ):
                self.assert_refused(run)
            self.assertEqual(before, self.effects(self.node))

        instance = self.built()
        points = self.points_of(
            lambda job: self.driver.delete(job, self.node, instance)
        )
        for at, (kind, _step) in enumerate(points):
            if kind == 'wait':
                instance = self.built()
                self.driver.delete(Job(at=at, action=late), self.node, instance)
                self.assert_clean()

    def test_a_rebuild_that_was_overtaken_leaves_the_next_alone(self):
        def run(job):
            self.rebuild(job, instance)

        instance = self.built()
        points = self.points_of(run)
        self.delete(instance)
        for at, _point in enumerate(points):
            instance = self.built()
            self.overtaken(run, at, instance)

    def test_power_that_was_overtaken_leaves_the_next_alone(self):
        def run(job):
            self.driver.power(job, self.node, instance, 'off')

        instance = self.built()
        points = self.points_of(run)
        self.delete(instance)
        for at, _point in enumerate(points):
            instance = self.built()
            self.overtaken(run, at, instance)
