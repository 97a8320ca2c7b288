"""An emulated Glance: the images that clients look for before they make a server."""

import threading
import urllib.parse

import fixtures
import orjson

from tests.emulators.manila import server

#: {id: name} of the images there are when nothing else is said.
IMAGES = {'b8a5b6f0-6f0e-4f0b-9a3c-0d6f7c1f2e11': 'debian-12'}

_VERSION = 'v2.17'
_TIME = '2026-01-01T00:00:00Z'


class Application:
    """Answers as Glance's API v2: versions, the list of images, and one of them.

    :param images: {id: name}
    """

    def __init__(self, images=None):
        self._images = IMAGES if images is None else images

    def __call__(self, environ, start_response):
        status, body = self._answer(environ)
        content = orjson.dumps(body)
        headers = [
            ('Content-Type', 'application/json'),
            ('Content-Length', str(len(content))),
        ]
        start_response(status, headers)
        return [content]

    def _answer(self, environ):
        path = environ['PATH_INFO'].rstrip('/')
        if path == '':
            return '300 Multiple Choices', {'versions': [_describe(environ)]}
        if path == '/v2':
            return '200 OK', {'versions': [_describe(environ)]}
        if path == '/v2/images':
            query = dict(urllib.parse.parse_qsl(environ['QUERY_STRING']))
            return '200 OK', {'images': list(self._find(query)), 'first': path}
        image = path.removeprefix('/v2/images/')
        if image in self._images:
            return '200 OK', self._show(image)
        return '404 Not Found', {'message': f'No image found with ID {image}'}

    def _find(self, query):
        """Those that a list's filters leave."""
        wanted = query.get('id', '').removeprefix('in:').split(',')
        for image, name in self._images.items():
            if query.get('name') in (None, name) and (
                'id' not in query or image in wanted
            ):
                yield self._show(image)

    def _show(self, image):
        return {
            'id': image,
            'name': self._images[image],
            'status': 'active',
            'visibility': 'public',
            'disk_format': 'qcow2',
            'container_format': 'bare',
            'size': 1024,
            'min_disk': 0,
            'min_ram': 0,
            'protected': False,
            'tags': [],
            'created_at': _TIME,
            'updated_at': _TIME,
            'self': f'/v2/images/{image}',
            'file': f'/v2/images/{image}/file',
            'schema': '/v2/schemas/image',
        }


class Glance(fixtures.Fixture):
    """Starts it on a port of its own.

    :param images: as of Application
    :ivar url: where it answers, without the version, as in a catalogue
    """

    def __init__(self, images=None):
        self._images = images

    def _setUp(self):
        web = server.Server(Application(self._images))
        host, port = web.bind_addr
        self.url = f'http://{host}:{port}'
        thread = threading.Thread(target=web.serve)
        self.addCleanup(thread.join)
        self.addCleanup(web.stop)
        thread.start()


def _describe(environ):
    url = f'http://{environ["HTTP_HOST"]}/v2/'
    return {
        'id': _VERSION,
        'status': 'CURRENT',
        'links': [{'rel': 'self', 'href': url}],
    }
