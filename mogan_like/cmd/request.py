"""A request to the built-in web server, and how what is none is refused."""

import contextlib
import http
import urllib.parse

from cheroot import server as cheroot_server

from mogan_like.api import errors
from mogan_like.api import middleware
from mogan_like.cmd import headers
from mogan_like.common.config import CONF


class Request(cheroot_server.HTTPRequest):
    """As of cheroot, but strict with headers, and polite when it refuses."""

    # Until the first line is read.
    method = b'-'
    uri = b''

    def read_request_line(self):
        """As of cheroot, which keeps nothing of a line that it refuses."""
        rfile = self.rfile
        self.rfile = _FirstLines(rfile, self)
        try:
            return super().read_request_line()
        finally:
            self.rfile = rfile

    def header_reader(self, rfile, found):
        """What cheroot reads headers with.

        :raises ValueError: what is wrong, in words for the client
        """
        found.update(headers.read(rfile, self.request_protocol))

    def simple_response(self, status, msg=''):
        """Refuse what is no request, in the form of all other errors."""
        code = int(status[:3])
        if code == http.HTTPStatus.REQUEST_TIMEOUT:
            msg = f'The request did not arrive in {CONF.api.request_timeout:g} seconds.'
        self.close_connection = True

        def start(status, pairs, exc_info=None):
            self.status = status.encode()
            pairs = [*pairs, ('Connection', 'close')]
            self.outheaders = [
                (name.encode(), value.encode('latin-1')) for name, value in pairs
            ]

        body = _make_refusal(errors.Foreign(code, msg))(self._describe(), start)
        # The client may be gone.
        with contextlib.suppress(OSError):
            self.ensure_headers_sent()
            self.conn.wfile.write(b''.join(body))

    def send_headers(self):
        """As of cheroot, but also when the rest of the body does not come."""
        # Cheroot reads it before it answers, for a client that is still sending
        # would not see the answer.
        left = getattr(self.rfile, 'remaining', 0)
        if left > CONF.oslo_middleware.max_request_body_size:
            # All of it would be in memory.
            self.close_connection = True
        elif left and not self.close_connection:
            try:
                self.rfile.read(left)
            except OSError:
                self.close_connection = True
        super().send_headers()

    def _describe(self):
        """What is known of it so far, as WSGI has it."""
        path = self.uri.partition(b'?')[0].partition(b'#')[0]
        environ = {
            f'HTTP_{name.decode().upper().replace("-", "_")}': value.decode('latin-1')
            for name, value in self.inheaders.items()
        }
        return environ | {
            'REQUEST_METHOD': self.method.decode('latin-1'),
            'PATH_INFO': urllib.parse.unquote_to_bytes(path).decode('latin-1'),
        }


class _FirstLines:
    """Lets cheroot read the request line, and notes what is asked for."""

    def __init__(self, rfile, request):
        self._rfile = rfile
        self._request = request

    def readline(self):
        line = self._rfile.readline()
        words = line.split(maxsplit=2)
        if len(words) > 1:
            self._request.method, self._request.uri, *_ = words
        return line


def _make_refusal(exc):
    """An application that answers as ours does when it refuses."""

    def refuse(environ, start_response):
        return errors.respond(environ, start_response, exc)

    return middleware.RequestId(middleware.name_version(refuse), CONF)
