"""keystone: how often it is asked, and what the operator may get wrong."""

from keystonemiddleware import opts

from mogan_like.api.auth import conf
from mogan_like.common import exception
from mogan_like.common.config import CONF
from tests.unit.api.auth import fake_keystone
from tests.unit.api.auth import test_keystone


class RememberTestCase(test_keystone.KeystoneTestCase):
    """How often Keystone is asked."""

    def test_once_for_a_token(self):
        app = self.wrap()
        token = self.keystone.issue()
        for _ in range(5):
            self.assertEqual(200, self.ask_with(app, token).status)
        self.assertEqual(1, self.keystone.asked(*test_keystone.VALIDATE))

    def test_each_time_when_nothing_may_be_kept(self):
        for seconds in (-1, 0):
            self.set(token_cache_time=seconds)
            app = self.wrap()
            before = self.keystone.asked(*test_keystone.VALIDATE)
            token = self.keystone.issue()
            for _ in range(3):
                self.assertEqual(200, self.ask_with(app, token).status)
            self.assertEqual(3, self.keystone.asked(*test_keystone.VALIDATE) - before)

    def test_a_revoked_token_lives_as_long_as_it_is_remembered(self):
        self.set(token_cache_time=1)
        app = self.wrap()
        token = self.keystone.issue()
        self.assertEqual(200, self.ask_with(app, token).status)
        self.keystone.revoke(token)
        self.wait_for(lambda: self.ask_with(app, token).status == 401, seconds=5)

    def test_a_remembered_token_still_expires(self):
        app = self.wrap()
        token = self.keystone.issue(seconds=1.2)
        self.assertEqual(200, self.ask_with(app, token).status)
        self.wait_for(lambda: self.ask_with(app, token).status == 401, seconds=5)

    def test_an_unknown_token_is_asked_about_each_time(self):
        app = self.wrap()
        for _ in range(2):
            self.assert_out(self.ask_with(app, 'f' * 32))
        self.assertEqual(2, self.keystone.asked(*test_keystone.VALIDATE))

    def test_tokens_are_not_mixed_up(self):
        app = self.wrap()
        tokens = {self.keystone.issue(user_id=f'{n:032}'): f'{n:032}' for n in range(8)}
        for _ in range(2):
            for token, user_id in tokens.items():
                self.ask_with(app, token)
                self.assertEqual(user_id, self.get_context().user_id)

    def test_an_operators_own_cache_is_used_instead(self):
        kept = {}

        class Cache:
            get = kept.get

            @staticmethod
            def set(key, value, time=0):
                kept[key] = value

        self.set(cache='swift.cache')
        app = self.wrap()
        token = self.keystone.issue()
        for _ in range(2):
            answer = self.ask_with(app, token, **{'swift.cache': Cache})
            self.assertEqual(200, answer.status)
        self.assertEqual(
            (1, 1), (len(kept), self.keystone.asked(*test_keystone.VALIDATE))
        )

    def test_no_warning_of_a_deprecated_cache(self):
        self.ask_with(self.wrap(), self.keystone.issue())
        self.assertNotIn('deprecated', self.log.output)


class ConfigTestCase(test_keystone.KeystoneTestCase):
    """What the operator may get wrong, and what we set."""

    def assert_refused_start(self, pattern):
        with self.assertRaisesRegex(exception.ConfigInvalid, pattern):
            self.wrap()

    def test_nothing_configured(self):
        self.set(auth_type=None)
        self.assert_refused_start(r'\[keystone_authtoken\]auth_type')

    def test_no_address(self):
        self.set(auth_url=None)
        self.assert_refused_start('auth_url|auth-url')

    def test_an_unknown_way(self):
        self.set(auth_type='telepathy')
        self.assert_refused_start('telepathy')

    def test_another_section(self):
        self.set(auth_section='elsewhere')
        self.assert_refused_start(r'\[elsewhere\]auth_type')

    def test_our_defaults(self):
        conf.set_keystone_defaults()
        group = CONF[fake_keystone.GROUP]
        self.assertEqual(
            (3, 1, 'baremetal_compute'),
            (
                group.http_connect_timeout,
                group.http_request_max_retries,
                group.service_type,
            ),
        )

    def test_our_defaults_are_in_the_reference(self):
        conf.set_keystone_defaults()
        listed = {
            option.dest: option.default
            for _, options in opts.list_auth_token_opts()
            for option in options
        }
        self.assertEqual(3, listed['http_connect_timeout'])

    def test_made_twice(self):
        self.wrap()
        self.assertEqual(200, self.ask_with(self.wrap(), self.keystone.issue()).status)
