"""Bad input: the right 4xx, a clear message, nothing changed, no error logged."""

import logging

import fixtures

from tests import fixtures as our_fixtures
from tests import personas
from tests.functional import case

_UUID = '6f2c1a52-5c8d-4f43-9a8e-2b1c3d4e5f60'
_GOOD = {'name': 'metal', 'flavor_uuid': _UUID, 'image_uuid': our_fixtures.IMAGE}


def _with(**changes):
    return {**_GOOD, **changes}


#: Bodies that no create may have, and the word that the message names.
CREATES = {
    'no name': ({'flavor_uuid': _UUID, 'image_uuid': _UUID}, 'name'),
    'empty name': (_with(name=''), 'name'),
    'blank name': (_with(name='  '), 'name'),
    'long name': (_with(name='x' * 256), 'name'),
    'name of another type': (_with(name=7), 'name'),
    'NUL in a name': (_with(name='a\0b'), 'NUL'),
    'unknown field': (_with(frobnicate=1), 'frobnicate'),
    'flavor is no UUID': (_with(flavor_uuid='small'), 'flavor_uuid'),
    'flavor is not there': (_GOOD, 'flavor_uuid'),
    'image is no UUID': (_with(image_uuid='debian'), 'image_uuid'),
    'long description': (_with(description='x' * 256), 'description'),
    'metadata is a list': (_with(metadata=[]), 'metadata'),
    'metadata value of another type': (_with(metadata={'a': 1}), 'metadata'),
    'long metadata key': (_with(metadata={'x' * 256: ''}), 'metadata'),
    'long metadata value': (_with(metadata={'a': 'x' * 256}), 'metadata'),
    'too much metadata': (
        _with(metadata={str(number): '' for number in range(129)}),
        'metadata',
    ),
    'network of another form': (_with(networks=[{'uuid': _UUID}]), 'networks'),
    'network of two forms': (
        _with(networks=[{'net_id': _UUID, 'port_id': _UUID}]),
        'networks',
    ),
    'too many networks': (_with(networks=[{'net_id': _UUID}] * 65), 'networks'),
    'user data is not base64': (_with(user_data='#!/bin/sh'), 'user_data'),
    'user data is nearly base64': (_with(user_data='==='), 'user_data'),
    'too much user data': (_with(user_data='A' * 65536), 'user_data'),
    'body is a list': ([_GOOD], 'document'),
    'body is null': (None, 'document'),
}

#: Raw bodies, with their content type, status and error name.
RAW = {
    'malformed': (b'{"name": ', 'application/json', 400, 'InvalidBody'),
    'empty': (b'', 'application/json', 400, 'InvalidBody'),
    'not UTF-8': (b'{"name": "\xff"}', 'application/json', 400, 'InvalidBody'),
    'NaN': (b'{"name": NaN}', 'application/json', 400, 'InvalidBody'),
    'deep': (b'[' * 9999 + b']' * 9999, 'application/json', 400, 'InvalidBody'),
    'a form': (b'name=a', 'application/x-www-form-urlencoded', 415, None),
    'XML': (b'<name/>', 'application/xml', 415, 'UnsupportedMediaType'),
    'large': (b' ' * 114689, 'application/json', 413, 'BodyTooLarge'),
}

#: Paths that cannot be answered: method, path, status, error name.
PATHS = [
    ('GET', '/v1/instances/not-a-uuid', 400, 'InvalidUUID'),
    ('DELETE', '/v1/instances/not-a-uuid', 400, 'InvalidUUID'),
    ('GET', f'/v1/instances/{_UUID}', 404, 'InstanceNotFound'),
    ('DELETE', f'/v1/instances/{_UUID}', 404, 'InstanceNotFound'),
    ('GET', f'/v1/instances/{_UUID}/actions', 404, 'InstanceNotFound'),
    ('GET', f'/v1/instances/{_UUID}/lock', 404, 'InstanceNotFound'),
    ('GET', f'/v1/flavors/{_UUID}', 404, 'FlavorNotFound'),
    ('GET', f'/v1/nodes/{_UUID}', 404, 'NodeNotFound'),
    ('GET', '/v1/keypairs/none', 404, 'KeypairNotFound'),
    ('GET', '/v1/frobnicate', 404, 'NotFound'),
    ('GET', '/v1/instances/' + 'x' * 5000, 400, 'InvalidUUID'),
    ('GET', '/v2', 404, 'NotFound'),
    ('PUT', '/v1/instances', 405, 'MethodNotAllowed'),
    ('POST', f'/v1/instances/{_UUID}', 405, 'MethodNotAllowed'),
    ('DELETE', '/v1/instances', 405, 'MethodNotAllowed'),
    ('GET', f'/v1/instances/{_UUID}/states/lock', 405, 'MethodNotAllowed'),
    ('FROB', '/v1/instances', 405, 'MethodNotAllowed'),
]

#: Query strings of GET /v1/instances, each with what is wrong named in it.
QUERIES = {
    'limit=0': 'limit',
    'limit=-1': 'limit',
    'limit=many': 'limit',
    'limit=1001': 'limit',
    'limit=' + '9' * 30: 'limit',
    'marker=not-a-uuid': 'not-a-uuid',
    f'marker={_UUID}': _UUID,
    'sort_key=user_data': 'sort_key',
    'sort_dir=sideways': 'sort_dir',
    'changes_since=yesterday': 'changes_since',
    'changes_since=2026-02-30T00:00:00': 'changes_since',
    'status=LOST': 'status',
    'locked=maybe': 'locked',
    'flavor_uuid=small': 'small',
    'frobnicate=1': 'frobnicate',
    'name=': 'name',
    'name=%00': 'name',
    'name=%ff': 'UTF-8',
    'limit=1&limit=2': 'limit',
}


class BadInputTest(case.FunctionalCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))

    def assert_nothing_happened(self):
        """No instance, no use of a quota, no audit, and nothing in the log."""
        self.assertEqual([], self.member.get('/v1/instances').body['instances'])
        limits = self.member.get('/v1/limits').body['limits']
        self.assertEqual(0, limits['instances']['used'])
        self.assertEqual('', self.log.output)

    def test_bodies_of_create(self):
        for label, (body, named) in CREATES.items():
            raw = b'null' if body is None else None
            answer = self.member.post('/v1/instances', body, raw=raw)
            self.assertEqual(400, answer.status, label)
            self.assertIn(named, answer.body['error_message'], label)
        lost = _with(flavor_uuid=self.service.make_flavor(), key_name='nobody-has-it')
        answer = self.member.post('/v1/instances', lost)
        self.assert_refused(answer, 400, 'InvalidParameter')
        self.assertIn('nobody-has-it', answer.body['error_message'])
        self.assert_nothing_happened()
        refused = self.admin.get('/v1/actions?object_type=instance').body['actions']
        # Only what a schema cannot know reached the conductor.
        self.assertEqual(1, len(refused), refused)

    def test_raw_bodies(self):
        for label, (raw, content_type, status, name) in RAW.items():
            headers = {'Content-Type': content_type}
            answer = self.member.send('POST', '/v1/instances', raw=raw, headers=headers)
            self.assertEqual(status, answer.status, label)
            if name:
                self.assert_refused(answer, status, name)
        self.assert_nothing_happened()

    def test_paths(self):
        admin = self.service.client(personas.ADMIN)
        for method, path, status, name in PATHS:
            answer = admin.send(method, path)
            self.assertEqual(status, answer.status, (method, path[:60], answer.body))
            self.assert_refused(answer, status, name)
            self.assertEqual(status == 405, 'Allow' in answer.headers, path[:60])
        self.assert_nothing_happened()

    def test_queries(self):
        for query, named in QUERIES.items():
            answer = self.member.get(f'/v1/instances?{query}')
            self.assertEqual(400, answer.status, query)
            self.assertIn(named, answer.body['error_message'], query)
        self.assert_nothing_happened()

    def test_bodies_of_other_verbs(self):
        uuid = self.service.make_instance()
        path = f'/v1/instances/{uuid}'
        for verb, body in (
            ('lock', {}),
            ('lock', {'lock': True}),
            ('lock', {'lock': {'reason': ''}}),
            ('lock', {'lock': {'reason': 'x' * 256}}),
            ('lock', {'lock': {'until': 'forever'}}),
            ('lock', {'lock': {'expires_at': 'tomorrow'}}),
            ('lock', {'lock': {'expires_at': '2001-01-01T00:00:00Z'}}),
            ('unlock', {'unlock': True}),
            ('power', {'target': 'explode'}),
            ('power', {'target': 'on', 'now': True}),
            ('provision', {'target': 'resize'}),
            ('provision', {'target': 'rebuild', 'image_uuid': 'debian'}),
        ):
            answer = self.admin.put(f'{path}/states/{verb}', body)
            self.assertEqual(400, answer.status, (verb, body, answer.body))
        for body in ({}, {'status': 'ACTIVE'}, {'name': None}, {'name': ''}):
            answer = self.member.patch(path, body)
            self.assertEqual(400, answer.status, (body, answer.body))
        self.assertEqual('ACTIVE', self.member.get(path).body['status'])
        self.assertEqual('', self.log.output)
