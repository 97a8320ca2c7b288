"""Plans: requests, then answers."""

from mogan_like.api.schemas import DESCRIPTION
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection
from mogan_like.protection import states

# -- requests ----------------------------------------------------------------

_VALUE = {
    'type': ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'],
    'maxLength': 4096,
    'maxItems': 256,
    'maxProperties': 64,
}

#: What clients keep with an object: open, but bounded.
EXTRA_INFO = {
    'type': ['object', 'null'],
    'maxProperties': 64,
    'propertyNames': {'minLength': 1, 'maxLength': 255},
    'additionalProperties': _VALUE,
}

#: By type, or by type and id; what there may be in each is the plugins' to say.
PARAMETERS = {
    'type': 'object',
    'maxProperties': 1000,
    'propertyNames': {'minLength': 1, 'maxLength': 129},
    'additionalProperties': {
        'type': 'object',
        'maxProperties': 64,
        'propertyNames': {'minLength': 1, 'maxLength': 255},
        'additionalProperties': _VALUE,
    },
}

_WORD = {**NAME, 'maxLength': 64}
_RESOURCES = {
    'type': 'array',
    'minItems': 1,
    'maxItems': 1000,
    'items': closed(
        {'id': _WORD, 'type': _WORD, 'name': DESCRIPTION, 'extra_info': EXTRA_INFO},
        ['id', 'type'],
    ),
}
_STATUS = {'enum': [states.SUSPENDED, states.STARTED]}

CREATE = closed(
    {
        'plan': closed(
            {
                'name': NAME,
                'description': DESCRIPTION,
                'provider_id': UUID,
                'resources': _RESOURCES,
                'parameters': PARAMETERS,
            },
            ['name', 'provider_id', 'resources'],
        )
    }
)
UPDATE = closed(
    {
        'plan': {
            **closed(
                {
                    'name': NAME,
                    'description': DESCRIPTION,
                    'status': _STATUS,
                    'resources': _RESOURCES,
                    'parameters': PARAMETERS,
                },
                [],
            ),
            'minProperties': 1,
        }
    }
)

# -- answers -----------------------------------------------------------------

#: As plans keep it.
RESOURCE = closed(
    {
        'id': STRING,
        'type': STRING,
        'name': STRING_OR_NULL,
        'extra_info': {'type': 'object'},
    },
    ['id', 'type', 'name'],
)

_PLAN = closed(
    {
        'id': UUID,
        'name': STRING,
        'description': STRING_OR_NULL,
        'provider_id': UUID,
        'project_id': STRING,
        'user_id': STRING,
        'status': _STATUS,
        'resources': {'type': 'array', 'items': RESOURCE},
        'parameters': {'type': 'object'},
        'created_at': TIME,
        'updated_at': TIME,
    }
)
PLAN = closed({'plan': _PLAN})
PLANS = collection('plans', _PLAN)
