"""Leases: requests, then answers."""

from mogan_like.api.schemas import BOOLEAN
from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import NULL
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import TIME_OR_NULL
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection
from mogan_like.leases import states

# -- requests ----------------------------------------------------------------

# Which forms of a date are known is said in words by the route.
_DATE = {'type': 'string', 'minLength': 1, 'maxLength': 64}
_DATE_OR_NULL = {**_DATE, 'type': ['string', 'null']}

#: Of a lease: each is one call of a plugin at the start and one at the end.
MOST_RESERVATIONS = 64

#: What a resource type's values are is its plugin's, which the conductor asks.
_VALUE = {
    'type': ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'],
    'maxLength': 4096,
    'maxItems': 256,
    'maxProperties': 64,
}


def _open(properties, required):
    return {
        'type': 'object',
        'maxProperties': 64,
        'propertyNames': {'minLength': 1, 'maxLength': 255},
        'properties': properties,
        'additionalProperties': _VALUE,
        'required': required,
    }


def _list(item):
    return {'type': 'array', 'maxItems': MOST_RESERVATIONS, 'items': item}


_RESOURCE_TYPE = {'type': 'string', 'minLength': 1, 'maxLength': 66}
_EVENT_REQUEST = closed({'event_type': {**NAME, 'maxLength': 32}, 'event_date': _DATE})

CREATE = closed(
    {
        'name': NAME,
        'start_date': _DATE,
        'end_date': _DATE,
        'before_end_date': _DATE_OR_NULL,
        'reservations': _list(
            _open({'resource_type': _RESOURCE_TYPE}, ['resource_type'])
        ),
        'events': _list(_EVENT_REQUEST),
    },
    ['name', 'start_date', 'end_date', 'reservations'],
)

# blazarclient's lease-update sends what it was given and nothing else; without
# any option it does not ask at all.
UPDATE = closed(
    {
        'name': NAME,
        'start_date': _DATE,
        'end_date': _DATE,
        'before_end_date': _DATE,
        'reservations': _list(_open({'id': UUID}, ['id'])),
    },
    [],
)

ACTION = {
    **closed({'retry': NULL, 'abandon': NULL}, []),
    'minProperties': 1,
    'maxProperties': 1,
}

# -- answers -----------------------------------------------------------------

_STATUS = {'enum': list(states.ALL)}

RESERVATION = {
    **closed(
        {
            'id': UUID,
            'lease_id': UUID,
            'resource_id': STRING_OR_NULL,
            'resource_type': STRING,
            'status': STRING,
            'missing_resources': BOOLEAN,
            'resources_changed': BOOLEAN,
            'created_at': TIME,
            'updated_at': TIME,
        }
    ),
    # The values of its type.
    'additionalProperties': True,
}

EVENT = closed(
    {
        'id': UUID,
        'lease_id': UUID,
        'event_type': STRING,
        'time': TIME,
        'status': STRING,
        'result': STRING_OR_NULL,
        'created_at': TIME,
        'updated_at': TIME,
    }
)

_LEASE = {
    'id': UUID,
    'name': STRING,
    'project_id': STRING,
    'user_id': STRING,
    'trust_id': STRING_OR_NULL,
    'start_date': TIME,
    'end_date': TIME,
    'before_end_date': TIME_OR_NULL,
    'status': _STATUS,
    'degraded': BOOLEAN,
    'ended_by_user_id': STRING_OR_NULL,
    'created_at': TIME,
    'updated_at': TIME,
    'deleted_at': TIME_OR_NULL,
    'reservations': {'type': 'array', 'items': RESERVATION},
    'events': {'type': 'array', 'items': EVENT},
}

_ALLOCATION = closed(
    {
        'reservation_id': UUID,
        'host_id': STRING_OR_NULL,
        'node_uuid': STRING_OR_NULL,
        'hypervisor_hostname': STRING_OR_NULL,
        'start_date': TIME,
        'end_date': TIME,
        'released': BOOLEAN,
    }
)

_INSTANCE = closed(
    {
        'uuid': UUID,
        'name': STRING,
        'status': STRING,
        'locked': BOOLEAN,
        'reservation_id': UUID,
    }
)

_HOLDER = closed(
    {
        'uuid': UUID,
        'name': STRING,
        'locked_by': STRING_OR_NULL,
        'locked_at': TIME_OR_NULL,
        'reason': STRING_OR_NULL,
    }
)

_MISSING_NODE = closed(
    {
        'node_uuid': STRING,
        'hypervisor_hostname': STRING_OR_NULL,
        'present': BOOLEAN,
        'maintenance': BOOLEAN,
    }
)

_WAITING_FOR = {
    'oneOf': [
        NULL,
        closed(
            {
                'reason': STRING,
                'since': TIME_OR_NULL,
                'next_try': TIME_OR_NULL,
                'attempts': INTEGER,
                'instances': {'type': 'array', 'items': _HOLDER},
                'nodes': {'type': 'array', 'items': _MISSING_NODE},
            }
        ),
    ]
}

LEASE = closed({'lease': closed(_LEASE)})
LEASES = collection('leases', closed(_LEASE))
#: One lease with all that is in it.
CONTENTS = closed(
    {
        'lease': closed(
            {
                **_LEASE,
                'allocations': {'type': 'array', 'items': _ALLOCATION},
                'instances': {'type': 'array', 'items': _INSTANCE},
                'waiting_for': _WAITING_FOR,
            }
        )
    }
)
