"""Actions that were done to a server: answers only."""

from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import TIME_OR_NULL
from mogan_like.compute.schemas.grow import collect
from mogan_like.compute.schemas.grow import grow
from mogan_like.compute.schemas.grow import wrap

_EVENTS = grow(
    {
        '2.1': {
            'event': STRING,
            'start_time': TIME,
            'finish_time': TIME_OR_NULL,
            'result': {'enum': ['Success', 'Error', None]},
            # For admins.
            'traceback?': STRING_OR_NULL,
        },
        '2.62': {'hostId': STRING, 'host?': STRING_OR_NULL},
        '2.84': {'details?': STRING_OR_NULL},
    }
)
_ACTION = {
    '2.1': {
        'action': STRING,
        'instance_uuid': STRING,
        'request_id': STRING,
        'user_id': STRING_OR_NULL,
        'project_id': STRING_OR_NULL,
        'start_time': TIME,
        'message': STRING_OR_NULL,
    },
    '2.58': {'updated_at': TIME},
}


def _list_of(version):
    return {'type': 'array', 'items': _EVENTS[version]}


_SHOWN = {
    # Members see them from 2.51 on.
    '2.1': {**_ACTION['2.1'], 'events?': _list_of('2.1')},
    '2.51': {'events': _list_of('2.1')},
    '2.58': _ACTION['2.58'],
    '2.62': {'events': _list_of('2.62')},
    '2.84': {'events': _list_of('2.84')},
}

ACTIONS = collect('instanceActions', grow(_ACTION), 'links', '2.58')
ACTION = wrap('instanceAction', grow(_SHOWN))
