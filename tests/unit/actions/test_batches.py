"""What the clock did: one action for each step, whoever wanted it."""

from mogan_like.actions import batches
from mogan_like.actions import models
from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common.config import CONF
from tests.unit.db import db_case


class StepsTests:
    def make(self, object_id='one', finished=True, **values):
        now = clock.utcnow()
        event = batches.Event('on_end.x', now, now, 'success')
        values = {
            'object_type': 'lease',
            'owner_project_id': 'p',
            'action': 'end',
            'goals': ('end', 'delete'),
            'started_at': now,
            'ends_others': False,
            'events': [event],
            **values,
        }
        return batches.Step(object_id=object_id, finished=finished, **values)

    def record(self, *steps):
        self.in_transaction(batches.record_steps, steps)

    def open(self, action, object_id='one'):
        """A verb of a person that is left open."""
        with recorder.record(
            context.RequestContext(user_id='u'), object_id, action, 'p', 'lease'
        ) as entry:
            entry.leave_open()

    def actions(self, **where):
        rows = self.rows(models.ACTIONS, **where)
        rows.sort(key=lambda row: row['id'])
        return [(row['action'], row['cause'], row['result']) for row in rows]

    def count_events(self):
        return len(self.rows(models.EVENTS))

    def test_has_an_action_of_its_own_when_nobody_wanted_it(self):
        self.record(self.make('one'), self.make('two', action='start'))
        self.assertEqual([('end', 'clock', 'success')], self.actions(object_id='one'))
        self.assertEqual([('start', 'clock', 'success')], self.actions(object_id='two'))
        first, second = self.rows(models.ACTIONS)
        self.assertEqual(first['request_id'], second['request_id'])
        self.assertIsNotNone(first['finished_at'])
        self.assertEqual(2, self.count_events())

    def test_finishes_the_verb_that_wanted_it(self):
        self.open('delete')
        self.record(self.make())
        self.assertEqual([('delete', 'user', 'success')], self.actions())
        self.assertEqual(1, self.count_events())

    def test_finishes_all_verbs_that_wanted_it_with_its_events_in_the_first(self):
        self.open('end')
        self.open('delete')
        self.record(self.make())
        self.assertEqual(
            [('end', 'user', 'success'), ('delete', 'user', 'success')], self.actions()
        )
        (event,) = self.rows(models.EVENTS)
        (first,) = self.rows(models.ACTIONS, action='end')
        self.assertEqual(first['id'], event['action_id'])

    def test_that_comes_again_stays_open_and_is_one(self):
        for finished in (False, False, True):
            self.record(self.make(finished=finished))
            self.assertEqual(
                [('end', 'clock', 'success' if finished else None)], self.actions()
            )
        self.assertEqual(3, self.count_events())
        # The next one is another.
        self.record(self.make())
        self.assertEqual(2, len(self.actions()))

    def test_leaves_other_verbs_open_unless_it_ends_them(self):
        self.open('update')
        self.record(self.make(action='before_end', goals=('before_end',)))
        self.assertIn(('update', 'user', None), self.actions())
        self.record(self.make(ends_others=True))
        self.assertIn(('update', 'user', 'cancelled'), self.actions())

    def test_of_others_is_left_alone(self):
        self.open('delete', 'other')
        self.record(self.make(ends_others=True))
        self.assertEqual([('delete', 'user', None)], self.actions(object_id='other'))

    def test_that_fails_for_ever_does_not_fill_the_table(self):
        CONF.set_override('max_events', 10, group='actions')
        self.addCleanup(CONF.clear_override, 'max_events', group='actions')
        for _ in range(30):
            self.record(self.make(finished=False))
        self.assertEqual(10, self.count_events())

    def test_none(self):
        self.record()
        self.assertEqual([], self.actions())

    def test_long_words_are_cut(self):
        now = clock.utcnow()
        event = batches.Event('e' * 99, now, now, 'error', 'm' * 5000, 'nul \0')
        self.record(self.make(events=[event]))
        (row,) = self.rows(models.EVENTS)
        self.assertEqual((64, 1024), (len(row['event']), len(row['message'])))
        self.assertEqual('nul ', row['traceback'])


db_case.on_each(globals(), StepsTests)
