"""A Glance v2 that has images, as far as compute's clients ask: a WSGI application.

They want an image by its id or name, and the names of those that servers have.
"""

import json
import re
from urllib import parse

_VERSION = 'v2.16'


class Images:
    """Images, which are there for everybody.

    :param images: {id: name}; may change while it runs
    :param url: what a catalogue has, without the version
    :ivar requests: paths with their queries, as they came
    """

    def __init__(self, images, url):
        self.images = dict(images)
        self.url = url
        self.requests = []

    def __call__(self, environ, start_response):
        """Answer a request, as a WSGI application."""
        path, query = environ['PATH_INFO'], environ.get('QUERY_STRING', '')
        self.requests.append(f'{path}?{query}' if query else path)
        status, document = self._find(path, dict(parse.parse_qsl(query)))
        body = json.dumps(document).encode()
        headers = [
            ('Content-Type', 'application/json'),
            ('Content-Length', str(len(body))),
        ]
        start_response(status, headers)
        return [body]

    def _find(self, path, query):
        """The status line and document of a path."""
        if path in ('', '/', '/versions'):
            return '300 Multiple Choices', {'versions': [self._describe_version()]}
        if path == '/v2/images':
            found = [self._describe(uuid) for uuid in self._choose(query)]
            return '200 OK', {'images': found, 'first': '/v2/images'}
        image = re.fullmatch('/v2/images/([^/]+)', path)
        if image and image[1] in self.images:
            return '200 OK', self._describe(image[1])
        return '404 Not Found', {'message': 'No image found.'}

    def _choose(self, query):
        """The ids of the images that a query asks for."""
        wanted = query.get('id', '').removeprefix('in:')
        ids = wanted.split(',') if wanted else list(self.images)
        return [
            uuid
            for uuid in ids
            if uuid in self.images
            and query.get('name', self.images[uuid]) == self.images[uuid]
        ]

    def _describe_version(self):
        return {
            'id': _VERSION,
            'status': 'CURRENT',
            'links': [{'rel': 'self', 'href': f'{self.url}/v2/'}],
        }

    def _describe(self, uuid):
        return {
            'id': uuid,
            'name': self.images[uuid],
            'status': 'active',
            'visibility': 'public',
            'disk_format': 'qcow2',
            'container_format': 'bare',
            'size': 1,
            'min_disk': 0,
            'min_ram': 0,
            'tags': [],
            'self': f'/v2/images/{uuid}',
            'file': f'/v2/images/{uuid}/file',
            'schema': '/v2/schemas/image',
        }
