"""Lists of servers: every filter, pages, and what is refused."""

import urllib.parse

from tests import personas
from tests.functional.compute import compute_case


class ListsTest(compute_case.ComputeCase):
    def setUp(self):
        super().setUp()
        self.flavor = self.service.make_flavor()
        self.other = self.service.client(personas.OTHER_MEMBER)

    def make(self, name, client=None, **values):
        return self.service.make_instance(
            client, name=name, flavor_uuid=self.flavor, **values
        )

    def test_states_by_novas_names(self):
        uuid = self.make('one')
        for state, shown in {
            'BUILDING': ('BUILD', 'building', 'spawning'),
            'ACTIVE': ('ACTIVE', 'active', None),
            'LOCKED': ('ACTIVE', 'active', None),
            'STOPPED': ('SHUTOFF', 'stopped', None),
            'REBUILDING': ('REBUILD', 'active', 'rebuilding'),
            'POWERING_ON': ('SHUTOFF', 'stopped', 'powering-on'),
            'POWERING_OFF': ('ACTIVE', 'active', 'powering-off'),
            'REBOOTING': ('REBOOT', 'active', 'rebooting'),
            'ERROR': ('ERROR', 'error', None),
            'DELETING': ('ACTIVE', 'active', 'deleting'),
        }.items():
            self.put(uuid, state)
            server = self.show(uuid)
            found = [
                server[key]
                for key in ('status', 'OS-EXT-STS:vm_state', 'OS-EXT-STS:task_state')
            ]
            self.assertEqual([*shown], found)
            self.assertIs(state == 'LOCKED', server['locked'])
            self.assertEqual(['one'], self.names(f'?status={shown[0].lower()}'), state)
            self.assertEqual([], self.names('?status=PAUSED'))
        # So that the end of the test does not wait for what nobody does.
        self.put(uuid, 'ACTIVE')

    def test_a_name_is_a_regular_expression(self):
        for name in ('web-1', 'web-2', 'db.1'):
            self.make(name)
        for pattern, names in {
            'web': ['web-2', 'web-1'],
            'WEB': [],
            '^b': [],
            'b': ['db.1', 'web-2', 'web-1'],
            r'db\.1': ['db.1'],
            '[wd].*1$': ['db.1', 'web-1'],
            '1|2': ['db.1', 'web-2', 'web-1'],
            '^web-1$': ['web-1'],
        }.items():
            query = urllib.parse.urlencode({'name': pattern})
            self.assertEqual(names, self.names(f'?{query}'), pattern)
            self.assertEqual(names, self.names(f'/detail?{query}'), pattern)

    def test_a_server_is_found_by_its_name_whatever_it_is(self):
        """So look clients for names; "[a]" is a pattern that does not fit "[a]"."""
        names = ('c++', '[a] web', 'a(b', '(a+)+$', 'x.y', '*')
        uuids = [self.make(name) for name in names]
        for name in names:
            for path in ('', '/detail'):
                for more in ('', '&limit=1'):
                    query = urllib.parse.urlencode({'name': name})
                    found = self.names(f'{path}?{query}{more}')
                    self.assertEqual([name], found)
        query = urllib.parse.urlencode({'name': 'c++'})
        self.assertEqual([], self.names(f'?{query}&marker={uuids[0]}'))
        for query, names in (
            ('name=x.y', ['x.y']),
            ('name=xzy', []),
            ('name=a', ['(a+)+$', 'a(b', '[a] web']),
        ):
            self.assertEqual(names, self.names(f'?{query}'))
        answer = self.service.client(personas.OTHER_MEMBER).get(
            '/v2.1/servers?name=c%2B%2B'
        )
        self.assertIn('name', self.assert_fault(answer, 400, 'badRequest'))

    def test_what_is_no_pattern_or_a_dear_one_is_refused(self):
        for pattern in (
            '', '(', '[', 'a**', '(a+)+$', '(a|aa)*', '.*.*.*x', r'(a)\1', '(?i)a',
            'a?a?a?', 'x' * 256,
        ):  # fmt: skip
            query = urllib.parse.urlencode({'name': pattern})
            answer = self.member.get(f'/v2.1/servers?{query}')
            message = self.assert_fault(answer, 400, 'badRequest')
            self.assertIn('name', message)

    def test_pages_follow_their_links(self):
        for name in ('a', 'b', 'c'):
            self.make(name)
        for query, names in (
            ('?limit=2', ['c', 'b', 'a']),
            ('/detail?limit=1&sort_key=display_name&sort_dir=asc', ['a', 'b', 'c']),
            ('?limit=1&changes-since=2000-01-01', ['c', 'b', 'a']),
        ):
            path, found = f'/servers{query}', []
            while path:
                body = self.read(path)
                found += [server['name'] for server in body['servers']]
                links = body.get('servers_links')
                path = links and links[0]['href'].partition('/v2.1')[2]
            self.assertEqual(names, found)
        for query in ('limit=-1', 'limit=x', f'marker={self.flavor}', 'sort_key=x'):
            answer = self.member.get(f'/v2.1/servers?{query}')
            self.assert_fault(answer, 400, 'badRequest')

    def test_several_statuses_are_any_of_them(self):
        for name, state in (('on', 'ACTIVE'), ('held', 'LOCKED'), ('off', 'STOPPED')):
            self.put(self.make(name), state)
        self.put(self.make('wrong'), 'ERROR')
        for query, names in {
            'status=SHUTOFF&status=error': ['wrong', 'off'],
            'status=ACTIVE&status=SHUTOFF': ['off', 'held', 'on'],
            'status=ACTIVE&status=SHUTOFF&locked=False': ['off', 'on'],
            'status=PAUSED&status=ERROR': ['wrong'],
            'status=ERROR&status=ERROR': ['wrong'],
            'status=DELETED&status=ERROR': ['wrong'],
        }.items():
            self.assertEqual(names, self.names(f'?{query}'), query)
            self.assertEqual(names, self.names(f'/detail?{query}'), query)
        self.assertEqual([], self.names('?status=no&status=none', version='2.37'))
        answer = self.member.get('/v2.1/servers?status=ERROR&status=none')
        message = self.assert_fault(answer, 400, 'badRequest')
        self.assertIn('there is no status none', message)

    def test_several_sort_keys_where_they_are_an_order_of_ours(self):
        for name in ('b', 'a', 'b'):
            self.put(self.make(name), 'STOPPED' if name == 'a' else 'ACTIVE')
        first, second, third = (
            server['id'] for server in self.read('/servers?sort_dir=asc')['servers']
        )
        for query, uuids in {
            'sort_key=display_name&sort_key=created_at': [third, first, second],
            'sort_key=display_name&sort_key=created_at&sort_dir=asc&sort_dir=asc': [
                second,
                first,
                third,
            ],
            'sort_key=vm_state&sort_dir=asc&sort_key=created_at': [
                first,
                third,
                second,
            ],
            'sort_key=created_at&sort_key=created_at&sort_dir=asc&sort_dir=asc': [
                first,
                second,
                third,
            ],
        }.items():
            servers = self.read(f'/servers?{query}')['servers']
            self.assertEqual(uuids, [server['id'] for server in servers], query)
        for query in (
            'sort_key=created_at&sort_key=display_name',
            'sort_key=updated_at&sort_key=created_at',
            'sort_key=display_name&sort_key=vm_state&sort_key=created_at',
            'sort_key=display_name&sort_key=created_at&sort_dir=asc&sort_dir=desc',
            'sort_key=display_name&sort_dir=asc&sort_dir=asc',
            'sort_dir=asc&sort_dir=asc',
        ):
            answer = self.member.get(f'/v2.1/servers?{query}')
            self.assertIn('sort_', self.assert_fault(answer, 400, 'badRequest'))

    def test_other_parameters_are_given_once(self):
        for query in ('name=a&name=b', 'deleted=True&deleted=False', 'limit=1&limit=2'):
            answer = self.member.get(f'/v2.1/servers?{query}')
            message = self.assert_fault(answer, 400, 'badRequest')
            self.assertIn('more than once', message)

    def test_a_refusal_names_what_was_sent(self):
        for query, name in (
            ('changes-since=x', 'changes-since'),
            ('changes-before=x', 'changes-before'),
            ('all_tenants=x', 'all_tenants'),
            ('all_projects=x', 'all_projects'),
            ('tenant_id=', 'tenant_id'),
            ('project_id=', 'project_id'),
        ):
            answer = self.admin.get(f'/v2.1/servers?{query}')
            message = self.assert_fault(answer, 400, 'badRequest')
            self.assertIn(f'Invalid value for {name}:', message)

    def test_deleted_servers(self):
        gone = self.make('gone')
        self.make('here')
        self.member.delete(f'/v2.1/servers/{gone}')
        self.service.wait_for(gone, 'DELETED')
        since = 'changes-since=2000-01-01T00:00:00Z'
        for query, names in {
            '': ['here'],
            '?deleted=False': ['here'],
            '?deleted=True': ['gone'],
            '?status=DELETED': ['gone'],
            # In the order of their changes.
            f'?{since}': ['gone', 'here'],
            f'?{since}&sort_key=display_name': ['here', 'gone'],
            f'?{since}&deleted=False': ['here'],
            f'?{since}&status=ACTIVE': ['here'],
            '?changes-since=2999-01-01': [],
            '?changes-before=2000-01-01': [],
            '?changes-since=2000-01-01&changes-before=2000-01-01': [],
        }.items():
            self.assertEqual(names, self.names(query), query)
        answer = self.member.get(f'/v2.1/servers/{gone}')
        self.assert_fault(
            answer, 404, 'itemNotFound', f'Instance {gone} could not be found.'
        )

    def test_a_time_that_ends_before_it_begins(self):
        query = 'changes-since=2000-01-02&changes-before=2000-01-01'
        actions = f'servers/{self.make("one")}/os-instance-actions'
        for path in ('servers', 'servers/detail', actions):
            self.assert_fault(
                self.member.get(f'/v2.1/{path}?{query}'),
                400,
                'badRequest',
                'The value of changes-since must be less than or equal to '
                'changes-before.',
            )

    def test_other_projects(self):
        self.make('own')
        self.make('other', self.other)
        for query, names in {
            '?all_tenants=True': ['other', 'own'],
            '?all_projects=1': ['other', 'own'],
            f'?all_tenants=1&project_id={personas.OTHER_PROJECT}': ['other'],
            f'?tenant_id={personas.OTHER_PROJECT}': ['other'],
            # As Nova, which takes the bare word for true.
            '?all_tenants': ['other', 'own'],
            '?all_tenants=': ['other', 'own'],
            '?all_tenants=t': ['other', 'own'],
            '?all_tenants=n': [],
            '': [],
        }.items():
            self.assertEqual(names, self.names(query, client=self.admin), query)
        for query in ('all_tenants=1', f'project_id={personas.OTHER_PROJECT}'):
            answer = self.member.get(f'/v2.1/servers?{query}')
            self.assert_fault(answer, 403, 'forbidden')
        self.assertEqual(['own'], self.names(f'?project_id={personas.PROJECT}'))

    def test_by_flavor_and_host(self):
        uuid = self.make('one')
        self.service.make_instance(name='two')
        self.assertEqual(['one'], self.names(f'?flavor={self.flavor}'))
        self.assertEqual(['one'], self.names(f'?flavor={self.flavor.upper()}'))
        node = self.row(uuid).node_uuid
        query = f'?all_tenants=1&host={node}'
        self.assertEqual(['one'], self.names(query, client=self.admin))
        answer = self.member.get(f'/v2.1/servers?host={node}')
        self.assert_fault(answer, 403, 'forbidden')

    def test_a_filter_that_is_not_served_is_refused_at_every_version(self):
        for version in ('2.1', '2.96'):
            for name in ('ip', 'image', 'tags', 'locked_by', 'user_id', 'not-tags'):
                path = f'/v2.1/servers/detail?{name}=x'
                answer = self.member.get(path, version=version)
                self.assertIn(name, self.assert_fault(answer, 400, 'badRequest'))
