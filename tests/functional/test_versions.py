"""Microversions: each brings what it says, and below it all is as it was."""

import uuid as uuid_module

from mogan_like.api import versions
from tests import fixtures
from tests.functional import case

_HEADER = 'OpenStack-API-Version'


class VersionsTest(case.FunctionalCase):
    """A test for each microversion, named after it, and for the header."""

    def test_every_version_has_a_test(self):
        tested = {name for name in dir(self) if name.startswith('test_version_')}
        expected = {
            'test_version_' + version.replace('.', '_') for version in versions.HISTORY
        }
        self.assertEqual(expected, tested)

    def test_version_1_1(self):
        uuid = self.service.make_instance()
        shown = self.member.get(f'/v1/instances/{uuid}', version=None)
        self.assertEqual('baremetal-compute 1.1', shown.headers[_HEADER])
        self.assertIn(_HEADER, shown.headers['Vary'])
        self.assertIs(False, shown.body['locked'])
        self.service.lock(uuid)
        for path in (f'/v1/instances/{uuid}', '/v1/instances/detail'):
            body = self.member.get(path, version='1.1').body
            instance = body.get('instances', [body])[0]
            self.assertIs(True, instance['locked'])
            self.assertEqual('LOCKED', instance['status'])

    def test_version_1_2(self):
        free = self.service.make_instance(name='free')
        held = self.service.make_instance(name='held')
        self.service.lock(held)
        self.assertEqual([held], self._list('locked=true', '1.2'))
        self.assertEqual([free], self._list('locked=false', '1.2'))
        refused = self.member.get('/v1/instances?locked=true', version='1.1')
        self.assertEqual(400, refused.status)

    def test_version_1_3(self):
        uuid = self.service.make_instance()
        path = f'/v1/instances/{uuid}'
        self.member.delete(path)
        self.service.wait_for(uuid, 'DELETED')
        read = self.member.get(f'{path}/actions', version='1.3')
        self.assertEqual(200, read.status)
        request_id = read.body['actions'][0]['request_id']
        one = f'{path}/actions/{request_id}'
        self.assertEqual(200, self.member.get(one, version='1.3').status)
        for hidden in (f'{path}/actions', one):
            answer = self.member.get(hidden, version='1.2')
            self.assert_refused(answer, 404, 'InstanceNotFound')
        self.assertEqual([uuid], self._list('deleted=true', '1.3'))
        refused = self.member.get('/v1/instances?deleted=true', version='1.2')
        self.assertEqual(400, refused.status)

    def test_version_1_4(self):
        uuid = self.service.make_instance()
        path = f'/v1/instances/{uuid}'
        body = {'lock': {'reason': 'fans', 'expires_at': '2999-01-01T00:00:00Z'}}
        early = self.admin.put(f'{path}/states/lock', body, version='1.3')
        self.assertEqual(400, early.status)
        late = self.admin.put(f'{path}/states/lock', body, version='1.4')
        self.assertEqual(202, late.status)
        lock = self.member.get(f'{path}/lock', version='1.4').body
        self.assertEqual('fans', lock['reason'])
        self.assertEqual('2999-01-01T00:00:00.000000', lock['expires_at'])
        hidden = self.member.get(f'{path}/lock', version='1.3')
        self.assertEqual(404, hidden.status)

    def test_version_1_5(self):
        uuid = self.service.make_instance()
        found = self.admin.get(f'/v1/actions?instance={uuid}', version='1.5')
        self.assertEqual(['create'], [a['action'] for a in found.body['actions']])
        hidden = self.admin.get('/v1/actions', version='1.4')
        self.assertEqual(404, hidden.status)

    def test_version_1_6(self):
        self.service.make_instance()
        for path, new in (
            ('instances/detail?all_projects=true', {'reservation_uuid'}),
            ('nodes', {'reservation_uuid', 'reservable'}),
        ):
            early, late = (
                self._find_fields(path, version) for version in ('1.5', '1.6')
            )
            self.assertEqual(new, late - early)
        body = {
            'name': 'n',
            'flavor_uuid': self.service.make_flavor(),
            'image_uuid': fixtures.IMAGE,
            'reservation': str(uuid_module.uuid4()),
        }
        early = self.member.post('/v1/instances', body, version='1.5')
        self.assert_refused(early, 400, 'InvalidBody')
        late = self.member.post('/v1/instances', body, version='1.6')
        self.assert_refused(late, 409, 'NoValidNode')

    def test_header(self):
        for asked, status, answered in (
            ('baremetal-compute 1.3', 200, '1.3'),
            ('baremetal_compute 1.3', 200, '1.3'),
            ('compute 2.90, baremetal-compute 1.2', 200, '1.2'),
            ('compute 2.90', 200, versions.MIN_TEXT),
            ('baremetal-compute latest', 200, versions.MAX_TEXT),
            ('baremetal-compute 1.999', 406, '1.999'),
            ('baremetal-compute 2.0', 406, '2.0'),
            ('baremetal-compute one', 400, None),
        ):
            answer = self.member.get(
                '/v1/instances', version=None, headers={_HEADER: asked}
            )
            self.assertEqual(status, answer.status, asked)
            self.assertIn(_HEADER, answer.headers['Vary'], asked)
            expected = answered and f'baremetal-compute {answered}'
            self.assertEqual(expected, answer.headers.get(_HEADER), asked)
            if status != 200:
                message = answer.body['error_message']
                self.assertIn(versions.MIN_TEXT, message)
                self.assertIn(versions.MAX_TEXT, message)

    def _find_fields(self, path, version):
        """The names of the fields of the first item of a list."""
        body = self.admin.get(f'/v1/{path}', version=version).body
        return set(body[path.partition('/')[0]][0])

    def _list(self, query, version):
        answer = self.member.get(f'/v1/instances?{query}', version=version)
        self.assertEqual(200, answer.status, answer)
        return [instance['uuid'] for instance in answer.body['instances']]
