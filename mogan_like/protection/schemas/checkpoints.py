"""Checkpoints, and what is done to them: requests, then answers."""

from mogan_like.api.schemas import DESCRIPTION
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import NULL
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import TIME_OR_NULL
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection
from mogan_like.protection import states
from mogan_like.protection.schemas import plans

# -- requests ----------------------------------------------------------------

CREATE = closed(
    {
        'checkpoint': closed(
            {'plan_id': UUID, 'extra-info': plans.EXTRA_INFO}, ['plan_id']
        )
    }
)
ACTION = closed(
    {'copy': closed({'plan_id': UUID, 'parameters': plans.PARAMETERS}, ['plan_id'])}
)
RESET = closed(
    {'os-resetState': closed({'state': {'enum': [states.AVAILABLE, states.ERROR]}})}
)

_AUTH = closed({'type': {'enum': ['password']}, 'username': NAME, 'password': NAME})
RESTORE = closed(
    {
        'restore': closed(
            {
                'provider_id': UUID,
                'checkpoint_id': UUID,
                'restore_target': DESCRIPTION,
                'restore_auth': {'oneOf': [NULL, _AUTH]},
                'parameters': plans.PARAMETERS,
            },
            ['provider_id', 'checkpoint_id'],
        )
    }
)
VERIFY = closed(
    {
        'verification': closed(
            {
                'provider_id': UUID,
                'checkpoint_id': UUID,
                'parameters': plans.PARAMETERS,
            },
            ['provider_id', 'checkpoint_id'],
        )
    }
)

# -- answers -----------------------------------------------------------------

_OBJECT = {'type': 'object'}
_RUN_STATUS = {'enum': [states.IN_PROGRESS, states.SUCCESS, states.FAIL]}

_CHECKPOINT = closed(
    {
        'id': UUID,
        'project_id': STRING,
        'user_id': STRING,
        'provider_id': UUID,
        'status': {'enum': list(states.ALL)},
        'protection_plan': closed(
            {
                'id': UUID,
                'name': STRING,
                'description': STRING_OR_NULL,
                'provider_id': UUID,
                'resources': {'type': 'array', 'items': plans.RESOURCE},
                'parameters': _OBJECT,
            }
        ),
        # JSON in a string, as Karbor has it.
        'resource_graph': STRING,
        'extra_info': _OBJECT,
        'fault': STRING_OR_NULL,
        'created_at': TIME,
        'updated_at': TIME,
    }
)
CHECKPOINT = closed({'checkpoint': _CHECKPOINT})
CHECKPOINTS = collection('checkpoints', _CHECKPOINT)

_RUN = {
    'id': UUID,
    'project_id': STRING,
    'user_id': STRING,
    'provider_id': UUID,
    'checkpoint_id': UUID,
    'parameters': _OBJECT,
    'status': _RUN_STATUS,
    'fault': STRING_OR_NULL,
    'resources_status': _OBJECT,
    'resources_reason': _OBJECT,
    'created_at': TIME,
    'updated_at': TIME,
}
_RESTORE = closed(
    {**_RUN, 'restore_target': STRING_OR_NULL, 'resources_restored': _OBJECT}
)
RESTORE_SHOWN = closed({'restore': _RESTORE})
RESTORES = collection('restores', _RESTORE)
VERIFICATION = closed({'verification': closed(_RUN)})
VERIFICATIONS = collection('verifications', closed(_RUN))

_LOG = closed(
    {
        'id': UUID,
        'project_id': STRING,
        'operation_type': {
            'enum': [states.PROTECT, states.RESTORE, states.DELETE, states.VERIFY]
        },
        'checkpoint_id': STRING_OR_NULL,
        'plan_id': STRING_OR_NULL,
        'provider_id': STRING_OR_NULL,
        'restore_id': STRING_OR_NULL,
        'verification_id': STRING_OR_NULL,
        'scheduled_operation_id': STRING_OR_NULL,
        'status': _RUN_STATUS,
        'started_at': TIME,
        'ended_at': TIME_OR_NULL,
        'error_info': STRING_OR_NULL,
        'extra_info': {'type': ['object', 'null']},
    }
)
LOG = closed({'operation_log': _LOG})
LOGS = collection('operation_logs', _LOG)
