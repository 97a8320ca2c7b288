"""What is next for a lease, by its rows alone."""

import datetime
import itertools
import types
import unittest

from mogan_like.leases import agenda
from mogan_like.leases import states
from mogan_like.leases.agenda import Step

_NOW = datetime.datetime(2026, 1, 1, 12)
_HOUR = datetime.timedelta(hours=1)
_GRACE = datetime.timedelta(minutes=1)


def _lease(status, start=-1, end=1):
    """A lease with dates in hours from now."""
    return types.SimpleNamespace(
        status=status, start_date=_NOW + start * _HOUR, end_date=_NOW + end * _HOUR
    )


def _events(start='DONE', before_end=None, end='UNDONE', result=None, at=0.5):
    if result is None and start == 'DONE':
        result = 'done'
    events = {
        states.START: types.SimpleNamespace(status=start, result=result),
        states.END: types.SimpleNamespace(status=end, result=None),
    }
    if before_end is not None:
        events[states.BEFORE_END] = types.SimpleNamespace(
            status=before_end, result=None, time=_NOW + at * _HOUR
        )
    return events


class DecideTest(unittest.TestCase):
    def decide(self, lease, events):
        """(step, hours from now until it is due)."""
        found = agenda.decide(lease, events, _NOW, _GRACE)
        when = None if found.due_at is None else (found.due_at - _NOW) / _HOUR
        return found.step, when

    def check(self, expected, lease, events):
        self.assertEqual(expected, self.decide(lease, events))

    def test_start_is_next_until_it_is_done(self):
        for status, event in itertools.product(
            ('PENDING', 'STARTING', 'ERROR'), ('UNDONE', 'IN_PROGRESS', 'ERROR')
        ):
            self.check((Step.START, 2), _lease(status, 2, 3), _events(event))

    def test_then_the_end(self):
        self.check((Step.END, 1), _lease('ACTIVE'), _events())

    def test_but_what_was_changed_first(self):
        self.check((Step.UPDATE, 0), _lease('UPDATING'), _events(before_end='UNDONE'))

    def test_and_what_comes_before_the_end(self):
        for event in ('UNDONE', 'IN_PROGRESS', 'ERROR'):
            events = _events(before_end=event)
            self.check((Step.BEFORE_END, 0.5), _lease('ACTIVE'), events)
        self.check((Step.END, 1), _lease('ACTIVE'), _events(before_end='DONE'))

    def test_at_the_end_that_is_still_first_within_the_grace(self):
        late = -0.5 / 60
        for status in ('ACTIVE', 'UPDATING', 'TERMINATING', 'DELETING', 'ERROR'):
            lease = _lease(status, -2, late)
            events = _events(before_end='ERROR')
            self.assertEqual(Step.BEFORE_END, self.decide(lease, events)[0])
            self.check((Step.END, -1), _lease(status, -2, -1), events)

    def test_lease_that_is_over_is_ended_whatever_it_is_in(self):
        for status in set(states.ALL) - {'TERMINATED'}:
            for event in ('UNDONE', 'IN_PROGRESS', 'DONE', 'ERROR'):
                self.check((Step.END, 0), _lease(status, -1, 0), _events(event))

    def test_lease_that_was_ended_is_ended_by_whatever_clock(self):
        for status in states.ENDING:
            lease = _lease(status, -1, 0.001)
            self.assertEqual(Step.END, self.decide(lease, _events())[0])

    def test_nothing_is_done_before_the_end_of_what_never_started(self):
        for event, result in (
            ('UNDONE', None),
            ('DONE', 'skipped'),
            ('ERROR', 'failed'),
            ('IN_PROGRESS', None),
        ):
            events = _events(event, 'UNDONE', result=result)
            self.check((Step.END, 0), _lease('TERMINATING', -1, 0), events)

    def test_nothing_is_next_after_the_end(self):
        self.check((None, None), _lease('TERMINATED'), _events(end='DONE'))


class KindTest(unittest.TestCase):
    def test_one_for_each_type_and_one_for_several(self):
        self.assertEqual('lease/a', agenda.get_kind(['a', 'a']))
        self.assertEqual(agenda.MIXED, agenda.get_kind(['a', 'b']))


class BegunTest(unittest.TestCase):
    def test_start_that_may_have_been_called(self):
        for event, result, begun in (
            ('UNDONE', None, False),
            ('IN_PROGRESS', None, True),
            ('DONE', 'done', True),
            ('ERROR', 'failed', True),
            ('DONE', 'skipped', False),
            ('DONE', 'missed', False),
        ):
            events = _events(event, result=result)
            self.assertEqual(begun, agenda.has_begun(events), (event, result))
