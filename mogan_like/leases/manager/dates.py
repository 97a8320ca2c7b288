"""The dates of a lease: what is asked for, and what may be."""

import datetime

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF

NOW = 'now'


def parse(name, text, now):
    """A date as the API passes it on, naive UTC.

    :param text: ISO 8601 without an offset, or ``now``; None stays None
    :param now: what ``now`` means
    :raises InvalidParameter: naming the date
    """
    if text is None:
        return None
    if text == NOW:
        return now
    try:
        when = datetime.datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is not None:
        raise exception.InvalidParameter(
            name=name, reason=f'{text} is not a date in UTC.'
        )
    return when


def check_start(start, now):
    """Refuse a start that is past, or further ahead than ``[leases]max_advance``.

    The minute that is going on is not past: clients send whole minutes.

    :raises InvalidParameter:
    """
    if start < now.replace(second=0, microsecond=0):
        raise exception.InvalidParameter(name='start_date', reason='it is in the past.')
    most = CONF.leases.max_advance
    if most >= 0 and start > now + datetime.timedelta(seconds=most):
        raise exception.QuotaExceeded(
            f'A lease may start {most} seconds from now at the latest '
            '(quota max_advance).'
        )


def check_span(start, end, former=datetime.timedelta()):
    """Refuse an end that is not after the start, and too long a time.

    :param former: how long the lease was to last: a limit that was lowered
        takes nothing away
    :raises InvalidParameter:
    :raises QuotaExceeded: over ``[leases]max_lease_duration``
    """
    if end <= start:
        raise exception.InvalidParameter(
            name='end_date', reason='it must be later than the start date.'
        )
    most = CONF.leases.max_lease_duration
    if most >= 0 and end - start > max(datetime.timedelta(seconds=most), former):
        raise exception.QuotaExceeded(
            f'A lease may last {most} seconds at most (quota max_lease_duration).'
        )


def check_end(end, now):
    """Refuse an end that is past: what ends now is ended by ``now``.

    :raises InvalidParameter:
    """
    if end <= now:
        raise exception.InvalidParameter(name='end_date', reason='it is in the past.')


def check_before_end(before_end, start, end):
    """Refuse a date of the work before the end that is not within the lease.

    :raises InvalidParameter:
    """
    if before_end is not None and not start <= before_end <= end:
        raise exception.InvalidParameter(
            name='before_end_date', reason='it must be within the lease.'
        )


def plan_before_end(before_end, start, end, has_work):
    """When the work before the end is due, or None for a lease without any."""
    if before_end is not None or not has_work:
        return before_end
    minutes = datetime.timedelta(minutes=CONF.leases.before_end_minutes)
    return max(start, end - minutes)


def to_iso(when):
    """A date as errors name it."""
    return clock.isoformat(when)
