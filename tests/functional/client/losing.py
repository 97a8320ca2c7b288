"""A way to the service on which answers are lost."""

import http.client
import urllib.parse

import fixtures

from tests.emulators import loopback


class LosingProxy(fixtures.Fixture):
    """Hands requests on; some answers it keeps to itself.

    :param url: of the service
    :ivar url: where it answers
    :ivar lost: how many answers of each method are yet to be lost, {method: number}
    :ivar status: in place of a lost answer, or None to close the connection
    :ivar keys: the Idempotency-Keys that came, in order
    """

    def __init__(self, url):
        self._target = urllib.parse.urlsplit(url)
        self.lost = {}
        self.status = None
        self.keys = []

    def _setUp(self):
        self.url = loopback.serve(self, _Handler) + self._target.path

    def ask(self, method, path, body, headers):
        """The service's answer: status, body, headers."""
        connection = http.client.HTTPConnection(self._target.netloc)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), _drop_own(answer.getheaders())
        finally:
            connection.close()

    def loses(self, method):
        """True when the answer to a request is lost."""
        if not self.lost.get(method):
            return False
        self.lost[method] -= 1
        return True


class _Handler(loopback.Handler):
    def _hand_on(self):
        proxy, body = self.fixture, self.read_body()
        if key := self.headers['Idempotency-Key']:
            proxy.keys.append(key)
        answer = proxy.ask(self.command, self.path, body, dict(self.headers))
        if not proxy.loses(self.command):
            self.answer(*answer)
        elif proxy.status:
            self.answer(proxy.status, b'', [('Retry-After', '0')])
        else:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _hand_on


def _drop_own(headers):
    """Without those that the way itself adds."""
    own = ('content-length', 'connection', 'server', 'date')
    return [(name, value) for name, value in headers if name.lower() not in own]
