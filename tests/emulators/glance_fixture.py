"""The emulated Glance on a port of loopback."""

import threading
from wsgiref import simple_server

import fixtures

from tests.emulators import glance


class Glance(fixtures.Fixture):
    """Starts it.

    :param images: {id: name}
    :ivar url: what a catalogue has, without the version
    :ivar application: the :class:`.glance.Images`
    """

    def __init__(self, images):
        self._images = images

    def _setUp(self):
        server = simple_server.make_server('127.0.0.1', 0, None, handler_class=_Quiet)
        self.url = f'http://127.0.0.1:{server.server_port}'
        self.application = glance.Images(self._images, self.url)
        server.set_app(self.application)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)


class _Quiet(simple_server.WSGIRequestHandler):
    def log_message(self, *_args):
        """Nobody reads it."""
