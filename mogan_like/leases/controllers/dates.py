"""The dates that requests name, as the conductor takes them."""

import datetime

from mogan_like.api import types
from mogan_like.common import clock
from mogan_like.common import exception

#: Only the conductor knows when that is.
NOW = 'now'

_FORMS = 'it must be now, YYYY-MM-DD HH:MM, or a date and time as in ISO 8601'
#: Databases and sums of dates end with the year 9999.
_LAST = datetime.datetime(9000, 1, 1)


def parse(name, text):
    """``now``, or a date in ISO 8601, naive UTC with microseconds.

    :param text: as the request has it; None stays None
    :raises InvalidParameter: naming the date and the forms there are
    """
    if text is None or text == NOW:
        return text
    try:
        when = types.DateTime.frombasetype(text)
    except ValueError as exc:
        raise exception.InvalidParameter(name=name, reason=_FORMS) from exc
    if when >= _LAST:
        raise exception.InvalidParameter(name=name, reason='it is too far ahead')
    return clock.isoformat(when)


def parse_all(body):
    """A body with its dates as :func:`parse` gives them."""
    return {
        name: parse(name, value) if name.endswith('_date') else value
        for name, value in body.items()
    }
