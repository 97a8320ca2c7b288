"""A way to the service on which answers are lost."""

import http.client
import http.server
import threading
import urllib.parse

import fixtures


class LosingProxy(fixtures.Fixture):
    """Hands requests on; some answers it keeps to itself.

    :param url: of the service
    :ivar url: where it answers
    :ivar lost: how many answers of each method are yet to be lost, {method: number}
    :ivar status: in place of a lost answer, or None to close the connection
    :ivar keys: the Idempotency-Keys that came, in order
    """

    def __init__(self, url):
        self._target = urllib.parse.urlsplit(url)
        self.lost = {}
        self.status = None
        self.keys = []

    def _setUp(self):
        handler = type('Handler', (_Handler,), {'proxy': self})
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f'http://127.0.0.1:{server.server_port}{self._target.path}'

    def ask(self, method, path, body, headers):
        """The service's answer: status, headers, body."""
        connection = http.client.HTTPConnection(self._target.netloc)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def loses(self, method):
        """True when the answer to a request is lost."""
        if not self.lost.get(method):
            return False
        self.lost[method] -= 1
        return True


class _Handler(http.server.BaseHTTPRequestHandler):
    """:cvar proxy: the fixture"""

    protocol_version = 'HTTP/1.1'

    def _hand_on(self):
        body = self.rfile.read(int(self.headers['Content-Length'] or 0))
        if self.command == 'POST':
            self.proxy.keys.append(self.headers['Idempotency-Key'])
        answer = self.proxy.ask(self.command, self.path, body, dict(self.headers))
        if not self.proxy.loses(self.command):
            self._answer(*answer)
        elif self.proxy.status:
            self._answer(self.proxy.status, [('Retry-After', '0')], b'')
        else:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _hand_on

    def _answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ('content-length', 'connection', 'server', 'date'):
                self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Nobody reads it."""
