"""A Manila that fails or hangs in a request: its caller is told, nothing begins."""

import threading

from tests import fixtures
from tests.functional.protection import protection_case
from tests.functional.protection import site

#: Seconds that the API waits for a conductor.
PATIENCE = 3
_INSTANCES = f'/v1/protectables/{site.SHARE}/instances'


#: What a request is answered, by what Manila does to the first call.
ANSWERS = {
    ('refuse', 401, 0): (503, 'ShareServiceUnavailable'),
    ('refuse', 403, 0): (409, 'ShareServiceRefused'),
    ('refuse', 413, 0): (403, 'ShareQuotaExceeded'),
    ('refuse', 413, 9): (503, 'ShareServiceUnavailable'),
    ('refuse', 500, 0): (503, 'ShareServiceUnavailable'),
    ('refuse', 503, 0): (503, 'ShareServiceUnavailable'),
    ('close', None, 0): (503, 'ShareServiceUnavailable'),
    ('cut', None, 0): (503, 'ShareServiceUnavailable'),
}


class RequestsCase(protection_case.ProtectionCase):
    """Every request that asks Manila for something."""

    def setUp(self):
        super().setUp()
        self.share = self.make_share(share_type='revertible')
        self.plan = self.make_plan(self.share)
        self.checkpoint = self.make_checkpoint(self.plan)

    def each_read(self):
        project = f'/v1/protectables/{site.PROJECT_TYPE}/instances'
        for path in (_INSTANCES, f'{_INSTANCES}/{self.share}', project):
            yield path, lambda path=path: self.member.get(path)

    def each_change(self):
        resources = [{'id': self.share, 'type': site.SHARE, 'name': 'other'}]
        path = f'/v1/plans/{self.plan["id"]}'
        plan, change = (
            self.describe_plan(self.share),
            {'plan': {'resources': resources}},
        )
        yield 'a plan', lambda: self.member.post('/v1/plans', plan)
        yield 'a change of a plan', lambda: self.member.put(path, change)
        yield 'a restore', lambda: self.member.post('/v1/restores', self.restore)

    @property
    def restore(self):
        return {
            'restore': {
                'provider_id': site.PROVIDER,
                'checkpoint_id': self.checkpoint['id'],
                'parameters': {site.SHARE: {'share_id': self.share}},
            }
        }

    def assert_nothing_began(self):
        self.assertEqual([self.plan], self.list('/v1/plans', 'plans'))
        self.assertEqual([], self.list('/v1/restores', 'restores'))


class BrokenManilaTest(RequestsCase):
    def test_every_request_is_told(self):
        for (kind, code, seconds), (status, title) in ANSWERS.items():
            for name, ask in (*self.each_read(), *self.each_change()):
                self.site.manila.switches.fault(
                    '*', kind, code=code, retry_after=seconds
                )
                with self.subTest(f'{name}: {kind} {code}'):
                    answer = ask()
                    self.assert_refused(answer, status, title)
                    self.assertIn('Manila', answer.body['error_message'])
                self.site.manila.switches.clear()
        self.assert_nothing_began()


class SlowManilaTest(RequestsCase):
    options = {'api__rpc_timeout': PATIENCE}

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
        for _ in self.each_fault():
            for _, ask in self.each_read():
                self.assert_told(ask())

    def test_changes(self):
        for _ in self.each_fault():
            for _, ask in self.each_change():
                self.assert_told(ask())
        self.assert_nothing_began()
        self.ask(self.member.post('/v1/restores', self.restore), 'restore')
        fixtures.wait_until(
            lambda: 'shares.revert' in self.site.manila.list_calls(), 'the revert'
        )
        self.assertEqual(1, len(self.list('/v1/restores', 'restores')))


class CrowdCase(RequestsCase):
    """A Manila that hangs, and more requests about it than RPC has threads."""

    def crowd(self, size):
        """Ask for a list so often at once; the threads, and what they are answered."""
        answers = []
        threads = [
            threading.Thread(
                target=lambda: answers.append(self.member.get(_INSTANCES)), daemon=True
            )
            for _ in range(size)
        ]
        before = len(self.site.manila.list_calls())
        for thread in threads:
            thread.start()
        fixtures.wait_until(
            lambda: len(self.site.manila.list_calls()) > before, 'Manila to be asked'
        )
        return threads, answers


class CrowdTest(CrowdCase):
    options = {'api__rpc_timeout': PATIENCE, 'conductor__rpc_threads': 4}

    def rename_plan(self):
        path = f'/v1/plans/{self.plan["id"]}'
        answer = self.member.put(path, {'plan': {'name': 'another name'}})
        self.plan = self.ask(answer, 'plan')

    def test_what_does_not_ask_manila_is_answered(self):
        self.site.manila.switches.fault('*', 'hang')
        threads, answers = self.crowd(24)
        for _ in range(3):
            self.rename_plan()
        for thread in threads:
            thread.join(60)
        self.assertEqual({503}, {answer.status for answer in answers})
        told = [each for each in answers if each.body['error_name'] == 'OthersTooSlow']
        self.assertNotEqual([], told)
        self.assertIn(site.SHARE, told[0].body['error_message'])
        self.assertEqual('5', told[0].headers['Retry-After'])


class OneThreadTest(CrowdCase):
    """Requests that wait for a thread for longer than their callers wait."""

    options = {'api__rpc_timeout': PATIENCE, 'conductor__rpc_threads': 1}

    def test_nothing_is_begun_for_who_was_told_that_it_failed(self):
        self.site.manila.switches.fault('*', 'hang')
        threads, _ = self.crowd(8)
        answer = self.member.post('/v1/plans', self.describe_plan(self.share))
        self.assertEqual(503, answer.status, answer.body)
        self.site.manila.switches.clear()
        for thread in threads:
            thread.join(60)
        fixtures.wait_until(self.is_served, 'a thread to be free')
        self.assert_nothing_began()

    def is_served(self):
        return self.member.get(_INSTANCES).status == 200
