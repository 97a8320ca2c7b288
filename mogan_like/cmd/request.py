"""A request to the built-in web server, and how what is none is refused."""

import contextlib
import http

from cheroot import server as cheroot_server

from mogan_like.api import errors
from mogan_like.cmd import headers
from mogan_like.common import context
from mogan_like.common.config import CONF


class Request(cheroot_server.HTTPRequest):
    """As of cheroot, but strict with headers."""

    # Until the first line is read.
    method = b'-'
    uri = b''

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
        request_id = context.RequestContext(overwrite=False).request_id
        environ = {
            'REQUEST_METHOD': self.method.decode('latin-1'),
            'PATH_INFO': self.uri.partition(b'?')[0].decode('latin-1'),
            'openstack.request_id': request_id,
        }
        code, headers, body = errors.answer(environ, errors.Foreign(code, msg))
        self.close_connection = True
        lines = [
            f'{self.server.protocol} {code} {http.HTTPStatus(code).phrase}',
            *(f'{name}: {value}' for name, value in headers),
            f'x-openstack-request-id: {request_id}',
            'Connection: close',
        ]
        head = '\r\n'.join([*lines, '', '']).encode('latin-1')
        # The client may be gone.
        with contextlib.suppress(OSError):
            self.conn.wfile.write(head + body)

    def send_headers(self):
        """As of cheroot, but also when the rest of the body does not come."""
        # Cheroot reads it before it answers, for a client that is still sending
        # would not see the answer.
        left = getattr(self.rfile, 'remaining', 0)
        if left and not self.close_connection and int(self.status[:3]) != 413:
            try:
                self.rfile.read(left)
            except OSError:
                self.close_connection = True
        super().send_headers()
