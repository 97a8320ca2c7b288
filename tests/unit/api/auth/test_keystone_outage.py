"""keystone: it is down, hangs, breaks, forgets us, and comes back."""

import threading

from mogan_like.api import auth
from mogan_like.api.auth import conf
from mogan_like.api.auth import keystone
from tests import stopwatch
from tests.unit.api.auth import fake_keystone
from tests.unit.api.auth import test_keystone


class OutageTestCase(test_keystone.KeystoneTestCase):
    """Patience of a second."""

    def setUp(self):
        super().setUp()
        self.set(http_connect_timeout=1)
        self.guarded = self.wrap()

    def wrap(self):
        conf.set_keystone_defaults()
        self.validator = keystone.Validator()
        return keystone.KeystoneAuth(self.app, self.validator)

    def warm_up(self):
        """A token that is remembered, and a connection that is open."""
        token = self.keystone.issue()
        self.assertEqual(200, self.ask_with(self.guarded, token).status)
        return token

    def assert_back(self):
        """A token that was never seen gets in."""
        answer = self.ask_with(self.guarded, self.keystone.issue())
        self.assertEqual(200, answer.status)
        self.assertFalse(self.validator._keystone_is_away)

    def time_of(self, token):
        with stopwatch.Stopwatch() as watch:
            answer = self.ask_with(self.guarded, token)
        return watch.seconds, answer


class DownTestCase(OutageTestCase):
    """The port is closed."""

    def test_from_the_start(self):
        for path in ('', '/v3'):
            self.keystone.configure(self.config, path=path, http_connect_timeout=1)
            self.guarded = self.wrap()
            token = self.keystone.issue()
            self.keystone.stop()
            for _ in range(2):
                self.assert_away(self.ask_with(self.guarded, token))
            self.keystone.start()
            self.assertEqual(200, self.ask_with(self.guarded, token).status)

    def test_later(self):
        known = self.warm_up()
        token = self.keystone.issue()
        self.keystone.stop()
        self.assert_away(self.ask_with(self.guarded, token))
        self.assertTrue(self.validator._keystone_is_away)
        self.assertEqual(200, self.ask_with(self.guarded, known).status)
        self.keystone.start()
        self.assert_back()

    def test_a_restart_in_between_is_not_noticed(self):
        self.warm_up()
        for _ in range(3):
            self.keystone.stop()
            self.keystone.start()
            self.assert_back()

    def test_without_a_token_it_is_not_asked(self):
        self.keystone.stop()
        self.assert_out(self.ask(self.guarded))

    def test_public_paths_do_not_need_it(self):
        self.keystone.stop()
        self.assertEqual(200, self.ask(auth.wrap(self.app), '/healthcheck').status)


class HangTestCase(OutageTestCase):
    """It takes connections and says nothing."""

    def hang(self):
        self.keystone.mode = 'hang'

    def recover(self):
        self.keystone.stop()
        self.keystone.mode = 'up'
        self.keystone.start()

    def test_from_the_start(self):
        # keystonemiddleware itself raises what no caller expects here.
        for path in ('', '/v3'):
            self.keystone.configure(self.config, path=path, http_connect_timeout=1)
            self.guarded = self.wrap()
            token = self.keystone.issue()
            self.hang()
            spent, answer = self.time_of(token)
            self.assert_away(answer)
            self.assertLess(spent, 6)
            self.recover()
            self.assertEqual(200, self.ask_with(self.guarded, token).status)

    def test_later(self):
        known = self.warm_up()
        self.hang()
        spent, answer = self.time_of(self.keystone.issue())
        self.assert_away(answer)
        self.assertLess(spent, 6)
        self.assertEqual(200, self.ask_with(self.guarded, known).status)
        self.recover()
        self.assert_back()

    def test_ten_seconds_by_default(self):
        self.config.conf.clear_override('http_connect_timeout', fake_keystone.GROUP)
        self.guarded = self.wrap()
        self.warm_up()
        self.hang()
        spent, answer = self.time_of(self.keystone.issue())
        self.assert_away(answer)
        self.assertLess(spent, 10)

    def test_one_waits_and_the_others_are_told_at_once(self):
        self.warm_up()
        self.hang()
        self.assert_away(self.ask_with(self.guarded, self.keystone.issue()))
        asked = self.keystone.asked(*test_keystone.VALIDATE)
        token = self.keystone.issue()
        waiting = threading.Thread(
            target=self.ask_with, args=(self.guarded, self.keystone.issue())
        )
        waiting.start()
        try:
            self.wait_for(lambda: self.keystone.asked(*test_keystone.VALIDATE) > asked)
            self.assertTrue(self.validator._keystone_is_away)
            for _ in range(20):
                self.assert_away(self.ask_with(self.guarded, token))
            self.assertEqual(asked + 1, self.keystone.asked(*test_keystone.VALIDATE))
        finally:
            self.recover()
            waiting.join()
        self.wait_for(lambda: self.ask_with(self.guarded, token).status == 200)


class BrokenTestCase(OutageTestCase):
    """It answers, but not as it should."""

    def test_server_errors(self):
        self.warm_up()
        self.keystone.mode = 'broken'
        self.assert_away(self.ask_with(self.guarded, self.keystone.issue()))
        self.keystone.mode = 'up'
        self.assert_back()

    def test_our_own_password_is_wrong(self):
        self.set(password='wrong')
        self.guarded = self.wrap()
        self.assert_away(self.ask_with(self.guarded, self.keystone.issue()))

    def test_our_own_token_is_gone(self):
        self.warm_up()
        self.keystone.tokens.clear()
        self.assert_back()

    def test_nonsense(self):
        token = self.keystone.issue()
        for nonsense in ({}, {'user': None}, {'user': {}, 'expires_at': 'never'}):
            self.keystone.tokens[token] = {
                'expires_at': '2999-01-01T00:00:00.000000Z',
                **nonsense,
            }
            answer = self.ask_with(self.guarded, token)
            self.assertIn(answer.status, (401, 503))
            self.assertEqual([], self.app.environs)

    def test_no_way_to_it_in_the_catalog(self):
        self.keystone.catalog = list
        self.assert_away(self.ask_with(self.guarded, self.keystone.issue()))

    def test_bad_tokens_do_not_make_it_look_away(self):
        self.warm_up()
        for _ in range(3):
            self.assertEqual(401, self.ask_with(self.guarded, 'f' * 32).status)
            self.assertFalse(self.validator._keystone_is_away)

    def test_many_at_once(self):
        tokens = [self.keystone.issue() for _ in range(8)]
        statuses = []
        start = threading.Barrier(len(tokens))

        def work(token):
            start.wait()
            statuses.append(self.ask_with(self.guarded, token).status)

        threads = [threading.Thread(target=work, args=(t,)) for t in tokens]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([200] * 8, statuses)
