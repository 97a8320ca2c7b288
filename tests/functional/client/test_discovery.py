"""A connection that is made while the service is away."""

import json
from pathlib import Path

import fixtures as base
import testtools

import mogan_like_client
from mogan_like_client.sdk import discovery
from mogan_like_client.sdk import proxy
from tests import personas
from tests.functional.client import client_case
from tests.functional.client import test_library
from tests.processes import processes

_HASTY = {
    'baremetal_compute_connect_retries': 1,
    'baremetal_compute_connect_retry_delay': 0.01,
    'baremetal_compute_status_code_retries': 1,
    'baremetal_compute_status_code_retry_delay': 0.01,
}


_AWAY = (
    (None, 'Remote end closed connection without response'),
    (503, '503 Service Unavailable'),
)


class DiscoveryTest(test_library.LibraryCase):
    def setUp(self):
        super().setUp()
        self.made = self.create()
        # What is sent again is told.
        self.useFixture(base.FakeLogger())
        self.proxy = self.lose_answers()

    def use(self, **config):
        """The microversion that a new connection uses."""
        client = self.connect(**_HASTY, **config).baremetal_compute
        return client.get_instance(self.made.id).microversion

    def check(self, **config):
        for status, reason in _AWAY:
            self.proxy.lost['GET'], self.proxy.status = 2, status
            self.assertEqual('1.6', self.use(**config))
            self.assertEqual(0, self.proxy.lost['GET'])
            self.proxy.lost['GET'] = 99
            with self.assertRaises(discovery.Away) as caught:
                self.use(**config)
            told = f'baremetal-compute does not answer at {self.proxy.url}: {reason}.'
            self.assertEqual(told, str(caught.exception))

    def test_by_the_catalogue(self):
        self.check()

    def test_by_a_url(self):
        self.check(baremetal_compute_endpoint_override=self.proxy.url)

    def test_without_keystone(self):
        def connect():
            connection = mogan_like_client.connect(
                load_envvars=False,
                load_yaml_config=False,
                auth_type='none',
                auth={'endpoint': self.proxy.url},
                **_HASTY,
            )
            return connection.baremetal_compute

        for status, reason in _AWAY:
            self.proxy.lost['GET'], self.proxy.status = 2, status
            self.assertIsInstance(connect(), proxy.Proxy)
            self.assertEqual(0, self.proxy.lost['GET'])
            self.proxy.lost['GET'] = 99
            with testtools.ExpectedException(discovery.Away, f'.*: {reason}.'):
                connect()

    def test_a_wait_goes_on(self):
        client = self.connect(**_HASTY).baremetal_compute
        self.proxy.lost['GET'], self.proxy.status = 9, 503
        found = client.wait_for_instance(self.made.id)
        self.assertEqual(('ACTIVE', '1.6'), (found.status, found.microversion))


class CommandsTest(client_case.ClientCase):
    def test_what_is_away_is_named(self):
        kind, _path = self.endpoint
        url = f'http://127.0.0.1:{processes.find_port()}/v1'
        self.keystone.catalogue[kind] = url
        clouds = Path(self.home, 'clouds.yaml')
        clouds.write_text(json.dumps({'clouds': {'x': _HASTY}}))
        env = {
            **self.keystone.make_environ(personas.MEMBER),
            'OS_CLIENT_CONFIG_FILE': str(clouds),
            'OS_CLOUD': 'x',
        }
        told = self.refuse('instance', 'list', env=env)
        expected = f'baremetal-compute does not answer at {url}: Connection refused.'
        self.assertIn(expected, told)
