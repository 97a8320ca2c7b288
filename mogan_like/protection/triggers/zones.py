"""Time zones: between the clock on a wall and UTC, both naive."""

import datetime
import functools
import zoneinfo

from mogan_like.common import exception

UTC = zoneinfo.ZoneInfo('UTC')
#: What is installed beside the zones, and means another one on each host.
_NOT_ZONES = {'Factory', 'localtime', 'posixrules'}
_SECOND = datetime.timedelta(seconds=1)


def find(name, where='timezone'):
    """A zone of the IANA's by its name.

    :param where: what names it, for the error
    :raises InvalidParameter: when there is none
    """
    if name not in _list_names():
        reason = f'there is no time zone {name[:64]}.'
        raise exception.InvalidParameter(name=where, reason=reason)
    return zoneinfo.ZoneInfo(name)


def to_wall(when, zone):
    """What the clocks of a zone show at a time in UTC."""
    return when.replace(tzinfo=datetime.UTC).astimezone(zone).replace(tzinfo=None)


def to_utc(wall, zone):
    """When the clocks of a zone show this for the first time.

    :returns: when they go on, for a time that they skip
    """
    if zone is UTC:
        return wall
    when = _read(wall, zone)
    if to_wall(when, zone) == wall:
        return when
    # Read by the offset from before the change it is after that, and the other
    # way round.
    early = _read(wall.replace(fold=1), zone)
    offset = _get_offset(early, zone)
    while when - early > _SECOND:
        middle = early + (when - early) // 2
        if _get_offset(middle, zone) == offset:
            early = middle
        else:
            when = middle
    return when.replace(microsecond=0)


def _read(wall, zone):
    aware = wall.replace(tzinfo=zone).astimezone(datetime.UTC)
    return aware.replace(tzinfo=None)


def _get_offset(when, zone):
    return when.replace(tzinfo=datetime.UTC).astimezone(zone).utcoffset()


@functools.cache
def _list_names():
    return frozenset(zoneinfo.available_timezones() - _NOT_ZONES)
