"""Triggers and scheduled operations: requests, then answers."""

from mogan_like.api.schemas import BOOLEAN
from mogan_like.api.schemas import DESCRIPTION
from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import TIME_OR_NULL
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection
from mogan_like.protection import states
from mogan_like.protection.triggers import base

# -- requests ----------------------------------------------------------------

_WORD_OR_NULL = {'type': ['string', 'null'], 'minLength': 1, 'maxLength': 64}
_FORMAT = {'enum': [base.CALENDAR, base.CRONTAB]}
_TYPE = {'enum': [base.TIME]}
_PROPERTIES = {
    # What it has to be besides, the conductor says in words.
    'pattern': {'type': 'string', 'minLength': 1, 'maxLength': 4096},
    'format': _FORMAT,
    'timezone': _WORD_OR_NULL,
    # Text, as shells send it.
    'window': {'type': ['integer', 'string', 'null'], 'maxLength': 16},
    'start_time': _WORD_OR_NULL,
    'end_time': _WORD_OR_NULL,
}

CREATE_TRIGGER = closed(
    {
        'trigger_info': closed(
            {
                'name': NAME,
                'type': _TYPE,
                'properties': closed(_PROPERTIES, ['pattern', 'format']),
            }
        )
    }
)
UPDATE_TRIGGER = closed(
    {
        'trigger_info': {
            # The client sends properties, empty when none are to change.
            **closed({'name': NAME, 'properties': closed(_PROPERTIES, [])}, []),
            'minProperties': 1,
        }
    }
)

#: A number from 1 on, as text for shells; -1 is Karbor's word for no limit.
_LIMIT = {
    'oneOf': [
        {'type': 'integer', 'minimum': 1, 'maximum': 1000000},
        {'type': 'string', 'pattern': r'^(-1|[1-9][0-9]{0,5})$'},
        {'type': ['integer', 'null'], 'maximum': -1, 'minimum': -1},
    ]
}
_DEFINITION = closed(
    {
        'plan_id': UUID,
        'provider_id': UUID,
        'max_backups': _LIMIT,
        'max_backup_duration': _LIMIT,
        # What Karbor's server reads, and its documents say.
        'retention_duration': _LIMIT,
    },
    ['plan_id', 'provider_id'],
)
_OPERATION_TYPE = {'enum': [states.PROTECT, states.RETENTION_PROTECT]}

CREATE_OPERATION = closed(
    {
        'scheduled_operation': closed(
            {
                'name': NAME,
                'description': DESCRIPTION,
                'operation_type': _OPERATION_TYPE,
                'trigger_id': UUID,
                'operation_definition': _DEFINITION,
                'enabled': BOOLEAN,
            },
            ['name', 'operation_type', 'trigger_id', 'operation_definition'],
        )
    }
)
UPDATE_OPERATION = closed(
    {
        'scheduled_operation': {
            **closed(
                {'name': NAME, 'description': DESCRIPTION, 'enabled': BOOLEAN}, []
            ),
            'minProperties': 1,
        }
    }
)

# -- answers -----------------------------------------------------------------

_TRIGGER = closed(
    {
        'id': UUID,
        'name': STRING,
        'type': _TYPE,
        'project_id': STRING,
        'properties': closed(
            {
                'pattern': STRING,
                'format': _FORMAT,
                'timezone': STRING_OR_NULL,
                'window': INTEGER,
                'start_time': STRING,
                'end_time': STRING_OR_NULL,
            }
        ),
        'created_at': TIME,
        'updated_at': TIME,
    }
)
TRIGGER = closed({'trigger_info': _TRIGGER})
TRIGGERS = collection('triggers', _TRIGGER)

_OPERATION = closed(
    {
        'id': UUID,
        'name': STRING,
        'description': STRING_OR_NULL,
        'operation_type': _OPERATION_TYPE,
        'project_id': STRING,
        'user_id': STRING,
        'trigger_id': UUID,
        'operation_definition': closed(
            {
                'plan_id': UUID,
                'provider_id': UUID,
                'max_backups': INTEGER,
                'max_backup_duration': INTEGER,
            },
            ['plan_id', 'provider_id'],
        ),
        'enabled': BOOLEAN,
        'next_run_at': TIME_OR_NULL,
        'last_run_at': TIME_OR_NULL,
        'created_at': TIME,
        'updated_at': TIME,
    }
)
OPERATION = closed({'scheduled_operation': _OPERATION})
# The key is Karbor's.
OPERATIONS = collection('operations', _OPERATION)
