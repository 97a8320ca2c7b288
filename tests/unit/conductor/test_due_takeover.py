"""Work that changes hands: claims that run out, stops, admission."""

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from tests.unit.conductor import due_case


class TakeoverTest(due_case.DueCase):
    def test_claim_of_a_dead_conductor_is_taken_when_it_runs_out(self):
        claim = self.add('short', owner='dead', ttl=1)
        runs_out = clock.utcnow()
        self.start()
        self.wait_until_done()
        self.assertGreaterEqual(clock.utcnow(), runs_out)
        self.assertEqual(2, self.ran[0].attempts)
        self.assertTrue(claim.is_lost())

    def test_claim_of_a_living_conductor_is_renewed_and_never_taken(self):
        self.add('long')
        self.start()
        self.wait_until_ran(1)
        before = self.rows(claims.DUE_WORK)[0]['until']
        self.start()
        # Longer than the claim would have held.
        self.wait_for(
            lambda: clock.utcnow() > before + due_case.SECONDS, 'time to pass'
        )
        self.assertEqual(1, len(self.ran))
        self.hold.set()
        self.wait_until_done()

    def test_job_that_takes_too_long_is_let_go_of_and_counts(self):
        self.add('long')
        self.start()
        self.wait_until_ran(1)
        self.ran[0].deadline = clock.monotonic()
        self.wait_until_ran(2)
        self.assertEqual(2, self.ran[1].attempts)

    def test_stopped_conductor_leaves_its_work_to_others_at_once(self):
        self.add('long')
        first = self.start()
        self.wait_until_ran(1)
        first.stop()
        self.add('short', 'late')
        self.assertEqual(1, len(self.ran))
        first.release_all()
        self.wait_for(self.ran[0].is_lost, 'the job to be told')
        self.start()
        self.wait_until_ran(3)
        again = next(claim for claim in self.ran[1:] if claim.kind == 'long')
        # To stop in order is no failed try.
        self.assertEqual(1, again.attempts)

    def test_stop_gives_jobs_a_moment_to_notice(self):
        self.add('slow')
        work = self.start()
        self.wait_until_ran(1)
        work.stop()
        work.release_all()
        self.assertEqual(self.ran, self.ended)
        self.assertIsNone(self.rows(claims.DUE_WORK)[0]['owner'])


class ClockJumpTest(due_case.DueCase):
    # Nobody is told by a renewal here.
    options = {**due_case.DueCase.options, 'conductor__claim_ttl': 300}

    def test_claim_that_a_jump_of_the_clock_ends_gives_way_in_the_same_process(self):
        self.add('long')
        work = self.start()
        self.wait_until_ran(1)
        over = clock.utcnow() - due_case.SECONDS
        with engine.writer() as conn:
            # By the clock of the database its time is over all at once.
            conn.execute(claims.DUE_WORK.update().values(until=over))
        work.nudge()
        self.wait_until_ran(2)
        first, second = self.ran
        self.wait_for(first.lost.is_set, 'the former claim to be lost')
        self.assertFalse(second.is_lost())
        self.assertEqual((1, 2), (first.attempts, second.attempts))
        self.hold.set()
        self.wait_until_done()


class AdmissionTest(due_case.DueCase):
    def admit(self, work, object_id, kind='long'):
        with work.admit() as admission:
            claim = self.add(kind, object_id, owner=admission.owner, ttl=admission.ttl)
            admission.run(claim)

    def test_admitted_work_is_run_without_a_claim_by_the_loop(self):
        work = self.start()
        self.admit(work, 'one', 'short')
        self.wait_until_done()
        self.assertEqual(1, self.ran[0].generation)

    def test_full_pool_refuses_before_anything_is_written(self):
        work = self.start(size=1, backlog=1)
        for object_id in ('one', 'two'):
            self.admit(work, object_id)
        self.assertRaises(exception.ConductorBusy, self.admit, work, 'three')
        self.assertEqual(2, len(self.rows(claims.DUE_WORK)))
        self.hold.set()
        self.wait_until_done()
        self.wait_for(lambda: self._try_admit(work), 'a free place')

    def _try_admit(self, work):
        try:
            self.admit(work, 'four')
        except exception.ConductorBusy:
            return False
        return True

    def test_work_that_is_lost_while_it_waits_is_not_begun(self):
        work = self.start(size=1, backlog=5)
        self.admit(work, 'one')
        self.admit(work, 'two')
        self.replace('long', 'two', {'n': 2})
        work.superseded('long', 'two')
        self.hold.set()
        self.wait_until_done()
        self.assertEqual([{}, {'n': 2}], [claim.payload for claim in self.ran])

    def test_place_is_free_again_when_the_verb_is_refused(self):
        work = self.start(size=1)

        def refuse():
            with work.admit():
                raise exception.NoValidNode(reason='none')

        for _ in range(3):
            self.assertRaises(exception.NoValidNode, refuse)
        self.admit(work, 'one')

    def test_place_is_free_again_when_the_work_is_left_to_another(self):
        work = self.start(size=1)
        for _ in range(3):
            with work.admit() as admission:
                admission.run(None)

    def test_work_that_waits_for_a_worker_keeps_its_claim(self):
        work = self.start(size=1, backlog=5)
        self.admit(work, 'one')
        self.admit(work, 'two')
        (row,) = self.rows(claims.DUE_WORK, object_id='two')
        self.start()
        self.wait_for(lambda: clock.utcnow() > row['until'], 'its claim to run out')
        self.assertEqual(['one'], [claim.object_id for claim in self.ran])
        self.hold.set()
        self.wait_until_done()
        self.assertEqual(['one', 'two'], [claim.object_id for claim in self.ran])
