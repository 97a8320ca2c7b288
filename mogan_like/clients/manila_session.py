"""Requests to Manila, and to Keystone for it, that end while somebody waits."""

import threading

from keystoneauth1 import loading
from keystoneauth1 import session

from mogan_like.common import clock
from mogan_like.common.config import CONF

#: Of the time that is left: how much of it may go by without a connection.
_CONNECT = 0.1
#: What Manila and what is before it say of when to come again.
_RETRY_AFTER = 'Retry-After'

_thread = threading.local()


class Call:
    """One call of Manila while it is made, by the thread that makes it.

    A session is shared by threads, and asks Keystone for a token by itself: so
    its requests find here how long they may take.

    :param until: ``clock.monotonic()`` after which nobody waits for it, or None
    :ivar pause: seconds after which Manila wants to be asked again; 0 for any
    """

    def __init__(self, until=None):
        self._until = until
        self.pause = 0

    def __enter__(self):
        _thread.call = self
        return self

    def __exit__(self, *_exc_info):
        _thread.call = None

    def get_timeout(self, usual):
        """What requests takes for a timeout: no more than is left, in all.

        :param usual: seconds, of the options; None for no limit

        :raises TimeoutError: when there is no time left
        """
        if self._until is None:
            return usual
        left = self._until - clock.monotonic()
        if left <= 0:
            raise TimeoutError('nobody waits for the answer any more')
        # Each of the two has a limit of its own in requests: to connect, to read.
        limits = (left * _CONNECT, left * (1 - _CONNECT))
        return limits if usual is None else tuple(min(usual, each) for each in limits)

    def note(self, response):
        """Keep what an answer says of when to come again."""
        told = response.headers.get(_RETRY_AFTER, '')
        self.pause = int(told) if told.isdecimal() else 0
        if response.status_code != 413:
            # manilaclient stumbles over it with all others.
            response.headers.pop(_RETRY_AFTER, None)


class _Bounded:
    """An adapter of requests, by which a call ends when it has to.

    keystoneauth may send one request more than once: with a new token, or to where
    it is redirected. So it is asked what is left each time.
    """

    def __init__(self, adapter):
        self._adapter = adapter

    def send(self, request, timeout=None, **kwargs):
        """As the other's."""
        timeout = _get_call().get_timeout(timeout)
        return self._adapter.send(request, timeout=timeout, **kwargs)

    def close(self):
        """As the other's."""
        self._adapter.close()


class Session(session.Session):
    """A session whose requests end with the call that they are made for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for scheme, adapter in list(self.session.adapters.items()):
            self.session.mount(scheme, _Bounded(adapter))

    def request(self, url, method, **kwargs):
        """As keystoneauth's."""
        response = super().request(url, method, **kwargs)
        _get_call().note(response)
        return response


def _get_call():
    return getattr(_thread, 'call', None) or Call()


class _Loader(loading.session.Session):
    @property
    def plugin_class(self):
        return Session


def load(group, auth):
    """A :class:`Session` with the options of a group."""
    return _Loader().load_from_conf_options(CONF, group, auth=auth)
