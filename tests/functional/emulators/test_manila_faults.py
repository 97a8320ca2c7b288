"""What can be made to go wrong at each call, as the client sees it."""

import threading
import time

from keystoneauth1 import exceptions as keystone
from manilaclient import exceptions

from tests.functional.emulators import manila_case

_CODES = (400, 401, 403, 404, 409, 413, 500, 502, 503, 504)


class FaultsTest(manila_case.ManilaCase):
    def setUp(self):
        super().setUp()
        self.share = self.make_share(share_type='revertible')
        self.snapshot = self.make_snapshot(self.share)
        self.hasty = self.manila.client(timeout=0.1)

    def _calls(self, client):
        """{name: a call of that name}."""
        share, snapshot = self.share, self.snapshot
        return {
            'versions.get': lambda: client.services.server_api_version(),
            'shares.list': lambda: client.shares.list(),
            'shares.get': lambda: client.shares.get(share),
            'shares.create': lambda: client.shares.create('NFS', 1),
            'shares.update': lambda: client.shares.update(share, display_name='x'),
            'shares.revert': lambda: client.shares.revert_to_snapshot(share, snapshot),
            'shares.allow': lambda: client.shares.allow(share, 'ip', '10.0.0.1', 'rw'),
            'shares.deny': lambda: client.shares.deny(share, 'x'),
            'shares.delete': lambda: client.shares.delete(share),
            'locations.list': lambda: client.share_export_locations.list(share),
            'snapshots.list': lambda: client.share_snapshots.list(),
            'snapshots.get': lambda: client.share_snapshots.get(snapshot),
            'snapshots.create': lambda: client.share_snapshots.create(share),
            'snapshots.delete': lambda: client.share_snapshots.delete(snapshot),
            'rules.list': lambda: client.share_access_rules.access_list(share),
            'types.list': lambda: client.share_types.list(),
            'types.get': lambda: client.share_types.get(),
            'networks.get': lambda: client.share_networks.get('x'),
            'quotas.get': lambda: client.quotas.get('demo'),
            'limits.get': lambda: client.limits.get(),
        }

    def test_each_call_can_be_refused(self):
        for name, call in self._calls(self.member).items():
            self.switches.clear()
            self.switches.refuse(name, 503)
            refused = self.assertRaises(exceptions.ServiceUnavailable, call)
            self.assertIn('unavailable', refused.message)
            self.assertEqual(name, self.manila.list_calls()[-1])

    def test_each_call_can_be_closed(self):
        for name, call in self._calls(self.member).items():
            self.switches.clear()
            self.switches.fault(name, 'close')
            self.assertRaises(keystone.ConnectFailure, call)

    def test_each_call_can_hang(self):
        for name, call in self._calls(self.hasty).items():
            self.switches.clear()
            self.switches.fault(name, 'hang')
            self.assertRaises(keystone.ConnectTimeout, call)

    def test_codes(self):
        for code in _CODES:
            self.switches.clear()
            self.switches.refuse('shares.get', code)
            self.assert_refused(code, self.member.shares.get, self.share)

    def test_too_much_says_when_to_come_again(self):
        self.switches.refuse('snapshots.create', 413)
        refused = self.assertRaises(
            exceptions.RequestEntityTooLarge,
            self.member.share_snapshots.create,
            self.share,
        )
        self.assertEqual('0', refused.response.headers['Retry-After'])
        self.assertEqual('0', refused.response.json()['overLimit']['retryAfter'])

    def test_too_much_for_some_seconds(self):
        self.switches.refuse('shares.get', 413, retry_after=7)
        refused = self.assertRaises(
            exceptions.RequestEntityTooLarge, self.member.shares.get, self.share
        )
        self.assertEqual(7, refused.retry_after)

    def test_delay(self):
        self.switches.fault('shares.get', 'delay', seconds=0.4, times=2)
        self.assertRaises(keystone.ConnectTimeout, self.hasty.shares.get, self.share)
        started = time.monotonic()
        self.assertEqual(self.share, self.member.shares.get(self.share).id)
        self.assertGreaterEqual(time.monotonic() - started, 0.4)

    def test_cut_in_the_answer(self):
        self.switches.fault('shares.get', 'cut', done=True)
        get = self.member.shares.get
        self.assertRaises(keystone.UnknownConnectionError, get, self.share)
        self.switches.clear()
        self.member.shares.get(self.share)

    def test_so_many_times_and_not_the_first(self):
        self.switches.refuse('shares.*', 500, skip=1, times=2)
        self.member.shares.get(self.share)
        self.member.share_snapshots.list()
        for _ in range(2):
            self.assert_refused(500, self.member.shares.list)
        self.member.shares.list()

    def test_lost_answer_of_a_call_that_was_carried_out(self):
        before = {each.id for each in self.member.share_snapshots.list()}
        create = self.member.share_snapshots.create
        self.switches.fault('snapshots.create', 'close', done=True, times=1)
        self.assertRaises(keystone.ConnectFailure, create, self.share, name='lost')
        self.switches.refuse('snapshots.create', 504, done=True, times=1)
        self.assert_refused(504, create, self.share, name='late')
        self.switches.fault('snapshots.create', 'hang', done=True, times=1)
        create = self.hasty.share_snapshots.create
        self.assertRaises(keystone.ConnectTimeout, create, self.share, name='hung')
        after = self.member.share_snapshots.list(sort_key='name', sort_dir='asc')
        names = [each.name for each in after if each.id not in before]
        self.assertEqual(['hung', 'late', 'lost'], names)

    def test_what_hangs_is_carried_out_late(self):
        self.switches.fault('snapshots.create', 'hang', times=1, late='snapshots.list')
        create = self.hasty.share_snapshots.create
        self.assertRaises(keystone.ConnectTimeout, create, self.share, name='late')
        self.member.shares.list()
        before = [each.name for each in self.member.share_snapshots.list()]
        self.assertNotIn('late', before)
        after = [each.name for each in self.member.share_snapshots.list()]
        self.assertEqual({*before, 'late'}, set(after))
        self.assertEqual(after, [s.name for s in self.member.share_snapshots.list()])

    def test_what_is_carried_out_late_may_be_refused_then(self):
        self.switches.fault('snapshots.create', 'hang', times=1, late='shares.list')
        create = self.hasty.share_snapshots.create
        self.assertRaises(keystone.ConnectTimeout, create, self.share)
        self.manila.set_status('share', self.share, 'extending')
        self.member.shares.list()
        self.assertEqual(1, len(self.member.share_snapshots.list()))

    def test_refused_call_is_not_carried_out(self):
        self.switches.refuse('snapshots.create', 500)
        self.assert_refused(500, self.member.share_snapshots.create, self.share)
        self.assertEqual(1, len(self.member.share_snapshots.list()))

    def test_others_are_answered_while_one_hangs(self):
        self.switches.fault('shares.get', 'hang', times=1)
        thread = threading.Thread(
            target=self.assertRaises,
            args=(keystone.ConnectTimeout, self.hasty.shares.get, self.share),
        )
        thread.start()
        self.addCleanup(thread.join)
        self.assertEqual(1, len(self.member.share_snapshots.list()))

    def test_body_that_nobody_expected(self):
        error = self.assertRaises(
            exceptions.InternalServerError,
            self.member.shares.client.post,
            f'/shares/{self.share}/action',
            body={'allow_access': None},
        )
        self.assertIn('erred', error.message)

    def test_unknown_kind(self):
        self.assertRaises(ValueError, self.switches.fault, '*', 'frob')


class StopTest(manila_case.ManilaCase):
    def test_what_hangs_does_not_keep_it_from_stopping(self):
        manila = manila_case.fixture.Manila()
        manila.setUp()
        manila.switches.fault('*', 'hang')
        failed = []

        def ask():
            try:
                manila.client().shares.list()
            except keystone.ConnectFailure as error:
                failed.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        manila_case.wait_until(lambda: manila.records, 'the call')
        before = time.monotonic()
        manila.cleanUp()
        thread.join()
        self.assertLess(time.monotonic() - before, 5)
        self.assertEqual(1, len(failed))
