"""Every error and silence of Manila at every call of every operation.

The tables are in :mod:`.fault_cases`.
"""

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins import share as protectable
from tests.emulators.manila import router
from tests.unit.protection.plugins import fault_cases
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case


class FaultsCase(shares_case.SharesCase):
    """A share that can do everything, and all that is done to it.

    Each ``run_`` begins with the share and its first snapshot alone, and sees that
    it does what it should; ``record`` is what it has recorded.
    """

    def setUp(self):
        super().setUp()
        self.share_id = self.make_share(share_type='revertible')
        self.connect().allow_access(self.share_id, fault_cases.RULE)
        self.manila.settle()
        self.protected = self.protect(self.share_id)
        self.snapshot = self.state.snapshots[self.protected.data['snapshot_id']]

    def make_plugin(self, moments=None, **own):
        own = {'poll_errors': fault_cases.ERRORS, **own}
        return super().make_plugin(moments, **own)

    def set_timeout(self, seconds):
        CONF.set_override('timeout', seconds, group='manila')
        # Sessions are kept, and read it when they are made.
        self.plugin = self.make_plugin()

    def clean_up(self):
        """Begin again, with the share and its first snapshot."""
        self.switches.clear()
        self.set_timeout(20)
        self.clock.now = 0
        self.clock.waits.clear()
        self.manila.settle()
        for each in set(self.state.shares) - {self.share_id}:
            self.manila.forget('share', each)
        for each in set(self.state.snapshots) - {self.snapshot.id}:
            self.manila.forget('snapshot', each)
        with self.state.lock:
            self.state.snapshots[self.snapshot.id] = self.snapshot
            self.snapshot.course.stop()
            self.snapshot.status = 'available'
        self.record = hooks.Record()

    def run_protect(self):
        self.protect(
            self.share_id, record=self.record, checkpoint_id=hooks.OTHER_CHECKPOINT
        )
        self.assertEqual(['available'], self.record.statuses)
        made = set(self.state.snapshots) - {self.snapshot.id}
        self.assertEqual({self.record.data['snapshot_id']}, made)

    def run_protect_in_doubt(self):
        self.switches.fault('snapshots.create', 'close', done=True, times=1)
        self.run_protect()

    def run_protect_late(self):
        self.switches.fault('snapshots.create', 'close', times=1, late='snapshots.list')
        self.protect(
            self.share_id, record=self.record, checkpoint_id=hooks.OTHER_CHECKPOINT
        )
        self.assertEqual(['available'], self.record.statuses)

    def run_restore(self):
        wanted = {'restore_access': True}
        self.restore(self.share_id, self.protected, wanted, record=self.record)
        [made] = set(self.state.shares) - {self.share_id}
        self.assertEqual(self.record.data['restored_id'], made)
        self.assertEqual(1, len(self.state.list_rules_of(self.state.shares[made])))

    def run_restore_in_doubt(self):
        self.switches.fault('shares.create', 'close', done=True, times=1)
        self.run_restore()

    def run_restore_late(self):
        self.switches.fault('shares.create', 'close', times=1, late='shares.list')
        wanted = {'restore_access': True}
        self.restore(self.share_id, self.protected, wanted, record=self.record)
        self.assertEqual('available', self.record.statuses[-1])

    def run_restore_late_and_stuck(self):
        # The one made late takes it, since it comes first.
        self.switches.outcome('share.create', 'stuck')
        self.run_restore_late()

    def run_revert(self):
        wanted = {'share_id': self.share_id}
        self.restore(self.share_id, self.protected, wanted, record=self.record)
        self.assertEqual('available', self.record.statuses[-1])

    def run_verify(self):
        self.verify(self.share_id, self.protected, record=self.record)
        self.assertEqual(['available'], self.record.statuses)

    def run_delete(self):
        self.delete(self.share_id, self.protected, record=self.record)
        self.assertEqual(['deleted'], self.record.statuses)

    def run_delete_by_force(self):
        self.manila.set_status('snapshot', self.snapshot.id, 'error_deleting')
        self.run_delete()

    def run_list(self):
        found = protectable.SharePlugin().list_resources(self.ctx)
        self.assertEqual([self.share_id], [each.id for each in found])

    def run_show(self):
        protectable.SharePlugin().show_resource(self.ctx, self.share_id)

    def run_dependents(self):
        project = base.Resource('OS::Keystone::Project', hooks.PROJECT)
        plugin = protectable.SharePlugin()
        list(plugin.get_dependent_resources(self.ctx, project))

    def run_check(self):
        wanted = {'share_id': self.share_id}
        step = self.make_step(
            self.share_id, parameters=wanted, protected=self.protected.data
        )
        self.plugin.check_restore(step)

    def meet(self, scenario, call, fault, **values):
        """Run a scenario in which a call meets a fault; what it raised, or None."""
        self.clean_up()
        if fault.kind == 'hang':
            self.set_timeout(fault_cases.HASTY)
        fault.switch_on(self.switches, call, **values)
        self.before = len(self.manila.records)
        try:
            getattr(self, scenario.method)()
        except exception.MoganLikeError as error:
            return error
        return None

    def count(self, call):
        """How often it was made since then."""
        names = [record.name for record in self.manila.records[self.before :]]
        return names.count(call)

    def assert_readable(self, error):
        """It says what could not be done, and nothing of what is behind."""
        text = str(error)
        self.assertTrue(text.startswith('Manila'), text)
        for secret in ('127.0.0.1', 'http', 'Traceback', 'Exception', '<'):
            self.assertNotIn(secret, text.replace('HTTP', ''))

    def assert_told(self, error, scenario, call, fault):
        """It is the error of this field of the matrix."""
        expected = fault.error or scenario.rows[call]
        if expected is None:
            self.assertIsNone(error)
            return
        self.assertIsInstance(error, expected)
        if fault.error is not None:
            self.assert_readable(error)


class TablesTest(FaultsCase):
    """No call without a row, and no row without a call."""

    def test_every_call_of_an_operation_has_a_row(self):
        everything = {**fault_cases.JOBS, **fault_cases.REQUESTS}
        for name, scenario in everything.items():
            self.clean_up()
            before = len(self.manila.records)
            getattr(self, scenario.method)()
            asked = {record.name for record in self.manila.records[before:]}
            self.assertEqual({*scenario.rows, *scenario.others}, asked, name)

    def test_every_call_that_there_is_has_a_row_or_is_never_made(self):
        rows = fault_cases.list_rows({**fault_cases.JOBS, **fault_cases.REQUESTS})
        asked = {call for _, _, call in rows}
        self.assertEqual(router.list_names(), asked | fault_cases.NEVER)
        self.assertEqual(set(), asked & fault_cases.NEVER)


class JobsMixin:
    """The fields of the matrix for some jobs."""

    def each_field(self, are_passing):
        for name, scenario, call in fault_cases.list_rows(fault_cases.JOBS):
            if not self.is_ours(name):
                continue
            for column, fault in fault_cases.FAULTS.items():
                if fault.passes == are_passing:
                    yield (
                        self.subTest(f'{name}: {call}: {column}'),
                        scenario,
                        call,
                        fault,
                    )

    def is_ours(self, name):
        return name.partition(',')[0] in self.jobs

    def test_what_passes_is_outlasted(self):
        for field, scenario, call, fault in self.each_field(True):
            if fault.may_be_done and call in scenario.once:
                continue
            with field:
                times = 1 if fault.kind == 'hang' else fault_cases.ERRORS - 1
                self.assertIsNone(self.meet(scenario, call, fault, times=times))
                self.assertGreaterEqual(self.count(call), times)
                if fault.retry_after:
                    long = [
                        each for each in self.clock.waits if each >= fault.retry_after
                    ]
                    self.assertEqual(times, len(long))

    def test_what_does_not_pass_is_recorded(self):
        for field, scenario, call, fault in self.each_field(True):
            with field:
                error = self.meet(scenario, call, fault)
                is_once = fault.may_be_done and call in scenario.once
                times = 1 if is_once else fault_cases.ERRORS
                self.assert_ended(error, scenario, call, fault, times)

    def test_refusals_end_it_at_once(self):
        for field, scenario, call, fault in self.each_field(False):
            with field:
                error = self.meet(scenario, call, fault)
                self.assert_ended(error, scenario, call, fault, 1)

    def test_answers_that_are_lost(self):
        for field, scenario, call, fault in self.each_field(True):
            # What Manila refuses it has not carried out; a proxy does not know.
            if fault.kind != 'refuse' or fault.code in (502, 504):
                with field:
                    error = self.meet(scenario, call, fault, times=1, done=True)
                    self.assertIsNone(error)

    def assert_ended(self, error, scenario, call, fault, times):
        if scenario.forgives:
            self.assertIsNone(error)
        else:
            self.assert_told(error, scenario, call, fault)
            if error is not None:
                times += call in scenario.last
                self.assertEqual(times, self.count(call))
        self.assert_nothing_is_left()

    def assert_nothing_is_left(self):
        """A delete removes what a checkpoint has left, whatever became of it."""


class ProtectFaultsTest(JobsMixin, FaultsCase):
    jobs = ('protect',)

    def assert_nothing_is_left(self):
        self.switches.clear()
        self.set_timeout(20)
        record = hooks.Record(self.record.data)
        deleted = self.delete(
            self.share_id, record, checkpoint_id=hooks.OTHER_CHECKPOINT
        )
        self.assertEqual(['deleted'], deleted.statuses)
        self.assertEqual({self.snapshot.id}, set(self.state.snapshots))


class RestoreFaultsTest(JobsMixin, FaultsCase):
    jobs = ('restore',)


class OtherFaultsTest(JobsMixin, FaultsCase):
    jobs = ('revert', 'verify', 'delete', 'delete by force')

    def assert_nothing_is_left(self):
        self.switches.clear()
        self.set_timeout(20)
        self.assert_delete_leaves_nothing(self.share_id, self.protected)


class JobsTest(FaultsCase):
    def test_all_have_a_test(self):
        cases = (ProtectFaultsTest, RestoreFaultsTest, OtherFaultsTest)
        tested = {job for case in cases for job in case.jobs}
        self.assertEqual({name.partition(',')[0] for name in fault_cases.JOBS}, tested)


class RequestsFaultsTest(FaultsCase):
    """What is asked in a request is asked once, and its caller told."""

    def test_every_field(self):
        rows = fault_cases.list_rows(fault_cases.REQUESTS)
        for name, scenario, call in rows:
            for column, fault in fault_cases.FAULTS.items():
                with self.subTest(f'{name}: {call}: {column}'):
                    error = self.meet(scenario, call, fault)
                    self.assert_told(error, scenario, call, fault)
                    self.assertEqual(1, self.count(call))
                    self.assertEqual([], self.clock.waits)


class OddFaultsTest(FaultsCase):
    def setUp(self):
        super().setUp()
        self.clean_up()

    def test_an_answer_that_is_lost_at_the_end_leaves_nothing_after_a_delete(self):
        self.switches.fault('snapshots.create', 'close', done=True)
        self.switches.refuse('snapshots.list', 503)
        self.assertRaises(
            exception.ShareServiceUnavailable,
            self.protect,
            self.share_id,
            record=self.record,
        )
        self.assertNotIn('snapshot_id', self.record.data)
        self.assertEqual(2, len(self.state.snapshots))
        self.assert_delete_leaves_nothing(self.share_id, self.record)

    def test_it_is_not_waited_past_the_deadline(self):
        late = shares_case.TIMEOUT_S + 1
        self.switches.refuse('shares.get', 413, retry_after=late)
        error = self.assertRaises(
            exception.ShareServiceUnavailable, self.protect, self.share_id
        )
        self.assertIn('it answers 413', str(error))
        self.assertEqual([], self.clock.waits)

    def test_a_manila_that_is_slow_is_none_that_hangs(self):
        self.switches.fault('*', 'delay', seconds=0.05)
        self.run_protect()

    def test_a_manila_that_is_not_there(self):
        CONF.set_override('endpoint_override', 'http://127.0.0.1:9/v2', group='manila')
        self.assertRaises(
            exception.ShareServiceUnavailable, self.protect, self.share_id
        )

    def test_pages_for_people(self):
        """Something answers that is no Manila."""
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
