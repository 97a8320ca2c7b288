"""The time, in one place, so that conductors agree and tests can move it.

All times are naive datetimes in UTC with microseconds. A conductor keeps its
clock on the database's (:func:`sync`), so that skew between hosts cannot make
one of them think that another's claim has run out.
"""

import datetime
import time

_offset = datetime.timedelta(0)


def utcnow():
    """The time by the database's clock as last seen, naive UTC."""
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    return now + _offset


def monotonic():
    """Seconds that never go back, for deadlines inside one process."""
    return time.monotonic()


def sync(database_now):
    """Take the database's time as the time from here on."""
    global _offset
    here = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    _offset = database_now - here


def isoformat(when):
    """``YYYY-MM-DDTHH:MM:SS.ffffff``, or None for None."""
    return None if when is None else when.isoformat(timespec='microseconds')
