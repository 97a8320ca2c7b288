"""Answers kept under the caller's Idempotency-Key."""

import datetime
import threading

import sqlalchemy as sa

from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.db import idempotency
from tests import racing
from tests.unit.db import db_case

_KEY = {'key': 'k', 'hash': 'h'}
_OTHER_BODY = {'key': 'k', 'hash': 'other'}
_ONE_DAY = datetime.timedelta(hours=24)


class IdempotencyTests:
    def setUp(self):
        super().setUp()
        self.ctx = context.for_job(project_id='p')
        self.done = 0

    def ask(self, key=_KEY, ctx=None, answer=None, fail=None):
        """Do a request as a manager does."""
        ctx = ctx or self.ctx

        @engine.retried
        def do():
            with engine.writer() as conn:
                idempotency.reserve(conn, ctx, key)
                self.done += 1
                if fail:
                    raise fail
                result = answer or {'n': self.done}
                idempotency.remember(conn, ctx, key, result)
                return result

        return idempotency.answer_once(ctx, key, do)

    def age(self, by):
        """Make every key older."""
        with engine.writer() as conn:
            for row in conn.execute(sa.select(idempotency.KEYS)).all():
                conn.execute(
                    idempotency.KEYS.update()
                    .where(idempotency.KEYS.c.key == row.key)
                    .values(created_at=row.created_at - by)
                )

    def test_repeat_gets_the_same_answer_and_does_nothing(self):
        self.assertEqual([{'n': 1}] * 3, [self.ask() for _ in range(3)])
        self.assertEqual(1, self.done)

    def test_request_without_a_key_is_done_every_time(self):
        self.assertEqual([{'n': 1}, {'n': 2}], [self.ask(None), self.ask(None)])
        self.assertEqual([], self.rows(idempotency.KEYS))

    def test_other_body_under_the_key_is_refused_and_does_nothing(self):
        self.ask()
        self.assertRaises(exception.IdempotencyKeyReused, self.ask, _OTHER_BODY)
        self.assertEqual(1, self.done)
        self.assertEqual({'n': 1}, self.ask())

    def test_key_is_the_projects(self):
        other = context.for_job(project_id='P')
        self.assertEqual([{'n': 1}, {'n': 2}], [self.ask(), self.ask(ctx=other)])

    def test_key_is_kept_for_a_day_and_then_free_for_anything(self):
        self.ask()
        self.age(_ONE_DAY - datetime.timedelta(minutes=1))
        self.assertEqual({'n': 1}, self.ask())
        self.age(datetime.timedelta(minutes=1))
        self.assertEqual({'n': 2}, self.ask(_OTHER_BODY))
        self.assertRaises(exception.IdempotencyKeyReused, self.ask)

    def test_refused_request_leaves_its_key_free(self):
        refusal = exception.NoValidNode(reason='none')
        self.assertRaises(exception.NoValidNode, self.ask, fail=refusal)
        self.assertEqual([], self.rows(idempotency.KEYS))
        self.assertEqual({'n': 2}, self.ask(_OTHER_BODY))

    def test_twins_wait_for_the_first_and_get_its_answer(self):
        answers = racing.at_once(*[self.ask] * 8)
        self.assertEqual([{'n': 1}] * 8, answers)
        self.assertEqual(1, self.done)

    def test_twins_of_a_refused_request_are_done(self):
        refusals = iter([exception.NoValidNode(reason='none')])
        lock = threading.Lock()

        def ask():
            with lock:
                fail = next(refusals, None)
            return self.ask(fail=fail)

        answers = racing.at_once(*[ask] * 4)
        refused = [a for a in answers if isinstance(a, exception.NoValidNode)]
        given = [a for a in answers if isinstance(a, dict)]
        # Whoever was to fail may have come second, and never failed.
        self.assertEqual(4, len(refused) + len(given), answers)
        self.assertEqual(1, len({str(a) for a in given}), answers)
        self.assertLessEqual(len(refused), 1)

    def test_commit_whose_answer_was_lost_is_not_done_again(self):
        self.ask(answer={'n': 'lost'})
        with engine.writer() as conn:
            raised = self.assertRaises(
                idempotency.Repeated, idempotency.reserve, conn, self.ctx, _KEY
            )
        self.assertEqual({'n': 'lost'}, raised.answer)

    def test_old_keys_are_forgotten_in_batches_and_young_ones_kept(self):
        for number in range(5):
            self.ask({'key': f'old{number}', 'hash': 'h'})
        self.age(_ONE_DAY)
        self.ask({'key': 'young', 'hash': 'h'})
        forgotten = [self.in_transaction(idempotency.forget, 3) for _ in range(3)]
        self.assertEqual([3, 2, 0], forgotten)
        self.assertEqual(['young'], [row['key'] for row in self.rows(idempotency.KEYS)])


db_case.on_each(globals(), IdempotencyTests)
