"""A checkpoint before a lease ends: begun once, waited for, made again if it failed."""

import dataclasses
import datetime
import uuid

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.leases.plugins import base
from mogan_like.protection import before_end
from mogan_like.protection import models
from mogan_like.protection import states
from mogan_like.protection.operations import jobs
from tests.unit.db import db_case
from tests.unit.protection import protection_case
from tests.unit.protection.world import OTHER_PROJECT
from tests.unit.protection.world import PROJECT
from tests.unit.protection.world import PROVIDER

_DUE = datetime.datetime(2026, 5, 1, 12)
_HOUR = datetime.timedelta(hours=1)
_LONG_AGO = datetime.datetime(2026, 1, 1)


class PlanTest(protection_case.ProtectionMixin, db_case.DatabaseCase):
    def setUp(self):
        super().setUp()
        self.woken = []
        self.work = before_end.Plan()
        self.work.setup({'checkpoints': self.checkpoints})
        self.plan = self.create_plan()
        reservation = base.Reservation(
            uuid=str(uuid.uuid4()),
            lease_uuid='lease',
            lease_name='a lease',
            project_id=PROJECT,
            user_id='u1',
            start_date=_DUE - _HOUR,
            end_date=_DUE + _HOUR,
            values={'before_end': 'plan:'},
        )
        self.call = base.Call(
            reservation, argument=self.plan['uuid'], due_at=_DUE, trust_id='t1'
        )

    def make_jobs(self):
        return jobs.make_jobs(
            self.providers, self.protectables, lambda: self.woken.append(1)
        )[states.CHECKPOINT]

    def wait_at(self, call=None):
        """The uuid of the checkpoint that a call waits for."""
        waiting = self.assertRaises(base.Waiting, self.work.run, call or self.call)
        self.assertIn(waiting.waits_on, waiting.reason)
        return waiting.waits_on

    def fail_at(self, call=None):
        """The message of a call that fails."""
        error = self.assertRaises(
            exception.MoganLikeError, self.work.run, call or self.call
        )
        return str(error)

    def do(self, checkpoint):
        """Do what is to be done of a checkpoint, in this thread."""
        (claim,) = self.in_transaction(claims.claim_due, ['checkpoint'], 1, 30)
        self.assertEqual(checkpoint, claim.object_id)
        self.make_jobs()(claim)

    def list_checkpoints(self):
        return [row['uuid'] for row in self.rows(models.CHECKPOINTS)]

    def let_time_pass(self):
        self.in_transaction(
            lambda conn: conn.execute(
                models.CHECKPOINTS.update().values(updated_at=_LONG_AGO)
            )
        )

    def break_world(self):
        self.world.at['protect', 'on_main', None] = _fail

    def mend_world(self):
        del self.world.at['protect', 'on_main', None]

    def test_is_begun_once_and_waited_for(self):
        checkpoint = self.wait_at()
        self.assertEqual(checkpoint, self.wait_at())
        self.do(checkpoint)
        self.assertIsNone(self.work.run(self.call))
        self.assertIsNone(self.work.run(self.call))
        self.assertEqual([checkpoint], self.list_checkpoints())
        self.assertEqual(1, len(self.world.snapshots))

    def test_belongs_to_the_leases_user_and_names_the_lease(self):
        checkpoint = self.wait_at()
        row = self.checkpoint(checkpoint)
        self.assertEqual((PROJECT, 'u1'), (row['project_id'], row['user_id']))
        self.assertEqual(
            {
                'created_by': 'lease',
                'lease_id': 'lease',
                'reservation_id': self.call.reservation.uuid,
            },
            self.load(row['extra_info']),
        )
        (action,) = self.rows(actions_models.ACTIONS, object_id=checkpoint)
        self.assertEqual(('lease', 'lease'), (action['cause'], action['cause_id']))

    def test_is_done_by_the_trust(self):
        trusts = []
        self.world.at['protect', 'on_main', None] = lambda step: trusts.append(
            step.ctx.trust_id
        )
        self.do(self.wait_at())
        self.assertEqual(['t1'], trusts)
        without = dataclasses.replace(self.call, trust_id=None, due_at=_DUE + _HOUR)
        self.do(self.wait_at(without))
        self.assertEqual(['t1', None], trusts)

    def test_deleted_later_the_trust_is_not_asked_for(self):
        checkpoint = self.wait_at()
        self.do(checkpoint)
        seen = []
        self.world.at['delete', 'on_main', None] = lambda step: seen.append(
            step.ctx.trust_id
        )
        self.delete(checkpoint)
        self.do(checkpoint)
        self.assertEqual([None], seen)

    def test_extended_lease_and_other_reservation_get_their_own(self):
        first = self.wait_at()
        later = self.wait_at(dataclasses.replace(self.call, due_at=_DUE + _HOUR))
        reservation = dataclasses.replace(self.call.reservation, uuid=str(uuid.uuid4()))
        other = self.wait_at(dataclasses.replace(self.call, reservation=reservation))
        self.assertEqual(3, len({first, later, other}))

    def test_whoever_waits_is_woken_in_the_transaction_that_ends_it(self):
        for broken, status in ((False, 'available'), (True, 'error')):
            call = dataclasses.replace(self.call, due_at=_DUE + broken * _HOUR)
            checkpoint = self.wait_at(call)
            waits = self.add_waiting(checkpoint)
            if broken:
                self.break_world()
            self.do(checkpoint)
            self.assertEqual(status, self.checkpoint(checkpoint)['status'])
            self.assertIsNone(self.due(waits)['waits_on'])
            self.assertLessEqual(self.due(waits)['until'], clock.utcnow())
        self.assertEqual([1, 1], self.woken)

    def test_whoever_waits_is_woken_when_it_is_deleted(self):
        checkpoint = self.wait_at()
        waits = self.add_waiting(checkpoint)
        self.delete(checkpoint)
        self.do(checkpoint)
        self.assertEqual('deleted', self.checkpoint(checkpoint)['status'])
        self.assertIsNone(self.due(waits)['waits_on'])
        self.assertEqual([1], self.woken)

    def add_waiting(self, checkpoint):
        """A row of due work that waits for a checkpoint; its object."""
        own = f'lease-{checkpoint[:8]}'
        self.in_transaction(claims.add, own, own, clock.utcnow())
        (claim,) = self.in_transaction(claims.claim_due, [own], 1, 30)
        self.in_transaction(claims.wait_for, claim, checkpoint)
        self.assertEqual(checkpoint, self.due(own)['waits_on'])
        return own

    def test_nobody_is_nudged_for_a_checkpoint_that_nobody_waits_for(self):
        self.do(self.wait_at())
        self.assertEqual([], self.woken)

    def test_failure_is_told_and_then_it_is_made_again(self):
        first = self.wait_at()
        self.break_world()
        self.do(first)
        message = self.fail_at()
        self.assertIn(first, message)
        self.assertIn('No space left', message)
        self.assertEqual([first], self.list_checkpoints())
        self.let_time_pass()
        self.mend_world()
        second = self.wait_at()
        self.assertNotEqual(first, second)
        self.take_rest()
        self.do(second)
        self.work.run(self.call)
        self.assertEqual({first, second}, set(self.list_checkpoints()))

    def take_rest(self):
        """What is left to do of checkpoints that failed: their bank."""
        done = claims.DUE_WORK.c.generation > 1
        self.in_transaction(
            lambda conn: conn.execute(claims.DUE_WORK.delete().where(done))
        )

    def test_failures_come_to_an_end(self):
        CONF.set_override('max_attempts', 3, group='protection')
        self.addCleanup(CONF.clear_override, 'max_attempts', group='protection')
        self.break_world()
        for _ in range(3):
            self.do(self.wait_at())
            self.take_rest()
            self.fail_at()
            self.let_time_pass()
        for _ in range(3):
            self.assertIn('No space left', self.fail_at())
        self.assertEqual(3, len(self.list_checkpoints()))

    def test_deleted_while_it_is_waited_for(self):
        checkpoint = self.wait_at()
        self.delete(checkpoint)
        self.assertIn('deleted', self.fail_at())
        self.do(checkpoint)
        self.let_time_pass()
        self.assertNotEqual(checkpoint, self.wait_at())

    def test_plan_that_was_deleted_before(self):
        self.plans.delete(self.ctx(), self.plan['uuid'])
        self.assertIn(self.plan['uuid'], self.fail_at())
        self.assertEqual([], self.list_checkpoints())

    def test_plan_that_is_deleted_while_it_is_made(self):
        checkpoint = self.wait_at()
        self.plans.delete(self.ctx(), self.plan['uuid'])
        self.do(checkpoint)
        self.work.run(self.call)

    def test_provider_that_takes_no_more(self):
        self.provider.enabled = False
        self.assertIn(PROVIDER, self.fail_at())
        del self.providers[PROVIDER]
        self.assertIn(PROVIDER, self.fail_at())
        self.assertEqual([], self.list_checkpoints())

    def test_project_that_has_all_checkpoints_it_may_have(self):
        CONF.set_override('checkpoints', 0, group='quota')
        self.addCleanup(CONF.clear_override, 'checkpoints', group='quota')
        self.assertIn('Quota', self.fail_at())

    def test_plan_of_another_project(self):
        reservation = dataclasses.replace(
            self.call.reservation, project_id=OTHER_PROJECT
        )
        call = dataclasses.replace(self.call, reservation=reservation)
        self.assertIn(self.plan['uuid'], self.fail_at(call))
        self.assertEqual([], self.list_checkpoints())

    def test_upper_case_is_the_same_plan(self):
        call = dataclasses.replace(self.call, argument=self.plan['uuid'].upper())
        self.assertEqual(self.wait_at(), self.wait_at(call))

    def test_what_a_reservation_may_name(self):
        self.check(self.plan['uuid'])
        self.check(self.plan['uuid'].upper())
        for argument in (None, '', 'x', str(uuid.uuid4()), 'x' * 300, "'; --"):
            error = self.assertRaises(exception.InvalidParameter, self.check, argument)
            self.assertIn('before_end', str(error))
        self.assertRaises(
            exception.InvalidParameter, self.check, self.plan['uuid'], OTHER_PROJECT
        )

    def check(self, argument, project=PROJECT):
        self.in_transaction(self.work.check, project, argument)


def _fail(_step):
    raise exception.ProtectionFailed(reason='No space left.')
