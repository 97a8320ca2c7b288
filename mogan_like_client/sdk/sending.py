"""How requests are sent, and what makes it safe to send one again."""

import contextlib
import copy
import re
import uuid

from keystoneauth1 import adapter
from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions
import requests
from requests import structures

KEY = 'Idempotency-Key'
#: Answers of a service that is not ready, and of who stands before one that is away.
OUTAGES = (502, 503, 504)
#: Of a request that got no answer, or one of these: keystoneauth's pauses between
#: them are 0.5 s, and then twice as long each time. They make 1.5 s for what nobody
#: has to know whether it was done: who reads would rather be told soon.
FEW = 2
#: They make 31.5 s: a service that is started anew is back by then.
MANY = 6

_STATES = re.compile(r'/states/\w+$')
#: What is sent by POST, and would be done again whatever the key.
_UNKEYED = re.compile(r'/checkpoints/action$')


class NoAnswer(auth_exceptions.ConnectFailure):
    """No answer came to what may have been done all the same.

    :ivar idempotency_key: under which it can be asked for again, and is done once
    """

    def __init__(self, reason, key):
        super().__init__(f'{reason}. {_tell(key)}')
        self.idempotency_key = key


class _Attempts(requests.auth.AuthBase):
    """Counts how often a request is sent, which keystoneauth does not tell.

    Requests lets whoever signs a request see each of them. Nobody signs these, but
    for keystoneauth, whose headers are there before.
    """

    count = 0

    def __call__(self, request):
        self.count += 1
        return request


class Sender(adapter.Adapter):
    """Below openstacksdk's proxy: its caches and statistics see none of this.

    :ivar time_limit: seconds that the server may be silent; None for what is
        configured (``api_timeout``)
    """

    time_limit = None

    def __init__(self, session, **kwargs):
        self._patience = {}
        for name in ('connect_retries', 'status_code_retries'):
            if kwargs.get(name) is None:
                kwargs[name], self._patience[name] = FEW, MANY
        super().__init__(session, **kwargs)

    def request(self, url, method, headers=None, **kwargs):
        """As of keystoneauth, with the key that makes it safe to send it again.

        :returns: the answer; its ``attempts`` are how often it was sent
        :raises NoAnswer: where it may have been done
        """
        headers = structures.CaseInsensitiveDict(headers or {})
        if _honours_keys(method, url):
            headers.setdefault(KEY, str(uuid.uuid4()))
            kwargs = {**self._patience, **kwargs}
        elif method == 'POST':
            kwargs.setdefault('connect_retries', 0)
            kwargs.setdefault('status_code_retries', 0)
        kwargs['hooks'] = {'response': _read}
        attempts = kwargs['requests_auth'] = _Attempts()
        if self.time_limit is not None:
            limits = (self.time_limit, self.session.timeout or self.time_limit)
            kwargs.setdefault('timeout', min(limits))
        self._get_token()
        try:
            answer = super().request(url, method, headers=headers, **kwargs)
        except (auth_exceptions.ConnectFailure, auth_exceptions.ConnectTimeout) as exc:
            if KEY not in headers:
                raise
            raise NoAnswer(exc, headers[KEY]) from exc
        answer.attempts = attempts.count
        return answer

    def hurry(self):
        """The same for who asks again anyhow: it sends nothing twice."""
        other = copy.copy(self)
        other.connect_retries = other.status_code_retries = 0
        other._patience = {}
        return other

    def _get_token(self):
        """Have one: without, nothing is sent, and that is no lost answer."""
        if self.auth or self.session.auth:
            self.session.get_auth_headers(self.auth)


def make_headers(idempotency_key):
    """The headers of a request with the caller's key; of None those without one."""
    return {} if idempotency_key is None else {KEY: idempotency_key}


@contextlib.contextmanager
def doubting():
    """What fails within, and may have been done, tells how it is asked for again."""
    try:
        yield
    except exceptions.HttpException as exc:
        doubt = exc.response is not None and find_doubt(exc.response)
        if doubt:
            exc.details = f'{exc.details}. {doubt}'
        raise


def find_doubt(answer):
    """What to tell when an answer leaves open whether something was done; or None."""
    if answer.status_code not in OUTAGES:
        return None
    key = answer.request.headers.get(KEY)
    return key and _tell(key)


def _honours_keys(method, url):
    """True for what the service does once under a key."""
    if method == 'PUT':
        return _STATES.search(url) is not None
    return method == 'POST' and not _UNKEYED.search(url)


def _tell(key):
    return (
        'It may have been done all the same. Asked for again within 24 hours, in the '
        f'same words and with the idempotency key {key}, it is done once.'
    )


def _read(answer, **_kwargs):
    """Read an answer while one that is cut short still counts as a lost one.

    Requests does it by itself, and where nobody sends anything again.

    :raises ConnectionError: of requests
    """
    try:
        len(answer.content)
    except requests.exceptions.ChunkedEncodingError as exc:
        raise requests.ConnectionError(f'the answer was cut short: {exc}') from exc
