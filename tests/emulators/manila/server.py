"""The emulated Manila on a port of 127.0.0.1."""

import threading

from cheroot import wsgi

from tests.emulators.manila import connection

#: Requests at once; those that hang take one each.
_THREADS = 24


class _Gateway(wsgi.Gateway_10):
    def get_environ(self):
        """With the socket, for what is to happen to it."""
        environ = super().get_environ()
        environ[connection.SOCKET] = self.req.conn.socket
        environ[connection.STOPPED] = self.req.server.stopped
        return environ


class Server(wsgi.Server):
    """Serves an application.

    :param port: 0 for a free one
    """

    #: Seconds until it sees that it was told to stop.
    expiration_interval = 0.05

    def __init__(self, application, port=0):
        super().__init__(
            ('127.0.0.1', port), application, numthreads=_THREADS, shutdown_timeout=5
        )
        self.gateway = _Gateway
        self.stopped = threading.Event()
        self.prepare()

    @property
    def url(self):
        """Where the API is, with the version."""
        return f'http://127.0.0.1:{self.bind_addr[1]}/v2'

    def stop(self):
        """Answer what was asked, but for what hangs, and stop."""
        self.stopped.set()
        super().stop()

    def error_log(self, msg='', level=20, traceback=False):
        """Nothing about connections that were shut on purpose."""
        if traceback and not self.stopped.is_set():
            super().error_log(msg, level, traceback)
