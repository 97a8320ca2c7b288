"""How long a request to Manila may take, each time it is sent."""

import fixtures
from keystoneauth1 import noauth
from keystoneauth1 import session as keystone_session
import requests
import testtools

from mogan_like.clients import manila_session
from tests.unit.protection.plugins import hooks

#: Seconds of ``[manila]timeout``, and of a call that may not take twice as long.
USUAL = 30
LEFT = 36


class RenewedAuth(noauth.NoAuth):
    """Has a new token when one is not good any more."""

    def invalidate(self):
        return True


class TimeoutTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.clock = hooks.Clock()
        self.useFixture(
            fixtures.MonkeyPatch(f'{manila_session.__name__}.clock', self.clock)
        )
        self.answers = []
        self.timeouts = []
        place = f'{keystone_session.__name__}.TCPKeepAliveAdapter.send'
        self.useFixture(fixtures.MonkeyPatch(place, self.send))

    def send(self, _adapter, request, timeout=None, **_kwargs):
        """Answer after ten seconds, and keep how long it might have taken."""
        self.timeouts.append(timeout)
        self.clock.wait(10)
        response = requests.Response()
        response.status_code = self.answers.pop(0)
        response.headers['location'] = response.url = request.url
        response.request, response._content = request, b'{}'
        return response

    def ask(self, until, *answers):
        self.answers[:] = answers
        session = manila_session.Session(RenewedAuth(), timeout=USUAL)
        with manila_session.Call(until):
            session.get('http://manila.test/v2', authenticated=True)

    def test_connecting_and_reading_together_take_what_is_left_at_most(self):
        for usual in (None, 1, USUAL, LEFT, 100):
            limits = manila_session.Call(LEFT).get_timeout(usual)
            self.assertLessEqual(round(sum(limits), 6), LEFT)
            self.assertLessEqual(max(limits), usual or LEFT)

    def test_who_may_take_any_time_takes_the_usual_one(self):
        self.ask(None, 200)
        self.assertEqual([USUAL], self.timeouts)

    def test_what_is_sent_again_has_less(self):
        for first in (401, 302):
            self.timeouts.clear()
            until = self.clock.now + LEFT
            self.ask(until, first, 200)
            left = [LEFT, LEFT - 10]
            for limits, most in zip(self.timeouts, left, strict=True):
                self.assertLessEqual(round(sum(limits), 6), most)

    def test_what_is_too_late_is_not_sent_again(self):
        self.assertRaises(TimeoutError, self.ask, self.clock.now + 5, 401, 200)
        self.assertEqual(1, len(self.timeouts))
