"""keystone: the real keystonemiddleware against a small Keystone."""

from mogan_like.common.context import RequestContext
from tests.unit.api.auth import auth_case
from tests.unit.api.auth import fake_keystone

CHALLENGE = 'Keystone uri="http://keystone.example"'
VALIDATE = ('GET', '/v3/auth/tokens')


class KeystoneTestCase(auth_case.AuthTestCase):
    """A Keystone that is up, and the API in front of it."""

    strategy = 'keystone'

    def setUp(self):
        super().setUp()
        self.keystone = fake_keystone.FakeKeystone()
        self.addCleanup(self.keystone.stop)
        self.keystone.configure(self.config)

    def set(self, **options):
        self.config.config(group=fake_keystone.GROUP, **options)

    def ask_with(self, app, token, **environ):
        return self.ask(app, HTTP_X_AUTH_TOKEN=token, **environ)

    def get_context(self):
        return RequestContext.from_environ(self.app.environs[-1])

    def assert_out(self, answer):
        self.assert_unauthorized(answer, CHALLENGE)
        self.assertEqual([], self.app.environs)

    def assert_away(self, answer):
        self.assert_refused(answer, 503, 'ServiceUnavailable')
        self.assertIn('retry-after', answer.headers)


class TokenTestCase(KeystoneTestCase):
    """Whose token is good."""

    def test_valid(self):
        token = self.keystone.issue()
        answer = self.ask_with(self.wrap(), token)
        self.assertEqual((200, b'in'), (answer.status, answer.body))
        ctx = self.get_context()
        self.assertEqual(
            ('u' * 32, 'ann', 'p' * 32, 'blue', ['member', 'reader'], token, None),
            (
                ctx.user_id,
                ctx.user_name,
                ctx.project_id,
                ctx.project_name,
                ctx.roles,
                ctx.auth_token,
                ctx.system_scope,
            ),
        )

    def test_an_unversioned_address(self):
        self.keystone.configure(self.config, path='')
        self.assertEqual(200, self.ask_with(self.wrap(), self.keystone.issue()).status)

    def test_none(self):
        self.assert_out(self.ask(self.wrap()))
        self.assertEqual([], self.keystone.requests)

    def test_unknown(self):
        self.assert_out(self.ask_with(self.wrap(), 'f' * 32))

    def test_expired(self):
        self.assert_out(self.ask_with(self.wrap(), self.keystone.issue(seconds=-5)))

    def test_revoked(self):
        token = self.keystone.issue()
        self.keystone.revoke(token)
        self.assert_out(self.ask_with(self.wrap(), token))

    def test_spaces_around_a_token(self):
        answer = self.ask_with(self.wrap(), f' {self.keystone.issue()} ')
        self.assertEqual(200, answer.status)

    def test_what_cannot_be_a_token_is_not_asked_about(self):
        app = self.wrap()
        for token in (
            '',
            ' ',
            'a b',
            'ä',
            'a\x00',
            'a\nb',
            'x' * 2049,
            '\xff' * 40,
            'a\tb',
            'x' * 60_000,
        ):
            with self.subTest(token=token[:20]):
                self.assert_out(self.ask_with(app, token))
        self.assertEqual([], self.keystone.requests)

    def test_the_old_header(self):
        answer = self.ask(self.wrap(), HTTP_X_STORAGE_TOKEN=self.keystone.issue())
        self.assertEqual(200, answer.status)

    def test_a_password_is_not_a_token(self):
        self.assert_out(
            self.ask(self.wrap(), HTTP_AUTHORIZATION=auth_case.basic('ann', 'x'))
        )

    def test_no_catalog_in_the_headers(self):
        self.ask_with(self.wrap(), self.keystone.issue())
        self.assertNotIn('HTTP_X_SERVICE_CATALOG', self.app.environs[0])

    def test_an_undecided_request_does_not_get_in(self):
        self.set(delay_auth_decision=True)
        app = self.wrap()
        self.assert_out(self.ask(app))
        self.assert_out(self.ask_with(app, 'f' * 32))
        self.keystone.stop()
        self.assert_away(self.ask_with(app, 'e' * 32))
        self.assertEqual([], self.app.environs)

    def test_a_request_that_claims_to_be_admitted(self):
        self.assert_out(self.ask(self.wrap(), **{'mogan_like.admitted': True}))

    def test_the_log_holds_no_token(self):
        app = self.wrap()
        good, bad = self.keystone.issue(), 'b' * 40
        self.ask_with(app, good)
        self.ask_with(app, bad)
        self.assertNotIn(good, self.log.output)
        self.assertNotIn(bad, self.log.output)


class ScopeTestCase(KeystoneTestCase):
    """System scope, and services that come along with a user."""

    def ask_along(self, token, service, **environ):
        return self.ask_with(
            self.wrap(), token, HTTP_X_SERVICE_TOKEN=service, **environ
        )

    def service(self, **values):
        return self.keystone.issue(
            **{
                'roles': ['service'],
                'user_id': 's' * 32,
                'project_id': 'q' * 32,
                **values,
            }
        )

    def test_system(self):
        token = self.keystone.issue(system=True, roles=['admin'])
        self.assertEqual(200, self.ask_with(self.wrap(), token).status)
        ctx = self.get_context()
        self.assertEqual(
            ('all', None, ['admin']), (ctx.system_scope, ctx.project_id, ctx.roles)
        )

    def test_a_project_token_does_not_become_system(self):
        answer = self.ask_with(
            self.wrap(), self.keystone.issue(), HTTP_OPENSTACK_SYSTEM_SCOPE='all'
        )
        self.assertEqual(200, answer.status)
        self.assertIsNone(self.get_context().system_scope)

    def test_with_a_service(self):
        answer = self.ask_along(self.keystone.issue(), self.service())
        self.assertEqual(200, answer.status)
        ctx = self.get_context()
        self.assertEqual(
            ('u' * 32, 'p' * 32, 's' * 32, 'q' * 32, ['service']),
            (
                ctx.user_id,
                ctx.project_id,
                ctx.service_user_id,
                ctx.service_project_id,
                ctx.service_roles,
            ),
        )

    def test_a_service_does_not_lend_its_system_scope(self):
        self.ask_along(self.keystone.issue(), self.service(system=True))
        ctx = self.get_context()
        self.assertEqual((None, 'p' * 32), (ctx.system_scope, ctx.project_id))

    def test_nor_take_the_users(self):
        self.ask_along(self.keystone.issue(system=True), self.service())
        ctx = self.get_context()
        self.assertEqual(('all', None), (ctx.system_scope, ctx.project_id))

    def test_a_user_who_poses_as_a_service(self):
        self.assert_out(self.ask_along(self.keystone.issue(), self.keystone.issue()))

    def test_a_service_token_that_is_not_valid(self):
        self.assert_out(self.ask_along(self.keystone.issue(), 'f' * 32))
        self.assert_out(self.ask_along(self.keystone.issue(), 'no token'))

    def test_a_service_alone_is_nobody(self):
        self.assert_out(self.ask(self.wrap(), HTTP_X_SERVICE_TOKEN=self.service()))

    def test_a_service_may_bring_an_expired_token(self):
        token, service = self.keystone.issue(seconds=-5), self.service()
        self.assertEqual(200, self.ask_along(token, service).status)

    def test_which_without_it_is_still_expired(self):
        app = self.wrap()
        token = self.keystone.issue(seconds=-5)
        self.assertEqual(
            200, self.ask_with(app, token, HTTP_X_SERVICE_TOKEN=self.service()).status
        )
        self.app.environs.clear()
        self.assert_out(self.ask_with(app, token))


class AccessRulesTestCase(KeystoneTestCase):
    """Application credentials that may do little."""

    def issue(self, *rules):
        return self.keystone.issue(
            application_credential={
                'id': 'a',
                'name': 'a',
                'restricted': True,
                'access_rules': [
                    {'service': service, 'method': method, 'path': path}
                    for service, method, path in rules
                ],
            }
        )

    def test_what_a_rule_allows(self):
        token = self.issue(('baremetal_compute', 'GET', '/v1/instances'))
        self.assertEqual(200, self.ask_with(self.wrap(), token).status)

    def test_what_no_rule_allows(self):
        for rule in (
            ('baremetal_compute', 'POST', '/v1/instances'),
            ('baremetal_compute', 'GET', '/v1/nodes'),
            ('compute', 'GET', '/v1/instances'),
        ):
            self.assert_out(self.ask_with(self.wrap(), self.issue(rule)))

    def test_no_rules_allow_nothing(self):
        self.assert_out(self.ask_with(self.wrap(), self.issue()))

    def test_each_request_is_compared_though_the_token_is_remembered(self):
        app = self.wrap()
        token = self.issue(('baremetal_compute', 'GET', '/v1/instances'))
        self.assertEqual(200, self.ask_with(app, token).status)
        self.app.environs.clear()
        self.assert_out(self.ask_with(app, token, REQUEST_METHOD='DELETE'))
        self.assertEqual(1, self.keystone.asked(*VALIDATE))

    def test_a_path_that_is_no_text(self):
        token = self.issue(('baremetal_compute', 'GET', '/v1/instances'))
        answer = self.ask_with(self.wrap(), token, path='/v1/\xff\xfe')
        self.assert_refused(answer, 401, 'Unauthorized')
