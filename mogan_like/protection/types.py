"""WSME types of this folder's path and query parameters."""

import ast
import datetime

from mogan_like.api import types
from mogan_like.protection import states
from mogan_like.protection.triggers import base

#: A word that has to be in the path as it is.
ResourceType = types.Text(64)
ResourceId = types.Text(64)
PlanStatus = types.Choice(states.SUSPENDED, states.STARTED)
CheckpointStatus = types.Choice(*states.ALL)
RunStatus = types.Choice(states.IN_PROGRESS, states.SUCCESS, states.FAIL)
ServiceId = types.Integer(1, 2**62)
TriggerType = types.Choice(base.TIME)
OperationType = types.Choice(states.PROTECT, states.RETENTION_PROTECT)
PlanSortKey = types.Choice('created_at', 'name')
CreatedAt = types.Choice('created_at')
StartedAt = types.Choice('started_at')
ProviderSortKey = types.Choice('name', 'id')
InstanceSortKey = types.Choice('id', 'name')

_DAY = datetime.timedelta(days=1)
_LAST = datetime.datetime(9000, 1, 1)
_DIRECTIONS = ('asc', 'desc')


class EndDateType(types.Text):
    """Up to when, as the moment that no longer belongs to it; a day does to its end."""

    name = 'end date'

    def frombasetype(self, value):
        when = types.DateTime.frombasetype(value)
        if when >= _LAST:
            raise ValueError('it is too far ahead')
        # Of all that a date can be, a day alone has no time.
        return when if ':' in value else when + _DAY


class Sort(types.Text):
    """``KEY`` or ``KEY:DIRECTION``; a pair, the direction may be None."""

    name = 'sort'

    def __init__(self, keys):
        super().__init__()
        self._keys = keys

    def frombasetype(self, value):
        key, _, direction = super().frombasetype(value).partition(':')
        if key not in self._keys.words or direction not in ('', *_DIRECTIONS):
            keys = ', '.join(self._keys.words)
            raise ValueError(f'it must be one of {keys}, with :asc or :desc or neither')
        return key, direction or None


class ParametersType(types.Text):
    """A dict as Python writes it, which is what karborclient sends."""

    name = 'parameters'

    def __init__(self):
        super().__init__(1024)

    def frombasetype(self, value):
        try:
            found = ast.literal_eval(super().frombasetype(value))
        except (SyntaxError, MemoryError, RecursionError, TypeError) as exc:
            raise ValueError('it must be a dict as Python writes it') from exc
        if not isinstance(found, dict) or not all(
            isinstance(key, str) and isinstance(each, (str, type(None)))
            for key, each in found.items()
        ):
            raise ValueError('it must be a dict of text')
        return found


EndDate = EndDateType()
Parameters = ParametersType()
