"""Every registered instance driver passes the contract."""

import unittest

import fixtures
from oslo_config import fixture as config_fixture

from mogan_like.common import plugins
from mogan_like.common.config import CONF
from mogan_like.instances.drivers import base
from mogan_like.instances.drivers import fake
from mogan_like.instances.drivers import fake_conf
from tests.plugins import instance_driver
from tests.plugins.instance_driver_case import NETWORK

#: Driver by the test case that runs the contract over it.
TESTED = {}


def tests_driver(name):
    """Say which driver a test case is for."""

    def note(case):
        TESTED.setdefault(name, []).append(case)
        return case

    return note


class FakeDriverContract(instance_driver.InstanceDriverContract):
    def setUp(self):
        fake_conf.register_opts(CONF)
        self.config = self.useFixture(config_fixture.Config(CONF))
        # So that there is a point in the middle of every step.
        seconds = {step: 1.0 for steps in fake_conf.STEPS.values() for step in steps}
        self.config.config(group='fake', step_seconds=seconds)
        super().setUp()

    def effects(self, node):
        return [
            entry['step']
            for entry in self.driver.state.journal()
            if entry['node'] == node.uuid and entry['result'] == 'done'
        ]

    def power_state(self, node):
        with self.driver.state.lock():
            record = self.driver.state.read(f'nodes/{node.uuid}')
        return base.POWER_OFF if record is None else record['power']

    def unsupported_requests(self):
        return [
            ({'networks': [{'port_id': NETWORK}]}, 'networks.port_id'),
            (
                {
                    'networks': [
                        {'net_id': NETWORK},
                        {'net_id': NETWORK, 'fixed_ip': '192.0.2.7'},
                    ]
                },
                'networks.fixed_ip',
            ),
        ]


@tests_driver('fake')
class TestFakeInMemory(FakeDriverContract, fixtures.TestWithFixtures):
    def setUp(self):
        self.only = fake.FakeDriver()
        super().setUp()

    def make_driver(self):
        # Machines in memory are one driver object's.
        return self.only


@tests_driver('fake')
class TestFakeInDirectory(FakeDriverContract, fixtures.TestWithFixtures):
    def make_driver(self):
        if CONF.fake.state_dir is None:
            self.config.config(
                group='fake', state_dir=self.useFixture(fixtures.TempDir()).path
            )
        return fake.FakeDriver()


class TestEveryDriver(unittest.TestCase):
    def test_every_registered_driver_is_tested(self):
        self.assertEqual(plugins.list_names(base.NAMESPACE), sorted(TESTED))

    def test_every_driver_knows_its_name(self):
        drivers = plugins.load_all(base.NAMESPACE)
        self.assertEqual(sorted(TESTED), sorted(drivers))
        for name, driver in drivers.items():
            self.assertTrue(issubclass(driver, base.Driver), name)
            self.assertEqual(name, driver.name)
