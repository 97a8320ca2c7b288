"""The times that a rule of recurrence gives, by the clock on the wall.

python-dateutil begins at DTSTART each time it is asked, and goes on to the year 9999
where a rule never matches. This one begins where it is asked for, and ends.
"""

import calendar
import datetime
import functools
import itertools

from mogan_like.protection.triggers import base
from mogan_like.protection.triggers import rule as rules

_DAY = datetime.timedelta(days=1)
_UNITS = {rules.HOURLY: 3600, rules.MINUTELY: 60, rules.SECONDLY: 1}
#: How many hours, minutes or seconds that do not match are looked at in a row, on
#: days that do.
_MOST_TICKS = 20000


class Recurrence:
    """A rule with its beginning.

    :param rule: a :class:`..rule.Rule`
    :param start: naive, by the clock on the wall: what the rule leaves open comes
        from it, and nothing is before it
    """

    def __init__(self, rule, start):
        start = start.replace(microsecond=0, fold=0)
        self._start = start
        self._rule = rule
        self._fill_in(rule, start)

    def _fill_in(self, rule, start):
        """What a rule leaves open is as at its beginning."""
        ticks = _UNITS.get(rule.freq, 86400)
        self._hours = rule.hours or (frozenset() if ticks <= 3600 else {start.hour})
        self._minutes = rule.minutes or (frozenset() if ticks <= 60 else {start.minute})
        self._seconds = rule.seconds or (frozenset() if ticks == 1 else {start.second})
        self._months, self._month_days = rule.months, rule.month_days
        self._days = rule.days
        if rule.month_days or rule.year_days or rule.weeks or rule.days:
            return
        if rule.freq == rules.WEEKLY:
            self._days = {(None, start.weekday())}
        elif rule.freq in (rules.MONTHLY, rules.YEARLY):
            self._month_days = {start.day}
            if rule.freq == rules.YEARLY:
                self._months = rule.months or {start.month}

    def list_from(self, begin):
        """The times from one on, in their order.

        :returns: an iterator; it ends where there is none for fifty years
        """
        walk = self._walk_ticks if self._rule.freq in _UNITS else self._walk_days
        if self._rule.count is not None:
            found = (each for each in walk(self._start) if each >= self._start)
            found = itertools.islice(found, self._rule.count)
        else:
            found = walk(max(begin, self._start))
        begin = max(begin, self._start)
        return (each for each in found if each >= begin)

    # -- by days -------------------------------------------------------------

    def _walk_days(self, begin):
        last = begin
        for days in self._list_periods(begin):
            if days[0] > (last + base.HORIZON).date():
                return
            matching = [day for day in days if self._has_day(day)]
            # A year may have more times than can be gone through.
            passed = sum(day < begin.date() for day in matching)
            for last in self._combine(matching, passed):
                yield last

    def _list_periods(self, begin):
        """The days of each year, month, week or day that the interval leaves.

        Those before the beginning are of the period that it is in.
        """
        freq, interval = self._rule.freq, self._rule.interval
        get_index, get_days = {
            rules.YEARLY: (lambda day: day.year, _list_year),
            rules.MONTHLY: (lambda day: day.year * 12 + day.month - 1, _list_month),
            rules.WEEKLY: (self._get_week, self._list_week),
            rules.DAILY: (
                datetime.date.toordinal,
                lambda index: [datetime.date.fromordinal(index)],
            ),
        }[freq]
        first = get_index(self._start.date())
        passed = get_index(begin.date()) - first
        last = get_index(base.LAST.date())
        for index in range(first + passed // interval * interval, last, interval):
            yield get_days(index)

    def _get_week(self, day):
        return (day.toordinal() - 1 - self._rule.week_start) // 7

    def _list_week(self, index):
        first = index * 7 + 1 + self._rule.week_start
        return [datetime.date.fromordinal(first + each) for each in range(7)]

    @functools.cached_property
    def _times(self):
        return [
            datetime.time(hour, minute, second)
            for hour in sorted(self._hours)
            for minute in sorted(self._minutes)
            for second in sorted(self._seconds)
        ]

    def _combine(self, days, passed):
        """The times on some days, or those of them that BYSETPOS names.

        :param passed: how many of the days need not be there
        """
        count = len(self._times)
        for index in self._choose(len(days) * count, passed * count):
            day, time = days[index // count], self._times[index % count]
            yield datetime.datetime.combine(day, time)

    def _choose(self, size, first=0):
        positions = self._rule.positions
        if not positions:
            return range(first, size)
        chosen = {each - 1 if each > 0 else size + each for each in positions}
        return sorted(each for each in chosen if 0 <= each < size)

    def _has_day(self, day):
        rule = self._rule
        return (
            (not self._months or day.month in self._months)
            and (not self._month_days or _is_in_month(day, self._month_days))
            and (not rule.year_days or _is_in_year(day, rule.year_days))
            and (not rule.weeks or self._is_in_weeks(day))
            and (not self._days or self._is_weekday(day))
        )

    def _is_weekday(self, day):
        weekday = day.weekday()
        if (None, weekday) in self._days:
            return True
        in_month = self._rule.freq == rules.MONTHLY or self._months
        number, size = (
            (day.day, calendar.monthrange(day.year, day.month)[1])
            if in_month
            else (day.timetuple().tm_yday, _get_length(day.year))
        )
        from_begin, from_end = (number + 6) // 7, -((size - number) // 7 + 1)
        return not self._days.isdisjoint({(from_begin, weekday), (from_end, weekday)})

    def _is_in_weeks(self, day):
        # The year of a week is the one that most of its days are in.
        middle = self._find_middle(day)
        number = (middle.timetuple().tm_yday + 6) // 7
        last = self._find_middle(datetime.date(middle.year, 12, 28))
        size = (last.timetuple().tm_yday + 6) // 7
        return not self._rule.weeks.isdisjoint({number, number - size - 1})

    def _find_middle(self, day):
        return day + datetime.timedelta(3 - (day.weekday() - self._rule.week_start) % 7)

    # -- by hours, minutes or seconds -----------------------------------------

    def _walk_ticks(self, begin):
        unit = _UNITS[self._rule.freq]
        step = datetime.timedelta(seconds=unit * self._rule.interval)
        first = _floor(self._start, unit)
        tick = first + (_floor(begin, unit) - first) // step * step
        end, left = begin + base.HORIZON, _MOST_TICKS
        while tick <= end and left:
            goal = self._skip(tick, unit)
            if goal is not None:
                left -= goal.date() == tick.date()
                tick += -((tick - goal) // step) * step
                continue
            for offset in self._offsets:
                yield tick + offset
                end, left = tick + base.HORIZON, _MOST_TICKS
            tick += step

    def _skip(self, tick, unit):
        """Where to go on when a tick does not match, or None when it does."""
        if not self._has_day(tick.date()):
            return tick.replace(hour=0, minute=0, second=0) + _DAY
        if self._hours and tick.hour not in self._hours:
            return _floor(tick, 3600) + datetime.timedelta(hours=1)
        if unit <= 60 and self._minutes and tick.minute not in self._minutes:
            return _floor(tick, 60) + datetime.timedelta(minutes=1)
        if unit == 1 and self._seconds and tick.second not in self._seconds:
            return tick + datetime.timedelta(seconds=1)
        return None

    @functools.cached_property
    def _offsets(self):
        """The times within each hour, minute or second."""
        unit = _UNITS[self._rule.freq]
        minutes = sorted(self._minutes) if unit == 3600 else [0]
        seconds = sorted(self._seconds) if unit >= 60 else [0]
        found = [
            datetime.timedelta(minutes=minute, seconds=second)
            for minute in minutes
            for second in seconds
        ]
        return [found[index] for index in self._choose(len(found))]


def _list_year(year):
    first = datetime.date(year, 1, 1).toordinal()
    return [
        datetime.date.fromordinal(first + each) for each in range(_get_length(year))
    ]


def _list_month(index):
    year, month = index // 12, index % 12 + 1
    size = calendar.monthrange(year, month)[1]
    return [datetime.date(year, month, day) for day in range(1, size + 1)]


def _get_length(year):
    return 365 + calendar.isleap(year)


def _is_in_month(day, wanted):
    size = calendar.monthrange(day.year, day.month)[1]
    return day.day in wanted or day.day - size - 1 in wanted


def _is_in_year(day, wanted):
    number = day.timetuple().tm_yday
    return number in wanted or number - _get_length(day.year) - 1 in wanted


def _floor(when, unit):
    if unit == 3600:
        return when.replace(minute=0, second=0, microsecond=0)
    return when.replace(second=when.second if unit == 1 else 0, microsecond=0)
