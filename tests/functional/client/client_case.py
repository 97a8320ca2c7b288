"""Base of tests that run our own commands of ``openstack``."""

import re

import orjson

import mogan_like_client
from mogan_like_client.sdk import service
from tests import fixtures
from tests import personas
from tests.emulators import keystone
from tests.functional import case
from tests.functional import clients
from tests.functional.client import losing

IMAGE = fixtures.IMAGE
ADMIN = personas.PROJECT_ADMIN
OTHER = personas.OTHER_MEMBER
_REQUEST = re.compile(r'request req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


class CommandsMixin:
    """``openstack baremetalcompute``, by the catalogue of an emulated Keystone."""

    endpoint = (service.TYPE, '/v1')
    callers = (personas.MEMBER, ADMIN, OTHER, personas.ADMIN)

    def run_words(self, *words, **kwargs):
        """What a command printed, errors included; as of run_command."""
        return self.run_command(['openstack', 'baremetalcompute', *words], **kwargs)

    def read(self, *words, **kwargs):
        """What a command printed, as JSON."""
        printed = self.run_words(*words, '-f', 'json', **kwargs)
        return orjson.loads(printed[re.search('^[{[]', printed, re.M).start() :])

    def refuse(self, *words, **kwargs):
        """What a command that fails told."""
        told = self.run_words(*words, status=1, **kwargs)
        self.assertNotIn('Traceback', told)
        return told

    def lose_answers(self):
        """Put a LosingProxy before the service, for who asks the catalogue next."""
        kind, _path = self.endpoint
        catalogue = self.keystone.catalogue
        proxy = self.useFixture(losing.LosingProxy(catalogue[kind]))
        catalogue[kind] = proxy.url
        return proxy

    def connect(self, persona=personas.MEMBER, **config):
        """A connection that is configured by nothing but this."""
        return mogan_like_client.connect(
            load_envvars=False,
            load_yaml_config=False,
            auth_type='password',
            auth={
                'auth_url': self.keystone.auth_url,
                'username': persona.name,
                'password': keystone.PASSWORD,
                'user_domain_id': 'default',
                'project_id': persona.project_id,
            },
            region_name=keystone.REGION,
            **config,
        )

    def assert_named(self, told):
        """What was told names the request."""
        self.assertRegex(told, _REQUEST)


class ClientCase(CommandsMixin, clients.ClientsMixin, case.FunctionalCase):
    """A test of commands about instances."""
