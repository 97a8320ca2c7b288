"""Times: the service's are in UTC, people's are where they are."""

import datetime
import time

UTC = datetime.UTC
#: The zone of whoever types: TZ, or that of the machine.
LOCAL = None


def render(text, zone=LOCAL):
    """A time of the service for people, to the second, with its offset.

    :param text: as the service has it; None stays None, what is no time stays itself
    :param zone: a tzinfo; LOCAL for the user's
    """
    return _render(text, zone, 'seconds')


def render_exactly(text, zone=LOCAL):
    """The same for programs: to the microsecond."""
    return _render(text, zone, 'microseconds')


def parse(text, zone=LOCAL):
    """A time that somebody has typed, as the service takes it.

    :param text: ``now``, or as in ISO 8601; without an offset it is in ``zone``
    :raises ValueError: when it is neither, or before the first year or after the
        last one in UTC
    """
    if text == 'now':
        return text
    when = datetime.datetime.fromisoformat(text)
    try:
        if when.tzinfo is None:
            when = when.replace(tzinfo=zone) if zone else when.astimezone()
        return when.astimezone(UTC).isoformat()
    except OverflowError as exc:
        raise ValueError(f'{text} is no time in UTC') from exc


def seconds_until(text):
    """Seconds from now to a time of the service; less than 0 when it is over.

    :raises ValueError: when it is no time
    """
    return _read(text).timestamp() - time.time()


def _read(text):
    when = datetime.datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _render(text, zone, precision):
    try:
        when = _read(text)
    except (TypeError, ValueError):
        return text
    separator = ' ' if precision == 'seconds' else 'T'
    try:
        return when.astimezone(zone).isoformat(separator, precision)
    except OverflowError:
        # "For ever", as people write it: in the next zone that is a year too many.
        return text
