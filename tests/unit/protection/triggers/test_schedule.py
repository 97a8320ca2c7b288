"""What triggers mean: runs, time zones, and what is refused."""

import datetime

import hypothesis
from hypothesis import strategies as st

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.protection.triggers import schedule
from tests.unit.protection.triggers import trigger_case
from tests.unit.protection.triggers.trigger_case import EVENT
from tests.unit.protection.triggers.trigger_case import NOW
from tests.unit.protection.triggers.trigger_case import at

_BERLIN = 'Europe/Berlin'


class RunsTest(trigger_case.TriggerCase):
    def test_crontab(self):
        runs = self.list_runs(self.check('30 2 * * mon'), 2)
        self.assertEqual(['2026-03-02 02:30', '2026-03-09 02:30'], runs)

    def test_crontab_on_leap_days(self):
        runs = self.list_runs(self.check('0 0 29 2 *'), 2)
        self.assertEqual(['2028-02-29 00:00', '2032-02-29 00:00'], runs)

    def test_rules_begin_where_the_trigger_does(self):
        runs = self.list_runs(self.check_rule('FREQ=DAILY;INTERVAL=2'), 2)
        self.assertEqual(['2026-03-03 12:00', '2026-03-05 12:00'], runs)
        kept = self.check_rule('FREQ=HOURLY', start_time='2026-03-04 01:30:00')
        runs = self.list_runs(kept, 2)
        self.assertEqual(['2026-03-04 01:30', '2026-03-04 02:30'], runs)

    def test_rules_begin_at_dtstart(self):
        for line in ('DTSTART:20200101T040000Z', 'DTSTART:20200101T040000'):
            kept = self.check_rule('FREQ=WEEKLY', line)
            self.assertEqual(['2026-03-04 04:00'], self.list_runs(kept, 1), line)
        kept = self.check_rule('FREQ=WEEKLY', 'DTSTART;VALUE=DATE:20200101')
        self.assertEqual(['2026-03-04 00:00'], self.list_runs(kept, 1))

    def test_the_end(self):
        kept = self.check('0 0 * * *', end_time='2026-03-03T02:00:00+02:00')
        self.assertEqual('2026-03-03 00:00:00', kept['end_time'])
        runs = self.list_runs(kept, 5)
        self.assertEqual(['2026-03-02 00:00', '2026-03-03 00:00'], runs)
        for until in ('20260303T120000Z', '20260303T120000', '20260303'):
            kept = self.check_rule(f'FREQ=DAILY;UNTIL={until}')
            self.assertEqual(2, len(self.list_runs(kept, 5)), until)
        kept = self.check_rule('FREQ=DAILY;COUNT=3')
        self.assertEqual(2, len(self.list_runs(kept, 5)))

    def test_forms_of_calendars(self):
        event = EVENT.format('RRULE:FREQ=DAILY;\nSUMMARY:a\\nb')
        for text in (
            event.replace('\n', '\r\n'),
            EVENT.format('RRULE:FREQ=DAILY').replace('\n', '\\n'),
            EVENT.format('RRULE:FREQ=DA\n ILY'),
            EVENT.format('rrule:freq=daily'),
            f'BEGIN:VCALENDAR\nVERSION:2.0\n{event}\nEND:VCALENDAR\n',
            EVENT.format('RRULE:FREQ=DAILY\nBEGIN:VALARM\nRRULE:x\nEND:VALARM'),
        ):
            runs = self.list_runs(self.check(text), 1)
            self.assertEqual(['2026-03-02 12:00'], runs, text)

    def test_windows(self):
        self.assertEqual(900, self.check('0 0 * * *')['window'])
        self.assertEqual(60, self.check('0 0 * * *', window='60')['window'])
        CONF.set_override('window', 7, group='triggers')
        made = schedule.Schedule(self.check('0 0 * * *'))
        self.assertEqual(datetime.timedelta(seconds=7), made.window)


class ZonesTest(trigger_case.TriggerCase):
    """In Berlin clocks go on on March 29 at 01:00 UTC, and back on October 25."""

    def list_in_berlin(self, pattern, after, count=3):
        name = 'check_rule' if 'FREQ' in pattern else 'check'
        kept = getattr(self, name)(pattern, timezone=_BERLIN, start_time='2026-01-01')
        return self.list_runs(kept, count, at(after))

    def test_a_run_stays_where_it_is_on_the_clock(self):
        expected = ['2026-03-28 03:00', '2026-03-29 02:00', '2026-03-30 02:00']
        for pattern in ('0 4 * * *', 'FREQ=DAILY;BYHOUR=4'):
            self.assertEqual(expected, self.list_in_berlin(pattern, '2026-03-28'))

    def test_a_time_that_is_skipped_is_when_clocks_go_on(self):
        expected = ['2026-03-28 01:30', '2026-03-29 01:00', '2026-03-30 00:30']
        for pattern in ('30 2 * * *', 'FREQ=DAILY;BYHOUR=2;BYMINUTE=30'):
            self.assertEqual(expected, self.list_in_berlin(pattern, '2026-03-28'))

    def test_a_time_that_comes_twice_is_the_first(self):
        expected = ['2026-10-24 00:30', '2026-10-25 00:30', '2026-10-26 01:30']
        for pattern in ('30 2 * * *', 'FREQ=DAILY;BYHOUR=2;BYMINUTE=30'):
            self.assertEqual(expected, self.list_in_berlin(pattern, '2026-10-24'))
            second = '2026-10-25 01:10'
            runs = self.list_in_berlin(pattern, second, 1)
            self.assertEqual(expected[2:], runs, 'asked in the second hour')

    def test_hours_where_clocks_change(self):
        runs = self.list_in_berlin('0 * * * *', '2026-10-24 23:30', 4)
        self.assertEqual(['00:00', '01:00', '02:00', '03:00'], [r[11:] for r in runs])
        # As RFC 5545 has it: there is one 02:00 on that day.
        runs = self.list_in_berlin('FREQ=HOURLY', '2026-10-24 23:30', 3)
        self.assertEqual(['00:00', '02:00', '03:00'], [r[11:] for r in runs])
        for pattern in ('0 * * * *', 'FREQ=HOURLY'):
            runs = self.list_in_berlin(pattern, '2026-03-28 23:30', 3)
            self.assertEqual(['00:00', '01:00', '02:00'], [r[11:] for r in runs])

    def test_runs_that_a_change_pushes_together(self):
        CONF.set_override('min_interval', 3600, group='triggers')
        for pattern in ('15 2,3 * * *', 'FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15'):
            runs = self.list_in_berlin(pattern, '2026-03-29')
            expected = ['2026-03-29 01:00', '2026-03-30 00:15', '2026-03-30 01:15']
            self.assertEqual(expected, runs)

    def test_zones_of_calendars(self):
        line = f'DTSTART;TZID={_BERLIN}:20260101T020000'
        for values in ({}, {'timezone': _BERLIN}):
            kept = self.check_rule('FREQ=DAILY', line, **values)
            self.assertEqual(['2026-03-02 01:00'], self.list_runs(kept, 1))
        kept = self.check_rule(
            'FREQ=DAILY', 'DTSTART:20260101T020000Z', timezone='Asia/Kolkata'
        )
        self.assertEqual(['2026-03-02 02:00'], self.list_runs(kept, 1))

    def test_zones_that_are_none(self):
        for name in ('Berlin', '', '../../etc/passwd', 'europe/berlin', 'localtime'):
            self.assert_refused('timezone', self.check, '0 0 * * *', timezone=name)
        line = 'DTSTART;TZID=Nowhere:20260101T020000'
        self.assert_refused('TZID', self.check_rule, 'FREQ=DAILY', line)
        line = f'DTSTART;TZID={_BERLIN}:20260101T020000'
        self.assert_refused('TZID', self.check_rule, 'FREQ=DAILY', line, timezone='UTC')


class RefusedTest(trigger_case.TriggerCase):
    def test_crontabs(self):
        for pattern, said in {
            '': 'five fields',
            '* * * *': 'five fields',
            '* * * * * *': 'five fields',
            '@daily': 'five fields',
            '60 * * * *': 'minute',
            '0 24 * * *': 'hour',
            '0 0 0 * *': 'day-of-month',
            '0 0 31 2 *': 'day-of-month',
            '0 0 * 13 *': 'month',
            '0 0 * * 8': 'day-of-week',
            '0 0 * * mon#1/2': 'pattern',
            f'{"9" * 4300} * * * *': 'pattern',
            '\u0663 * * * *': 'minute',
            '0/0 * * * *': 'minute',
            '5-1 * * * *': 'minute',
        }.items():
            self.assert_refused(said, self.check, pattern)

    def test_rules(self):
        for rule, said in {
            '': 'part',
            'INTERVAL=2': 'FREQ',
            'FREQ=NEVER': 'FREQ',
            'FREQ=DAILY;FREQ=DAILY': 'twice',
            'FREQ=DAILY;BYHOUR': 'BYHOUR',
            'FREQ=DAILY;BYHOUR=': 'BYHOUR',
            'FREQ=DAILY;BYHOUR=24': 'BYHOUR',
            'FREQ=DAILY;BYHOUR=1,x': 'BYHOUR',
            'FREQ=DAILY;BYSECOND=60': 'BYSECOND',
            'FREQ=DAILY;BYEASTER=0': 'BYEASTER',
            'FREQ=MONTHLY;BYMONTHDAY=0': 'BYMONTHDAY',
            'FREQ=MONTHLY;BYMONTHDAY=32': 'BYMONTHDAY',
            'FREQ=WEEKLY;BYMONTHDAY=1': 'BYMONTHDAY',
            'FREQ=DAILY;BYWEEKNO=1': 'BYWEEKNO',
            'FREQ=DAILY;BYDAY=1MO': 'BYDAY',
            'FREQ=MONTHLY;BYDAY=0MO': 'BYDAY',
            'FREQ=WEEKLY;BYDAY=XX': 'BYDAY',
            'FREQ=DAILY;BYSETPOS=1': 'BYSETPOS',
            'FREQ=DAILY;INTERVAL=0': 'INTERVAL',
            'FREQ=DAILY;INTERVAL=99999999999': 'INTERVAL',
            'FREQ=DAILY;COUNT=1001': 'COUNT',
            'FREQ=DAILY;COUNT=2;UNTIL=20300101': 'COUNT',
            'FREQ=DAILY;UNTIL=tomorrow': 'UNTIL',
            'FREQ=DAILY;UNTIL=20301301': 'UNTIL',
            'FREQ=DAILY;WKST=1': 'WKST',
        }.items():
            self.assert_refused(said, self.check_rule, rule)

    def test_calendars(self):
        begin, end = 'BEGIN:VEVENT\n', '\nEND:VEVENT'
        rule = 'RRULE:FREQ=DAILY'
        for text, said in {
            f'BEGIN:VTODO\n{rule}\nEND:VTODO': 'VEVENT',
            f'{rule}\nBEGIN:VEVENT': 'begin',
            f'{begin}{rule}': 'END',
            f'{begin}{rule}\nEND:VCALENDAR': 'BEGIN',
            f'{begin}{end}': 'RRULE',
            f'{begin}{rule}\n{rule}{end}': 'RRULE',
            f'{begin}{rule}\nEXDATE:20260101T000000Z{end}': 'EXDATE',
            f'{begin}{rule}\nDTSTART:yesterday{end}': 'DTSTART',
            f'{begin}{rule}\nDTSTART:00010101{end}': 'DTSTART',
            f'{begin}{rule}\nnonsense{end}': 'calendar',
            f'BEGIN:VCALENDAR{end}': 'BEGIN',
            'BEGIN:VCALENDAR\nEND:VCALENDAR': 'VEVENT',
            f'BEGIN:VCALENDAR\n{begin}{rule}{end}\n{begin}{rule}{end}\nEND:VCALENDAR': (
                'VEVENT'
            ),
        }.items():
            self.assert_refused(said, self.check, text)

    def test_what_has_no_run(self):
        said = 'no run'
        self.assert_refused(said, self.check, '0 0 * * *', end_time='2026-03-01 20:00')
        self.assert_refused(said, self.check_rule, 'FREQ=DAILY;UNTIL=20260101')
        self.assert_refused(
            said, self.check_rule, 'FREQ=YEARLY;BYYEARDAY=366;BYDAY=1MO;BYMONTH=1'
        )
        line = 'DTSTART:20200101T000000Z'
        self.assert_refused(said, self.check_rule, 'FREQ=DAILY;COUNT=3', line)

    def test_times_and_windows(self):
        for name, value in (
            ('start_time', 'tomorrow'),
            ('start_time', '2026-W10'),
            ('start_time', '2026-02-30'),
            ('start_time', '9999-12-31T23:59:59-23:00'),
            ('end_time', '1900-01-01'),
            ('end_time', '2026-03-01 11:00:00'),
            ('window', -1),
            ('window', 2592001),
            ('window', '1.5'),
            ('window', 'x'),
        ):
            self.assert_refused(name, self.check, '0 0 * * *', **{name: value})


class IntervalTest(trigger_case.TriggerCase):
    def test_too_close(self):
        for pattern in (
            '* * * * *',
            '*/4 * * * *',
            '0,57 * * * *',
            '0,59 0,23 * * *',
            '59,0 0,23 1,28 2,3 *',
            '58,0 0,23 31,1 12,1 *',
        ):
            self.assert_refused('apart', self.check, pattern)
        for rule in (
            'FREQ=SECONDLY',
            'FREQ=SECONDLY;INTERVAL=299',
            'FREQ=MINUTELY;INTERVAL=4',
            'FREQ=DAILY;BYHOUR=1;BYMINUTE=0,4',
            'FREQ=DAILY;BYHOUR=0,23;BYMINUTE=0,59;BYSECOND=0',
            'FREQ=YEARLY;BYYEARDAY=366,1;BYHOUR=0,23;BYMINUTE=2,58;BYSECOND=0',
            'FREQ=MONTHLY;BYDAY=MO;BYHOUR=1;BYMINUTE=0,1;BYSETPOS=1,2',
            'FREQ=SECONDLY;BYMONTH=12;BYMONTHDAY=24;BYHOUR=3',
            'FREQ=HOURLY;INTERVAL=7;BYMINUTE=1;BYSECOND=0,1',
        ):
            self.assert_refused('apart', self.check_rule, rule)

    def test_not_too_close(self):
        self.check('*/5 * * * *')
        self.check('0,55 0,23 * * *')
        self.check_rule('FREQ=SECONDLY;INTERVAL=300')
        self.check_rule('FREQ=MONTHLY;BYDAY=MO;BYHOUR=1;BYMINUTE=0,1;BYSETPOS=1')

    def test_an_operator_may_raise_and_lower_it(self):
        CONF.set_override('min_interval', 5, group='triggers')
        kept = self.check_rule('FREQ=SECONDLY;INTERVAL=5', start_time='2026-03-01')
        self.assertEqual(3, len(self.list_runs(kept, 3)))
        CONF.set_override('min_interval', 3600, group='triggers')
        runs = self.list_runs(kept, 3)
        expected = ['2026-03-01 12:00', '2026-03-01 13:00', '2026-03-01 14:00']
        self.assertEqual(expected, runs)

    def test_the_check_is_quick(self):
        since = clock.monotonic()
        for pattern in ('0 0 29 2 *', '0 0 1 1 fri', '0 0 29 2 mon#5'):
            self.check(pattern)
        for rule in (
            'FREQ=SECONDLY;INTERVAL=2;BYSECOND=1',
            'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
        ):
            self.assert_refused('', self.check_rule, rule)
        self.assertLess(clock.monotonic() - since, 10)


_CRON = st.tuples(
    st.sampled_from(['0', '30', '15,45', '*/5', '*/20', '1-59/7', '*']),
    st.sampled_from(['*', '2', '1-3', '*/6', '2,3', '0,23']),
    st.sampled_from(['*', '*', '29', '25-31', '1,15']),
    st.sampled_from(['*', '3,10', '2']),
    st.sampled_from(['*', 'sun', '1-5', 'sun#5']),
).map(' '.join)
_RULE = st.tuples(
    st.sampled_from(['DAILY', 'WEEKLY', 'MONTHLY', 'HOURLY', 'MINUTELY']),
    st.sampled_from(['', ';BYHOUR=2', ';BYHOUR=1,2,3', ';BYMINUTE=0,15,30,45']),
    st.sampled_from(['', ';BYMONTH=3,10', ';BYDAY=SU', ';BYDAY=SA,SU']),
    st.sampled_from([1, 2, 5, 7, 90]),
).map(lambda parts: 'FREQ={}{}{};INTERVAL={}'.format(*parts))
_ZONES = st.sampled_from(
    [None, _BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca']
)


class PropertiesTest(trigger_case.TriggerCase):
    """For whatever pattern, however near to a change of clocks."""

    @hypothesis.settings(max_examples=80, deadline=None, derandomize=True)
    @hypothesis.given(
        st.one_of(_CRON, _RULE),
        _ZONES,
        st.datetimes(at('2026-03-01'), at('2027-04-01')),
        st.sampled_from([1, 300, 3000, 3600, 7200]),
    )
    def test_runs_are_later_and_later_and_never_too_close(
        self, pattern, zone, after, least
    ):
        # Whether it would be taken does not matter here.
        properties = {
            'format': 'calendar' if 'FREQ' in pattern else 'crontab',
            'pattern': EVENT.format(f'RRULE:{pattern}')
            if 'FREQ' in pattern
            else pattern,
            'timezone': zone,
            'window': 0,
            'start_time': '2026-01-01 00:00:00',
            'end_time': None,
        }
        CONF.set_override('min_interval', least, group='triggers')
        made, previous = schedule.Schedule(properties), None
        for _ in range(4):
            run = made.find_next(after, previous)
            if run is None:
                break
            self.assertGreater(run, after)
            if previous is not None:
                gap = (run - previous).total_seconds()
                self.assertGreaterEqual(gap, least)
            # Who asks for it again, from anywhere before it, is told the same.
            middle = after + (run - after) / 2
            self.assertEqual(run, made.find_next(middle, previous))
            after = previous = run


class NowTest(trigger_case.TriggerCase):
    def test_the_start_is_now_where_nobody_says(self):
        self.assertEqual('2026-03-01 12:00:00', self.check('0 0 * * *')['start_time'])
        again = schedule.check(self.check('0 0 * * *'), NOW)
        self.assertEqual(self.check('0 0 * * *'), again)
