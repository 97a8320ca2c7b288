"""The library's proxy without a service."""

import collections
from unittest import mock

from mogan_like_client.sdk import proxy


class Recorder(proxy.Proxy):
    """Keeps what it was asked.

    :ivar requests: (method, path) in order
    :ivar queries: their parameters, in order
    :ivar bodies: the same of what they sent
    """

    default_microversion = '1.6'

    def __init__(self):
        super().__init__(mock.Mock(_sdk_connection=None))
        self.default_microversion = '1.6'
        self.requests, self.queries, self.bodies = [], [], []

    def request(self, url, method, *_args, params=None, json=None, **_kwargs):
        """Keep it, and answer."""
        self.queries.append(params)
        self.bodies.append(json)
        self.requests.append((method, url.strip('/')))
        return self.answer(method)

    def answer(self, _method):
        """The answer to a request, which tests change: success, and nothing in it."""
        return make_answer(200, collections.defaultdict(dict))


def make_answer(status, body):
    """An answer of a service."""
    answer = mock.Mock(status_code=status, headers={}, links={}, url='http://x/')
    answer.attempts = 1
    answer.json.return_value = body
    return answer
