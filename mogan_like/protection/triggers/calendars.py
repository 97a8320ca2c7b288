"""Patterns as calendars have them: an event of iCalendar with a rule (RFC 5545)."""

import datetime
import re

from icalendar import parser

from mogan_like.protection.triggers import base
from mogan_like.protection.triggers import recurrence
from mogan_like.protection.triggers import rule as rules
from mogan_like.protection.triggers import zones

_WRAPPERS = ('VCALENDAR', 'VEVENT')
#: What would change when an event is, and what nobody would see us ignore.
_NOT_SUPPORTED = {'RDATE', 'EXDATE', 'EXRULE', 'RECURRENCE-ID'}
#: More than any clock was ever moved by.
_SHIFT = datetime.timedelta(days=1)
_DATE = re.compile(r'\d{8}(T\d{6}Z?)?', re.ASCII)


class Calendar(base.Pattern):
    """The RRULE of the one VEVENT in a calendar, which begins at its DTSTART.

    :param text: the calendar, or its VEVENT alone; line ends may be spelled ``\\n``
    :param start: naive UTC: when it begins where it has no DTSTART
    :param zone: whose clocks it goes by; None: DTSTART's, or UTC
    :param unchanged: as if those clocks were never changed
    :raises InvalidParameter: saying what is wrong
    """

    def __init__(self, text, start, zone=None, unchanged=False):
        event = _read_event(text)
        self._rule = rules.parse(_take_one(event, 'RRULE').value)
        begin = _read_start(event)
        self.zone = _choose_zone(begin, zone)
        if begin is None:
            wall = zones.to_wall(start, self.zone)
        elif begin.is_utc:
            wall = zones.to_wall(begin.when, self.zone)
        else:
            wall = begin.when
        self._recurrence = recurrence.Recurrence(self._rule, wall)
        if unchanged:
            self.zone = zones.UTC

    def list_after(self, after):
        """As of :class:`..base.Pattern`."""
        begin = zones.to_wall(after, self.zone) - _SHIFT
        for wall in self._recurrence.list_from(begin):
            when = zones.to_utc(wall, self.zone)
            if self._is_over(wall, when):
                return
            if when > after:
                yield when

    def _is_over(self, wall, when):
        until = self._rule.until
        return until is not None and until < (when if self._rule.until_is_utc else wall)


class _Line:
    def __init__(self, parameters, value):
        self.parameters = parameters
        self.value = value


class _Start:
    """DTSTART: a time by the clock of a zone, or in UTC."""

    def __init__(self, when, is_utc, zone):
        self.when = when
        self.is_utc = is_utc
        self.zone = zone


def _read_event(text):
    """{name: its lines} of the one event."""
    if '\n' not in text:
        # As a shell hands it over.
        text = text.replace('\\r', '').replace('\\n', '\n')
    events = []
    for inside, name, parameters, value in _walk(text):
        if name == 'BEGIN' and inside[-1] == 'VEVENT':
            events.append({})
        elif inside[-1] == 'VEVENT':
            events[-1].setdefault(name, []).append(_Line(parameters, value))
    if len(events) != 1:
        raise rules.refuse(f'it must have one VEVENT and has {len(events)}')
    for name in sorted(_NOT_SUPPORTED & events[0].keys()):
        raise rules.refuse(f'{name} is not supported')
    return events[0]


def _walk(text):
    """The lines but for the ENDs, each with the components that it is in."""
    inside = []
    for name, parameters, value in _split(text):
        if name == 'BEGIN':
            inside.append(value.upper())
        if not inside or inside[0] not in _WRAPPERS:
            raise rules.refuse('it must begin with BEGIN:VCALENDAR or BEGIN:VEVENT')
        if name != 'END':
            yield inside, name, parameters, value
        elif inside.pop() != value.upper():
            raise rules.refuse(f'END:{value[:32]} has no BEGIN')
    if inside:
        raise rules.refuse(f'BEGIN:{inside[-1][:32]} has no END')


def _split(text):
    try:
        for line in parser.Contentlines.from_ical(text.strip()):
            if line:
                name, parameters, value = line.raw_parts()
                yield name.upper(), parameters, str(value).strip()
    except ValueError as exc:
        raise rules.refuse(f'it is no calendar ({str(exc)[:128]})') from exc


def _take_one(event, name):
    lines = event.get(name, [])
    if len(lines) != 1:
        raise rules.refuse(f'the VEVENT must have one {name} and has {len(lines)}')
    return lines[0]


def _read_start(event):
    """The event's _Start, or None."""
    if 'DTSTART' not in event:
        return None
    line = _take_one(event, 'DTSTART')
    text = line.value.upper()
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        when = datetime.datetime.fromisoformat(text.removesuffix('Z'))
    except ValueError:
        reason = 'DTSTART must be YYYYMMDD or YYYYMMDDTHHMMSS, in UTC with a Z'
        raise rules.refuse(reason) from None
    if not base.FIRST <= when < base.LAST:
        raise rules.refuse('DTSTART must be from 1970 to 2999')
    name = line.parameters.get('TZID')
    zone = None if name is None else zones.find(str(name), 'the TZID of the pattern')
    return _Start(when, text.endswith('Z'), zone)


def _choose_zone(begin, zone):
    own = begin.zone if begin is not None else None
    if own is not None and zone not in (None, own):
        raise rules.refuse(f'its TZID is {own.key}, and the timezone is {zone.key}')
    return zone or own or zones.UTC
