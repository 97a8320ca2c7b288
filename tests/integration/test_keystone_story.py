"""The main job with real tokens: create, lock, be refused, unlock, delete, read."""

from tests.integration import keystone_case


class StoryTest(keystone_case.KeystoneCase):
    def setUp(self):
        super().setUp()
        self.start()
        self.admin = self.keystone.token('admin', 'admin')
        self.member = self.keystone.token('demo', 'demo')
        self.uuid = self.make_instance(self.member, self.service.make_flavor())
        self.path = f'/v1/instances/{self.uuid}'

    def _change(self, status, token, method, end='', body=None):
        return self.change(status, token, method, self.path + end, body)

    def test_who_did_what_to_the_deleted_instance(self):
        self._change(202, self.admin, 'PUT', '/states/lock', {'lock': None})
        self.assertTrue(self.get(self.member, self.path)['locked'])
        for token in (self.member, self.admin):
            refused = self._change(403, token, 'DELETE')
            self.assertEqual('OperationNotPermitted', refused.json()['error_name'])
        unlock = {'unlock': None}
        self._change(403, self.member, 'PUT', '/states/unlock', unlock)
        self._change(202, self.admin, 'PUT', '/states/unlock', unlock)
        last = self._change(202, self.member, 'DELETE')
        self.service.wait_for(self.uuid, 'DELETED')
        actions = self.get(self.member, self.path + '/actions')['actions']
        admin = self.keystone.session('admin', 'admin').get_user_id()
        member = self.keystone.session('demo', 'demo').get_user_id()
        self.assertEqual(
            [
                ('delete', 'success', member),
                ('unlock', 'success', admin),
                ('delete', 'refused', admin),
                ('delete', 'refused', member),
                ('lock', 'success', admin),
                ('create', 'success', member),
            ],
            [(each['action'], each['result'], each['user_id']) for each in actions],
        )
        self.assertEqual(
            last.headers['x-openstack-request-id'], actions[0]['request_id']
        )

    def test_another_project_sees_and_changes_nothing(self):
        other = self.keystone.token('alt', 'alt')
        self._change(404, other, 'GET')
        self._change(404, other, 'DELETE')
        self._change(404, other, 'PATCH', '', {'name': 'x'})
        self._change(404, other, 'GET', '/actions')
        self.assertEqual('ACTIVE', self.get(self.member, self.path)['status'])

    def test_client_finds_the_service_in_the_catalogue(self):
        region = self.keystone.register('baremetal_compute', self.url + '/v1')
        session = self.keystone.session('demo', 'demo')
        found = session.get(
            f'/instances/{self.uuid}',
            endpoint_filter={
                'service_type': 'baremetal_compute',
                'region_name': region,
                'interface': 'public',
            },
        )
        self.assertEqual(self.uuid, found.json()['uuid'])
