"""What holds for every strategy: public paths, and whose headers count."""

import os
import subprocess
import sys
import unittest

from keystonemiddleware.auth_token import _request
from oslo_context import context as oslo_context

from mogan_like.api import auth
from mogan_like.api.auth import conf
from mogan_like.api.auth import identity
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.common.context import RequestContext
from tests.unit.api.auth import auth_case
from tests.unit.api.auth import fake_keystone

PUBLIC = ('', '/', '/v1', '/v1/', '/v2.1', '/v2.1/', '/healthcheck')


class EveryStrategyTestCase(auth_case.AuthTestCase):
    """The three strategies, each behind the same door."""

    def setUp(self):
        super().setUp()
        users = os.path.join(self.make_directory(), 'users.yaml')
        auth_case.write_users(users, auth_case.entry('ann', 'right'))
        self.config.config(group='api', http_basic_user_file=users)
        self.keystone = fake_keystone.FakeKeystone()
        self.addCleanup(self.keystone.stop)
        self.keystone.configure(self.config)

    def each_strategy(self):
        """``(name, app, headers that get in)`` of all of them."""
        good = {
            'keystone': {'HTTP_X_AUTH_TOKEN': self.keystone.issue()},
            'http_basic': {'HTTP_AUTHORIZATION': auth_case.basic('ann', 'right')},
            'noauth': {},
        }
        for name, headers in good.items():
            self.config.config(group='api', auth_strategy=name)
            self.app.environs.clear()
            yield name, self.wrap(), headers

    def test_public_paths_need_nothing(self):
        for _, app, _ in self.each_strategy():
            for path in PUBLIC:
                for method in ('GET', 'HEAD', 'OPTIONS'):
                    answer = self.ask(app, path, method)
                    self.assertEqual((200, b'in'), (answer.status, answer.body))

    def test_public_paths_under_a_prefix(self):
        for _, app, _ in self.each_strategy():
            for path in PUBLIC:
                answer = self.ask(app, path, SCRIPT_NAME='/baremetal')
                self.assertEqual(200, answer.status)

    def test_public_paths_have_no_identity(self):
        proofs = dict.fromkeys(identity.PROOFS, 'whatever')
        for _, app, _ in self.each_strategy():
            self.ask(app, '/v1', **auth_case.SPOOFED, **proofs)
            self.assertEqual({'HTTP_X_IDENTITY_STATUS': 'Invalid'}, self.app.seen)
            ctx = RequestContext.from_environ(self.app.environs[-1])
            self.assertEqual(
                (None, None, [], None, None, None),
                (
                    ctx.user_id,
                    ctx.project_id,
                    ctx.roles,
                    ctx.system_scope,
                    ctx.auth_token,
                    ctx.service_user_id,
                ),
            )
            self.assertFalse(set(identity.PROOFS) & set(self.app.environs[-1]))

    def test_nothing_else_is_public(self):
        # From another machine, so that noauth refuses too.
        far = {'REMOTE_ADDR': '192.0.2.7'}
        for name, app, _ in self.each_strategy():
            for path in auth_case.NEARLY_PUBLIC:
                with self.subTest(path=path):
                    answer = self.ask(app, path, **far)
                    self.assertEqual(403 if name == 'noauth' else 401, answer.status)
            self.assertEqual([], self.app.environs)

    def test_a_prefix_does_not_make_a_path_public(self):
        for name, app, _ in self.each_strategy():
            if name != 'noauth':
                for script in ('/v1', '/healthcheck', '/'):
                    answer = self.ask(app, '/instances', SCRIPT_NAME=script)
                    self.assertEqual(401, answer.status)

    def test_changing_methods_are_never_public(self):
        for name, app, _ in self.each_strategy():
            if name != 'noauth':
                for method in ('POST', 'PUT', 'PATCH', 'DELETE', 'get', 'TRACE'):
                    for path in PUBLIC:
                        self.assertEqual(401, self.ask(app, path, method).status)

    def test_a_client_cannot_say_who_it_is(self):
        for _, app, good in self.each_strategy():
            self.assertEqual(200, self.ask(app, **good).status)
            plain = self.app.seen
            answer = self.ask(app, **(auth_case.SPOOFED | good))
            self.assertEqual(200, answer.status)
            self.assertEqual(plain, self.app.seen)

    def test_spoofed_headers_alone_get_nobody_in(self):
        for name, app, _ in self.each_strategy():
            if name != 'noauth':
                self.assertEqual(401, self.ask(app, **auth_case.SPOOFED).status)
                self.assertEqual([], self.app.environs)

    def test_all_strategies_set_the_same_headers(self):
        names = {}
        for name, app, good in self.each_strategy():
            self.ask(app, **good)
            names[name] = set(self.app.seen)
        self.assertEqual(names['keystone'], names['http_basic'])
        self.assertEqual(names['keystone'], names['noauth'])

    def test_what_reaches_the_context(self):
        for _, app, good in self.each_strategy():
            self.ask(app, **good)
            ctx = RequestContext.from_environ(self.app.environs[-1])
            self.assertTrue(ctx.user_id and ctx.project_id and ctx.user_name)
            self.assertIn('member', ctx.roles)
            self.assertEqual(
                ('default', 'default', None),
                (ctx.user_domain_id, ctx.project_domain_id, ctx.system_scope),
            )
            self.assertEqual(good.get('HTTP_X_AUTH_TOKEN'), ctx.auth_token)

    def test_unchecked_proofs_do_not_reach_the_app(self):
        for name, app, good in self.each_strategy():
            if name != 'keystone':
                proofs = dict.fromkeys(identity.PROOFS, 'notused')
                self.assertEqual(200, self.ask(app, **(proofs | good)).status)
                self.assertFalse(set(identity.PROOFS) & set(self.app.environs[-1]))

    def test_what_the_app_raises_is_not_an_answer_of_ours(self):
        for _, app, good in self.each_strategy():
            for error in (
                RuntimeError('bug'),
                exception.Unauthorized(),
                exception.ServiceUnavailable(reason='x'),
            ):
                self.app.error = error
                with self.assertRaises(type(error)) as raised:
                    self.ask(app, **good)
                self.assertIs(error, raised.exception)
            self.app.error = None

    def test_the_answer_to_head_has_no_body(self):
        for name, app, _ in self.each_strategy():
            answer = self.ask(app, method='HEAD', REMOTE_ADDR='192.0.2.7')
            self.assertEqual(403 if name == 'noauth' else 401, answer.status)
            self.assertEqual(b'', answer.body)


class StrategyOptionTestCase(auth_case.AuthTestCase):
    """``[api]auth_strategy``."""

    def test_keystone_is_the_default(self):
        self.assertEqual('keystone', CONF.api.auth_strategy)

    def test_an_unknown_strategy(self):
        with self.assertRaises(ValueError):
            self.config.config(group='api', auth_strategy='none')

    def test_options_may_be_registered_again(self):
        conf.register_opts(CONF)
        conf.register_opts(CONF)

    def test_every_option_is_explained(self):
        for _, options in conf.list_opts():
            for option in options:
                self.assertTrue(option.help, option.name)

    def test_only_noauth_cares_where_it_listens(self):
        for strategy in ('keystone', 'http_basic'):
            self.config.config(group='api', auth_strategy=strategy)
            auth.check_start('0.0.0.0')


class HeaderListTestCase(unittest.TestCase):
    """Our list of identity headers against those of the libraries in use."""

    def test_all_that_keystonemiddleware_sets(self):
        request = _request._AuthTokenRequest.blank('/')
        theirs = {
            f'HTTP_{name.upper().replace("-", "_")}'
            for name in request._all_auth_headers()
        }
        self.assertGreater(len(theirs), 25)
        self.assertEqual(set(), theirs - set(identity.HEADERS))

    def test_all_that_oslo_context_reads(self):
        theirs = {
            name
            for names in oslo_context._ENVIRON_HEADERS.values()
            for name in names
            if name.startswith('HTTP_')
        }
        self.assertGreater(len(theirs), 20)
        ours = {*identity.HEADERS, *identity.PROOFS}
        self.assertEqual(set(), theirs - ours)

    def test_no_header_can_make_a_context_somebody(self):
        environ = {**auth_case.SPOOFED, **dict.fromkeys(identity.PROOFS, 'x')}
        identity.drop_claims(environ)
        identity.drop_proofs(environ)
        self.assertEqual({}, environ)


class ImportTestCase(unittest.TestCase):
    """What is loaded for which strategy."""

    def test_keystonemiddleware_is_loaded_only_for_keystone(self):
        # Half a second of every start of the embedded service.
        subprocess.run(
            [
                sys.executable,
                '-c',
                (
                    'import sys, mogan_like.api.auth, mogan_like.api.auth.basic, '
                    'mogan_like.api.auth.noauth, mogan_like.api.auth.credentials\n'
                    'sys.exit("keystonemiddleware" in sys.modules)'
                ),
            ],
            check=True,
        )
