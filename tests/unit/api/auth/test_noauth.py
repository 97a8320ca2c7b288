"""noauth: one user for everybody on this machine, and for nobody else."""

import unittest

from mogan_like.api import auth
from mogan_like.api.auth import noauth
from mogan_like.common import exception
from mogan_like.common.context import RequestContext
from tests.unit.api.auth import auth_case

LOOPBACK = (
    '127.0.0.1',
    '127.8.9.10',
    '::1',
    '::ffff:127.0.0.1',
    'localhost',
    'LOCALHOST',
)
ELSEWHERE = (
    '0.0.0.0',
    '::',
    '192.0.2.7',
    '::ffff:192.0.2.7',
    '10.0.0.1',
    '127.0.0.1.example.org',
    'localhost.example.org',
    '',
    '127.1',
    '0x7f000001',
    '2130706433',
    'unix:',
    '127.0.0.1, 192.0.2.7',
)


class NoauthTestCase(auth_case.AuthTestCase):
    strategy = 'noauth'

    def force(self):
        self.config.config(group='api', noauth_force=True)

    def assert_not_local(self, answer):
        self.assert_refused(answer, 403, 'Forbidden')
        self.assertEqual([], self.app.environs)

    def test_everybody_here_is_the_admin(self):
        for address in LOOPBACK[:4]:
            answer = self.ask(self.wrap(), REMOTE_ADDR=address)
            self.assertEqual(200, answer.status)
        ctx = RequestContext.from_environ(self.app.environs[-1])
        self.assertEqual(['admin', 'manager', 'member', 'reader'], ctx.roles)
        self.assertEqual(('admin', 'admin'), (ctx.user_name, ctx.project_name))
        self.assertRegex(ctx.user_id, '^[0-9a-f]{32}$')
        self.assertRegex(ctx.project_id, '^[0-9a-f]{32}$')

    def test_the_options_say_who(self):
        self.config.config(
            group='api',
            noauth_user_id='u',
            noauth_project_id='p',
            noauth_roles=['reader'],
        )
        self.ask(self.wrap(), HTTP_X_AUTH_TOKEN='notused')
        ctx = RequestContext.from_environ(self.app.environs[-1])
        self.assertEqual(
            ('u', 'p', ['reader'], None),
            (ctx.user_id, ctx.project_id, ctx.roles, ctx.auth_token),
        )

    def test_another_machine(self):
        for address in ELSEWHERE:
            with self.subTest(address=address):
                self.assert_not_local(self.ask(self.wrap(), REMOTE_ADDR=address))

    def test_no_address_at_all(self):
        app = self.wrap()

        def without_address(environ, start_response):
            del environ['REMOTE_ADDR']
            return app(environ, start_response)

        self.assert_not_local(self.ask(without_address))

    def test_through_a_proxy_on_this_machine(self):
        for name in ('X_FORWARDED_FOR', 'FORWARDED', 'X_REAL_IP', 'VIA'):
            for value in ('127.0.0.1', 'for=127.0.0.1', '192.0.2.7', ''):
                with self.subTest(header=name, value=value):
                    self.assert_not_local(
                        self.ask(self.wrap(), **{f'HTTP_{name}': value})
                    )

    def test_a_page_elsewhere_uses_a_local_browser(self):
        for host in (
            'evil.example',
            'evil.example:6688',
            '127.0.0.1.evil.example',
            'localhost.evil.example',
            '192.0.2.7',
            '',
            ':6688',
            '[::1',
            'x@evil.example',
            'localhost@evil.example',
        ):
            with self.subTest(host=host):
                self.assert_not_local(self.ask(self.wrap(), HTTP_HOST=host))

    def test_names_of_this_machine(self):
        for host in (
            'localhost',
            'localhost:6688',
            '127.0.0.1',
            '127.0.0.1:80',
            '[::1]',
            '[::1]:6688',
            'LocalHost',
        ):
            with self.subTest(host=host):
                self.assertEqual(200, self.ask(self.wrap(), HTTP_HOST=host).status)

    def test_forced_serves_everybody(self):
        self.force()
        answer = self.ask(
            self.wrap(),
            REMOTE_ADDR='192.0.2.7',
            HTTP_HOST='api.example',
            HTTP_X_FORWARDED_FOR='1.2.3.4',
        )
        self.assertEqual(200, answer.status)

    def test_the_start_is_written_down(self):
        self.wrap()
        self.assertIn('noauth', self.log.output)
        self.assertIn('from this machine', self.log.output)

    def test_a_forced_start_is_written_down(self):
        self.force()
        self.wrap()
        self.assertIn('every caller is', self.log.output)

    def test_may_listen_on_loopback(self):
        for host in LOOPBACK:
            with self.subTest(host=host):
                auth.check_start(host)

    def test_may_not_listen_elsewhere(self):
        for host in ('0.0.0.0', '::', '', '192.0.2.7', 'no-such-host.invalid', None):
            with (
                self.subTest(host=host),
                self.assertRaisesRegex(exception.ConfigInvalid, 'noauth_force'),
            ):
                auth.check_start(host)

    def test_may_listen_anywhere_when_forced(self):
        self.force()
        auth.check_start('0.0.0.0')


class LoopbackTestCase(unittest.TestCase):
    def test_loopback(self):
        for host in LOOPBACK:
            self.assertTrue(noauth.is_loopback(host), host)

    def test_elsewhere(self):
        for host in ELSEWHERE:
            self.assertFalse(noauth.is_loopback(host), host)
