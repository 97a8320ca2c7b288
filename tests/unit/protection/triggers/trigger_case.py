"""Base of tests on triggers: schedules made of a few words, times as text."""

import datetime

import testtools

from mogan_like.common import exception
from mogan_like.protection.triggers import schedule
from tests import fixtures

NOW = datetime.datetime(2026, 3, 1, 12)
EVENT = 'BEGIN:VEVENT\n{}\nEND:VEVENT'


def at(text):
    """A naive time in UTC."""
    return datetime.datetime.fromisoformat(text)


class TriggerCase(testtools.TestCase):
    """A test with the options of triggers at their defaults."""

    options: dict = {}

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.Config(**self.options))

    def check(self, pattern, now=NOW, **values):
        """The properties of a crontab, or of a calendar when it is one."""
        name = 'calendar' if 'BEGIN' in pattern else 'crontab'
        values = {'format': name, 'pattern': pattern, **values}
        return schedule.check(values, now)

    def check_rule(self, rule, *lines, **values):
        """The properties of a calendar with a rule and more lines."""
        return self.check(EVENT.format('\n'.join([f'RRULE:{rule}', *lines])), **values)

    def list_runs(self, properties, count, after=NOW):
        """The next runs as text, each one found from the one before."""
        made, found, previous = schedule.Schedule(properties), [], None
        while len(found) < count:
            previous = made.find_next(after, previous)
            if previous is None:
                break
            after = previous
            found.append(previous.isoformat(' ', timespec='minutes'))
        return found

    def assert_refused(self, said, check, *args, **kwargs):
        error = self.assertRaises(exception.InvalidParameter, check, *args, **kwargs)
        self.assertIn(said, str(error))
