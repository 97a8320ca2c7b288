"""What can happen to a connection besides an answer."""

import errno
import select
import time

from tests.emulators.manila import errors

#: Keys of the environ that the server sets.
SOCKET = 'emulator.socket'
STOPPED = 'emulator.stopped'
_BEHIND_PROXY = (502, 504)
#: Seconds between two looks whether the server was told to stop.
_PAUSE = 0.05


class Dropped(BrokenPipeError):
    """Nothing is answered: the server shuts the connection and says no word."""

    def __init__(self):
        super().__init__(errno.EPIPE, 'shut on purpose')


def apply(fault, environ, keystone_uri, content=b''):
    """Let a fault happen to a request.

    :param content: of the answer that it would have got
    :returns: (status, headers, body), None if it is to be answered as usual
    :raises Refused: for an answer with an error
    :raises Dropped: when there is no answer
    """
    sock = environ[SOCKET]
    if fault.kind == 'refuse':
        return _refuse(fault, keystone_uri)
    if fault.kind == 'delay':
        _wait(sock, environ[STOPPED], fault.seconds)
        return None
    if fault.kind == 'hang':
        _wait(sock, environ[STOPPED])
    elif fault.kind == 'cut':
        _send_half(sock, content)
    raise Dropped


def _refuse(fault, keystone_uri):
    code = fault.code
    if code == 401:
        return (code, *errors.write_unauthorized(keystone_uri))
    if code in _BEHIND_PROXY:
        return (code, *errors.write_of_proxy(code))
    raise errors.Refused(code, retry_after=fault.retry_after)


def _wait(sock, stopped, seconds=None):
    """Until the time is over, the client has gone, or the server is to stop.

    :raises Dropped: when it was not the time
    """
    deadline = time.monotonic() + seconds if seconds is not None else float('inf')
    while not stopped.is_set():
        left = deadline - time.monotonic()
        if left <= 0:
            return
        # What a client sends that waits for an answer is its end.
        if select.select([sock], [], [], min(left, _PAUSE))[0]:
            break
    raise Dropped


def _send_half(sock, content):
    content = content or b'{"' + bytes(64)
    head = (
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
        f'Content-Length: {len(content)}\r\n\r\n'
    )
    sock.sendall(head.encode() + content[: len(content) // 2])
