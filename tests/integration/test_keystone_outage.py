"""Tokens that end while they are used, and a Keystone that goes away."""

from concurrent import futures
import time
import uuid

from tests.fixtures import wait_until
from tests.integration import keystone_case


class EndingTokenTest(keystone_case.KeystoneCase):
    """A token that was good is refused, though it is remembered."""

    def test_revoked_token_is_refused_when_the_cache_time_is_over(self):
        self.start(token_cache_time=2)
        token = self.keystone.token('demo', 'demo')
        self.assertEqual(200, self.status_of(token))
        self.keystone.revoke(token)
        wait_until(lambda: self.status_of(token) == 401, 'the token to be refused', 4)
        self.assertEqual(200, self.status_of(self.keystone.token('demo', 'demo')))

    def test_token_that_expires_is_refused_at_once(self):
        self.start(token_cache_time=300)
        token, ends = self.keystone.ending_token('demo', 'demo', seconds=3)
        self.assertEqual(200, self.status_of(token))
        wait_until(lambda: self.status_of(token) == 401, 'the token to expire')
        # Keystone cuts the end of a token to a whole second.
        self.assertLess(time.time() - ends, 1)


class OutageTest(keystone_case.KeystoneCase):
    """Keystone stops or hangs; nobody touches the service."""

    def _assert_away(self, token):
        began = time.monotonic()
        answer = self.ask(token, 'GET', '/v1/instances')
        self.assertLess(time.monotonic() - began, keystone_case.AWAY)
        self.assertEqual(503, answer.status_code, answer.text)
        self.assertEqual(503, answer.json()['error_code'])
        self.assertIn('Retry-After', answer.headers)
        self.assertIn('x-openstack-request-id', answer.headers)

    def _assert_recovers(self, token):
        self.gate.open()
        wait_until(lambda: self.status_of(token) == 200, 'the recovery', 5)

    def test_stopped(self):
        self.start()
        token = self.keystone.token('demo', 'demo')
        for _ in range(2):
            self.gate.shut()
            self._assert_away(token)
            self._assert_recovers(token)
            token = self.keystone.token('demo', 'demo')

    def test_hanging(self):
        self.start()
        token = self.keystone.token('demo', 'demo')
        self.gate.stall()
        self._assert_away(token)
        self._assert_recovers(token)

    def test_away_when_the_service_starts(self):
        self.gate.shut()
        self.start()
        token = self.keystone.token('demo', 'demo')
        self._assert_away(token)
        self._assert_recovers(token)

    def test_who_was_let_in_a_moment_ago_notices_nothing(self):
        self.start()
        known, new = (self.keystone.token('demo', 'demo') for _ in range(2))
        self.assertEqual(200, self.status_of(known))
        self.gate.shut()
        self.assertEqual(503, self.status_of(new))
        self.assertEqual(200, self.status_of(known))

    def test_memory_of_a_token_ends_also_while_keystone_is_away(self):
        self.start(token_cache_time=2)
        token = self.keystone.token('demo', 'demo')
        self.assertEqual(200, self.status_of(token))
        self.gate.shut()
        wait_until(lambda: self.status_of(token) == 503, 'the refusal', 4)

    def test_hanging_keystone_does_not_take_the_service_with_it(self):
        self.start(http_connect_timeout=1)
        known = self.keystone.token('demo', 'demo')
        self.assertEqual(200, self.status_of(known))
        # Nobody knows these, but only Keystone can say so.
        tokens = [uuid.uuid4().hex for _ in range(100)]
        self.gate.stall()
        began = time.monotonic()
        with futures.ThreadPoolExecutor(len(tokens)) as pool:
            answers = pool.map(self.status_of, tokens)
            self.assertEqual(200, self.status_of(known))
            self.assertEqual({503}, set(answers))
        self.assertLess(time.monotonic() - began, keystone_case.AWAY)
        self._assert_recovers(self.keystone.token('demo', 'demo'))
