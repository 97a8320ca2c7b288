"""Steps of the fake: how they fail, how long they take, what is noted."""

import os

from mogan_like.instances.drivers import base
from mogan_like.instances.drivers import fake
from mogan_like.instances.drivers import fake_conf
from tests.plugins import instance_job
from tests.unit.instances.drivers.fake_case import FakeTestCase


class TestFailures(FakeTestCase):
    def test_the_first_time_only(self):
        self.set(fail_steps=['build.write_image:1'])
        with self.assertRaisesRegex(base.DriverError, 'build.write_image'):
            self.build(instance='one')
        self.build(instance='one')

    def test_always(self):
        self.set(fail_steps=['delete.wipe:always'])
        self.build(instance='one')
        for _ in range(3):
            with self.assertRaises(base.DriverError):
                self.delete('one')

    def test_kinds(self):
        self.set(
            fail_steps=['delete.wipe:1:temporary', 'delete.wipe:1:bug', 'delete.wipe:1']
        )
        self.build(instance='one')
        kinds = []
        for _ in range(3):
            with self.assertRaises(Exception) as raised:
                self.delete('one')
            kinds.append(type(raised.exception))
        self.assertEqual([base.NodeUnreachable, RuntimeError, base.DriverError], kinds)
        self.delete('one')
        self.assertIsNone(self.record())

    def test_the_step_before_is_not_done_again(self):
        self.set(fail_steps=['build.power_on:1'])
        with self.assertRaises(base.DriverError):
            self.build(instance='one')
        job = instance_job.Job()
        self.build(instance='one', job=job)
        self.assertEqual(
            ['power_on'], [step for kind, step in job.points if kind == 'start']
        )

    def test_a_step_that_failed_has_changed_nothing(self):
        self.set(fail_steps=['build.write_image'])
        with self.assertRaises(base.DriverError):
            self.build(instance='one')
        self.assertIsNone(self.record()['image'])

    def test_all_conductors_of_a_host_count_together(self):
        self.use_directory()
        self.set(fail_steps=['build.write_image:1'])
        with self.assertRaises(base.DriverError):
            self.build(instance='one')
        self.driver = fake.FakeDriver()
        self.build(instance='one')


class TestDurations(FakeTestCase):
    def waits_of(self, **options):
        waits = []

        class Job(instance_job.Job):
            def wait(self, seconds, done=None, interval=1.0):
                waits.append((self.points[-1][1], seconds))
                return super().wait(seconds, done, interval)

        self.set(**options)
        self.build(job=Job())
        return waits

    def test_no_time_unless_told(self):
        self.assertEqual([], self.waits_of())

    def test_the_name_with_the_verb_goes_first(self):
        self.assertEqual(
            [('power_off', 1.5), ('write_image', 2.0)],
            self.waits_of(
                step_seconds={
                    'power_off': 1.5,
                    'write_image': 9.0,
                    'build.write_image': 2.0,
                    'delete.wipe': 7.0,
                }
            ),
        )


class TestJournal(FakeTestCase):
    def test_every_step_has_a_start_and_an_end(self):
        self.use_directory()
        self.build(instance='one')
        self.delete('one')
        journal = self.driver.state.journal()
        self.assertEqual(
            [
                (f'{verb}.{step}', phase, result)
                for verb in ('build', 'delete')
                for step in fake_conf.STEPS[verb]
                for phase, result in (('start', None), ('end', 'done'))
            ],
            [(entry['step'], entry['phase'], entry['result']) for entry in journal],
        )
        self.assertEqual(
            {(os.getpid(), self.node.uuid, 'one')},
            {(entry['pid'], entry['node'], entry['instance']) for entry in journal},
        )

    def test_results(self):
        self.set(
            fail_steps=['build.write_image:1'], step_seconds={'configure_network': 1.0}
        )
        with self.assertRaises(base.DriverError):
            self.build(instance='one')
        job = instance_job.Job(at=4, action=instance_job.cancel)
        with self.assertRaises(base.JobCancelled):
            self.build(instance='one', job=job)
        self.assertEqual(('wait', 'configure_network'), job.points[-1])
        self.assertEqual(
            [
                ('build.power_off', 'done'),
                ('build.write_image', 'failed'),
                ('build.write_image', 'done'),
                ('build.configure_network', 'cancelled'),
            ],
            [
                (entry['step'], entry['result'])
                for entry in self.driver.state.journal()
                if entry['phase'] == 'end'
            ],
        )
