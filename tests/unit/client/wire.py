"""A network on which some answers do not come through."""

import types
from unittest import mock

from keystoneauth1 import session
from keystoneauth1 import token_endpoint
import requests
import requests.adapters
from urllib3 import exceptions as urllib3_exceptions

from mogan_like_client.sdk import proxy
from mogan_like_client.sdk import service

URL = 'http://service/v1'
#: What may become of an answer, or a status that somebody else answers with.
LOST, CUT = 'lost', 'cut'


class Wire(requests.adapters.BaseAdapter):
    """Answers 201 to everything that comes through.

    :ivar faults: what becomes of the next answers, in order
    :ivar sent: (path, Idempotency-Key) in order
    :ivar timeouts: seconds that each answer was given
    """

    def __init__(self, *faults):
        super().__init__()
        self.faults = list(faults)
        self.sent = []
        self.timeouts = []

    def send(self, request, timeout=None, **_kwargs):
        """The answer to a request, or what there is in its place."""
        path = request.url.removeprefix(URL)
        self.sent.append((path, request.headers.get('Idempotency-Key')))
        self.timeouts.append(timeout)
        fault = self.faults.pop(0) if self.faults else None
        if fault == LOST:
            raise requests.ConnectionError('lost')
        answer = requests.Response()
        answer.request, answer.url = request, request.url
        answer.status_code = fault if isinstance(fault, int) else 201
        answer.headers['Content-Type'] = 'application/json'
        if fault == CUT:
            answer.raw = types.SimpleNamespace(stream=_cut)
        else:
            answer._content = b'{"host": {}, "actions": []}'
        return answer

    def close(self):
        """Nothing is open."""


def _cut(*_args, **_kwargs):
    yield b'{"ho'
    raise urllib3_exceptions.ProtocolError('4 of 12 bytes')


def connect(wire, **kwargs):
    """The library's proxy on a wire, without pauses."""
    transport = requests.Session()
    transport.mount('http://', wire)
    auth = token_endpoint.Token(URL, 'token')
    own = session.Session(auth, session=transport)
    own._sdk_connection = mock.MagicMock(cache_enabled=False, _global_request_id='')
    pauses = {'connect_retry_delay': 0.001, 'status_code_retry_delay': 0.001}
    client = proxy.Proxy(own, service_type=service.TYPE, **pauses, **kwargs)
    client.default_microversion = '1.6'
    return client
