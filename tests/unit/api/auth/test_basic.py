"""http_basic: right passwords get in, everything else is 401."""

import base64
import os
import time

from mogan_like.api.auth import basic
from mogan_like.common import exception
from mogan_like.common.context import RequestContext
from tests.unit.api.auth import auth_case
from tests.unit.api.auth import test_cache

CHALLENGE = 'Basic realm="mogan-like"'


class BasicTestCase(auth_case.AuthTestCase):
    """Users ann and bob."""

    strategy = 'http_basic'

    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.make_directory(), 'users.yaml')
        self.write('ann', 'bob')
        self.config.config(group='api', http_basic_user_file=self.path)

    def write(self, *names, password='right', **values):
        auth_case.write_users(
            self.path,
            *(auth_case.entry(name, f'{name} {password}', **values) for name in names),
        )

    def ask_as(self, app, name='ann', password='ann right', **environ):
        return self.ask(
            app, HTTP_AUTHORIZATION=auth_case.basic(name, password), **environ
        )

    def assert_out(self, answer):
        self.assert_unauthorized(answer, CHALLENGE)


class FilterTestCase(BasicTestCase):
    """What the client sends."""

    def test_right(self):
        answer = self.ask_as(self.wrap())
        self.assertEqual((200, b'in'), (answer.status, answer.body))
        ctx = RequestContext.from_environ(self.app.environs[0])
        self.assertEqual(
            ('id-of-ann', 'ann', 'blue', ['member', 'reader']),
            (ctx.user_id, ctx.user_name, ctx.project_id, ctx.roles),
        )
        self.assertNotIn('HTTP_AUTHORIZATION', self.app.environs[0])

    def test_wrong(self):
        app = self.wrap()
        for number, (name, password) in enumerate(
            (
                ('ann', 'wrong'),
                ('ann', ''),
                ('ann', 'bob right'),
                ('Ann', 'ann right'),
                ('ann ', 'ann right'),
                ('', ''),
                ('', 'ann right'),
                ('nobody', 'ann right'),
                ('ann', 'x' * 72),
                ('ann', 'ann right' + 'x' * 72),
                ('ann', 'x' * 8000),
                ('x' * 8000, 'x'),
                ('ann\n', 'ann right'),
                ('ann', 'ann right\x00'),
                ('ann', 'ann right\n'),
                ('(unknown)', ''),
            )
        ):
            with self.subTest(name=name, password=password):
                # From another place each time: no pauses.
                self.assert_out(
                    self.ask_as(app, name, password, REMOTE_ADDR=f'192.0.2.{number}')
                )
        self.assertEqual([], self.app.environs)

    def test_malformed(self):
        app = self.wrap()
        pair = base64.b64encode(b'ann:ann right').decode()
        for header in (
            '',
            ' ',
            'Basic',
            'Basic ',
            'Bearer abc',
            f'Digest {pair}',
            pair,
            'Basic !!!',
            'Basic YQ',
            'Basic YW5u',
            'Basic ====',
            f'Basic {pair} {pair}',
            f'Basic {pair},',
            'Basic ÿþ',
            'Basic ' + base64.b64encode(b'\xff\xfe:x').decode(),
            'Basic ' + base64.b64encode(b':').decode(),
            'Basic ' + 'A' * 60_000,
            'Negotiate',
            '\x00',
            f'Basic\t\n{pair}x',
        ):
            with self.subTest(header=header[:40]):
                self.assert_out(self.ask(app, HTTP_AUTHORIZATION=header))
        self.assertEqual([], self.app.environs)
        self.assertNotIn('Traceback', self.log.output)

    def test_nothing_sent(self):
        self.assert_out(self.ask(self.wrap()))

    def test_a_token_is_not_a_password(self):
        self.assert_out(self.ask(self.wrap(), HTTP_X_AUTH_TOKEN='ann right'))

    def test_the_scheme_is_not_case_sensitive(self):
        header = auth_case.basic('ann', 'ann right').replace('Basic', 'bAsIc')
        self.assertEqual(200, self.ask(self.wrap(), HTTP_AUTHORIZATION=header).status)

    def test_passwords_of_every_kind(self):
        for password in ('a:b:c', ':', 'pä ß Ω', ' ', 'x' * 72, 'tab\t', '"\'\\'):
            with self.subTest(password=password):
                auth_case.write_users(self.path, auth_case.entry('ann', password))
                self.assertEqual(200, self.ask_as(self.wrap(), 'ann', password).status)

    def test_other_bcrypt_spellings(self):
        for prefix in ('$2a$', '$2y$'):
            entry = auth_case.entry('ann', 'pw')
            entry['password_hash'] = prefix + entry['password_hash'][4:]
            auth_case.write_users(self.path, entry)
            self.assertEqual(200, self.ask_as(self.wrap(), 'ann', 'pw').status)

    def test_no_file_no_start(self):
        os.unlink(self.path)
        with self.assertRaisesRegex(exception.ConfigInvalid, self.path):
            self.wrap()

    def test_file_gone_later(self):
        app = self.wrap()
        self.assertEqual(200, self.ask_as(app).status)
        os.unlink(self.path)
        answer = self.ask_as(app)
        self.assert_refused(answer, 503, 'ServiceUnavailable')
        self.assertIn('retry-after', answer.headers)
        self.write('ann')
        self.assertEqual(200, self.ask_as(app).status)

    def test_the_log_holds_neither_passwords_nor_forged_lines(self):
        app = self.wrap()
        self.ask_as(app)
        self.ask_as(app, 'x\nAdmin got in', 'hunter2')
        self.ask_as(app, 'bob', 'hunter2')
        self.assertNotIn('hunter2', self.log.output)
        self.assertNotIn('ann right', self.log.output)
        self.assertNotIn('\nAdmin', self.log.output)


class RememberTestCase(BasicTestCase):
    """bcrypt is paid for once, and every change counts at once."""

    def setUp(self):
        super().setUp()
        self.clock = test_cache.Clock()
        # Slow enough to tell a check from a memory of one.
        self.write('ann', cost=11)
        self.filter = self.make_filter()

    def make_filter(self):
        return basic.BasicAuth(self.app, self.path, basic.PasswordCheck(self.clock))

    def spend(self, *args, **kwargs):
        """CPU seconds of a request that gets in."""
        start = time.thread_time()
        self.assertEqual(200, self.ask_as(self.filter, *args, **kwargs).status)
        return time.thread_time() - start

    def assert_checked(self, *args, **kwargs):
        self.assertGreater(self.spend(*args, **kwargs), 0.04)

    def assert_remembered(self, *args, **kwargs):
        self.assertLess(self.spend(*args, **kwargs), 0.02)

    def test_checked_once(self):
        self.assert_checked()
        for _ in range(5):
            self.assert_remembered()

    def test_remembered_for_a_minute_since_it_was_used(self):
        self.assert_checked()
        for _ in range(3):
            self.clock.time += 59
            self.assert_remembered()
        self.clock.time += 60
        self.assert_checked()

    def test_only_the_right_password_is_remembered(self):
        self.assert_checked()
        self.assert_out(self.ask_as(self.filter, password='ann righ'))
        self.assert_out(self.ask_as(self.filter, name='an', password='nann right'))

    def test_a_new_password_counts_at_once(self):
        self.assert_checked()
        self.write('ann', password='new')
        self.assert_out(self.ask_as(self.filter))
        self.assertEqual(
            200, self.ask_as(self.filter, password='ann new', REMOTE_ADDR='::1').status
        )

    def test_a_new_hash_of_the_same_password_is_a_new_question(self):
        self.assert_checked()
        self.write('ann', cost=11)
        self.assert_checked()

    def test_a_removed_user_is_out_at_once(self):
        self.assert_checked()
        self.write('bob')
        self.assert_out(self.ask_as(self.filter))

    def test_new_roles_count_at_once(self):
        self.write('ann', cost=4)
        self.ask_as(self.filter)
        with open(self.path) as source:
            text = source.read()
        with open(f'{self.path}.next', 'w') as target:
            target.write(text.replace('member', 'admin').replace('blue', 'red'))
        os.chmod(f'{self.path}.next', 0o600)
        os.rename(f'{self.path}.next', self.path)
        self.ask_as(self.filter)
        self.assertEqual('admin,reader', self.app.seen['HTTP_X_ROLES'])
        self.assertEqual('red', self.app.seen['HTTP_X_PROJECT_ID'])

    def test_an_unrelated_edit_costs_nobody_anything(self):
        self.assert_checked()
        with open(self.path, 'a') as target:
            target.write('# a comment\n')
        self.assert_remembered()

    def test_remembered_whatever_went_wrong_elsewhere(self):
        self.assert_checked()
        self.ask_as(self.filter, password='wrong')
        self.assert_remembered()

    def test_nothing_that_is_kept_holds_the_password(self):
        self.assert_checked()
        kept = self.filter._check._proven._entries
        self.assertEqual(1, len(kept))
        self.assertNotIn(b'ann right', next(iter(kept)))
        other = self.make_filter()
        self.ask_as(other)
        self.assertNotEqual(set(kept), set(other._check._proven._entries))
