"""/healthcheck asks the database and the bus, and tells nothing more."""

import configparser
import importlib.metadata
from pathlib import Path
import threading
import time
import unittest
from unittest import mock

import fixtures
from oslo_db import options as db_options
from stevedore import extension

from mogan_like.api import conf
from mogan_like.api import health
from mogan_like.common import rpc
from mogan_like.common.config import CONF
from mogan_like.db import engine
from tests import stopwatch
from tests.fixtures import wait_until
from tests.unit.api import api_case

NAMESPACE = 'oslo.middleware.healthcheck'


class Well(health._Check):
    noun = 'well'

    def probe(self):
        pass


class Ill(health._Check):
    noun = 'ill'

    def probe(self):
        raise ValueError('secret://user:password@host')


class Slow(health._Check):
    """Takes until it is let go, and is then well or ill."""

    noun = 'slow'
    go = threading.Event()
    looks = 0

    def probe(self):
        Slow.looks += 1
        if not self.go.wait(30):
            raise AssertionError('nobody let go')


class HealthTestCase(api_case.ApiTestCase):
    def setUp(self):
        super().setUp()
        health.make_app.cache_clear()
        self.addCleanup(health.make_app.cache_clear)

    def configure(self, **checks):
        """Entry points that only this test sees."""
        cache = extension.ExtensionManager.ENTRY_POINT_CACHE
        before = cache.get(NAMESPACE)
        cache[NAMESPACE] = [
            importlib.metadata.EntryPoint(
                name, f'{cls.__module__}:{cls.__qualname__}', NAMESPACE
            )
            for name, cls in checks.items()
        ]
        restore = (cache.pop, NAMESPACE, None)
        if before is not None:
            restore = (cache.__setitem__, NAMESPACE, before)
        self.addCleanup(*restore)
        self.config(group='healthcheck', backends=sorted(checks))

    def get(self, method='GET', accept='application/json'):
        return self.request(method, '/healthcheck', headers={'Accept': accept})


class TestHealth(HealthTestCase):
    def test_all_well(self):
        self.configure(one=Well, two=Well)
        answer = self.get()
        self.assertEqual(200, answer.status)
        self.assertEqual(['well OK', 'well OK'], answer.json['reasons'])

    def test_one_ill(self):
        self.configure(one=Well, two=Ill)
        answer = self.get()
        self.assertEqual(503, answer.status)
        self.assertEqual(['well OK', 'the ill does not answer'], answer.json['reasons'])
        self.assertIn(b'the ill does not answer', self.get(accept='text/plain').body)

    def test_why_is_for_the_operator(self):
        self.configure(two=Ill)
        self.assertNotIn(b'secret', self.get().body)
        self.assertIn('secret', self.log.output)

    def test_nobody_needs_an_identity(self):
        def refuse(inner):
            return None

        self.configure(one=Well)
        self.app = self.make_app(authenticate=refuse)
        self.assertEqual(200, self.get().status)
        self.assertIn('x-openstack-request-id', self.get().headers)

    def test_a_check_that_is_not_installed_is_not_healthy(self):
        self.configure(one=Well)
        self.config(group='healthcheck', backends=['one', 'gone'])
        self.assert_refused(500, self.get())
        self.assertIn('gone', self.log.output)

    def test_our_checks_are_the_default(self):
        CONF.clear_override('backends', group='healthcheck')
        self.assertEqual(conf.HEALTH_CHECKS, CONF.healthcheck.backends)


class TestSlow(HealthTestCase):
    """What does not answer costs less than a second, and is told of soon."""

    def setUp(self):
        super().setUp()
        Slow.go.clear()
        Slow.looks = 0
        self.addCleanup(Slow.go.set)
        self.configure(one=Slow, two=Well)

    def get_in_time(self):
        with stopwatch.Stopwatch() as watch:
            answer = self.get()
        self.assertLess(watch.seconds, 2)
        return answer

    def test_what_hangs_is_not_well(self):
        for _ in range(2):
            answer = self.get_in_time()
            self.assertEqual(503, answer.status)
            self.assertEqual(
                ['the slow does not answer', 'well OK'], answer.json['reasons']
            )
        self.assertEqual(1, Slow.looks)

    def test_what_comes_back_is_well(self):
        self.assertEqual(503, self.get_in_time().status)
        Slow.go.set()
        wait_until(lambda: self.get().status == 200, 'it to be well', 5)

    def test_what_was_well_may_be_slow_for_a_moment(self):
        Slow.go.set()
        self.assertEqual(200, self.get().status)
        Slow.go.clear()
        self.assertEqual(200, self.get_in_time().status)
        later = time.monotonic() + health._TRUSTED
        with mock.patch('mogan_like.common.clock.monotonic', lambda: later):
            self.assertEqual(503, self.get_in_time().status)


class TestEntryPoints(unittest.TestCase):
    def test_they_are_declared(self):
        found = configparser.ConfigParser()
        found.read(Path(__file__).parents[3] / 'setup.cfg')
        declared = dict(
            line.split(' = ')
            for line in found['entry_points'][NAMESPACE].strip().splitlines()
        )
        self.assertEqual(
            {
                'mogan_like_database': 'mogan_like.api.health:Database',
                'mogan_like_bus': 'mogan_like.api.health:Bus',
            },
            declared,
        )


class TestDatabase(HealthTestCase):
    def setUp(self):
        super().setUp()
        folder = self.useFixture(fixtures.TempDir()).path
        db_options.set_defaults(CONF)
        self.file = Path(folder, 'gone', 'x.sqlite')
        self.config(
            group='database', connection=f'sqlite:///{self.file}', max_retries=0
        )
        engine.dispose()
        self.addCleanup(engine.dispose)

    def test_it_is_seen_to_go_and_come(self):
        self.configure(mogan_like_database=health.Database)
        self.assertEqual(503, self.get().status)
        self.file.parent.mkdir()
        answer = self.get()
        self.assertEqual(
            (200, ['database OK']), (answer.status, answer.json['reasons'])
        )


class TestBus(HealthTestCase):
    def test_without_a_conductor(self):
        rpc.cleanup()
        self.configure(mogan_like_bus=health.Bus)
        self.assertEqual(503, self.get().status)
