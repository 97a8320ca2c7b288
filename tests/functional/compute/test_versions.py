"""What microversions of Nova's change beyond keys and codes (see version_table)."""

from tests import fixtures
from tests.functional.compute import compute_case


class VersionsTest(compute_case.ComputeCase):
    def test_version_2_1(self):
        uuid = self.service.make_instance()
        answer = self.member.get(f'/v2.1/servers/{uuid}', version=None)
        self.assertEqual('compute 2.1', answer.headers['OpenStack-API-Version'])
        self.assertEqual('2.1', answer.headers['X-OpenStack-Nova-API-Version'])
        self.assertEqual({'id', 'links'}, set(answer.body['server']['flavor']))

    def test_version_2_10(self):
        self.member.post('/v1/keypairs', {'name': 'k', 'public_key': compute_case.KEY})
        query = f'?user_id={self.member.persona.user_id}'
        for version, count in (('2.9', 0), ('2.10', 1)):
            found = self.read(f'/os-keypairs{query}', version, self.admin)['keypairs']
            self.assertEqual(count, len(found))
            self.read(f'/os-keypairs/k{query}', version, self.admin, (404, 200)[count])
            answer = self.admin.delete(f'/v2.1/os-keypairs/k{query}', version=version)
            self.assertEqual((404, 204)[count], answer.status)

    def test_version_2_19(self):
        uuid = self.service.make_instance()
        body = {'server': {'description': 'mine'}}
        for version, status in (('2.18', 400), ('2.19', 200)):
            answer = self.member.put(f'/v2.1/servers/{uuid}', body, version=version)
            self.assertEqual(status, answer.status)
        self.assertEqual('mine', self.show(uuid)['description'])

    def test_version_2_21(self):
        uuid = self.service.make_instance()
        self.member.delete(f'/v2.1/servers/{uuid}')
        self.service.wait_for(uuid, 'DELETED')
        path = f'/servers/{uuid}/os-instance-actions'
        found = self.read(path, '2.21')['instanceActions']
        self.assertEqual(['delete', 'create'], [each['action'] for each in found])
        one = f'{path}/{found[0]["request_id"]}'
        self.read(one, '2.21')
        for hidden in (path, one):
            answer = self.member.get(f'/v2.1{hidden}', version='2.20')
            self.assert_fault(answer, 404, 'itemNotFound')

    def test_version_2_37(self):
        server = {
            'name': 'n',
            'imageRef': fixtures.IMAGE,
            'flavorRef': self.service.make_flavor(),
        }
        for version, networks, status in (
            ('2.36', None, 202),
            ('2.36', 'none', 400),
            ('2.37', None, 400),
            ('2.37', 'none', 202),
            ('2.37', 'auto', 202),
            ('2.37', [{'uuid': fixtures.IMAGE}], 202),
            ('2.37', 'some', 400),
        ):
            body = {'server': {**server}}
            if networks is not None:
                body['server']['networks'] = networks
            answer = self.member.post('/v2.1/servers', body, version=version)
            self.assertEqual(status, answer.status, (version, networks, answer))

    def test_version_2_38(self):
        self.service.make_instance()
        self.assertEqual([], self.names('?status=bogus', version='2.37'))
        answer = self.member.get('/v2.1/servers?status=bogus', version='2.38')
        self.assert_fault(answer, 400, 'badRequest')

    def test_version_2_47(self):
        flavor = self.service.make_flavor(
            name='large', properties={'cpus': '16', 'memory_mb': '65536'}
        )
        uuid = self.service.make_instance(flavor_uuid=flavor)
        early = self.show(uuid, version='2.46')['flavor']
        self.assertEqual(flavor, early['id'])
        embedded = {
            'vcpus': 16,
            'ram': 65536,
            'disk': 0,
            'ephemeral': 0,
            'swap': 0,
            'original_name': 'large',
            'extra_specs': {
                'resources:CUSTOM_BAREMETAL': '1',
                'capabilities:cpus': '16',
                'capabilities:memory_mb': '65536',
            },
        }
        self.assertEqual(embedded, self.show(uuid, version='2.47')['flavor'])
        # Of one that is there no more the name is unknown.
        self.admin.delete(f'/v1/flavors/{flavor}')
        late = self.show(uuid, version='2.47')['flavor']
        self.assertEqual((flavor, 0), (late['original_name'], late['vcpus']))

    def test_version_2_58(self):
        uuid = self.service.make_instance()
        index = f'/servers/{uuid}/os-instance-actions'
        self.act(uuid, 'lock')
        self.assertNotIn('links', self.read(f'{index}?limit=1&bogus=1', '2.57'))
        late = self.read(f'{index}?limit=1', '2.58')
        (action,) = late['instanceActions']
        (link,) = late['links']
        self.assertEqual('next', link['rel'])
        self.assertTrue(
            link['href'].endswith(f'/v2.1{index}?limit=1&marker={action["request_id"]}')
        )
        next_page = self.read(link['href'].partition('/v2.1')[2], '2.58')
        self.assertEqual(
            ['create'], [a['action'] for a in next_page['instanceActions']]
        )
        self.assertEqual({'instanceActions'}, set(next_page))
        future = '?changes-since=2999-01-01T00:00:00Z'
        self.assertEqual([], self.read(f'{index}{future}', '2.58')['instanceActions'])
        self.assertEqual(
            2, len(self.read(f'{index}{future}', '2.57')['instanceActions'])
        )

    def test_version_2_61(self):
        flavor = self.service.make_flavor()
        specs = {'resources:CUSTOM_BAREMETAL': '1'}
        shown = self.read(f'/flavors/{flavor}')['flavor']
        self.assertEqual(specs, shown['extra_specs'])
        path = f'/flavors/{flavor}/os-extra_specs'
        self.assertEqual({'extra_specs': specs}, self.read(path, '2.1'))

    def test_version_2_66(self):
        uuid = self.service.make_instance()
        past = '?changes-before=2000-01-01T00:00:00Z'
        path = f'/servers/{uuid}/os-instance-actions{past}'
        self.assertEqual([], self.read(path, '2.66')['instanceActions'])
        answer = self.member.get(f'/v2.1{path}', version='2.65')
        self.assert_fault(answer, 400, 'badRequest')
        self.assertEqual([], self.names(past, version='2.66'))
        self.assertEqual(['metal'], self.names(past, version='2.65'))

    def test_version_2_73(self):
        self.service.make_instance()
        uuid = self.service.make_instance(name='held')
        for version, terms, status, reason in (
            ('2.72', {'locked_reason': 'x'}, 202, None),
            ('2.73', {'locked_reason': 'fans'}, 202, 'fans'),
            ('2.73', {'locked_reason': ''}, 400, None),
            ('2.73', {'locked_reason': 'x' * 256}, 400, None),
            ('2.73', {'locked_reason': 'x', 'more': 1}, 400, None),
        ):
            answer = self.act(uuid, 'lock', terms, version=version)
            self.assertEqual(status, answer.status, answer)
            self.assertEqual(reason, self.show(uuid)['locked_reason'])
            self.act(uuid, 'unlock')
        self.act(uuid, 'lock')
        for query, version, names in (
            ('?locked=True', '2.73', ['held']),
            ('?locked=False', '2.73', ['metal']),
            ('?locked=True', '2.72', ['held', 'metal']),
        ):
            self.assertEqual(names, self.names(query, version=version))
        answer = self.member.get('/v2.1/servers?locked=maybe', version='2.73')
        self.assert_fault(answer, 400, 'badRequest')

    def test_version_2_75(self):
        uuid = self.service.make_instance()
        self.assertEqual(['metal'], self.names('?bogus=1', version='2.74'))
        path, body = f'/v2.1/servers/{uuid}', {'server': {'name': 'new'}}
        changed = self.member.put(path, body, version='2.75').body['server']
        self.assertEqual(self.show(uuid, version='2.75'), changed)
        flavor = self.read('/flavors')['flavors'][0]['id']
        for version, swap in (('2.74', ''), ('2.75', 0)):
            shown = self.read(f'/flavors/{flavor}', version)['flavor']
            self.assertEqual(swap, shown['swap'])

    def test_version_2_90(self):
        uuid = self.service.make_instance(name='Web Server_1!')
        shown = self.show(uuid)
        self.assertEqual('web-server-1', shown['OS-EXT-SRV-ATTR:hostname'])

    def test_version_2_92(self):
        for version, status in (('2.91', 201), ('2.92', 400)):
            body = {'keypair': {'name': 'k'}}
            answer = self.member.post('/v2.1/os-keypairs', body, version=version)
            self.assertEqual(status, answer.status)
            if status == 201:
                # The private half is told once.
                private = answer.body['keypair']['private_key']
                self.assertIn('BEGIN OPENSSH PRIVATE KEY', private)
