"""A real process killed in each step, and another that finishes its work."""

import subprocess
import sys
import threading
import time
import unittest
import uuid

import fixtures
from oslo_config import fixture as config_fixture

from mogan_like.common.config import CONF
from mogan_like.instances.drivers import base
from mogan_like.instances.drivers import fake
from mogan_like.instances.drivers import fake_conf
from tests.plugins import instance_job
from tests.plugins.instance_driver_case import IMAGE


class WaitingJob(instance_job.Job):
    """Waits in earnest."""

    def wait(self, seconds, done=None, interval=1.0):
        return threading.Event().wait(seconds)


def run(verb, job, instance):
    """One verb on the first machine."""
    driver = fake.FakeDriver()
    node = driver.inventory()[0]
    if verb == 'delete':
        return driver.delete(job, node, instance)
    if verb == 'power':
        return driver.power(job, node, instance, 'reboot')
    return getattr(driver, verb)(job, node, instance, IMAGE, [], None, None)


class TestKilled(fixtures.TestWithFixtures, unittest.TestCase):
    def setUp(self):
        super().setUp()
        fake_conf.register_opts(CONF)
        self.config = self.useFixture(config_fixture.Config(CONF))
        self.path = self.useFixture(fixtures.TempDir()).join('state')
        self.config.config(group='fake', state_dir=self.path)
        self.driver = fake.FakeDriver()
        self.node = self.driver.inventory()[0]
        self.instance = str(uuid.uuid4())

    def done(self):
        return [
            entry['step']
            for entry in self.driver.state.journal()
            if entry['result'] == 'done'
        ]

    def kill_in(self, verb, step):
        """Run a verb in a process of its own; kill -9 it in the step.

        :returns: the id of its job
        """
        job = instance_job.Job()
        child = subprocess.Popen(
            [
                sys.executable,
                '-m',
                __name__,
                self.path,
                f'{verb}.{step}',
                job.id,
                self.instance,
            ]
        )
        try:
            self.wait_for(child, f'{verb}.{step}')
        finally:
            child.kill()
            child.wait(30)
        return job.id

    def wait_for(self, child, step):
        """Until the process has begun the step."""
        deadline = time.monotonic() + 30
        while not any(
            (entry['pid'], entry['step']) == (child.pid, step)
            for entry in self.driver.state.journal()
        ):
            self.assertIsNone(child.poll(), 'the process ended by itself')
            self.assertLess(time.monotonic(), deadline, 'no start of ' + step)
            threading.Event().wait(0.01)

    def is_on(self):
        with self.driver.state.lock():
            record = self.driver.state.read(f'nodes/{self.node.uuid}')
        return record is not None and record['power'] == base.POWER_ON

    def check_verb(self, verb):
        steps = [f'{verb}.{step}' for step in fake_conf.STEPS[verb]]
        for step in fake_conf.STEPS[verb]:
            if verb != 'build':
                run('build', instance_job.Job(), self.instance)
            before = len(self.done())
            job_id = self.kill_in(verb, step)
            run(verb, instance_job.Job(job_id), self.instance)
            self.assertEqual(steps, self.done()[before:], step)
            self.assertEqual(verb != 'delete', self.is_on())
            run('delete', instance_job.Job(), self.instance)
            with self.driver.state.lock():
                self.assertIsNone(self.driver.state.read(f'nodes/{self.node.uuid}'))

    def test_build(self):
        self.check_verb('build')

    def test_rebuild(self):
        self.check_verb('rebuild')

    def test_power(self):
        self.check_verb('power')

    def test_delete(self):
        self.check_verb('delete')


def main(path, step, job_id, instance):
    """What the process does that is killed."""
    fake_conf.register_opts(CONF)
    CONF.set_override('state_dir', path, group='fake')
    CONF.set_override('step_seconds', {step: 60.0}, group='fake')
    run(step.split('.')[0], WaitingJob(job_id), instance)


if __name__ == '__main__':
    main(*sys.argv[1:])
