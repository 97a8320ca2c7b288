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
        """What requests takes for a timeout.

        :raises TimeoutError: when there is no time left
        """
        if self._until is None:
            return usual
        left = self._until - clock.monotonic()
        if left <= 0:
            raise TimeoutError('nobody waits for the answer any more')
        if usual is not None and usual <= left:
            return usual
        # Each of the two has a limit of its own in requests.
        return left * _CONNECT, left * (1 - _CONNECT)

    def note(self, response):
        """Keep what an answer says of when to come again."""
        told = response.headers.get(_RETRY_AFTER, '')
        self.pause = int(told) if told.isdecimal() else 0
        if response.status_code != 413:
            # manilaclient stumbles over it with all others.
            response.headers.pop(_RETRY_AFTER, None)


class Session(session.Session):
    """A session whose requests end with the call that they are made for."""

    def request(self, url, method, **kwargs):
        """As keystoneauth's."""
        call = getattr(_thread, 'call', None) or Call()
        kwargs['timeout'] = call.get_timeout(self.timeout)
        response = super().request(url, method, **kwargs)
        call.note(response)
        return response


class _Loader(loading.session.Session):
    @property
    def plugin_class(self):
        return Session


def load(group, auth):
    """A :class:`Session` with the options of a group."""
    return _Loader().load_from_conf_options(CONF, group, auth=auth)
