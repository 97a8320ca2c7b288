"""Every error and silence of Manila at every call of every operation."""

from mogan_like.common import exception
from mogan_like.common.config import CONF
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case

RULE = {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'rw'}

REFUSALS = {
    403: exception.ShareServiceRefused,
    404: exception.MoganLikeError,
    413: exception.ShareQuotaExceeded,
}
#: What may pass: (kind, code).
PASSING = (
    ('refuse', 401),
    ('refuse', 429),
    ('refuse', 500),
    ('refuse', 502),
    ('refuse', 503),
    ('refuse', 504),
    ('close', None),
    ('cut', None),
)
ERRORS = 3


class FaultsCase(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share(share_type='revertible')
        self.connect().allow_access(self.share_id, RULE)
        self.manila.settle()

    def make_plugin(self, moments=None, **own):
        return super().make_plugin(moments, poll_errors=ERRORS, **own)

    def fault(self, call, kind, code, **values):
        self.switches.fault(call, kind, code=code, **values)

    def assert_readable(self, error):
        """It says what could not be done, and nothing of what is behind."""
        text = str(error)
        self.assertTrue(text.startswith('Manila'), text)
        for secret in ('127.0.0.1', 'http', 'Traceback', 'Exception', '<'):
            self.assertNotIn(secret, text.replace('HTTP', ''))


class ProtectFaultsTest(FaultsCase):
    CALLS = ('shares.get', 'rules.list', 'snapshots.create', 'snapshots.get')

    def test_refusals_end_it_at_once(self):
        for call in self.CALLS:
            for code, error_class in REFUSALS.items():
                record = hooks.Record()
                self.fault(call, 'refuse', code)
                error = self.assertRaises(
                    error_class, self.protect, self.share_id, record=record
                )
                self.assertEqual([], self.clock.waits, (call, code))
                if code != 404:
                    self.assert_readable(error)
                self.assert_delete_leaves_nothing(self.share_id, record)
                self.clock.waits.clear()

    def test_what_passes_is_outlasted(self):
        for call in self.CALLS:
            for kind, code in PASSING:
                self.fault(call, kind, code, times=ERRORS - 1)
                record = self.protect(self.share_id)
                self.assertEqual(
                    [record.data['snapshot_id']],
                    list(self.state.snapshots),
                    (call, kind, code),
                )
                self.assert_delete_leaves_nothing(self.share_id, record)

    def test_what_does_not_pass_is_recorded(self):
        for call in self.CALLS:
            for kind, code in PASSING:
                record = hooks.Record()
                self.fault(call, kind, code)
                error = self.assertRaises(
                    exception.ShareServiceUnavailable,
                    self.protect,
                    self.share_id,
                    record=record,
                )
                self.assert_readable(error)
                self.assertEqual(ERRORS - 1, len(self.clock.waits))
                self.assert_delete_leaves_nothing(self.share_id, record)
                self.clock.waits.clear()

    def test_an_answer_that_is_lost_makes_no_second_snapshot(self):
        for kind, code in (*PASSING, ('hang', None)):
            self.set_timeout(0.3 if kind == 'hang' else 20)
            self.fault('snapshots.create', kind, code, times=1, done=True)
            record = self.protect(self.share_id)
            self.assertEqual(
                [record.data['snapshot_id']], list(self.state.snapshots), (kind, code)
            )
            self.assert_delete_leaves_nothing(self.share_id, record)

    def test_an_answer_that_is_lost_at_the_end_leaves_nothing_after_a_delete(self):
        self.fault('snapshots.create', 'close', None, done=True)
        self.fault('snapshots.list', 'refuse', 503)
        record = hooks.Record()
        self.assertRaises(
            exception.ShareServiceUnavailable,
            self.protect,
            self.share_id,
            record=record,
        )
        self.assertNotIn('snapshot_id', record.data)
        self.assertEqual(1, len(self.state.snapshots))
        self.assert_delete_leaves_nothing(self.share_id, record)

    def test_a_manila_that_hangs(self):
        self.set_timeout(0.2)
        for call in self.CALLS:
            record = hooks.Record()
            self.fault(call, 'hang', None)
            error = self.assertRaises(
                exception.ShareServiceUnavailable,
                self.protect,
                self.share_id,
                record=record,
            )
            self.assertIn('does not answer', str(error))
            self.assert_delete_leaves_nothing(self.share_id, record)

    def test_a_manila_that_is_slow_is_none_that_hangs(self):
        self.switches.fault('*', 'delay', seconds=0.05)
        record = self.protect(self.share_id)
        self.assertEqual(['available'], record.statuses)

    def test_a_manila_that_is_not_there(self):
        CONF.set_override('endpoint_override', 'http://127.0.0.1:9/v2', group='manila')
        self.assertRaises(
            exception.ShareServiceUnavailable, self.protect, self.share_id
        )

    def set_timeout(self, seconds):
        CONF.set_override('timeout', seconds, group='manila')
        # Clients are made for each operation, and read it then.
        self.plugin = self.make_plugin()


class OtherFaultsTest(FaultsCase):
    """Restores, reverts, deletes and verifications."""

    def setUp(self):
        super().setUp()
        self.protected = self.protect(self.share_id)
        snapshot = self.state.snapshots[self.protected.data['snapshot_id']]
        self.operations = {
            'restore': (
                self.run_restore,
                ('shares.create', 'shares.get', 'rules.list', 'shares.allow'),
            ),
            'revert': (
                self.run_revert,
                ('shares.get', 'snapshots.get', 'snapshots.list', 'shares.revert'),
            ),
            'verify': (self.run_verify, ('snapshots.get',)),
            'delete': (
                lambda: self.run_delete(snapshot),
                ('snapshots.list', 'snapshots.get', 'snapshots.delete'),
            ),
        }

    def run_restore(self):
        for each in list(self.state.shares):
            if each != self.share_id:
                self.manila.forget('share', each)
        wanted = {'restore_access': True}
        record = self.restore(self.share_id, self.protected, wanted)
        [made] = set(self.state.shares) - {self.share_id}
        self.assertEqual(record.data['share_id'], made)
        self.assertEqual(1, len(self.state.list_rules_of(self.state.shares[made])))

    def run_revert(self):
        self.manila.settle()
        self.restore(self.share_id, self.protected, {'share_id': self.share_id})

    def run_verify(self):
        record = self.verify(self.share_id, self.protected)
        self.assertEqual(['available'], record.statuses)

    def run_delete(self, snapshot):
        with self.state.lock:
            snapshot.status = 'available'
            self.state.snapshots[snapshot.id] = snapshot
        record = self.delete(self.share_id, self.protected)
        self.assertEqual(['deleted'], record.statuses)
        self.assertEqual({}, self.state.snapshots)

    def each_call(self):
        for name, (run, calls) in self.operations.items():
            for call in calls:
                yield f'{name}: {call}', run, call
                self.switches.clear()

    def test_what_passes_is_outlasted(self):
        for where, run, call in self.each_call():
            for kind, code in PASSING:
                self.fault(call, kind, code, times=ERRORS - 1)
                with self.expect(where, kind, code):
                    run()

    def test_answers_that_are_lost(self):
        for where, run, call in self.each_call():
            for kind, code in (('close', None), ('cut', None), ('refuse', 504)):
                self.fault(call, kind, code, times=1, done=True)
                with self.expect(where, kind, code):
                    run()

    def test_what_does_not_pass_is_recorded(self):
        for where, run, call in self.each_call():
            for kind, code in PASSING:
                self.fault(call, kind, code)
                with self.expect(where, kind, code):
                    error = self.assertRaises(exception.ShareServiceUnavailable, run)
                    self.assert_readable(error)
                self.switches.clear()

    def test_refusals_end_it_at_once(self):
        for where, run, call in self.each_call():
            for code, error_class in REFUSALS.items():
                if code == 404 and where.split(':')[0] in ('delete', 'verify'):
                    # Gone already.
                    continue
                self.fault(call, 'refuse', code)
                with self.expect(where, code):
                    self.assertRaises(error_class, run)
                self.switches.clear()

    def expect(self, *where):
        return self.subTest(repr(where))


class NonsenseTest(FaultsCase):
    """Something answers that is no Manila."""

    def test_pages_for_people(self):
        from tests.emulators import objects

        store = self.useFixture(objects.ObjectStore())
        for status in (200, 204, 302):
            url = f'{store.url}/v2'
            CONF.set_override('endpoint_override', url, group='manila')
            store.answers[:] = [status] * 50
            error = self.assertRaises(
                exception.ShareServiceUnavailable, self.protect, self.share_id
            )
            self.assert_readable(error)
