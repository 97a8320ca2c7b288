"""Due work: claimed by one, kept, lost, given back, done."""

import datetime
import itertools

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from tests import racing
from tests.unit.db import db_case

_SOON = datetime.timedelta(seconds=60)


#: Of the work that is added here.
KINDS = ('job', 'scan')


class ClaimsTests:
    """Every test has the table for itself."""

    def add(self, object_id='one', due_at=None, **kwargs):
        return self.in_transaction(
            claims.add, 'job', object_id, due_at or clock.utcnow(), **kwargs
        )

    def claim_one(self, ttl=30):
        (claim,) = self.in_transaction(claims.claim_due, KINDS, 10, ttl)
        return claim

    def row(self, object_id='one'):
        (row,) = self.rows(claims.DUE_WORK, object_id=object_id)
        return row

    def assert_lost(self, do, claim, *args):
        self.assertRaises(claims.ClaimLost, self.in_transaction, do, claim, *args)
        self.assertTrue(claim.is_lost())

    def test_what_is_due_is_claimed_longest_due_first_and_up_to_the_limit(self):
        now = clock.utcnow()
        for number in range(5):
            self.add(str(number), now - datetime.timedelta(seconds=number))
        self.add('later', now + _SOON)
        taken = self.in_transaction(claims.claim_due, KINDS, 3, 30)
        self.assertEqual(['4', '3', '2'], [claim.object_id for claim in taken])
        rest = self.in_transaction(claims.claim_due, KINDS, 10, 30)
        self.assertEqual(['1', '0'], [claim.object_id for claim in rest])
        self.assertEqual([], self.in_transaction(claims.claim_due, KINDS, 10, 30))

    def test_claim_carries_the_work(self):
        self.add(payload={'target': 'off'})
        claim = self.claim_one()
        self.assertEqual(
            ('job', 'one', {'target': 'off'}, 1),
            (claim.kind, claim.object_id, claim.payload, claim.attempts),
        )
        self.assertFalse(claim.is_lost())

    def test_two_workers_never_get_the_same_row(self):
        for number in range(60):
            self.add(str(number))

        @engine.retried
        def take():
            return self.in_transaction(claims.claim_due, KINDS, 7, 30)

        def work():
            mine = []
            while batch := take():
                mine += [claim.object_id for claim in batch]
            return mine

        got = list(itertools.chain(*racing.at_once(work, work, work, work)))
        # A worker that looked while others held the rest may have gone home.
        got += [
            c.object_id for c in self.in_transaction(claims.claim_due, KINDS, 60, 30)
        ]
        self.assertEqual(sorted(map(str, range(60))), sorted(got))

    def test_a_claim_made_with_the_work_is_nobody_elses(self):
        claim = self.add(owner='me', ttl=30)
        self.assertEqual([], self.in_transaction(claims.claim_due, KINDS, 10, 30))
        self.in_transaction(claims.finish, claim)
        self.assertEqual([], self.rows(claims.DUE_WORK))

    def test_claim_that_ran_out_goes_to_another_and_the_former_writes_nothing(self):
        self.add()
        late = self.claim_one(ttl=0)
        self.assertTrue(late.is_lost())
        mine = self.claim_one()
        self.assertEqual(2, mine.attempts)
        self.assertGreater(mine.generation, late.generation)
        before = self.row()
        for do, args in (
            (claims.hold, ()),
            (claims.finish, ()),
            (claims.reschedule, (clock.utcnow(), 'late')),
            (claims.wait_for, ('something',)),
        ):
            self.assert_lost(do, late, *args)
        self.in_transaction(claims.release, late)
        self.assertEqual([late], self.in_transaction(claims.renew, [late], 30))
        self.assertEqual(before, self.row())
        self.in_transaction(claims.finish, mine)
        self.assertEqual([], self.rows(claims.DUE_WORK))

    def test_late_workers_write_is_rolled_back_with_its_finish(self):
        self.add()
        self.add('other', clock.utcnow() + _SOON)
        late = self.claim_one(ttl=0)
        self.claim_one()

        def write(conn):
            claims.bring_forward(conn, 'job', 'other', clock.utcnow())
            claims.finish(conn, late)

        before = self.row('other')
        self.assertRaises(claims.ClaimLost, self.in_transaction, write)
        self.assertEqual(before, self.row('other'))

    def test_renewed_claim_stays_and_a_lost_one_is_named(self):
        self.add('kept')
        self.add('lost')
        held = self.in_transaction(claims.claim_due, KINDS, 10, 1)
        kept, lost = sorted(held, key=lambda claim: claim.object_id)
        self.in_transaction(claims.replace, 'job', 'lost', clock.utcnow())
        self.assertEqual([lost], self.in_transaction(claims.renew, held, 60))
        self.assertEqual([False, True], [kept.is_lost(), lost.is_lost()])
        self.assertGreater(kept.held_until, clock.monotonic() + 50)
        self.assertGreater(
            self.row('kept')['until'], clock.utcnow() + datetime.timedelta(seconds=50)
        )

    def test_renewing_what_was_removed_says_that_it_is_lost(self):
        self.add()
        claim = self.claim_one()
        self.assertTrue(self.in_transaction(claims.remove, 'job', 'one'))
        self.assertFalse(self.in_transaction(claims.remove, 'job', 'one'))
        self.assertEqual([claim], self.in_transaction(claims.renew, [claim], 30))

    def test_replaced_while_held_waits_until_the_former_worker_lets_go(self):
        self.add(payload={'first': 1})
        claim = self.claim_one()
        # Twice, as by a rebuild and then a delete.
        for number in (2, 3):
            new = self.in_transaction(
                claims.replace, 'job', 'one', clock.utcnow(), {'n': number}, 'me', 30
            )
            self.assertIsNone(new)
        self.assertEqual([], self.in_transaction(claims.claim_due, KINDS, 10, 30))
        self.assert_lost(claims.hold, claim)
        self.in_transaction(claims.release, claim)
        new = self.claim_one()
        self.assertEqual(({'n': 3}, 1), (new.payload, new.attempts))
        self.in_transaction(claims.finish, new)

    def test_replaced_while_nobody_is_at_it_is_due_as_told(self):
        self.add(due_at=clock.utcnow() + _SOON)
        self.in_transaction(claims.replace, 'job', 'one', clock.utcnow(), {'n': 2})
        self.assertEqual({'n': 2}, self.claim_one().payload)

    def test_replacing_nothing_adds_and_claims(self):
        claim = self.in_transaction(
            claims.replace, 'job', 'one', clock.utcnow(), {}, 'me', 30
        )
        self.assertEqual('me', claim.owner)
        self.assertEqual([], self.in_transaction(claims.claim_due, KINDS, 10, 30))

    def test_release_makes_due_at_once_and_does_not_count_as_a_try(self):
        self.add()
        for _ in range(5):
            claim = self.claim_one()
            self.assertEqual(1, claim.attempts)
            self.in_transaction(claims.release, claim)
            # A second release, by the job's own end, has no effect.
            before = self.row()
            self.in_transaction(claims.release, claim)
            self.assertEqual(before, self.row())

    def test_release_of_what_took_too_long_counts_as_a_try(self):
        self.add()
        claim = self.claim_one()
        claim.deadline = clock.monotonic() - 1
        self.in_transaction(claims.release, claim)
        self.assertEqual(2, self.claim_one().attempts)

    def test_rescheduled_work_says_why_and_counts_its_tries(self):
        self.add()
        for attempt in (1, 2, 3):
            claim = self.claim_one()
            self.assertEqual(attempt, claim.attempts)
            self.in_transaction(claims.reschedule, claim, clock.utcnow(), 'no power')
            self.assertEqual('no power', self.row()['error'])
        claim = self.claim_one()
        self.in_transaction(
            claims.reschedule, claim, clock.utcnow() + _SOON, payload={'n': 2}
        )
        row = self.row()
        self.assertEqual(
            (None, 0, '{"n":2}'), _pick(row, 'error', 'attempts', 'payload')
        )
        self.assertEqual([], self.in_transaction(claims.claim_due, KINDS, 10, 30))
        brought = self.in_transaction(
            claims.bring_forward, 'job', 'one', clock.utcnow()
        )
        self.assertTrue(brought)
        self.assertEqual({'n': 2}, self.claim_one().payload)

    def test_bring_forward_leaves_alone_what_somebody_is_at(self):
        self.add()
        claim = self.claim_one()
        before = self.row()
        self.assertFalse(
            self.in_transaction(claims.bring_forward, 'job', 'one', clock.utcnow())
        )
        self.assertEqual(before, self.row())
        self.in_transaction(claims.hold, claim)

    def test_ensured_work_is_there_once_and_due(self):
        for _ in range(2):
            self.in_transaction(claims.ensure, 'scan', 'all')
        claim = self.claim_one()
        self.in_transaction(claims.ensure, 'scan', 'all')
        self.in_transaction(claims.hold, claim)
        self.in_transaction(claims.reschedule, claim, clock.utcnow() + _SOON)
        self.in_transaction(claims.ensure, 'scan', 'all')
        self.assertEqual('scan', self.claim_one().kind)

    def test_ensured_by_many_conductors_at_once_is_there_once(self):
        ensure = engine.retried(
            lambda: self.in_transaction(claims.ensure, 'scan', 'all')
        )
        self.assertEqual([None] * 6, racing.at_once(*[ensure] * 6))
        self.assertEqual(1, len(self.rows(claims.DUE_WORK)))

    def test_waiting_work_is_never_due_until_woken(self):
        self.add()
        self.add('two')
        first, second = self.in_transaction(claims.claim_due, KINDS, 10, 30)
        self.in_transaction(claims.wait_for, first, 'instance-1', 'it is locked')
        self.in_transaction(claims.wait_for, second, 'instance-2')
        self.assertEqual([], self.in_transaction(claims.claim_due, KINDS, 10, 30))
        until, _now = self.in_transaction(claims.next_due, KINDS)
        self.assertEqual(claims.NEVER, until)
        self.assertEqual(1, self.in_transaction(claims.wake, 'instance-1'))
        self.assertEqual(0, self.in_transaction(claims.wake, 'instance-1'))
        self.assertEqual(first.object_id, self.claim_one().object_id)

    def test_waiting_work_may_be_due_by_itself_and_waits_no_more_then(self):
        self.add()
        claim = self.claim_one()
        hour = datetime.timedelta(hours=1)
        later = clock.utcnow() + hour
        self.in_transaction(
            claims.wait_for, claim, 'instance-1', 'it is locked', until=later
        )
        self.assertEqual(
            ('instance-1', 'it is locked', later),
            _pick(self.row(), 'waits_on', 'error', 'until'),
        )
        self.assertEqual([], self.in_transaction(claims.claim_due, KINDS, 10, 30))
        self.patch(clock, '_offset', 2 * hour)
        again = self.claim_one()
        self.assertIsNone(self.row()['waits_on'])
        self.in_transaction(claims.hold, again)

    def test_wake_leaves_alone_what_somebody_is_at(self):
        self.add()
        claim = self.claim_one()
        self.in_transaction(_put_waits_on, 'instance-1')
        before = self.row()
        self.assertEqual(0, self.in_transaction(claims.wake, 'instance-1'))
        self.assertEqual(before, self.row())
        self.in_transaction(claims.hold, claim)

    def test_kind_may_be_as_long_as_a_plugins_name(self):
        kind = 'k' * 96
        self.in_transaction(claims.add, kind, 'one', clock.utcnow())
        (claim,) = self.in_transaction(claims.claim_due, (kind,), 10, 30)
        self.assertEqual(kind, claim.kind)

    def test_next_due_is_the_first_and_the_databases_time_is_utc(self):
        self.assertIsNone(self.in_transaction(claims.next_due, KINDS)[0])
        when = clock.utcnow() + _SOON
        self.add('b', when + _SOON)
        self.add('a', when)
        until, now = self.in_transaction(claims.next_due, KINDS)
        self.assertEqual(when, until)
        # SQLite's is text where it is not told otherwise.
        self.assertLess(abs(now - clock.utcnow()), datetime.timedelta(seconds=5))

    def test_one_object_has_one_work_of_a_kind(self):
        def add():
            return self.add(owner=claims.new_owner(), ttl=30)

        results = racing.at_once(*[add] * 5)
        added = [each for each in results if isinstance(each, claims.Claim)]
        self.assertEqual(1, len(added), results)
        self.assertEqual(1, len(self.rows(claims.DUE_WORK)))


def _put_waits_on(conn, waits_on):
    conn.execute(claims.DUE_WORK.update().values(waits_on=waits_on))


def _pick(row, *names):
    return tuple(row[name] for name in names)


db_case.on_each(globals(), ClaimsTests)
