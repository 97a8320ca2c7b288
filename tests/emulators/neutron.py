"""A Neutron that has networks and ports, to be found by their names."""

import json
from urllib import parse

import fixtures

from tests.emulators import loopback


class Neutron(fixtures.Fixture):
    """They are there for everybody.

    :param networks: {id: name}
    :param ports: {id: name}
    :ivar url: what a catalogue has
    """

    def __init__(self, networks, ports):
        self._found = {'networks': networks, 'ports': ports}

    def _setUp(self):
        self.url = loopback.serve(self, _Handler)

    def answer(self, path, query):
        """The status and document of a path."""
        if path.strip('/') in ('', 'v2.0'):
            version = {'id': 'v2.0', 'status': 'CURRENT'}
            version['links'] = [{'rel': 'self', 'href': f'{self.url}/v2.0/'}]
            return 200, {'versions': [version]}
        kind, *rest = path.removeprefix('/v2.0/').split('/')
        rows = [{'id': uuid, 'name': name} for uuid, name in self._found[kind].items()]
        if rest:
            return 404, {'NeutronError': {'message': f'{rest[0]} could not be found.'}}
        return 200, {kind: [row for row in rows if row['name'] == query['name']]}


class _Handler(loopback.Handler):
    def do_GET(self):
        url = parse.urlsplit(self.path)
        query = dict(parse.parse_qsl(url.query))
        status, document = self.fixture.answer(url.path, query)
        body = json.dumps(document).encode()
        self.answer(status, body, [('Content-Type', 'application/json')])
