"""A Manila that hangs, asked in a request: its caller is told, and nothing begins."""

from tests import fixtures
from tests.functional.protection import protection_case
from tests.functional.protection import site

#: Seconds that the API waits for a conductor.
PATIENCE = 3
_INSTANCES = f'/v1/protectables/{site.SHARE}/instances'


class SlowManilaTest(protection_case.ProtectionCase):
    options = {'api__rpc_timeout': PATIENCE}

    def setUp(self):
        super().setUp()
        self.share = self.make_share(share_type='revertible')
        self.plan = self.make_plan(self.share)
        self.checkpoint = self.make_checkpoint(self.plan)

    def assert_told(self, answer):
        """Of Manila, by a conductor; who gave the conductor up would not know."""
        self.assert_refused(answer, 503, 'ShareServiceUnavailable')
        self.assertIn('Manila could not', answer.body['error_message'])
        self.assertIn('it does not answer', answer.body['error_message'])

    def each_fault(self):
        for kind, seconds in (('hang', 0), ('delay', 10 * PATIENCE)):
            self.site.manila.switches.fault('*', kind, seconds=seconds)
            yield
            self.site.manila.switches.clear()

    def test_lists_and_shows(self):
        project = f'/v1/protectables/{site.PROJECT_TYPE}/instances'
        for _ in self.each_fault():
            for path in (_INSTANCES, f'{_INSTANCES}/{self.share}', project):
                self.assert_told(self.member.get(path))

    def test_plans(self):
        resources = [{'id': self.share, 'type': site.SHARE, 'name': 'other'}]
        path = f'/v1/plans/{self.plan["id"]}'
        for _ in self.each_fault():
            body = self.describe_plan(self.share)
            self.assert_told(self.member.post('/v1/plans', body))
            body = {'plan': {'resources': resources}}
            self.assert_told(self.member.put(path, body))
        self.assertEqual([self.plan], self.list('/v1/plans', 'plans'))

    def test_restores_in_place(self):
        body = {
            'restore': {
                'provider_id': site.PROVIDER,
                'checkpoint_id': self.checkpoint['id'],
                'parameters': {site.SHARE: {'share_id': self.share}},
            }
        }
        for _ in self.each_fault():
            self.assert_told(self.member.post('/v1/restores', body))
        self.assertEqual([], self.list('/v1/restores', 'restores'))
        self.ask(self.member.post('/v1/restores', body), 'restore')
        fixtures.wait_until(
            lambda: 'shares.revert' in self.site.manila.list_calls(), 'the revert'
        )
        self.assertEqual(1, len(self.list('/v1/restores', 'restores')))
