"""Key paging: every item once, whatever is added or dropped meanwhile."""

import itertools

from tests import personas
from tests.functional import case


class PagesTest(case.FunctionalCase):
    options = {'fake__nodes': 12, 'quota__instances': -1}

    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(12)

    def _walk(self, path, name, client=None):
        """Every page of a collection, following its links."""
        client = client or self.member
        while path:
            answer = client.get(path)
            self.assertEqual(200, answer.status, answer)
            yield answer.body[name]
            path = answer.body.get('next', '').removeprefix('http://localhost')

    def _make(self, *names):
        flavor = self.service.make_flavor()
        return [
            self.service.make_instance(flavor_uuid=flavor, name=name) for name in names
        ]

    def test_every_order_gives_every_instance_once(self):
        made = self._make('b', 'a', 'a', 'c', 'b')
        for key, way, limit in itertools.product(
            ('created_at', 'name', 'status'), ('asc', 'desc'), (1, 2, 5, 6)
        ):
            path = f'/v1/instances?limit={limit}&sort_key={key}&sort_dir={way}'
            pages = list(self._walk(path, 'instances'))
            found = [item['uuid'] for page in pages for item in page]
            self.assertEqual(sorted(made), sorted(found), path)
            self.assertTrue(all(len(page) <= limit for page in pages), path)
            self.assertEqual(-(-5 // limit), len(pages), path)
            if key == 'name':
                names = [item['name'] for page in pages for item in page]
                self.assertEqual(sorted(names, reverse=way == 'desc'), names)

    def test_what_comes_and_goes_meanwhile_makes_no_gap_and_no_double(self):
        made = self._make('0', '1', '2', '3', '4', '5')
        found = []
        path = '/v1/instances?limit=2&sort_dir=asc'
        for number, page in enumerate(self._walk(path, 'instances')):
            found += [item['uuid'] for item in page]
            if number == 0:
                # One that was seen, one that was not; and a new one.
                for gone in (made[0], made[5]):
                    self.member.delete(f'/v1/instances/{gone}')
                    self.service.wait_for(gone, 'DELETED')
                made += self._make('6')
        self.assertEqual([*made[:5], made[6]], found)

    def test_the_marker_may_be_gone(self):
        made = self._make('0', '1', '2')
        self.member.delete(f'/v1/instances/{made[1]}')
        self.service.wait_for(made[1], 'DELETED')
        path = f'/v1/instances?sort_dir=asc&marker={made[1]}'
        page = self.member.get(path).body['instances']
        self.assertEqual([made[2]], [item['uuid'] for item in page])

    def test_links_keep_the_other_parameters(self):
        self._make('same', 'same', 'other')
        path = '/v1/instances/detail?limit=1&name=same&locked=false'
        pages = list(self._walk(path, 'instances'))
        self.assertEqual(['same', 'same'], [p[0]['name'] for p in pages])

    def test_actions(self):
        uuid = self._make('0')[0]
        for _ in range(3):
            self.member.patch(f'/v1/instances/{uuid}', {'description': 'x'})
        for path, client in (
            (f'/v1/instances/{uuid}/actions?limit=3', self.member),
            (f'/v1/actions?limit=3&instance={uuid}', self.admin),
            (f'/v1/actions?limit=3&instance={uuid}&events=true', self.admin),
        ):
            pages = list(self._walk(path, 'actions', client))
            found = [action['action'] for page in pages for action in page]
            self.assertEqual(['update', 'update', 'update', 'create'], found)
            ids = [action['id'] for page in pages for action in page]
            self.assertEqual(sorted(ids, reverse=True), ids)

    def test_other_collections(self):
        for number in range(5):
            self.service.make_flavor(name=f'flavor {number}')
            body = {'name': f'key {number}'}
            self.assertEqual(201, self.member.post('/v1/keypairs', body).status)
        for path, name, client, count in (
            ('/v1/flavors?limit=2&sort_key=name', 'flavors', self.member, 5),
            ('/v1/keypairs?limit=2', 'keypairs', self.member, 5),
            ('/v1/nodes?limit=5', 'nodes', self.admin, 12),
            ('/v1/nodes?limit=5&maintenance=false', 'nodes', self.admin, 12),
        ):
            pages = list(self._walk(path, name, client))
            found = [item['name'] for page in pages for item in page]
            self.assertEqual(count, len(set(found)), path)
            self.assertEqual(count, len(found), path)

    def test_a_marker_of_another_user_is_none(self):
        other = self.service.client(personas.OTHER_MEMBER)
        other.post('/v1/keypairs', {'name': 'theirs'})
        answer = self.member.get('/v1/keypairs?marker=theirs')
        self.assert_refused(answer, 400, 'MarkerNotFound')

    def test_a_marker_of_another_project_is_none(self):
        (uuid,) = self._make('theirs')
        other = self.service.client(personas.OTHER_MEMBER)
        for path in ('/v1/instances', '/v1/instances/detail'):
            for key in ('created_at', 'name', 'status'):
                answer = other.get(f'{path}?sort_key={key}&marker={uuid}')
                self.assert_refused(answer, 400, 'MarkerNotFound')
        hidden = self.service.make_flavor(is_public=False)
        answer = other.get(f'/v1/flavors?marker={hidden}')
        self.assert_refused(answer, 400, 'MarkerNotFound')
