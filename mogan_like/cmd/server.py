"""The built-in web server: cheroot, less patient with slow clients."""

import signal

from cheroot import makefile
from cheroot import server as cheroot_server
from cheroot import wsgi

from mogan_like.api import auth
from mogan_like.cmd import request
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common import workers
from mogan_like.common.config import CONF

#: Seconds that a connection stays open between two requests, and that a client
#: may take to receive the next part of its answer.
_IDLE_SECONDS = 60
#: Bytes of a request line and headers: a token of Keystone's may be long.
_LONGEST_HEADERS = 65536
#: Connections that may wait to be accepted.
_LISTEN_QUEUE = 128


def make_server(app):
    """A server for a WSGI application, listening as configured.

    :raises ConfigInvalid: when it cannot listen there, or must not, see
        :func:`auth.check_start`
    """
    auth.check_start(CONF.api.host)
    server = _Server(
        (CONF.api.host, CONF.api.port),
        app,
        numthreads=CONF.api.threads,
        # Cheroot's own 5 resets the connections of a burst of clients.
        request_queue_size=_LISTEN_QUEUE,
        timeout=_IDLE_SECONDS,
        shutdown_timeout=10,
    )
    server.gateway = _Gateway
    server.max_request_header_size = _LONGEST_HEADERS
    # Clients learn nothing from a version string that attackers would not.
    server.server_name = 'mogan-like'
    try:
        server.prepare()
    except OSError as exc:
        raise exception.ConfigInvalid(reason=f'[api]host and [api]port: {exc}') from exc
    return server


def serve(server):
    """Serve until SIGTERM or SIGINT, and until what was asked is answered."""
    stopping = []

    def stop(_signal, _frame):
        # It waits for requests that run; a signal handler must not wait.
        if not stopping:
            stopping.append(workers.start_thread('stop', server.stop))

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.serve()
    for thread in stopping:
        thread.join()


class _Socket:
    """A socket that waits so long for what it reads, all reads together.

    A limit for each read would be none: a client could send a byte at a time.

    :ivar left: seconds that are left of that
    """

    def __init__(self, sock):
        self._sock = sock
        self.left = 0

    def recv_into(self, buffer):
        """As of a socket.

        :raises TimeoutError: when the time is over
        """
        if self.left <= 0:
            # In the words of a socket, which cheroot looks for.
            raise TimeoutError('timed out')
        self._sock.settimeout(self.left)
        began = clock.monotonic()
        try:
            return self._sock.recv_into(buffer)
        finally:
            self.left -= clock.monotonic() - began
            # It is also the time for the next part of the answer.
            self._sock.settimeout(_IDLE_SECONDS)

    def __getattr__(self, name):
        return getattr(self._sock, name)


class _Gateway(wsgi.Gateway_10):
    def get_environ(self):
        """As of cheroot, but with an address to make links of without a Host."""
        environ = super().get_environ()
        host = self.req.conn.socket.getsockname()[0]
        environ['SERVER_NAME'] = f'[{host}]' if ':' in host else host
        return environ


class _Connection(cheroot_server.HTTPConnection):
    RequestHandlerClass = request.Request

    def __init__(self, server, sock, make=makefile.MakeFile):
        super().__init__(server, sock, make)
        self._reads = _Socket(sock)
        self.rfile = make(self._reads, 'rb', self.rbufsize)

    def communicate(self):
        """Answer a request; True if another one may follow."""
        self._reads.left = CONF.api.request_timeout
        return super().communicate()


class _Server(wsgi.Server):
    ConnectionClass = _Connection

    def process_conn(self, conn):
        """Give a connection to a thread, but none that has not sent anything."""
        if conn.last_used is None:
            self.put_conn(conn)
        else:
            super().process_conn(conn)
