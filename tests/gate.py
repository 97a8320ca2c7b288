"""A TCP gate before a server: a server that stops, without stopping it."""

import contextlib
import select
import socket
import threading

import fixtures


class Gate(fixtures.Fixture):
    """Listens on a port of its own and hands everything on while it is open.

    :ivar port: where it listens
    """

    def __init__(self, target):
        """:param target: (host, port) of the server"""
        self._target = target

    def _setUp(self):
        # Bound, never listening: nobody else gets the port while it is shut.
        self._seat = socket.socket()
        self._seat.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._seat.bind(('127.0.0.1', 0))
        self.addCleanup(self._seat.close)
        self.port = self._seat.getsockname()[1]
        # Never accepted from: the kernel takes connections, nobody answers.
        self._mute = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(self._mute.close)
        self._lock = threading.Lock()
        self._sockets = set()
        self.addCleanup(self.shut)
        self.open()

    def open(self):
        """Hand on what comes from here on."""
        self._listen(self._target)

    def stall(self):
        """Take connections and never say a word, as a server that hangs."""
        self._listen(self._mute.getsockname())

    def shut(self):
        """Refuse connections, and cut those there are."""
        with self._lock:
            sockets, self._sockets = self._sockets, set()
        for each in sockets:
            # Not closed here: closing does not wake the thread that waits on
            # it, and that thread would find the number of another socket.
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _listen(self, target):
        self.shut()
        listener = socket.create_server(
            ('127.0.0.1', self.port), backlog=128, reuse_port=True
        )
        self._sockets = {listener}
        self._start(self._accept, listener, target)

    def _start(self, job, *args):
        threading.Thread(target=job, args=args, daemon=True).start()

    def _accept(self, listener, target):
        with listener, contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self._start(self._carry, listener, client, target)

    def _carry(self, listener, client, target):
        with (
            client,
            contextlib.suppress(OSError),
            socket.create_connection(target) as server,
        ):
            with self._lock:
                if listener not in self._sockets:
                    return
                self._sockets |= {client, server}
            other = {client: server, server: client}
            while True:
                for end in select.select([client, server], [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    other[end].sendall(data)
