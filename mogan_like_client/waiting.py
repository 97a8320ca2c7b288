"""Waiting for what goes on in the service after it has answered."""

import http
import threading
import time

from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions

#: Seconds that a wait may take unless it says otherwise.
TIMEOUT = 1800.0
#: Seconds between two looks: few at first, more when it takes longer.
_SHORTEST, _LONGEST = 0.2, 5.0
_GROWTH = 1.5
#: Seconds that one look may take: the last one at least, and any at most, since
#: the next may meet a server that does not hang.
_SHORTEST_LOOK, _LONGEST_LOOK = 1.0, 60.0
#: Answers of who cannot say now how it is, and may later.
_OUTAGES = (429, 502, 503, 504)


def wait_for(look, judge, what, timeout=TIMEOUT, tell=None):
    """Look again and again until it is as it should be.

    Where there is no answer it is not there yet: a service that is started anew
    ends no wait.

    :param look: gets the object, in so many seconds at most; None when there is none
        any more
    :param judge: gets what ``look`` gave; True when that is it; raises
        ResourceFailure when it never will be
    :param what: is waited for, for the message
    :param timeout: seconds
    :param tell: called with every object that is not there yet, and the seconds
        since the start; not after the last look, nor where there was no answer
    :returns: what ``look`` gave last
    :raises ResourceTimeout: when it took longer; it says how it was at last
    """
    nap, end_of_nap = _SHORTEST, threading.Event()
    began = time.monotonic()
    while True:
        left = max(began + timeout - time.monotonic(), _SHORTEST_LOOK)
        found, outage = _try(look, min(left, _LONGEST_LOOK))
        if outage is None and judge(found):
            return found
        waited = time.monotonic() - began
        if waited >= timeout:
            raise exceptions.ResourceTimeout(
                f'Waited {timeout:g} s for {what}: {outage or describe(found)}'
            )
        if tell is not None and outage is None:
            tell(found, waited)
        end_of_nap.wait(min(nap, timeout - waited))
        nap = min(nap * _GROWTH, _LONGEST)


def _try(look, seconds):
    """What there is, and None; where there was no answer: None, and why."""
    try:
        return look(seconds), None
    except (auth_exceptions.ClientException, exceptions.HttpException) as exc:
        if not _is_outage(exc):
            raise
        return None, f'there was no answer: {exc}'


def _is_outage(exc):
    """True for what passes by itself: of the service, the way there, or Keystone."""
    if isinstance(exc, auth_exceptions.ConnectionError):
        # A wrong certificate stays wrong.
        return not isinstance(exc, auth_exceptions.SSLError)
    if isinstance(exc, auth_exceptions.HttpError):
        return exc.http_status in (*_OUTAGES, http.HTTPStatus.INTERNAL_SERVER_ERROR)
    if not isinstance(exc, exceptions.HttpException):
        return False
    if exc.status_code == http.HTTPStatus.INTERNAL_SERVER_ERROR:
        # With an id it is a fault of the service itself, which more looks do not
        # mend; what it waits for itself is a 503.
        return exc.request_id is None
    return exc.status_code in _OUTAGES


def describe(found):
    """How an object is, and why, in words."""
    if found is None:
        return 'it is gone'
    name = f' {found.name}' if found.name else ''
    text = f'{found.noun}{name} ({found.id}) is {found.status}'
    reason = find_reason(found)
    return f'{text}: {reason}' if reason else text


def find_reason(found):
    """What the service says about it: a fault, or what it waits for; or None."""
    fault = getattr(found, 'fault', None)
    if isinstance(fault, dict):
        return fault.get('message')
    waiting = getattr(found, 'waiting_for', None)
    return fault or (waiting and waiting.get('reason'))


def is_in(whose, status, failures, gone=False):
    """What judges an object by its status.

    :param whose: what it is called where there is none any more
    :param status: that is waited for; None for that the object is gone
    :param failures: statuses from which it is not reached any more
    :param gone: True when that the object is gone will do
    """

    def judge(found):
        if found is None:
            if status is None or gone:
                return True
            raise exceptions.ResourceFailure(
                f'{whose} is gone, and was to be {status}.'
            )
        if found.status == status:
            return True
        if found.status in failures:
            raise exceptions.ResourceFailure(describe(found))
        return False

    return judge
