"""Actions on servers: the bodies, and the answer of the only one with one."""

from mogan_like.api.schemas import NULL
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.compute.schemas import servers

#: Which action it is stands in its one key, and is looked at by the route.
BODY = {'type': 'object'}

_ANY = {}
_REASON = {'type': 'string', 'minLength': 1, 'maxLength': 255}

ACTIONS = {
    'lock': {
        # Nova took anything, until it took a reason.
        '2.1': closed({'lock': _ANY}),
        '2.73': closed(
            {'lock': {'oneOf': [NULL, closed({'locked_reason': _REASON}, [])]}}
        ),
    },
    'unlock': closed({'unlock': _ANY}),
    'os-start': closed({'os-start': _ANY}),
    'os-stop': closed({'os-stop': _ANY}),
    'reboot': closed(
        {
            'reboot': closed(
                {'type': {'enum': ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']}}
            )
        }
    ),
    'rebuild': closed(
        {
            'rebuild': closed(
                {'imageRef': UUID, 'preserve_ephemeral': {'enum': [False]}},
                ['imageRef'],
            )
        }
    ),
}

#: By action; the others have no body.
ANSWERS = {'rebuild': servers.REBUILT}
ANSWER = {
    version: {**schema, 'type': ['object', 'null']}
    for version, schema in ANSWERS['rebuild'].items()
}
