"""The events of an action: as many as are kept, and each once."""

import contextlib
import datetime

import fixtures
from oslo_db import exception as db_exc

from mogan_like.actions import queries
from mogan_like.actions import recorder
from mogan_like.actions import store
from mogan_like.common import context
from mogan_like.db import engine
from tests.unit.db import db_case

_MOST = 12


class EventTests:
    options: dict = {'actions__max_events': _MOST}

    def setUp(self):
        super().setUp()
        ctx = context.for_job(user_id='u', project_id='p')
        with recorder.record(ctx, 'one', 'delete', 'p') as entry:
            self.action = entry.leave_open()

    def do(self, name='delete.wipe', fail=None):
        with (
            contextlib.suppress(RuntimeError),
            recorder.step(self.action, name, cancelled_by=KeyError),
        ):
            if fail is not None:
                raise fail

    def events(self):
        with engine.reader() as conn:
            return queries.list_events(conn, [self.action], True)[self.action]

    def test_all_are_kept_up_to_the_limit(self):
        for number in range(_MOST):
            self.do(f's{number}')
        self.assertEqual(
            [f's{number}' for number in range(_MOST)],
            [event.event for event in self.events()],
        )

    def test_those_in_the_middle_give_way_to_one_that_counts_them(self):
        done = []
        for number in range(5 * _MOST):
            self.do(f's{number}', RuntimeError('no power'))
            done.append(self.events()[-1])
            events = self.events()
            self.assertLessEqual(len(events), _MOST)
            counted = [event.omitted or 1 for event in events]
            self.assertEqual(number + 1, sum(counted), events)
        # A quarter of what is kept beside the one that is new.
        head = (_MOST - 1) // 4
        omitted = events[head]
        tail = _MOST - head - 1
        self.assertEqual(
            [
                *(event.event for event in done[:head]),
                'omitted',
                *(event.event for event in done[-tail:]),
            ],
            [event.event for event in events],
        )
        dropped = done[head:-tail]
        self.assertEqual(len(dropped), omitted.omitted)
        self.assertEqual(
            (dropped[0].started_at, dropped[-1].finished_at),
            (omitted.started_at, omitted.finished_at),
        )
        self.assertEqual(
            (None, None, None, None),
            (omitted.result, omitted.host, omitted.message, omitted.traceback),
        )

    def test_many_are_dropped_at_once_where_the_limit_was_lowered(self):
        for number in range(_MOST):
            self.do(f's{number}')
        with engine.writer() as conn:
            values = {'action_id': self.action, 'event': 'last', 'host': 'h'}
            started = datetime.datetime(2026, 1, 2)
            store.begin_event(conn, {**values, 'started_at': started}, 5)
        self.assertEqual(
            [
                ('s0', None),
                ('omitted', 9),
                ('s10', None),
                ('s11', None),
                ('last', None),
            ],
            [(event.event, event.omitted) for event in self.events()],
        )

    def test_late_worker_at_the_same_counts_none_twice(self):
        for number in range(2 * _MOST):
            self.do(f's{number}')
        with engine.writer() as conn:
            rows = conn.execute(store._KEYS, {'action_id': self.action}).all()
        for _ in range(2):
            with engine.writer() as conn:
                store._leave_out(conn, rows, _MOST - 1)
        self.assertEqual(2 * _MOST, sum(event.omitted or 1 for event in self.events()))

    def test_step_whose_beginning_was_committed_unheard_has_one_event(self):
        answers = iter([db_exc.DBConnectionError(), None])
        begin = store.begin_event

        def commit_unheard(conn, *args):
            found = begin(conn, *args)
            error = next(answers)
            if error is not None:
                conn.commit()
                raise error
            return found

        self.useFixture(
            fixtures.MonkeyPatch('mogan_like.actions.store.begin_event', commit_unheard)
        )
        self.do()
        (event,) = self.events()
        self.assertEqual(('delete.wipe', 'success'), (event.event, event.result))


db_case.on_each(globals(), EventTests)
