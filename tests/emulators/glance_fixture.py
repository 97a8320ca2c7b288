"""The emulated Glance on a port of loopback."""

import functools

import fixtures

from tests.emulators import glance
from tests.emulators import loopback


class Glance(fixtures.Fixture):
    """Starts it.

    :param images: {id: name}
    :ivar url: what a catalogue has, without the version
    :ivar application: the :class:`.glance.Images`
    """

    def __init__(self, images):
        self._images = images

    def _setUp(self):
        make = functools.partial(glance.Images, self._images)
        self.url, self.application = loopback.serve_wsgi(self, make)
