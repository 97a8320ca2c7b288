"""Many claims at once: all of them or none."""

import contextlib
import datetime

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from tests.unit.db import db_case

_SECOND = datetime.timedelta(seconds=1)


class BatchTests:
    def claim(self, count):
        """Claims of so much due work."""
        now = clock.utcnow()
        for number in range(count):
            self.in_transaction(claims.add, 'k', str(number), now)
        return self.in_transaction(claims.claim_due, ['k'], count, 30)

    def test_done(self):
        held = self.claim(12)
        self.in_transaction(claims.finish_all, held[:11])
        self.assertEqual(
            [held[11].object_id], [row['object_id'] for row in self.left()]
        )

    def test_later_each_at_its_own_time(self):
        # More than the largest statement has places for.
        for count in (1, 2, 10, 11, 130):
            held = self.claim(count)
            base = clock.utcnow() + 60 * _SECOND
            due = [(claim, base + n * _SECOND) for n, claim in enumerate(held)]
            self.in_transaction(claims.reschedule_all, due)
            rows = {row['id']: row for row in self.left()}
            self.assertEqual(count, len(rows))
            for claim, due_at in due:
                row = rows[claim.id]
                self.assertEqual((due_at, due_at), (row['due_at'], row['until']))
                self.assertEqual(
                    (None, 0, None, claim.generation + 1),
                    tuple(
                        row[name]
                        for name in ('owner', 'attempts', 'error', 'generation')
                    ),
                )
            for row in rows.values():
                self.in_transaction(claims.remove, 'k', row['object_id'])

    def test_nothing_is_nothing(self):
        self.in_transaction(claims.finish_all, [])
        self.in_transaction(claims.reschedule_all, [])

    def test_none_when_one_was_replaced(self):
        held = self.claim(3)
        self.in_transaction(claims.replace, 'k', held[1].object_id, clock.utcnow())
        self.assert_lost(held)

    def test_none_when_one_is_another_conductors(self):
        held = self.claim(3)
        self.in_transaction(claims.release, held[1])
        (taken,) = self.in_transaction(claims.claim_due, ['k'], 1, 30)
        self.assertEqual(held[1].id, taken.id)
        self.assert_lost(held)

    def assert_lost(self, held):
        before = self.left()
        due = [(claim, clock.utcnow()) for claim in held]
        for function, values in (
            (claims.finish_all, held),
            (claims.reschedule_all, due),
        ):
            self.assertRaises(claims.ClaimLost, self.in_transaction, function, values)
            self.assertEqual(before, self.left())
        # Which one it is is known when it is tried alone.
        for claim in held:
            with contextlib.suppress(claims.ClaimLost):
                self.in_transaction(claims.finish_all, [claim])
        self.assertEqual([False, True, False], [claim.lost.is_set() for claim in held])

    def left(self):
        return sorted(self.rows(claims.DUE_WORK), key=lambda row: row['id'])


class CountTests:
    def test_next_of_each_kind(self):
        now = clock.utcnow()
        for kind, seconds in (('a', 5), ('a', 3), ('b', 9), ('c', 1)):
            when = now + seconds * _SECOND
            self.in_transaction(claims.add, kind, str(seconds), when)
        found, _ = self.in_transaction(claims.next_due_of_each, ['a', 'b', 'none'])
        self.assertEqual({'a': now + 3 * _SECOND, 'b': now + 9 * _SECOND}, found)

    def test_awaited_once_each_and_in_order(self):
        now = clock.utcnow()
        for object_id, waits_on in (('1', 'b'), ('2', 'a'), ('3', 'b'), ('4', None)):
            self.in_transaction(claims.add, 'k', object_id, now)
            (claim,) = self.in_transaction(claims.claim_due, ['k'], 1, 30)
            self.in_transaction(
                claims.wait_for, claim, waits_on, until=now + 60 * _SECOND
            )
        self.assertEqual(['a', 'b'], self.in_transaction(claims.list_awaited, '', 9))
        self.assertEqual(['a'], self.in_transaction(claims.list_awaited, '', 1))
        self.assertEqual(['b'], self.in_transaction(claims.list_awaited, 'a', 9))

    def test_to_wait_is_no_try_unless_it_failed(self):
        self.in_transaction(claims.add, 'k', '1', clock.utcnow())
        for failed, attempts in ((False, 0), (True, 1), (True, 2), (False, 2)):
            (claim,) = self.in_transaction(claims.claim_due, ['k'], 1, 30)
            self.in_transaction(
                claims.wait_for, claim, 'x', until=clock.utcnow(), failed=failed
            )
            (row,) = self.rows(claims.DUE_WORK)
            self.assertEqual(attempts, row['attempts'])


class CostTest(db_case.DatabaseCase):
    backend = 'mysql'

    def test_of_a_claim_is_not_that_of_what_waits_behind_it(self):
        self.fill('due', -1, 20)
        self.fill('later', 1, 100)
        few = self.count_rows_read()
        self.fill('much later', 2, 5000)
        self.assertEqual(few, self.count_rows_read())

    def fill(self, name, hours, count):
        when = clock.utcnow() + hours * 3600 * _SECOND
        row = {
            'kind': 'k',
            'due_at': when,
            'until': when,
            'generation': 1,
            'attempts': 0,
            'payload': '{}',
        }
        rows = [{**row, 'object_id': f'{name} {number}'} for number in range(count)]
        with engine.writer() as conn:
            conn.execute(claims.DUE_WORK.insert(), rows)
        with engine.writer() as conn:
            conn.execute(sa.text('ANALYZE TABLE due_work'))

    def count_rows_read(self):
        """What it takes to find out that ten are due, and to claim them."""
        with engine.writer() as conn:
            before = self.read_status(conn)
            claims.next_due(conn, ['k', 'other'])
            self.assertEqual(10, len(claims.claim_due(conn, ['k'], 10, 30)))
            return self.read_status(conn) - before

    def read_status(self, conn):
        rows = conn.execute(sa.text("SHOW SESSION STATUS LIKE 'Handler_read%'"))
        return sum(int(row.Value) for row in rows)


db_case.on_each(globals(), BatchTests, CountTests)
