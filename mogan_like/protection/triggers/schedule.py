"""What a trigger's properties mean: checked once, and the next run by them."""

import datetime
import itertools
import re

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection.triggers import base
from mogan_like.protection.triggers import calendars
from mogan_like.protection.triggers import crontab
from mogan_like.protection.triggers import zones

#: Seconds that a window may have.
MOST_WINDOW = 2592000

_NAMES = ('pattern', 'format', 'timezone', 'window', 'start_time', 'end_time')
_TIME = re.compile(
    r'\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?',
    re.ASCII,
)
#: How many runs of a new pattern are looked at, in how many years.
_RUNS_CHECKED = 500
_TIME_CHECKED = datetime.timedelta(days=10 * 366)
_MOMENT = datetime.timedelta.resolution


class Schedule:
    """The runs of a trigger.

    :param properties: as :func:`check` returns them
    """

    def __init__(self, properties):
        self.window = datetime.timedelta(seconds=properties['window'])
        self._start = _parse(properties['start_time'])
        self._end = _parse(properties['end_time'])
        self._pattern = _make_pattern(properties)

    def find_next(self, after, previous=None):
        """The first run after a time, or None when there is none any more.

        :param after: naive UTC, as is what is returned
        :param previous: the run before: the next one is later than that, and by
            ``[triggers]min_interval`` at the least, whatever clocks do
        """
        if previous is not None:
            gap = datetime.timedelta(seconds=CONF.triggers.min_interval)
            # What is returned is later than what is asked for.
            after = max(after, previous + gap - _MOMENT)
        for when in self._pattern.list_after(max(after, self._start - _MOMENT)):
            return when if self._end is None or when <= self._end else None
        return None


def check(properties, now):
    """A trigger's properties as they are kept, found to be right.

    :param properties: pattern, format; timezone, window in seconds, start_time and
        end_time may be left out or None
    :param now: naive UTC: there has to be a run after it
    :raises InvalidParameter: naming what is wrong
    """
    kept = {name: properties.get(name) for name in _NAMES}
    kept['window'] = _read_window(kept['window'])
    start = _read_time('start_time', kept['start_time']) or now
    end = _read_time('end_time', kept['end_time'])
    kept['start_time'] = _format(start)
    kept['end_time'] = end and _format(end)
    if end is not None and end <= start:
        raise _refuse('end_time', 'it must be after the start_time.')
    _check_interval(kept, max(start, now))
    if Schedule(kept).find_next(now) is None:
        raise _refuse('pattern', 'it has no run from now on.')
    return kept


def _check_interval(properties, begin):
    """See that runs are far enough apart, by clocks that nobody changes.

    The last run that is looked at may be years away; what is closer after that, or
    when clocks are changed, :meth:`Schedule.find_next` leaves out.
    """
    least = datetime.timedelta(seconds=CONF.triggers.min_interval)
    pattern = _make_pattern(properties, unchanged=True)
    runs = itertools.islice(pattern.list_after(begin - _MOMENT), _RUNS_CHECKED)
    for earlier, later in itertools.pairwise(runs):
        if later - earlier < least:
            reason = (
                f'runs must be {CONF.triggers.min_interval} seconds apart, and those '
                f'of {_format(earlier)} and {_format(later)} are not.'
            )
            raise _refuse('pattern', reason)
        if later - begin > _TIME_CHECKED:
            break


def _make_pattern(properties, unchanged=False):
    name = properties['timezone']
    zone = None if name is None else zones.find(name)
    if properties['format'] == base.CRONTAB:
        by = zones.UTC if unchanged else zone or zones.UTC
        return crontab.Crontab(properties['pattern'], by)
    start = _parse(properties['start_time'])
    return calendars.Calendar(properties['pattern'], start, zone, unchanged)


def _read_window(value):
    """The seconds; text of them as well, which is what shells send."""
    if value is None:
        return CONF.triggers.window
    text = str(value)
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    if not is_number or int(text) > MOST_WINDOW:
        raise _refuse('window', f'it must be from 0 to {MOST_WINDOW} seconds.')
    return int(text)


def _read_time(name, text):
    """A time in UTC, to the second; without an offset it is in UTC already."""
    if text is None:
        return None
    try:
        if not _TIME.fullmatch(text):
            raise ValueError(text)
        when = datetime.datetime.fromisoformat(text)
        if when.tzinfo is not None:
            when = when.astimezone(datetime.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise _refuse(name, 'it must be a date and time as in ISO 8601.') from None
    if not base.FIRST <= when < base.LAST:
        raise _refuse(name, 'it must be from 1970 to 2999.')
    return when


def _format(when):
    # Karbor's form, which its clients send back.
    return when.isoformat(' ', timespec='seconds')


def _parse(text):
    return None if text is None else datetime.datetime.fromisoformat(text)


def _refuse(name, reason):
    return exception.InvalidParameter(name=name, reason=reason)
