"""Lists of Nova's in pages, and those that are whole until they have pages."""

import uuid as uuid_module

from mogan_like.common import clock
from mogan_like.db import engine
from tests import fixtures
from tests.functional.compute import compute_case
from tests.functional.instances import instances_case

#: What one answer holds at most, where there are no pages yet.
_MOST = 10_000


class PagesTest(compute_case.ComputeCase):
    options = {'fake__nodes': 2, 'api__default_limit': 2}

    def follow(self, path, version, key, links):
        """[how many items each page has], to the last one."""
        counts = []
        while path and len(counts) < 9:
            body = self.read(path, version)
            counts.append(len(body[key]))
            found = body.get(links)
            path = found and found[0]['href'].partition('/v2.1')[2]
        return counts

    def test_actions(self):
        uuid = self.service.make_instance()
        for action in ('lock', 'unlock'):
            self.act(uuid, action)
        path = f'/servers/{uuid}/os-instance-actions'
        for version, query, counts in (
            ('2.1', '', [3]),
            ('2.57', '', [3]),
            ('2.57', '?limit=1&marker=none', [3]),
            ('2.58', '', [2, 1]),
            ('2.58', '?limit=1', [1, 1, 1]),
        ):
            found = self.follow(f'{path}{query}', version, 'instanceActions', 'links')
            self.assertEqual(counts, found, (version, query))

    def test_keypairs(self):
        for name in ('a', 'b', 'c'):
            body = {'keypair': {'name': name, 'public_key': compute_case.KEY}}
            self.member.post('/v2.1/os-keypairs', body)
        for version, query, counts in (
            ('2.1', '', [3]),
            ('2.34', '', [3]),
            ('2.34', '?limit=1&marker=none', [3]),
            ('2.35', '', [2, 1]),
            ('2.35', '?limit=1', [1, 1, 1]),
        ):
            path = f'/os-keypairs{query}'
            found = self.follow(path, version, 'keypairs', 'keypairs_links')
            self.assertEqual(counts, found, (version, query))

    def test_what_is_too_much_for_one_answer_is_refused(self):
        uuid = self.service.make_instance()
        path = f'/servers/{uuid}/os-instance-actions'
        self.insert_actions(uuid, _MOST - 1)
        found = self.read(path, '2.57')
        self.assertEqual(
            (_MOST, {'instanceActions'}), (len(found['instanceActions']), set(found))
        )
        self.insert_actions(uuid, 1)
        message = self.assert_fault(
            self.member.get(f'/v2.1{path}', version='2.57'), 400, 'badRequest'
        )
        self.assertIn('2.58', message)
        self.assertEqual(2, len(self.read(path, '2.58')['instanceActions']))

    def insert_actions(self, uuid, count):
        """Rows of so many actions of an instance."""
        now = clock.utcnow()
        row = {
            'object_type': 'instance',
            'object_id': uuid,
            'action': 'lock',
            'cause': 'user',
            'started_at': now,
            'updated_at': now,
        }
        with engine.writer() as conn:
            conn.execute(
                instances_case.ACTIONS.insert(),
                [
                    {**row, 'request_id': f'req-{uuid_module.uuid4()}'}
                    for _ in range(count)
                ],
            )


class LimitTest(compute_case.ComputeCase):
    def test_a_limit_over_the_operators_is_cut_down(self):
        fixtures.CONF.set_override('max_limit', 2, group='api')
        self.addCleanup(fixtures.CONF.clear_override, 'max_limit', group='api')
        flavor = self.service.make_flavor()
        uuid, *_others = (
            self.service.make_instance(flavor_uuid=flavor) for _ in range(3)
        )
        for name in ('b', 'c'):
            self.service.make_flavor(name=name)
            self.act(uuid, {'b': 'lock', 'c': 'unlock'}[name])
            body = {'keypair': {'name': name, 'public_key': compute_case.KEY}}
            self.member.post('/v2.1/os-keypairs', body)
        body = {'keypair': {'name': 'd', 'public_key': compute_case.KEY}}
        self.member.post('/v2.1/os-keypairs', body)
        for path, key, links in (
            ('/servers', 'servers', 'servers_links'),
            ('/servers/detail', 'servers', 'servers_links'),
            ('/flavors', 'flavors', 'flavors_links'),
            ('/os-keypairs', 'keypairs', 'keypairs_links'),
            (f'/servers/{uuid}/os-instance-actions', 'instanceActions', 'links'),
        ):
            for limit in ('3', '1000000000000'):
                first = self.read(f'{path}?limit={limit}')
                self.assertEqual(2, len(first[key]), path)
                (link,) = first[links]
                rest = self.read(link['href'].partition('/v2.1')[2])
                self.assertEqual([1, key], [len(rest[key]), *rest], path)
            self.assertEqual({key: []}, self.read(f'{path}?limit=0'), path)
        answer = self.member.get('/v1/instances?limit=3')
        self.assert_refused(answer, 400, 'InvalidParameter')
