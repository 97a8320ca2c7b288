"""A conductor that dies at any statement of a run: another one does what is left."""

import fixtures
import sqlalchemy as sa
from sqlalchemy import event

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.protection.operations import schedule_jobs
from tests.unit.db import db_case
from tests.unit.protection import schedule_case

#: More statements than any of the jobs has.
_MOST = 60


class KilledError(BaseException):
    """What no job can catch; the transaction is rolled back, as by a lost server."""


class Killer(fixtures.Fixture):
    """Ends whoever executes the nth statement from now on.

    :ivar has_struck: whether there was one
    """

    def __init__(self, number):
        self._left = number
        self.has_struck = False

    def _setUp(self):
        event.listen(sa.Engine, 'before_execute', self._count)
        self.addCleanup(event.remove, sa.Engine, 'before_execute', self._count)

    def _count(self, *_what):
        self._left -= 1
        if self._left == 0:
            self.has_struck = True
            raise KilledError


class KilledTest(schedule_case.ScheduleMixin, db_case.DatabaseCase):
    def kill_at_each(self, begin, kind='schedule'):
        """Do what ``begin`` makes due, killed at each statement in turn.

        :returns: what begin returned each time
        """
        begun = []
        for number in range(1, _MOST):
            begun.append(begin())
            (claim,) = self.claim(kind)
            killer = Killer(number)
            try:
                with killer:
                    self.jobs[kind](claim)
            except KilledError:
                self.take_over(claim, kind)
            if not killer.has_struck:
                return begun
        raise AssertionError('it was never let go on to its end')

    def take_over(self, claim, kind):
        """The claim runs out, and another conductor goes on where it was left."""
        held = {'id': claim.id, 'owner': claim.owner}
        self.set(claims.DUE_WORK, held, until=clock.utcnow())
        self.run_due(kind)

    def test_a_run(self):
        uuid = self.create_operation(max_backups=3)
        begun = self.kill_at_each(lambda: self.make_due(uuid))
        self.assertGreater(len(begun), 10)
        self.assertEqual(
            [clock.isoformat(run_at) for run_at in begun],
            [self.load(row['extra_info'])['run_at'] for row in self.made_by(uuid)],
        )
        for row in self.made_by(uuid):
            self.assertEqual([('create', None)], self.actions(row['uuid']))
            self.assertIsNotNone(self.due(row['uuid']))
        self.assertEqual([('in_progress', None)] * len(begun), self.runs_of(uuid))
        self.assertEqual(begun[-1], self.operation(uuid)['last_run_at'])
        self.assertGreater(self.operation(uuid)['next_run_at'], clock.utcnow())
        kinds = {row['kind'] for row in self.rows(claims.DUE_WORK, object_id=uuid)}
        self.assertEqual({'schedule', 'retention'}, kinds)

    def test_a_refused_run(self):
        CONF.set_override('checkpoints', 0, group='quota')
        uuid = self.create_operation()
        begun = self.kill_at_each(lambda: self.make_due(uuid))
        self.assertGreater(len(begun), 10)
        self.assertEqual(len(begun), len(self.runs_of(uuid)))
        self.assertEqual([], self.made_by(uuid))
        self.assertGreater(self.operation(uuid)['next_run_at'], clock.utcnow())
        told = self.rows(actions_models.ACTIONS, cause_id=uuid)
        self.assertGreaterEqual(len(told), len(begun))

    def test_after_the_commit(self):
        uuid = self.create_operation()
        self.make_due(uuid)
        self.jobs = schedule_jobs.make_jobs(self.providers, Dead(), self.checkpoints)
        self.assertRaises(KilledError, self.run_due)
        self.assertEqual(0, self.run_due())
        self.assertEqual(1, len(self.made_by(uuid)))


class Dead:
    """Due work that is told of what was done, and dies of it."""

    def nudge(self):
        raise KilledError
