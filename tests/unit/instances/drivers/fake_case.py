"""A fake driver and its first machine, for the tests of the fake."""

import unittest
import uuid

import fixtures
from oslo_config import fixture as config_fixture

from mogan_like.common.config import CONF
from mogan_like.instances.drivers import fake
from mogan_like.instances.drivers import fake_conf
from tests.plugins import instance_job
from tests.plugins.instance_driver_case import IMAGE


class FakeTestCase(fixtures.TestWithFixtures, unittest.TestCase):
    def setUp(self):
        super().setUp()
        fake_conf.register_opts(CONF)
        self.config = self.useFixture(config_fixture.Config(CONF))
        self.driver = fake.FakeDriver()
        self.node = self.driver.inventory()[0]

    def set(self, **options):
        self.config.config(group='fake', **options)

    def use_directory(self):
        path = self.useFixture(fixtures.TempDir()).join('state')
        self.set(state_dir=path)
        return path

    def build(
        self,
        node=None,
        instance=None,
        job=None,
        networks=(),
        user_data=None,
        public_key=None,
    ):
        return self.driver.build(
            job or instance_job.Job(),
            node or self.node,
            instance or str(uuid.uuid4()),
            IMAGE,
            list(networks),
            user_data,
            public_key,
        )

    def delete(self, instance, node=None):
        self.driver.delete(instance_job.Job(), node or self.node, instance)

    def record(self, node=None):
        with self.driver.state.lock():
            return self.driver.state.read(f'nodes/{(node or self.node).uuid}')
