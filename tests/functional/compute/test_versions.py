"""Each microversion of Nova's brings its keys, and none before it has them."""

from mogan_like.api import versions
from tests import fixtures
from tests.functional.compute import compute_case
from tests.functional.compute.test_keys import ADMINS_3

_FLAVOR = {
    'id', 'name', 'links', 'vcpus', 'ram', 'disk', 'swap', 'rxtx_factor',
    'OS-FLV-EXT-DATA:ephemeral', 'OS-FLV-DISABLED:disabled',
    'os-flavor-access:is_public',
}  # fmt: skip
_ACTION = {
    'action', 'instance_uuid', 'request_id', 'user_id', 'project_id', 'start_time',
    'message',
}  # fmt: skip
_EVENT = {'event', 'start_time', 'finish_time', 'result'}
_NETWORK_LIMITS = {
    'maxSecurityGroups', 'maxSecurityGroupRules', 'maxTotalFloatingIps',
    'totalFloatingIpsUsed', 'totalSecurityGroupsUsed',
}  # fmt: skip


def _before(version):
    """The version just before one."""
    major, minor = versions.parse(version)
    return f'{major}.{minor - 1}'


class VersionsTest(compute_case.ComputeCase):
    """A test for each microversion of the list, named after it."""

    def test_every_version_has_a_test(self):
        tested = {name for name in dir(self) if name.startswith('test_version_')}
        self.assertEqual(
            {
                'test_version_' + version.replace('.', '_')
                for version in versions.COMPUTE_HISTORY
            },
            tested,
        )

    def _keys(self, path, key, version, client=None):
        """The keys of what a path shows, of the first item of a list."""
        body = self.read(path, version, client)[key]
        return set(body[0] if isinstance(body, list) else body)

    def check_keys(self, version, path, key, new, client=None):
        """A version has keys that the one before it had not."""
        early = self._keys(path, key, _before(version), client)
        late = self._keys(path, key, version, client)
        self.assertEqual(set(new), late - early)
        self.assertEqual(set(), early - late)

    def check_server(self, version, *new, client=None):
        uuid = self.service.make_instance()
        self.check_keys(version, f'/servers/{uuid}', 'server', new, client)

    def test_version_2_1(self):
        uuid = self.service.make_instance()
        answer = self.member.get(f'/v2.1/servers/{uuid}', version=None)
        self.assertEqual('compute 2.1', answer.headers['OpenStack-API-Version'])
        self.assertEqual('2.1', answer.headers['X-OpenStack-Nova-API-Version'])
        flavor = answer.body['server']['flavor']
        self.assertEqual({'id', 'links'}, set(flavor))
        path = f'/flavors/{flavor["id"]}'
        self.assertEqual(_FLAVOR, self._keys(path, 'flavor', '2.1'))
        path = f'/servers/{uuid}/os-instance-actions'
        self.assertEqual(_ACTION, self._keys(path, 'instanceActions', '2.1'))

    def test_version_2_2(self):
        for version, name, made, deleted, new in (
            ('2.1', 'early', 200, 202, set()),
            ('2.2', 'late', 201, 204, {'type'}),
        ):
            body = {'keypair': {'name': name, 'public_key': compute_case.KEY}}
            answer = self.member.post('/v2.1/os-keypairs', body, version=version)
            self.assertEqual(made, answer.status)
            keys = {'name', 'public_key', 'fingerprint'} | new
            self.assertEqual(keys | {'user_id'}, set(answer.body['keypair']))
            (listed,) = self.read('/os-keypairs', version)['keypairs']
            self.assertEqual(keys, set(listed['keypair']))
            shown = self._keys(f'/os-keypairs/{name}', 'keypair', version)
            more = {
                'id', 'user_id', 'created_at', 'updated_at', 'deleted', 'deleted_at',
            }  # fmt: skip
            self.assertEqual(keys | more, shown)
            path = f'/v2.1/os-keypairs/{name}'
            self.assertEqual(deleted, self.member.delete(path, version=version).status)
        body['keypair']['type'] = 'ssh'
        for version, status in (('2.1', 400), ('2.2', 201)):
            answer = self.member.post('/v2.1/os-keypairs', body, version=version)
            self.assertEqual(status, answer.status)

    def test_version_2_3(self):
        self.check_server('2.3')
        self.check_server('2.3', *ADMINS_3, client=self.admin)

    def test_version_2_9(self):
        self.check_server('2.9', 'locked')

    def test_version_2_10(self):
        self.member.post('/v1/keypairs', {'name': 'k', 'public_key': compute_case.KEY})
        query = f'?user_id={self.member.persona.user_id}'
        for version, count in (('2.9', 0), ('2.10', 1)):
            found = self.read(f'/os-keypairs{query}', version, self.admin)['keypairs']
            self.assertEqual(count, len(found))
            self.read(f'/os-keypairs/k{query}', version, self.admin, (404, 200)[count])
            answer = self.admin.delete(f'/v2.1/os-keypairs/k{query}', version=version)
            self.assertEqual((404, 204)[count], answer.status)

    def test_version_2_16(self):
        self.check_server('2.16', 'host_status', client=self.admin)

    def test_version_2_19(self):
        self.check_server('2.19', 'description')
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

    def test_version_2_26(self):
        self.check_server('2.26', 'tags')

    def test_version_2_35(self):
        for name in ('a', 'b'):
            self.member.post(
                '/v1/keypairs', {'name': name, 'public_key': compute_case.KEY}
            )
        early = self.read('/os-keypairs?limit=1', '2.34')
        self.assertEqual(2, len(early['keypairs']))
        late = self.read('/os-keypairs?limit=1', '2.35')
        self.assertEqual(1, len(late['keypairs']))
        (link,) = late['keypairs_links']
        self.assertTrue(link['href'].endswith('/v2.1/os-keypairs?limit=1&marker=a'))

    def check_limits(self, version, gone):
        early, late = (
            set(self.read('/limits', each)['limits']['absolute'])
            for each in (_before(version), version)
        )
        self.assertEqual((gone, set()), (early - late, late - early))

    def test_version_2_36(self):
        self.check_limits('2.36', _NETWORK_LIMITS)

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

    def test_version_2_39(self):
        self.check_limits('2.39', {'maxImageMeta'})

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

    def make_events(self):
        """The path of a create's action."""
        uuid = self.service.make_instance()
        path = f'/servers/{uuid}/os-instance-actions'
        (action,) = self.read(path)['instanceActions']
        return f'{path}/{action["request_id"]}'

    def event_keys(self, path, version, client=None):
        """The keys of events at a version, None where there are no events."""
        action = self.read(path, version, client)['instanceAction']
        return set(action['events'][0]) if 'events' in action else None

    def test_version_2_51(self):
        path = self.make_events()
        self.assertIsNone(self.event_keys(path, '2.50'))
        self.assertEqual(_EVENT, self.event_keys(path, '2.51'))
        for version in ('2.1', '2.51'):
            keys = self.event_keys(path, version, self.admin)
            self.assertEqual(_EVENT | {'traceback'}, keys)

    def check_rebuild(self, version, new):
        """The keys that the answer to a rebuild has since a version."""
        uuid, found = self.service.make_instance(), []
        for each in (_before(version), version):
            terms = {'imageRef': fixtures.IMAGE}
            answer = self.act(uuid, 'rebuild', terms, version=each)
            found.append(set(answer.body['server']))
            self.service.wait_for(uuid, 'ACTIVE')
        self.assertEqual({new}, found[1] - found[0])

    def test_version_2_54(self):
        self.check_rebuild('2.54', 'key_name')

    def test_version_2_55(self):
        flavor = self.service.make_flavor(description='Two sockets.')
        for path, key in (
            (f'/flavors/{flavor}', 'flavor'),
            ('/flavors', 'flavors'),
            ('/flavors/detail', 'flavors'),
        ):
            self.check_keys('2.55', path, key, {'description'})

    def test_version_2_57(self):
        self.check_limits('2.57', {'maxPersonality', 'maxPersonalitySize'})
        self.check_rebuild('2.57', 'user_data')

    def test_version_2_58(self):
        path = self.make_events()
        index = path.rpartition('/')[0]
        self.check_keys('2.58', index, 'instanceActions', {'updated_at'})
        self.check_keys('2.58', path, 'instanceAction', {'updated_at'})
        uuid = index.split('/')[2]
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
        for query in ('?bogus=1', '?marker=req-nope'):
            answer = self.member.get(f'/v2.1{index}{query}', version='2.58')
            self.assert_fault(answer, 400, 'badRequest')

    def test_version_2_61(self):
        flavor = self.service.make_flavor()
        self.check_keys('2.61', f'/flavors/{flavor}', 'flavor', {'extra_specs'})
        specs = {'resources:CUSTOM_BAREMETAL': '1'}
        shown = self.read(f'/flavors/{flavor}')['flavor']
        self.assertEqual(specs, shown['extra_specs'])
        path = f'/flavors/{flavor}/os-extra_specs'
        self.assertEqual({'extra_specs': specs}, self.read(path, '2.1'))

    def test_version_2_62(self):
        path = self.make_events()
        host_id = {'hostId'}
        for client, new in ((self.member, host_id), (self.admin, host_id | {'host'})):
            early, late = (
                self.event_keys(path, each, client) for each in ('2.61', '2.62')
            )
            self.assertEqual(new, late - early)

    def test_version_2_63(self):
        self.check_server('2.63', 'trusted_image_certificates')

    def test_version_2_66(self):
        uuid = self.service.make_instance()
        past = '?changes-before=2000-01-01T00:00:00Z'
        path = f'/servers/{uuid}/os-instance-actions{past}'
        self.assertEqual([], self.read(path, '2.66')['instanceActions'])
        answer = self.member.get(f'/v2.1{path}', version='2.65')
        self.assert_fault(answer, 400, 'badRequest')
        self.assertEqual([], self.names(past, version='2.66'))
        self.assertEqual(['metal'], self.names(past, version='2.65'))

    def test_version_2_71(self):
        self.check_server('2.71', 'server_groups')

    def test_version_2_73(self):
        self.check_server('2.73', 'locked_reason')
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
        for path in ('servers', 'servers/detail', 'flavors', 'os-keypairs', 'limits'):
            answer = self.member.get(f'/v2.1/{path}?bogus=1', version='2.75')
            self.assert_fault(answer, 400, 'badRequest')
        path, body = f'/v2.1/servers/{uuid}', {'server': {'name': 'new'}}
        early, late = (
            set(self.member.put(path, body, version=version).body['server'])
            for version in ('2.74', '2.75')
        )
        left_out = {
            'OS-EXT-AZ:availability_zone', 'OS-EXT-STS:power_state',
            'OS-EXT-STS:task_state', 'OS-EXT-STS:vm_state', 'OS-SRV-USG:launched_at',
            'OS-SRV-USG:terminated_at', 'config_drive', 'key_name',
            'os-extended-volumes:volumes_attached', 'security_groups',
        }  # fmt: skip
        self.assertEqual(left_out, late - early)
        self.assertEqual(set(self.show(uuid, version='2.75')), late)
        flavor = self.read('/flavors')['flavors'][0]['id']
        for version, swap in (('2.74', ''), ('2.75', 0)):
            shown = self.read(f'/flavors/{flavor}', version)['flavor']
            self.assertEqual(swap, shown['swap'])

    def test_version_2_84(self):
        path = self.make_events()
        for client, new in ((self.member, set()), (self.admin, {'details'})):
            early, late = (
                self.event_keys(path, each, client) for each in ('2.83', '2.84')
            )
            self.assertEqual(new, late - early)

    def test_version_2_90(self):
        self.check_server('2.90', 'OS-EXT-SRV-ATTR:hostname')
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

    def test_version_2_96(self):
        self.check_server('2.96', 'pinned_availability_zone')
