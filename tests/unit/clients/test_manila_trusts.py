"""Whose tokens Manila is asked with, when there is a trust."""

import testtools

from mogan_like.clients import keystone as keystone_client
from mogan_like.clients import manila
from mogan_like.clients import manila_conf
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common.config import CONF
from tests import fixtures
from tests import personas
from tests.emulators import keystone
from tests.emulators import service_user

MEMBER = personas.MEMBER


class TrustsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(keystone.Keystone(MEMBER, personas.SERVICE))
        # Nobody is there: only tokens are asked for.
        self.keystone.catalogue['sharev2'] = 'http://127.0.0.1:9/v2'
        self.useFixture(fixtures.Config())
        manila_conf.register_auth_opts(CONF)
        self.users = [
            self.useFixture(service_user.ServiceUser(self.keystone.auth_url, group))
            for group in ('keystone', 'manila')
        ]
        self.connections = manila.Connections()

    def make_trust(self):
        ctx = context.RequestContext(
            overwrite=False,
            auth_token=MEMBER.name,
            user_id=MEMBER.user_id,
            project_id=MEMBER.project_id,
            roles=list(MEMBER.roles),
        )
        return keystone_client.make_trust(ctx, '3456-07-08T09:10:11.000000Z')

    def get_token(self, trust_id):
        """The token that a client of this work asks with."""
        ctx = context.for_job(
            user_id=MEMBER.user_id,
            project_id=MEMBER.project_id,
            trust_id=trust_id,
            overwrite=False,
        )
        connected = self.connections.connect(ctx)
        return connected._client.keystone_client.session.get_token()

    def test_each_trust_has_tokens_of_its_own_and_no_trust_has_ours(self):
        first, second = self.make_trust(), self.make_trust()
        for _ in range(2):
            self.assertEqual(f'trust:{first}', self.get_token(first))
            self.assertEqual(personas.SERVICE.name, self.get_token(None))
            self.assertEqual(f'trust:{second}', self.get_token(second))

    def test_credentials_are_those_of_the_trustee(self):
        # Another user may be there for Manila; trusts are not for that one.
        self.users[1].change(username='nobody')
        trust_id = self.make_trust()
        self.assertEqual(f'trust:{trust_id}', self.get_token(trust_id))

    def test_a_trust_that_is_dead_is_a_refusal(self):
        trust_id = self.make_trust()
        self.keystone.trusts.take_role(MEMBER, 'member')
        ctx = context.for_job(project_id='p', trust_id=trust_id, overwrite=False)
        error = self.assertRaises(
            exception.ShareServiceRefused, self.connections.connect, ctx
        )
        self.assertIn('does not let this service act', str(error))

    def test_manila_without_keystone_knows_no_trusts(self):
        self.users[1].change(auth_type='none')
        CONF.set_override('endpoint_override', 'http://127.0.0.1:9', group='manila')
        self.addCleanup(CONF.clear_override, 'endpoint_override', group='manila')
        token = f'{MEMBER.user_id}:{MEMBER.project_id}'
        self.assertEqual(token, self.get_token(self.make_trust()))
