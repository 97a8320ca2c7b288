"""The audit: answers only, since nobody writes it through the API."""

from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import TIME_OR_NULL
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection

_RESULT = {'enum': ['success', 'error', 'refused', 'cancelled', 'interrupted', None]}

EVENT = closed(
    {
        'event': STRING,
        'started_at': TIME,
        'finished_at': TIME_OR_NULL,
        'result': _RESULT,
        'message': STRING_OR_NULL,
        'host': STRING_OR_NULL,
        'traceback': STRING_OR_NULL,
    },
    ['event', 'started_at', 'finished_at', 'result', 'message'],
)

_ACTION = {
    'id': INTEGER,
    'object_type': STRING,
    'object_id': STRING,
    'action': STRING,
    'request_id': STRING,
    'user_id': STRING_OR_NULL,
    'project_id': STRING_OR_NULL,
    'owner_project_id': STRING_OR_NULL,
    'cause': {'enum': ['user', 'lease', 'expiry', 'clock']},
    'cause_id': STRING_OR_NULL,
    'started_at': TIME,
    'updated_at': TIME,
    'finished_at': TIME_OR_NULL,
    'result': _RESULT,
    'message': STRING_OR_NULL,
}

ACTION = closed({**_ACTION, 'events': {'type': 'array', 'items': EVENT}})
ACTIONS = collection(
    'actions',
    closed({**_ACTION, 'events': {'type': 'array', 'items': EVENT}}, list(_ACTION)),
)
