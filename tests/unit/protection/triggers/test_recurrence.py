"""Rules of recurrence give what python-dateutil gives, and end."""

import datetime
import itertools

from dateutil import rrule
import hypothesis
from hypothesis import strategies as st
import testtools

from mogan_like.common import clock
from mogan_like.protection.triggers import recurrence
from mogan_like.protection.triggers import rule as rules

_START = datetime.datetime(2024, 2, 29, 9, 30, 15)
_WEEKDAYS = ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
#: By the RFC's table, and as often as a test can look for them.
_DAYS = ('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY')
_SHORT = {'HOURLY': 3, 'MINUTELY': 90, 'SECONDLY': 3600}


def _choose(values, most=3):
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


def _signed(most):
    return [each for each in range(-most, most + 1) if each]


_PARTS = {
    'BYMONTH': _choose(range(1, 13), 4),
    'BYMONTHDAY': _choose([*_signed(5), 28, 29, 30, 31, -28, -31]),
    'BYYEARDAY': _choose([1, 2, 59, 60, 100, 365, 366, -1, -366]),
    'BYHOUR': _choose(range(24)),
    'BYMINUTE': _choose(range(60)),
    'BYSECOND': _choose(range(60)),
    'BYDAY': _choose(_WEEKDAYS),
}
_NUMBERED = _choose([f'{n}{day}' for n in (1, 2, 5, -1, -2) for day in _WEEKDAYS])


@st.composite
def _make_rule(draw):
    freq = draw(st.sampled_from((*_DAYS, *_SHORT)))
    parts = {'FREQ': freq, 'INTERVAL': draw(st.integers(1, 5)) * _SHORT.get(freq, 1)}
    names = [name for name in _PARTS if freq not in rules._FORBIDDEN.get(name, ())]
    for name in draw(st.lists(st.sampled_from(names), max_size=3, unique=True)):
        parts[name] = draw(_PARTS[name])
    if freq in ('MONTHLY', 'YEARLY') and draw(st.booleans()):
        parts['BYDAY'] = draw(_NUMBERED)
    if draw(st.booleans()) and any(name.startswith('BY') for name in parts):
        parts['BYSETPOS'] = draw(_choose([1, 2, -1, -2]))
    parts['WKST'] = draw(st.sampled_from(_WEEKDAYS))
    return ';'.join(
        f'{name}={",".join(map(str, value)) if isinstance(value, list) else value}'
        for name, value in parts.items()
    )


def _make(text, start=_START):
    return recurrence.Recurrence(rules.parse(text), start)


def _take(text, count, begin=_START):
    return list(itertools.islice(_make(text).list_from(begin), count))


class DateutilTest(testtools.TestCase):
    @hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
    @hypothesis.given(_make_rule(), st.integers(0, 2000))
    def test_the_same(self, text, days):
        begin = _START + datetime.timedelta(days=days)
        found = _take(text, 5, begin)
        try:
            # Where it never matches it would not end by itself.
            until = found[-1] if found else begin + datetime.timedelta(days=40)
            told = rrule.rrulestr(f'{text};UNTIL={until:%Y%m%dT%H%M%S}', dtstart=_START)
        except ValueError:
            # It sees at once that an interval and hours never meet.
            self.assertEqual([], found)
            return
        if found:
            self.assertEqual(found, told.between(begin, until, inc=True))

    def test_weeks_of_the_year(self):
        for text in (
            'FREQ=YEARLY;BYWEEKNO=1,20,53;BYDAY=MO,SU',
            'FREQ=YEARLY;BYWEEKNO=20;WKST=SU;BYDAY=SU,SA',
            'FREQ=YEARLY;BYWEEKNO=-1;BYDAY=WE',
        ):
            expected = itertools.islice(rrule.rrulestr(text, dtstart=_START), 30)
            self.assertEqual(list(expected), _take(text, 30), text)


class RulesTest(testtools.TestCase):
    def assert_days(self, expected, text, begin=_START):
        found = [each.strftime('%y%m%d') for each in _take(text, len(expected), begin)]
        self.assertEqual(expected, found)

    def test_of_the_rfc(self):
        self.assert_days(
            ['240329', '240531', '240830'], 'FREQ=MONTHLY;BYDAY=5FR', _START
        )
        self.assert_days(
            ['240229', '240329', '240430'],
            'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
        )
        self.assert_days(['240913', '241213'], 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13')

    def test_leap_days(self):
        self.assert_days(['240229', '280229', '320229'], 'FREQ=YEARLY')
        self.assert_days(['240229', '240329', '240429'], 'FREQ=MONTHLY')
        self.assert_days(['241231', '281231'], 'FREQ=YEARLY;BYYEARDAY=366')

    def test_a_count_is_counted_from_the_beginning(self):
        text = 'FREQ=DAILY;COUNT=3'
        self.assertEqual(3, len(_take(text, 10)))
        begin = _START + datetime.timedelta(days=1)
        self.assertEqual(2, len(_take(text, 10, begin)))
        self.assertEqual([], _take(text, 10, begin + datetime.timedelta(days=2)))


class BoundsTest(testtools.TestCase):
    def assert_quick(self, text, begin=_START, count=1, seconds=2):
        """What it gives; in a time that tells a walk of some from one of all."""
        since = clock.monotonic()
        found = _take(text, count, begin)
        self.assertLess(clock.monotonic() - since, seconds, text)
        return found

    def test_what_never_matches_ends(self):
        for text in (
            'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
            'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31',
            'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
            'FREQ=DAILY;INTERVAL=7;BYDAY=MO',
            'FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2',
            'FREQ=HOURLY;INTERVAL=2;BYHOUR=10',
            'FREQ=MINUTELY;INTERVAL=10;BYMINUTE=5',
            'FREQ=SECONDLY;INTERVAL=2;BYSECOND=2',
            'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=3;BYMINUTE=1;BYSECOND=1',
            'FREQ=YEARLY;INTERVAL=10000000;BYMONTHDAY=1;BYMONTH=1',
            'FREQ=HOURLY;INTERVAL=10000000;BYMONTHDAY=1;BYMONTH=1',
        ):
            self.assertEqual([], self.assert_quick(text), text)

    def test_years_after_the_beginning(self):
        begin = _START + datetime.timedelta(days=300 * 365)
        for freq in ('SECONDLY', 'MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'):
            (found,) = self.assert_quick(f'FREQ={freq}', begin, seconds=0.2)
            self.assertLess(found - begin, datetime.timedelta(days=32), freq)

    def test_many_times_of_a_year_are_not_all_made(self):
        every = ','.join(map(str, range(60)))
        hours = ','.join(map(str, range(24)))
        text = f'FREQ=YEARLY;BYHOUR={hours};BYMINUTE={every};BYSECOND={every};BYDAY='
        text += 'MO,TU,WE,TH,FR,SA,SU'
        self.assertEqual(1, len(self.assert_quick(text)))
        self.assertEqual(1, len(self.assert_quick(f'{text};BYSETPOS=-1')))
