"""Requests that had to ask others for longer than their callers wait."""

import threading

import fixtures

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.protection import models
from mogan_like.protection.manager import patience
from mogan_like.protection.manager import protectables
from tests.unit.db import db_case
from tests.unit.protection import protection_case
from tests.unit.protection import world as worlds
from tests.unit.protection.world import SHARE

#: Seconds that the API waits in these tests.
PATIENCE = 40
_CHECK = f'{worlds.__name__}.ShareProtection.check_restore'


class _Clock:
    """The time, and more of it where somebody was slow."""

    def __init__(self):
        self.slow = 0

    def monotonic(self):
        return clock.monotonic() + self.slow


class PatienceTest(protection_case.ProtectionMixin, db_case.DatabaseCase):
    """Plugins that do not keep to ``answer_by``."""

    options = {**protection_case.ProtectionMixin.options, 'api__rpc_timeout': PATIENCE}

    def setUp(self):
        super().setUp()
        self.clock = _Clock()
        patch = fixtures.MonkeyPatch(f'{patience.__name__}.clock', self.clock)
        self.useFixture(patch)
        engine = self.start_engine()
        self.plan = self.create_plan()
        self.uuid = self.protected('s1', 's2', 's3')
        self.lose(engine)

    def dawdle(self, plugin, name):
        """Have a method take longer than anybody waits; the contexts it was given."""
        seen, method = [], getattr(plugin, name)

        def slow(*args):
            seen.append(args[0])
            self.clock.slow += PATIENCE
            return method(*args)

        setattr(plugin, name, slow)
        self.addCleanup(delattr, plugin, name)
        return seen

    def assert_too_late(self, do, *args):
        error = self.assertRaises(exception.RequestTooLate, do, *args)
        self.assertEqual(503, error.code)
        self.assertIn('30 seconds', str(error))

    def test_no_restore_is_begun(self):
        step = self.dawdle(self.plugin, 'check_restore')
        self.assert_too_late(self.restore, self.uuid)
        self.assertEqual([], self.rows(models.RUNS))
        self.assertEqual(0, self.checkpoint(self.uuid)['restoring'])
        self.assertEqual([], self.rows(claims.DUE_WORK, kind='restore'))
        self.assertIsNotNone(step[0].ctx.answer_by)

    def test_shares_are_asked_about_at_once(self):
        """One after the other, many of them would take longer than anybody waits."""
        meeting, faults = threading.Barrier(3), []

        def meet(_plugin, step):
            try:
                meeting.wait(10)
            except threading.BrokenBarrierError as error:
                faults.append(error)

        self.useFixture(fixtures.MonkeyPatch(_CHECK, meet))
        self.restore(self.uuid)
        self.assertEqual([], faults)

    def test_the_first_refusal_of_many_is_told(self):
        refusals = {'s2': exception.Conflict('second'), 's3': exception.Conflict('3')}

        def refuse(_plugin, step):
            if step.resource.id in refusals:
                raise refusals[step.resource.id]

        self.useFixture(fixtures.MonkeyPatch(_CHECK, refuse))
        error = self.assertRaises(exception.Conflict, self.restore, self.uuid)
        self.assertEqual('second', str(error))
        self.assertEqual([], self.rows(models.RUNS))

    def test_no_plan_is_made_or_changed(self):
        before = self.rows(models.PLANS)
        self.dawdle(self.protectables.get(SHARE), 'show_resource')
        self.assert_too_late(self.create_plan)
        change = {'resources': self.plan_body('s2')['resources']}
        self.assert_too_late(self.plans.update, self.ctx(), self.plan['uuid'], change)
        self.assertEqual(before, self.rows(models.PLANS))

    def test_it_is_written_down_that_it_was_refused(self):
        self.dawdle(self.protectables.get(SHARE), 'show_resource')
        change = {'resources': self.plan_body('s2')['resources']}
        uuid = self.plan['uuid']
        self.assert_too_late(self.plans.update, self.ctx(), uuid, change)
        self.assertEqual(('update', 'refused'), self.actions(uuid)[-1])

    def test_what_is_taken_up_late_is_not_begun(self):
        """The caller began to wait before there was a thread."""
        before = self.rows(models.PLANS)
        ctx = self.ctx()
        ctx.answer_by = clock.monotonic() + PATIENCE / 4
        seen = self.dawdle(self.protectables.get(SHARE), 'show_resource')
        self.assert_too_late(self.plans.create, ctx, self.plan_body())
        self.assertEqual([], seen)
        manager = protectables.ProtectablesManager(self.protectables)
        self.assert_too_late(manager.list_instances, ctx, SHARE, 10)
        self.assertEqual(before, self.rows(models.PLANS))

    def test_others_are_asked_for_as_long_as_the_caller_waits(self):
        ctx = self.ctx()
        for waits, expected in ((PATIENCE / 2, PATIENCE / 4), (1000, 3 * PATIENCE / 4)):
            now = clock.monotonic()
            ctx.answer_by = now + waits
            left = patience.limit(ctx).answer_by - now
            self.assertAlmostEqual(expected, left, delta=PATIENCE / 8)
            self.assertEqual(now + waits, ctx.answer_by)

    def test_plugins_are_told_of_the_end(self):
        manager = protectables.ProtectablesManager(self.protectables)
        plugin = self.protectables.get(SHARE)
        for name, ask in (
            ('show_resource', lambda ctx: manager.show_instance(ctx, SHARE, 's1')),
            ('list_resources', lambda ctx: manager.list_instances(ctx, SHARE, 10)),
        ):
            seen = self.dawdle(plugin, name)
            ctx = self.ctx()
            ask(ctx)
            self.assertIsNotNone(seen[0].answer_by)
            # Work that is done later for the same request has no such end.
            self.assertIsNone(ctx.answer_by)
