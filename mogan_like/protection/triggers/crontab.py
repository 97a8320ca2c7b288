"""Patterns as cron has them: minute, hour, day, month, day of the week."""

import datetime

import cronsim

from mogan_like.common import exception
from mogan_like.protection.triggers import base
from mogan_like.protection.triggers import zones

_FIELDS = 5
#: What the parser raises beside its own error.
_BROKEN = (cronsim.CronSimError, AssertionError, ValueError)


class Crontab(base.Pattern):
    """Five fields, read as Debian's cron does.

    A field that begins with a star goes by what passes, so that an hourly run is
    there in both hours that clocks show twice.

    :param text: the pattern
    :param zone: whose clocks it goes by
    :raises InvalidParameter: saying which field is wrong
    """

    def __init__(self, text, zone):
        self._text = text
        self._zone = zone
        if len(text.split()) != _FIELDS:
            raise _refuse('it must have five fields')
        try:
            next(self.list_after(base.FIRST), None)
        except _BROKEN as exc:
            raise _refuse(str(exc) or 'a field cannot be read') from exc

    def list_after(self, after):
        """As of :class:`..base.Pattern`."""
        begin = after.replace(tzinfo=datetime.UTC)
        if self._zone is not zones.UTC:
            begin = begin.astimezone(self._zone)
        for aware in cronsim.CronSim(self._text, begin):
            when = aware.astimezone(datetime.UTC).replace(tzinfo=None)
            # On the second pass of an hour it gives those of the first again.
            if when > after:
                yield when


def _refuse(reason):
    return exception.InvalidParameter(name='pattern', reason=f'{reason}.')
