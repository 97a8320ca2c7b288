"""Base of the tests that ask the service with tokens of a real Keystone."""

import threading

from keystoneauth1 import loading
from oslo_config import fixture as config_fixture
import requests
import testtools

from mogan_like.api import app
from mogan_like.api.auth import conf
from mogan_like.cmd import server
from mogan_like.common.config import CONF
from tests import fixtures
from tests.integration import keystone

#: Answers of a Keystone that is away are due within this many seconds.
AWAY = 10

_GROUP = 'keystone_authtoken'
#: Enough for what a test changes; nothing waits for a machine.
_OPTIONS = {'fake__nodes': 40, 'api__port': 0, 'api__auth_strategy': 'keystone'}


class KeystoneCase(testtools.TestCase):
    """A service before a Keystone, with a gate between the two.

    :cvar options: more of the service's, by ``group__name``
    :ivar service: the service behind authentication, as the fixture gives it
    :ivar url: where it is reached with tokens only
    """

    options: dict = {}

    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(keystone.Keystone(self))
        self.gate = self.keystone.make_gate()

    def start(self, **authtoken):
        """Start the service.

        :param authtoken: more options of ``[keystone_authtoken]``
        """
        self.service = self.useFixture(
            fixtures.Service(self, **_OPTIONS, **self.options)
        )
        conf.set_keystone_defaults()
        config = self.useFixture(config_fixture.Config(CONF))
        # Unregistered at the end: auth_url has to be there once it is known.
        config.register_opts(
            loading.get_auth_plugin_conf_options('password'), group=_GROUP
        )
        options = self.keystone.auth_options(through=self.gate) | authtoken
        config.config(group=_GROUP, **options)
        web = server.make_server(app.make_app())
        thread = threading.Thread(target=web.serve)
        self.addCleanup(thread.join)
        self.addCleanup(web.stop)
        # First of all: a request that waits for Keystone lets go of its thread.
        self.addCleanup(self.gate.shut)
        thread.start()
        self.url = 'http://{}:{}'.format(*web.bind_addr)

    def ask(self, token, method, path, body=None, **headers):
        """The answer to one request.

        :param body: sent as JSON
        """
        if token:
            headers['X-Auth-Token'] = token
        headers['OpenStack-API-Version'] = 'baremetal-compute latest'
        return requests.request(
            method, self.url + path, json=body, headers=headers, timeout=3 * AWAY
        )

    def status_of(self, token):
        """The status of the answer to a small request."""
        return self.ask(token, 'GET', '/v1/instances').status_code

    def get(self, token, path):
        """The body of a good answer."""
        answer = self.ask(token, 'GET', path)
        self.assertEqual(200, answer.status_code, answer.text)
        return answer.json()

    def change(self, status, token, method, path, body=None):
        """The answer to one request, which has to have a status."""
        answer = self.ask(token, method, path, body)
        self.assertEqual(status, answer.status_code, answer.text)
        return answer

    def make_instance(self, token, flavor):
        """An ACTIVE instance of the token's project; its uuid."""
        body = describe_instance(flavor)
        uuid = self.change(202, token, 'POST', '/v1/instances', body).json()['uuid']
        self.service.wait_for(uuid, 'ACTIVE')
        return uuid


def describe_instance(flavor):
    """The body that asks for an instance."""
    return {'name': 'metal', 'flavor_uuid': flavor, 'image_uuid': fixtures.IMAGE}
