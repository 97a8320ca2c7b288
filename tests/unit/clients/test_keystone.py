"""Trusts, as Keystone is asked for them."""

import time

import fixtures as base
from keystoneauth1 import session as keystone_sessions
import requests
import testtools

from mogan_like.clients import keystone as client
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.trusts import create
from mogan_like.trusts import rpcapi
from tests import fixtures
from tests import gate
from tests import personas
from tests.emulators import keystone
from tests.emulators import service_user

MEMBER = personas.MEMBER
MARK = '3456-07-08T09:10:11.000000Z'


class _Conductor:
    """Expects every trust."""

    def call(self, _ctx, _method):
        return MARK

    cast = call


class KeystoneCase(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(
            keystone.Keystone(MEMBER, personas.OTHER_MEMBER, personas.SERVICE)
        )
        self.useFixture(fixtures.Config(api__auth_strategy='keystone'))
        port = int(self.keystone.auth_url.split(':')[2].partition('/')[0])
        self.gate = self.useFixture(gate.Gate(('127.0.0.1', port)))
        # All of it goes through the gate.
        url = self.keystone.auth_url.replace(str(port), str(self.gate.port))
        self.keystone.auth_url = url
        self.user = self.useFixture(service_user.ServiceUser(url, self.group))
        self.useFixture(base.MonkeyPatch(f'{rpcapi.__name__}.TRUSTS', _Conductor()))

    group = 'keystone'

    def ctx(self, persona=MEMBER, **values):
        return context.RequestContext(
            overwrite=False,
            **{
                'auth_token': persona.name,
                'user_id': persona.user_id,
                'project_id': persona.project_id,
                'roles': list(persona.roles),
                **values,
            },
        )

    def make(self, object_project=None, **values):
        with create.made(self.ctx(**values), object_project) as trust_id:
            return trust_id

    def get_token(self, trust_id):
        """A token by a trust."""
        session = keystone_sessions.Session(client.load_trust_auth(trust_id))
        return session.auth.get_access(session)


class TrustsTest(KeystoneCase):
    def test_lets_the_service_act_for_the_caller(self):
        trust_id = self.make()
        kept = self.keystone.trusts.kept[trust_id]
        self.assertEqual(
            {
                'id': trust_id,
                'trustor_user_id': MEMBER.user_id,
                'trustee_user_id': personas.SERVICE.user_id,
                'project_id': MEMBER.project_id,
                'roles': [{'name': name} for name in MEMBER.roles],
                'impersonation': True,
                'allow_redelegation': False,
                'expires_at': MARK,
            },
            kept,
        )
        access = self.get_token(trust_id)
        self.assertEqual(MEMBER.user_id, access.user_id)
        self.assertEqual(MEMBER.project_id, access.project_id)

    def test_deleted_twice(self):
        trust_id, other = self.make(), self.make()
        client.delete_trust(trust_id)
        self.assertEqual([other], list(self.keystone.trusts.kept))
        client.delete_trust(trust_id)
        self.assertEqual([other], list(self.keystone.trusts.kept))

    def test_one_that_is_gone_between_token_and_delete(self):
        trust_id = self.make()
        self.keystone.trusts.faults.append(404)
        client.delete_trust(trust_id)

    def test_one_that_gives_no_token_is_not_taken_for_gone(self):
        trust_id = self.make()
        self.keystone.trusts.take_role(MEMBER, 'member')
        self.assertRaises(exception.DelegationRefused, client.delete_trust, trust_id)
        self.keystone.trusts.give_role(MEMBER, 'member')
        client.delete_trust(trust_id)
        self.assertEqual({}, self.keystone.trusts.kept)

    def test_credentials_that_are_wrong_are_not_taken_for_a_trust_that_is_gone(self):
        trust_id = self.make()
        self.user.change(password='wrong')
        self.assertRaises(
            exception.IdentityServiceUnavailable, client.delete_trust, trust_id
        )

    def test_there_is_none_without_keystone(self):
        for strategy in ('noauth', 'http_basic'):
            CONF.set_override('auth_strategy', strategy, group='api')
            self.assertIsNone(self.make())
        self.assertEqual({}, self.keystone.trusts.kept)

    def test_of_another_project_than_the_callers(self):
        for project in ('x', ''):
            self.assertRaises(exception.DelegationRefused, self.make, project)
        self.assertIsNotNone(self.make(MEMBER.project_id))

    def test_caller_who_may_not(self):
        trust_id = self.make()
        delegated = self.get_token(trust_id).auth_token
        for values in (
            {'auth_token': delegated},
            {'user_id': personas.OTHER_MEMBER.user_id},
            {'roles': ['admin']},
            {'project_id': None},
        ):
            error = self.assertRaises(exception.DelegationRefused, self.make, **values)
            self.assertEqual(403, error.code)
        self.assertEqual([trust_id], list(self.keystone.trusts.kept))

    def test_token_that_is_good_no_longer(self):
        error = self.assertRaises(exception.Unauthorized, self.make, auth_token='gone')
        self.assertEqual(401, error.code)

    def test_answers_that_may_pass(self):
        for status in (429, 500, 502, 503):
            self.keystone.trusts.faults.append(status)
            error = self.assertRaises(exception.IdentityServiceUnavailable, self.make)
            self.assertEqual(503, error.code)
            self.assertIn(str(status), str(error))

    def test_answers_that_make_no_sense(self):
        for answer in ({}, {'trust': None}, {'trust': {}}):
            self.keystone.trusts.answer = lambda *_args, answer=answer: (201, answer)
            self.assertRaises(exception.IdentityServiceUnavailable, self.make)

    def test_keystone_that_is_away(self):
        trust_id = self.make()
        self.gate.shut()
        for call, *args in ((self.make,), (client.delete_trust, trust_id)):
            error = self.assertRaises(exception.IdentityServiceUnavailable, call, *args)
            self.assertEqual(503, error.code)

    def test_keystone_that_hangs_is_given_up(self):
        CONF.set_override('timeout', 1, group='keystone')
        self.addCleanup(CONF.clear_override, 'timeout', group='keystone')
        self.gate.stall()
        began = time.monotonic()
        self.assertRaises(exception.IdentityServiceUnavailable, self.make)
        # Nothing asks twice.
        self.assertLess(time.monotonic() - began, 8)

    def test_a_long_list_of_trusts_is_waited_for(self):
        """Nobody waits for it, and three seconds would never be enough."""
        made, given = self.make(), {}
        send = requests.Session.request

        def note(session, method, url, **values):
            given[method, url.partition('/v3')[2]] = values['timeout']
            return send(session, method, url, **values)

        self.useFixture(base.MonkeyPatch('requests.Session.request', note))
        for own, expected in ((3, 60), (100, 100)):
            CONF.set_override('timeout', own, group='keystone')
            self.addCleanup(CONF.clear_override, 'timeout', group='keystone')
            self.assertEqual(made, client.find_trust(MEMBER.user_id, MARK))
            self.assertEqual(expected, given.pop(('GET', '/OS-TRUST/trusts')))
            self.assertEqual({own}, set(given.values()))

    def test_credentials_that_are_refused_are_no_fault_of_the_caller(self):
        self.user.change(password='wrong')
        error = self.assertRaises(exception.IdentityServiceUnavailable, self.make)
        self.assertIn('credentials of this service', str(error))

    def test_catalogue_without_keystone(self):
        CONF.set_override('region_name', 'elsewhere', group='keystone')
        self.addCleanup(CONF.clear_override, 'region_name', group='keystone')
        self.assertRaises(exception.IdentityServiceUnavailable, self.make)

    def test_endpoint_that_is_set(self):
        # There is nothing behind it but the catalogue is not asked.
        url = 'http://127.0.0.1:9/v3/'
        CONF.set_override('endpoint_override', url, group='keystone')
        self.addCleanup(CONF.clear_override, 'endpoint_override', group='keystone')
        self.assertRaises(exception.IdentityServiceUnavailable, self.make)
        CONF.set_override(
            'endpoint_override', self.keystone.auth_url + '/', group='keystone'
        )
        self.assertIsNotNone(self.make())


class CredentialsTest(KeystoneCase):
    """Without credentials of its own those that check tokens are taken."""

    group = 'keystone_authtoken'

    def test_of_keystone_authtoken(self):
        trust_id = self.make()
        self.assertEqual(MEMBER.user_id, self.get_token(trust_id).user_id)

    def test_of_a_section_that_is_named(self):
        CONF.set_override('auth_section', 'keystone_authtoken', group='keystone')
        self.addCleanup(CONF.clear_override, 'auth_section', group='keystone')
        self.assertIsNotNone(self.make())

    def test_none(self):
        self.user.change(auth_type=None)
        self.assertRaises(exception.ConfigInvalid, self.make)

    def test_that_cannot_be_scoped_by_a_trust(self):
        for kind in ('v3applicationcredential', 'http_basic'):
            self.user.change(auth_type=kind)
            self.assertRaises(exception.ConfigInvalid, client.load_trust_auth, 't')
