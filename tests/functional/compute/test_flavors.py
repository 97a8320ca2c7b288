"""Flavors, keypairs, limits and extensions by Nova's routes."""

from tests import fixtures
from tests import personas
from tests.functional.compute import compute_case


class FlavorsTest(compute_case.ComputeCase):
    def setUp(self):
        super().setUp()
        self.public = self.service.make_flavor(name='b')
        self.private = self.service.make_flavor(name='a', is_public=False)

    def list(self, query='', client=None):
        """Names in a list, which is the same in full."""
        short, full = (
            [each['name'] for each in self.read(path, client=client)['flavors']]
            for path in (f'/flavors{query}', f'/flavors/detail{query}')
        )
        self.assertEqual(short, full)
        return short

    def test_who_sees_private_ones(self):
        for query, member, admin in (
            ('', ['b'], ['b']),
            ('?is_public=None', ['b'], ['a', 'b']),
            ('?is_public=False', ['b'], ['a']),
            ('?is_public=true', ['b'], ['b']),
        ):
            self.assertEqual(member, self.list(query), query)
            self.assertEqual(admin, self.list(query, self.admin), query)
        for path in ('', '/os-extra_specs'):
            answer = self.member.get(f'/v2.1/flavors/{self.private}{path}')
            self.assert_fault(answer, 404, 'itemNotFound')
            self.read(f'/flavors/{self.private}{path}', client=self.admin)
        server = {
            'name': 'n',
            'imageRef': fixtures.IMAGE,
            'flavorRef': self.private,
            'networks': 'none',
        }
        answer = self.member.post('/v2.1/servers', {'server': server})
        self.assert_fault(answer, 400, 'badRequest')

    def test_pages(self):
        body = self.read('/flavors?limit=1&is_public=None', client=self.admin)
        self.assertEqual(['a'], [each['name'] for each in body['flavors']])
        href = body['flavors_links'][0]['href'].partition('/v2.1')[2]
        body = self.read(href, client=self.admin)
        self.assertEqual(['b'], [each['name'] for each in body['flavors']])
        self.assertNotIn('flavors_links', body)

    def test_what_is_refused(self):
        for path in ('none', fixtures.IMAGE, 'b'):
            answer = self.member.get(f'/v2.1/flavors/{path}')
            self.assert_fault(answer, 404, 'itemNotFound')
        for query in ('minRam=1', 'is_public=x', f'marker={self.private}'):
            answer = self.member.get(f'/v2.1/flavors?{query}')
            self.assert_fault(answer, 400, 'badRequest')
        answer = self.admin.post('/v2.1/flavors', {'flavor': {'name': 'x'}})
        self.assert_fault(answer, 405, 'badMethod')

    def test_sizes_that_are_no_numbers_are_none(self):
        flavor = self.service.make_flavor(
            properties={'cpus': 'many', 'memory_mb': '-1', 'local_gb': '960'}
        )
        shown = self.read(f'/flavors/{flavor}')['flavor']
        sizes = (shown['vcpus'], shown['ram'], shown['disk'])
        self.assertEqual((0, 0, 960), sizes)

    def test_no_property_breaks_a_list(self):
        flavor = self.service.make_flavor(
            properties={name: str(2**64) for name in ('cpus', 'memory_mb', 'local_gb')}
        )
        # What no node fits to can still be of a server: flavors are changed.
        (uuid,) = self.insert_instances(1)
        self.change(uuid, flavor_uuid=flavor)
        for path, key in (
            ('/flavors/detail', 'flavors'),
            (f'/flavors/{flavor}', 'flavor'),
            ('/servers/detail', 'servers'),
            (f'/servers/{uuid}', 'server'),
        ):
            for version in ('2.1', '2.47', '2.96'):
                self.read(path, version)[key]


class AccountsTest(compute_case.ComputeCase):
    def test_a_name_is_one_that_clients_can_put_into_a_path(self):
        for version, name, status in (
            ('2.91', 'work laptop', 201),
            ('2.91', 'me@home', 400),
            ('2.92', 'me@home', 201),
            ('2.92', 'a.b', 201),
            ('2.92', '..', 400),
            *(('2.96', f'a{mark}b', 400) for mark in '#?%/\\"é'),
            ('2.96', ' a', 400),
            ('2.96', 'a ', 400),
        ):
            with self.subTest(name, version=version):
                body = {'keypair': {'name': name, 'public_key': compute_case.KEY}}
                answer = self.member.post('/v2.1/os-keypairs', body, version=version)
                self.assertEqual(status, answer.status, answer.body)

    def test_keypairs_are_the_users_own(self):
        body = {'keypair': {'name': 'k', 'public_key': compute_case.KEY}}
        answer = self.member.post('/v2.1/os-keypairs', body)
        self.assertEqual((201, {'keypair'}), (answer.status, set(answer.body)))
        self.assertNotIn('private_key', answer.body['keypair'])
        again = self.member.post('/v2.1/os-keypairs', body)
        self.assert_fault(again, 409, 'conflictingRequest')
        other = self.service.client(personas.OTHER_MEMBER)
        answer = other.get('/v2.1/os-keypairs/k')
        self.assert_fault(answer, 404, 'itemNotFound')
        path = f'/v2.1/os-keypairs?user_id={personas.MEMBER.user_id}'
        self.assert_fault(other.get(path), 403, 'forbidden')
        body['keypair']['user_id'] = personas.MEMBER.user_id
        answer = other.post('/v2.1/os-keypairs', body)
        self.assert_fault(answer, 403, 'forbidden')
        # They are /v1's.
        ours = self.member.get('/v1/keypairs/k').body
        theirs = self.read('/os-keypairs/k')['keypair']
        self.assertEqual(ours['fingerprint'], theirs['fingerprint'])
        self.assertEqual(ours['created_at'], theirs['created_at'])

    def test_a_key_makes_a_repeat_one(self):
        body = {'keypair': {'name': 'k', 'public_key': compute_case.KEY}}
        headers = {'Idempotency-Key': 'once'}
        first, second = (
            self.member.post('/v2.1/os-keypairs', body, headers=headers)
            for _ in range(2)
        )
        self.assertEqual((201, first.body), (second.status, second.body))

    def test_limits(self):
        self.service.make_instance()
        self.admin.put(f'/v1/quotas/{personas.PROJECT}', {'quota': {'instances': 7}})
        own = self.read('/limits')['limits']['absolute']
        path = f'/limits?tenant_id={personas.PROJECT}'
        seen = self.read(path, client=self.admin)['limits']['absolute']
        for found in (own, seen):
            self.assertEqual(
                (7, 1), (found['maxTotalInstances'], found['totalInstancesUsed'])
            )
        other = self.service.client(personas.OTHER_MEMBER)
        self.assert_fault(other.get(f'/v2.1{path}'), 403, 'forbidden')

    def test_extensions(self):
        found = [each['alias'] for each in self.read('/extensions')['extensions']]
        self.assertEqual(
            ['os-instance-actions', 'os-keypairs', 'os-lock-server'], found
        )
