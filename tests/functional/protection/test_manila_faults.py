"""A Manila that refuses, hangs or is gone, at each call that a request leads to."""

from tests.functional.protection import protection_case
from tests.functional.protection import site

_INSTANCES = f'/v1/protectables/{site.SHARE}/instances'
#: What may pass: (kind, code).
_PASSING = (
    ('refuse', 401),
    ('refuse', 500),
    ('refuse', 503),
    ('close', None),
    ('cut', None),
    ('hang', None),
)
#: Manila's refusals, and what our answers to them may be.
_REFUSALS = {403: (409,), 404: (400, 404, 409), 413: (403,)}


class _Hasty(site.Site):
    """Waits for a Manila that hangs no longer than tests may."""

    def _setUp(self):
        super()._setUp()
        self.options['manila__timeout'] = 0.3


class FaultsCase(protection_case.ProtectionCase):
    options = {'manila_share_snapshot__poll_errors': 2}

    def setUp(self):
        super().setUp()
        self.switches = self.site.manila.switches
        self.share = self.make_share(share_type='revertible')
        self.plan = self.make_plan(self.share)
        self.checkpoint = self.make_checkpoint(self.plan)

    def make_site(self):
        return _Hasty()

    def describe_revert(self):
        """The values of a restore in place."""
        return {
            'provider_id': site.PROVIDER,
            'checkpoint_id': self.checkpoint['id'],
            'parameters': {site.SHARE: {'share_id': self.share}},
        }


class RequestsTest(FaultsCase):
    """Answers say that it is Manila, and nothing was begun."""

    def list_requests(self):
        """[(call of Manila, the request that makes it)]."""
        project = self.member.persona.project_id
        plan = self.describe_plan(self.share)
        resources = {'plan': {'resources': plan['plan']['resources']}}
        paths = {
            'shares.list': [
                _INSTANCES,
                f'/v1/protectables/{site.PROJECT_TYPE}/instances/{project}',
            ],
            'shares.get': [f'{_INSTANCES}/{self.share}'],
        }
        requests = [
            (call, lambda path=path: self.member.get(path))
            for call, found in paths.items()
            for path in found
        ]
        requests += [
            ('shares.get', lambda: self.member.post('/v1/plans', plan)),
            (
                'shares.get',
                lambda: self.member.put(f'/v1/plans/{self.plan["id"]}', resources),
            ),
        ]
        restore = {'restore': self.describe_revert()}
        return requests + [
            (call, lambda: self.member.post('/v1/restores', restore))
            for call in ('shares.get', 'snapshots.get', 'snapshots.list')
        ]

    def test_what_passes_is_a_503(self):
        for call, send in self.list_requests():
            for kind, code in _PASSING:
                with self.subTest((call, kind, code)):
                    self.switches.fault(call, kind, code=code)
                    answer = send()
                    self.assert_refused(answer, 503, 'ShareServiceUnavailable')
                    self.assert_readable(answer)
                self.switches.clear()
        self.assert_nothing_was_begun()

    def test_refusals(self):
        for call, send in self.list_requests():
            for code, statuses in _REFUSALS.items():
                with self.subTest((call, code)):
                    self.switches.refuse(call, code)
                    answer = send()
                    self.assertIn(answer.status, statuses, answer)
                    self.assert_readable(answer)
                self.switches.clear()
        self.assert_nothing_was_begun()

    def assert_readable(self, answer):
        """Nothing of what is behind is told."""
        text = answer.body['error_message']
        for secret in (self.site.manila.url, '127.0.0.1', 'Traceback', '<'):
            self.assertNotIn(secret, text)

    def assert_nothing_was_begun(self):
        self.assertEqual([], self.list('/v1/restores', 'restores'))
        self.assertEqual([self.plan], self.list('/v1/plans', 'plans'))
        self.assertEqual([self.checkpoint], self.list(self.checkpoints, 'checkpoints'))
        self.assertEqual([self.share], list(self.site.manila.state.shares))


class HangingTest(FaultsCase):
    """Operations end, say why, and can be done again."""

    def test_protect(self):
        self.switches.fault('snapshots.create', 'hang')
        failed = self.make_checkpoint(self.plan, status='error')
        self.assertIn('does not answer', failed['fault'])
        self.switches.clear()
        self.delete_checkpoint(failed)
        self.assertEqual(1, len(self.site.manila.state.snapshots))

    def test_restore_revert_and_verify(self):
        revert = self.describe_revert()['parameters']
        for noun, call, parameters in (
            ('restore', 'shares.create', {}),
            ('restore', 'shares.revert', revert),
            ('verification', 'snapshots.get', {}),
        ):
            for status in ('fail', 'success'):
                with self.subTest((call, status)):
                    if status == 'fail':
                        self.switches.fault(call, 'hang')
                    made = self.begin(noun, self.checkpoint, parameters=parameters)
                    ended = self.wait_for(f'/v1/{noun}s/{made["id"]}', status)
                    if status == 'fail':
                        self.assertIn('does not answer', ended['fault'])
                    self.switches.clear()

    def test_delete(self):
        self.switches.fault('snapshots.delete', 'hang')
        path = f'{self.checkpoints}/{self.checkpoint["id"]}'
        self.assertEqual(200, self.member.delete(path).status)
        left = self.wait_for(path, 'error-deleting')
        self.assertIn('does not answer', left['fault'])
        self.switches.clear()
        self.delete_checkpoint(self.checkpoint)
        self.assertEqual({}, self.site.manila.state.snapshots)
