"""Rules of recurrence as RFC 5545 writes them (3.3.10), read and checked."""

import dataclasses
import datetime
import re

from mogan_like.common import exception

YEARLY, MONTHLY, WEEKLY = 'YEARLY', 'MONTHLY', 'WEEKLY'
DAILY, HOURLY, MINUTELY, SECONDLY = 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'
_FREQUENCIES = (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY)

#: How many times a rule may count: to know the next one all are counted.
MOST_COUNT = 1000
_MOST_INTERVAL = 10**7
_WEEKDAYS = ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
_WEEKDAY = re.compile(r'([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)', re.ASCII)
_INTEGER = re.compile(r'[+-]?\d{1,9}', re.ASCII)
_UNTIL = re.compile(r'\d{8}(T\d{6}Z?)?', re.ASCII)

#: The lowest and the highest value of each part; a negative one counts from the end.
_BOUNDS = {
    'BYSECOND': (0, 59),
    'BYMINUTE': (0, 59),
    'BYHOUR': (0, 23),
    'BYMONTHDAY': (-31, 31),
    'BYYEARDAY': (-366, 366),
    'BYWEEKNO': (-53, 53),
    'BYMONTH': (1, 12),
    'BYSETPOS': (-366, 366),
}
#: Parts that the RFC forbids beside some frequencies.
_FORBIDDEN = {
    'BYMONTHDAY': (WEEKLY,),
    'BYYEARDAY': (DAILY, WEEKLY, MONTHLY),
    'BYWEEKNO': tuple(each for each in _FREQUENCIES if each != YEARLY),
}
_PARTS = {'FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY', *_BOUNDS}


@dataclasses.dataclass(frozen=True)
class Rule:
    """A rule; a part that is not there is an empty set.

    :ivar until: a time or a day, as it was written, or None
    :ivar until_is_utc: whether that time is in UTC, not by the clock on the wall
    :ivar days: of BYDAY: pairs of which one of its kind (None for all of them) and
        the weekday, Monday being 0
    """

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime.datetime | None = None
    until_is_utc: bool = False
    week_start: int = 0
    seconds: frozenset = frozenset()
    minutes: frozenset = frozenset()
    hours: frozenset = frozenset()
    month_days: frozenset = frozenset()
    year_days: frozenset = frozenset()
    weeks: frozenset = frozenset()
    months: frozenset = frozenset()
    positions: frozenset = frozenset()
    days: frozenset = frozenset()


def parse(text):
    """The rule that a text says.

    :raises InvalidParameter: naming the part that is wrong
    """
    parts = _split(text)
    freq = parts.get('FREQ')
    if freq not in _FREQUENCIES:
        raise refuse(f'FREQ must be one of {", ".join(_FREQUENCIES)}')
    _check_together(freq, parts)
    until, is_utc = _read_until(parts)
    return Rule(
        freq=freq,
        interval=_read_integer(parts, 'INTERVAL', 1, _MOST_INTERVAL) or 1,
        count=_read_integer(parts, 'COUNT', 1, MOST_COUNT),
        until=until,
        until_is_utc=is_utc,
        week_start=_read_week_start(parts),
        seconds=_read_set(parts, 'BYSECOND'),
        minutes=_read_set(parts, 'BYMINUTE'),
        hours=_read_set(parts, 'BYHOUR'),
        month_days=_read_set(parts, 'BYMONTHDAY'),
        year_days=_read_set(parts, 'BYYEARDAY'),
        weeks=_read_set(parts, 'BYWEEKNO'),
        months=_read_set(parts, 'BYMONTH'),
        positions=_read_set(parts, 'BYSETPOS'),
        days=_read_days(freq, parts),
    )


def refuse(reason):
    """The error for a pattern that is wrong."""
    return exception.InvalidParameter(name='pattern', reason=f'{reason}.')


def _split(text):
    parts = {}
    # Karbor's own examples end with a semicolon.
    for pair in text.upper().removesuffix(';').split(';'):
        name, _, value = pair.partition('=')
        if name not in _PARTS or not value:
            raise refuse(f'the rule has a part {pair[:32]!r} that it cannot have')
        if name in parts:
            raise refuse(f'{name} is there twice')
        parts[name] = value
    return parts


def _check_together(freq, parts):
    for name, forbidden in _FORBIDDEN.items():
        if name in parts and freq in forbidden:
            raise refuse(f'{name} cannot be with FREQ={freq}')
    if {'COUNT', 'UNTIL'} <= parts.keys():
        raise refuse('COUNT and UNTIL cannot be together')
    others = {name for name in parts if name.startswith('BY')} - {'BYSETPOS'}
    if 'BYSETPOS' in parts and not others:
        raise refuse('BYSETPOS needs another BY part beside it')


def _read_integer(parts, name, least, most):
    if name not in parts:
        return None
    value = _to_integer(name, parts[name])
    if not least <= value <= most:
        raise refuse(f'{name} must be from {least} to {most}')
    return value


def _read_set(parts, name):
    if name not in parts:
        return frozenset()
    least, most = _BOUNDS[name]
    values = frozenset(_to_integer(name, each) for each in parts[name].split(','))
    # What counts from the end counts from one.
    if min(values) < least or max(values) > most or (least < 0 and 0 in values):
        raise refuse(f'{name} must be from {least} to {most}' + ', not 0' * (least < 0))
    return values


def _to_integer(name, text):
    if not _INTEGER.fullmatch(text):
        raise refuse(f'{name} has {text[:32]!r}, which is no number')
    return int(text)


def _read_week_start(parts):
    name = parts.get('WKST', 'MO')
    if name not in _WEEKDAYS:
        raise refuse(f'WKST must be one of {", ".join(_WEEKDAYS)}')
    return _WEEKDAYS.index(name)


def _read_days(freq, parts):
    if 'BYDAY' not in parts:
        return frozenset()
    found = set()
    for text in parts['BYDAY'].split(','):
        match = _WEEKDAY.fullmatch(text)
        if match is None:
            raise refuse(f'BYDAY has {text[:32]!r}, which is no weekday')
        number = int(match[1]) if match[1] else None
        if number is not None:
            _check_numbered(freq, parts, number)
        found.add((number, _WEEKDAYS.index(match[2])))
    return frozenset(found)


def _check_numbered(freq, parts, number):
    if not 1 <= abs(number) <= 53:
        raise refuse('the number of a BYDAY must be from -53 to 53, not 0')
    if freq not in (MONTHLY, YEARLY) or 'BYWEEKNO' in parts:
        raise refuse(
            'a BYDAY has a number with FREQ=MONTHLY or YEARLY alone, without BYWEEKNO'
        )


def _read_until(parts):
    text = parts.get('UNTIL')
    if text is None:
        return None, False
    if not _UNTIL.fullmatch(text):
        raise refuse('UNTIL must be YYYYMMDD or YYYYMMDDTHHMMSS, in UTC with a Z')
    try:
        when = datetime.datetime.fromisoformat(text.removesuffix('Z'))
    except ValueError:
        raise refuse('UNTIL is no date') from None
    if len(text) == len('YYYYMMDD'):
        # To the end of that day.
        when = when.replace(hour=23, minute=59, second=59)
    return when, text.endswith('Z')
