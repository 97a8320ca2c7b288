"""The recorder: one row for each verb, whatever became of it."""

import contextlib
import socket

from oslo_db import exception as db_exc
import sqlalchemy as sa

from mogan_like.actions import models
from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import idempotency
from tests import racing
from tests.unit.db import db_case

_SECRET = 'the password is 12345'


class Stop(Exception):
    """What means "stop" to a step."""


class RecorderTests:
    def setUp(self):
        super().setUp()
        self.ctx = context.for_job(user_id='u', project_id='p')

    def do(self, fail=None, ctx=None, object_id='one', action='lock'):
        """A verb that leaves a row of due work as its trace."""
        with recorder.record(ctx or self.ctx, object_id, action) as entry:
            entry.owner_project_id = 'owner'
            claims.add(entry.conn, action, object_id, clock.utcnow())
            if fail is not None:
                raise fail
            return 'done'
        return 'already'

    def action(self):
        (row,) = self.rows(models.ACTIONS)
        return row

    def event(self):
        (row,) = self.rows(models.EVENTS)
        return row

    def traces(self):
        return len(self.rows(claims.DUE_WORK))

    def test_success_is_in_the_transaction_of_what_was_done(self):
        with recorder.record(self.ctx, 'one', 'lock', 'owner', 'flavor') as entry:
            claims.add(entry.conn, 'lock', 'one', clock.utcnow())
            self.assertEqual([], self.rows(models.ACTIONS))
        row, event = self.action(), self.event()
        expected = {
            'object_type': 'flavor',
            'object_id': 'one',
            'action': 'lock',
            'request_id': self.ctx.request_id,
            'user_id': 'u',
            'project_id': 'p',
            'owner_project_id': 'owner',
            'cause': 'user',
            'cause_id': None,
            'result': 'success',
            'message': None,
        }
        self.assertEqual(expected, {name: row[name] for name in expected})
        self.assertLessEqual(row['started_at'], row['finished_at'])
        self.assertEqual(
            (row['id'], 'lock', 'success', socket.gethostname(), None),
            tuple(
                event[name]
                for name in ('action_id', 'event', 'result', 'host', 'traceback')
            ),
        )
        self.assertEqual(1, self.traces())

    def test_refusal_undoes_the_verb_and_is_recorded_with_its_message(self):
        refusal = exception.NoValidNode(reason='none is free.')
        raised = self.assertRaises(exception.NoValidNode, self.do, refusal)
        self.assertIs(refusal, raised)
        for row in (self.action(), self.event()):
            self.assertEqual(('refused', str(refusal)), (row['result'], row['message']))
        self.assertEqual('owner', self.action()['owner_project_id'])
        self.assertEqual(0, self.traces())

    def test_failure_undoes_the_verb_and_its_text_is_in_the_traceback_alone(self):
        self.assertRaises(RuntimeError, self.do, RuntimeError(_SECRET))
        row, event = self.action(), self.event()
        self.assertEqual(('error', recorder.UNKNOWN), (row['result'], row['message']))
        self.assertEqual(recorder.UNKNOWN, event['message'])
        self.assertIn(_SECRET, event['traceback'])
        self.assertEqual(0, self.traces())

    def test_failure_of_the_database_does_not_show_what_it_was_sent(self):
        query = sa.text('SELECT * FROM nowhere WHERE user_data = :it')
        with (
            contextlib.suppress(sa.exc.DBAPIError, db_exc.DBError),
            recorder.record(self.ctx, 'one', 'create') as entry,
        ):
            entry.conn.execute(query, {'it': _SECRET})
        self.assertIn('nowhere', self.event()['traceback'])
        self.assertNotIn(_SECRET, self.event()['traceback'])

    def test_what_somebody_else_does_or_will_do_again_is_not_recorded(self):
        for fail in (
            db_exc.DBDeadlock(),
            db_exc.DBConnectionError(),
            claims.ClaimLost(),
            idempotency.Repeated({}),
        ):
            self.assertRaises(type(fail), self.do, fail)
        self.assertEqual([], self.rows(models.ACTIONS))
        self.assertEqual([], self.rows(models.EVENTS))
        self.assertEqual(0, self.traces())

    def test_verb_that_is_broken_off_and_retried_has_one_row(self):
        fails = iter([db_exc.DBDeadlock(), db_exc.DBConnectionError()])
        do = engine.retried(lambda: self.do(next(fails, None)))
        self.assertEqual('done', do())
        self.assertEqual('success', self.action()['result'])
        self.assertEqual(1, self.traces())

    def test_verb_whose_commit_went_through_unheard_is_not_done_twice(self):
        self.assertEqual('done', self.do())
        # The same request again: by an error, for what it did is done...
        self.assertEqual('already', self.do())
        # ...or by its verdict, which is not the caller's.
        refusal = exception.InvalidState(action='lock', uuid='one', status='LOCKED')
        self.assertEqual('already', self.do(refusal))
        self.assertEqual('success', self.action()['result'])
        self.assertEqual('success', self.event()['result'])
        self.assertEqual(1, self.traces())

    def test_refusal_recorded_unheard_is_one_row(self):
        refusal = exception.NoValidNode(reason='none is free.')
        self.assertRaises(exception.NoValidNode, self.do, refusal)
        self.assertEqual('already', self.do(refusal))
        self.assertEqual('refused', self.action()['result'])

    def test_same_request_delivered_twice_at_once_is_done_once(self):
        do = engine.retried(self.do)
        results = racing.at_once(*[do] * 4)
        self.assertEqual(['already'] * 3 + ['done'], sorted(map(str, results)))
        self.assertEqual('success', self.action()['result'])

    def test_requests_on_one_object_have_a_row_each(self):
        for number in range(3):
            self.do(ctx=context.for_job(user_id=f'u{number}'), action=f'a{number}')
        self.assertEqual(
            ['u0', 'u1', 'u2'], [row['user_id'] for row in self.rows(models.ACTIONS)]
        )

    def test_cause_is_kept(self):
        self.do(ctx=context.for_job(cause='lease', cause_id='lease-1'))
        row = self.action()
        self.assertEqual(('lease', 'lease-1'), (row['cause'], row['cause_id']))
        self.assertIsNone(row['user_id'])

    def open_action(self, object_id='one'):
        ctx = context.for_job()
        with recorder.record(ctx, object_id, 'delete') as entry:
            return entry.leave_open()

    def test_long_verb_is_open_until_it_is_finished_once(self):
        action_id = self.open_action()
        row = self.action()
        self.assertEqual((None, None), (row['finished_at'], row['result']))
        self.assertEqual([], self.rows(models.EVENTS))
        for result in ('error', 'success'):
            self.in_transaction(recorder.finish, action_id, result, result)
        row = self.action()
        self.assertEqual(('error', 'error'), (row['result'], row['message']))
        self.assertEqual(row['finished_at'], row['updated_at'])

    def test_cancelling_closes_what_is_open_on_this_object_alone(self):
        self.open_action()
        self.open_action('other')
        self.do(object_id='one', action='update')
        self.in_transaction(recorder.cancel_open, 'one', 'Superseded.')
        results = {
            (row['object_id'], row['action']): row['result']
            for row in self.rows(models.ACTIONS)
        }
        self.assertEqual(
            {
                ('one', 'delete'): 'cancelled',
                ('other', 'delete'): None,
                ('one', 'update'): 'success',
            },
            results,
        )

    def step(self, fail=None):
        with recorder.step(self.open_action(), 'delete.wipe', cancelled_by=Stop):
            row = self.event()
            self.assertEqual(
                (None, None, socket.gethostname()),
                (row['finished_at'], row['result'], row['host']),
            )
            if fail is not None:
                raise fail

    def assert_step(self, result, message, fail):
        if fail is None:
            self.step()
        else:
            self.assertRaises(type(fail), self.step, fail)
        row = self.event()
        self.assertEqual((result, message), (row['result'], row['message']))
        self.assertLessEqual(row['started_at'], row['finished_at'])
        return row

    def test_step_that_ends(self):
        self.assert_step('success', None, None)

    def test_step_that_is_cancelled(self):
        row = self.assert_step('cancelled', None, Stop(_SECRET))
        self.assertIsNone(row['traceback'])

    def test_step_that_fails(self):
        fail = exception.Conflict('no power')
        row = self.assert_step('error', 'no power', fail)
        self.assertIsNone(row['traceback'])

    def test_step_that_breaks(self):
        row = self.assert_step('error', recorder.UNKNOWN, RuntimeError(_SECRET))
        self.assertIn(_SECRET, row['traceback'])

    def test_steps_left_open_are_closed_on_this_object_alone(self):
        for object_id in ('one', 'other'):
            manager = recorder.step(
                self.open_action(object_id), object_id, cancelled_by=Stop
            )
            manager.__enter__()
        recorder.close_interrupted('one')
        recorder.close_interrupted('one')
        results = {row['event']: row['result'] for row in self.rows(models.EVENTS)}
        self.assertEqual({'one': 'interrupted', 'other': None}, results)

    def test_message_that_is_too_long_is_cut(self):
        refusal = exception.Conflict('\N{SNOWMAN}' * 2000)
        self.assertRaises(exception.Conflict, self.do, refusal)
        for row in (self.action(), self.event()):
            self.assertEqual(str(refusal)[:1024], row['message'])


db_case.on_each(globals(), RecorderTests)
