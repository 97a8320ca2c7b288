"""Servers: shown, made, changed and deleted as by Nova."""

import hashlib

from tests import fixtures
from tests import personas
from tests.functional.compute import compute_case

_SERVERS = compute_case.SERVERS


class ShowTest(compute_case.ComputeCase):
    def test_what_is_shown_is_the_instances(self):
        uuid = self.service.make_instance(
            name='web', description='d', metadata={'k': 'v'}
        )
        ours = self.member.get(f'/v1/instances/{uuid}').body
        server = self.show(uuid)
        node = self.row(uuid).node_uuid
        host_id = hashlib.sha224(f'{personas.PROJECT}{node}'.encode()).hexdigest()
        expected = {
            'id': uuid,
            'name': 'web',
            'description': 'd',
            'metadata': {'k': 'v'},
            'tenant_id': personas.PROJECT,
            'user_id': personas.MEMBER.user_id,
            'hostId': host_id,
            'OS-EXT-STS:power_state': 1,
            'progress': 100,
            'created': f'{ours["created_at"][:19]}Z',
            'updated': f'{ours["updated_at"][:19]}Z',
            'OS-SRV-USG:launched_at': ours['launched_at'],
            'links': [
                {'rel': 'self', 'href': f'http://localhost/v2.1/servers/{uuid}'},
                {'rel': 'bookmark', 'href': f'http://localhost/servers/{uuid}'},
            ],
        }
        self.assert_same(expected, {key: server[key] for key in expected})
        self.assertEqual(fixtures.IMAGE, server['image']['id'])
        ((network, (ours,)),) = ours['addresses'].items()
        ((name, (address,)),) = server['addresses'].items()
        self.assertEqual((network, ours['addr']), (name, address['addr']))
        self.assertEqual(ours['mac_addr'], address['OS-EXT-IPS-MAC:mac_addr'])

    def test_what_is_not_there_is_404_whatever_it_looks_like(self):
        uuid = self.service.make_instance(self.service.client(personas.OTHER_MEMBER))
        for name in (uuid, 'web', fixtures.IMAGE, '%C3%A9', 'x' * 255):
            for path in (name, f'{name}/os-instance-actions'):
                answer = self.member.get(f'{_SERVERS}/{path}')
                self.assert_fault(answer, 404, 'itemNotFound')
            answer = self.act(name, 'lock')
            self.assert_fault(answer, 404, 'itemNotFound')
        self.assertEqual(200, self.admin.get(f'{_SERVERS}/{uuid.upper()}').status)

    def test_nothing_else_pretends_to_exist(self):
        uuid = self.service.make_instance()
        for path in (
            'os-services', 'os-hypervisors', 'os-availability-zone', 'images', 'bogus',
            f'servers/{uuid}/ips', f'servers/{uuid}/metadata',
            f'servers/{uuid}/os-volume_attachments', f'servers/{uuid}/bogus',
        ):  # fmt: skip
            answer = self.admin.get(f'/v2.1/{path}')
            self.assert_fault(answer, 404, 'itemNotFound')

    def test_an_errors_fault_is_shown(self):
        uuid = self.service.make_instance()
        fault = (
            '{"code":500,"message":"no disk","created_at":"2026-01-01T00:00:00.000000"}'
        )
        self.change(uuid, fault=fault)
        self.assertNotIn('fault', self.show(uuid))
        self.put(uuid, 'ERROR')
        self.assertEqual(
            {'code': 500, 'message': 'no disk', 'created': '2026-01-01T00:00:00Z'},
            self.show(uuid)['fault'],
        )


class CreateTest(compute_case.ComputeCase):
    def setUp(self):
        super().setUp()
        self.body = {
            'server': {
                'name': 'web',
                'imageRef': fixtures.IMAGE,
                'flavorRef': self.service.make_flavor(),
                'networks': 'none',
            }
        }

    def create(self, headers=None, **values):
        body = {'server': {**self.body['server'], **values}}
        return self.member.post(_SERVERS, body, headers=headers)

    def test_what_is_asked_for_becomes_an_instance(self):
        self.member.post('/v1/keypairs', {'name': 'k'})
        answer = self.create(
            description='d',
            key_name='k',
            metadata={'a': 'b'},
            user_data='I2Nsb3VkCg==',
            networks=[{'uuid': fixtures.IMAGE}],
            min_count=1,
            max_count='1',
            config_drive=False,
            block_device_mapping_v2=[
                {
                    'uuid': fixtures.IMAGE,
                    'boot_index': 0,
                    'source_type': 'image',
                    'destination_type': 'local',
                    'delete_on_termination': True,
                }
            ],
        )
        self.assertEqual(202, answer.status, answer)
        server = answer.body['server']
        keys = {'id', 'links', 'OS-DCF:diskConfig', 'security_groups'}
        self.assertEqual(keys, set(server))
        href = f'http://localhost/v2.1/servers/{server["id"]}'
        self.assertEqual(href, answer.headers['Location'])
        self.service.wait_for(server['id'], 'ACTIVE')
        row = self.row(server['id'])
        self.assertEqual(
            ('web', 'd', 'k', '{"a":"b"}', 'I2Nsb3VkCg=='),
            (row.name, row.description, row.key_name, row.metadata, row.user_data),
        )
        self.assertEqual(f'[{{"net_id":"{fixtures.IMAGE}"}}]', row.networks)
        (action,) = self.read(f'/servers/{server["id"]}/os-instance-actions')[
            'instanceActions'
        ]
        self.assertEqual(answer.headers['x-compute-request-id'], action['request_id'])

    def test_an_image_is_the_same_in_capitals(self):
        disk = {'boot_index': 0, 'source_type': 'image', 'destination_type': 'local'}
        small, large = fixtures.IMAGE.lower(), fixtures.IMAGE.upper()
        for image, of_disk in ((small, large), (large, small)):
            devices = [{**disk, 'uuid': of_disk}]
            answer = self.create(imageRef=image, block_device_mapping_v2=devices)
            self.assertEqual(202, answer.status, answer)
            shown = self.show(answer.body['server']['id'])
            self.assertEqual(small, shown['image']['id'])

    def test_a_key_makes_a_repeat_one(self):
        headers = {'Idempotency-Key': 'once'}
        first, second = (self.create(headers) for _ in range(2))
        self.assertEqual((202, first.body), (second.status, second.body))
        self.assertEqual(['web'], self.names(''))
        # What was done is under the id of the first.
        path = f'/servers/{first.body["server"]["id"]}/os-instance-actions'
        (action,) = self.read(path)['instanceActions']
        ids = [each.headers['x-compute-request-id'] for each in (first, second)]
        self.assertEqual(ids[0], action['request_id'])
        self.read(f'{path}/{ids[1]}', status=404)
        answer = self.create(headers, name='other')
        self.assert_fault(answer, 409, 'conflictingRequest')

    def test_what_cannot_be_honoured_is_refused(self):
        disk = {
            'uuid': self.body['server']['flavorRef'],
            'boot_index': 0,
            'source_type': 'image',
            'destination_type': 'local',
        }
        for name, value in {
            'min_count': 2,
            'max_count': 2,
            'personality': [],
            'adminPass': 'x',
            'security_groups': [{'name': 'default'}],
            'config_drive': True,
            'tags': ['a'],
            'hostname': 'x',
            'host': 'x',
            'imageRef': '',
            'flavorRef': 'bogus',
            'key_name': 'bogus',
            'user_data': '!',
            'name': ' ',
            'block_device_mapping_v2': [disk],
            'networks': [{'uuid': fixtures.IMAGE, 'fixed_ip': '192.0.2.1'}],
        }.items():
            message = self.assert_fault(self.create(**{name: value}), 400, 'badRequest')
            self.assertIn(name, message)
        disabled = self.service.make_flavor(disabled=True)
        for flavor in ('bogus', fixtures.IMAGE, disabled):
            words = f'Invalid value for flavorRef: flavor {flavor} could not be found.'
            self.assert_fault(self.create(flavorRef=flavor), 400, 'badRequest', words)
        # A port goes as far as the driver, which has none.
        answer = self.create(networks=[{'port': fixtures.IMAGE}])
        words = 'The driver fake cannot honour networks.port.'
        self.assert_fault(answer, 400, 'badRequest', words)
        volume = {**disk, 'uuid': fixtures.IMAGE, 'destination_type': 'volume'}
        answer = self.create(block_device_mapping_v2=[volume])
        self.assert_fault(answer, 400, 'badRequest')
        self.assertEqual([], self.names(''))

    def test_a_hint_names_a_reservation(self):
        for name in ('os:scheduler_hints', 'OS-SCH-HNT:scheduler_hints'):
            body = {**self.body, name: {'reservation': fixtures.IMAGE}}
            answer = self.member.post(_SERVERS, body)
            # There is no such reservation: nothing else is taken instead.
            self.assert_fault(answer, 409, 'conflictingRequest')
            body = {**self.body, name: {'group': fixtures.IMAGE}}
            answer = self.member.post(_SERVERS, body)
            self.assertIn('group', self.assert_fault(answer, 400, 'badRequest'))


class ChangeTest(compute_case.ComputeCase):
    def test_update(self):
        uuid = self.service.make_instance(name='old')
        path = f'{_SERVERS}/{uuid}'
        answer = self.member.put(path, {'server': {'name': 'n', 'description': 'd'}})
        self.assertEqual(200, answer.status, answer)
        self.assertEqual(self.show(uuid), answer.body['server'])
        self.assertEqual('n', answer.body['server']['name'])
        for server in ({}, {'name': ''}, {'status': 'x'}, {'metadata': {}}):
            answer = self.member.put(path, {'server': server})
            self.assert_fault(answer, 400, 'badRequest')
        self.service.lock(uuid)
        answer = self.member.put(path, {'server': {'name': 'x'}})
        self.assert_fault(
            answer, 409, 'conflictingRequest', f'Instance {uuid} is locked'
        )

    def test_below_2_75_a_change_tells_less_to_admins_too(self):
        uuid = self.service.make_instance()
        path, body = f'{_SERVERS}/{uuid}', {'server': {'name': 'n'}}
        for version, extended in (('2.74', False), ('2.75', True)):
            answer = self.admin.put(path, body, version=version)
            server = answer.body['server']
            self.assertEqual(extended, 'OS-EXT-SRV-ATTR:host' in server)
            self.assertEqual(extended, 'host_status' in server)
            ((address,),) = server['addresses'].values()
            self.assertEqual(extended, 'OS-EXT-IPS:type' in address)

    def test_delete(self):
        uuid = self.service.make_instance()
        path = f'{_SERVERS}/{uuid}'
        self.service.lock(uuid)
        for client in (self.member, self.admin):
            self.assert_fault(
                client.delete(path),
                409,
                'conflictingRequest',
                f'Instance {uuid} is locked',
            )
        self.act(uuid, 'unlock', client=self.admin)
        answer = self.member.delete(path)
        self.assertEqual((204, b''), (answer.status, answer.raw))
        self.service.wait_for(uuid, 'DELETED')
        self.assert_fault(self.member.get(path), 404, 'itemNotFound')
        index = self.read(f'/servers/{uuid}/os-instance-actions')['instanceActions']
        self.assertEqual(answer.headers['x-compute-request-id'], index[0]['request_id'])
