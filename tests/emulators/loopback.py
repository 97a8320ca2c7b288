"""HTTP servers on loopback, for as long as a fixture is used."""

import http.server
import threading
from wsgiref import simple_server


class Quiet:
    """Of a request handler that writes no log: nobody reads it."""

    def log_message(self, *_args):
        """Nothing."""


class Handler(Quiet, http.server.BaseHTTPRequestHandler):
    """Answers for a fixture.

    :cvar fixture: for which it was made
    """

    protocol_version = 'HTTP/1.1'

    def read_body(self):
        """The body of the request, empty where there is none."""
        return self.rfile.read(int(self.headers['Content-Length'] or 0))

    def answer(self, status, body, headers=()):
        """Send an answer.

        :param headers: (name, value) of each but for the length
        """
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(fixture, kind):
    """The URL of a server whose handlers are of a kind, and know the fixture."""
    handler = type(kind.__name__, (kind,), {'fixture': fixture})
    return _run(fixture, http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler))


def serve_wsgi(fixture, make_application):
    """The URL of a server of an application, and the application.

    :param make_application: called with the URL
    """
    server = simple_server.make_server('127.0.0.1', 0, None, handler_class=_QuietWsgi)
    url = _run(fixture, server)
    application = make_application(url)
    server.set_app(application)
    return url, application


def _run(fixture, server):
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    fixture.addCleanup(thread.join)
    fixture.addCleanup(server.server_close)
    fixture.addCleanup(server.shutdown)
    return f'http://127.0.0.1:{server.server_port}'


class _QuietWsgi(Quiet, simple_server.WSGIRequestHandler):
    pass
