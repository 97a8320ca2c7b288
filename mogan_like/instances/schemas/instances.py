"""Instances: requests, then answers."""

from mogan_like.api.schemas import BOOLEAN
from mogan_like.api.schemas import DESCRIPTION
from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import LINKS
from mogan_like.api.schemas import METADATA
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import NULL
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import TIME_OR_NULL
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection
from mogan_like.instances import states

# -- requests ----------------------------------------------------------------

NETWORKS = {
    'type': 'array',
    'maxItems': 64,
    'items': {'oneOf': [closed({'net_id': UUID}), closed({'port_id': UUID})]},
}

#: cloud-init's, base64 encoded; 64 KiB as in Nova.
USER_DATA = {
    'type': ['string', 'null'],
    'maxLength': 65535,
    'pattern': r'^[A-Za-z0-9+/=\s]*$',
}

_CREATE = {
    'name': NAME,
    'flavor_uuid': UUID,
    'image_uuid': UUID,
    'description': DESCRIPTION,
    'availability_zone': {**NAME, 'type': ['string', 'null']},
    'metadata': METADATA,
    'networks': NETWORKS,
    'user_data': USER_DATA,
    'key_name': {**NAME, 'type': ['string', 'null']},
    'node_uuid': {'oneOf': [UUID, NULL]},
}
_CREATE_REQUIRED = ['name', 'flavor_uuid', 'image_uuid']
_CREATE_6 = {**_CREATE, 'reservation': {'oneOf': [UUID, NULL]}}
CREATE = {
    '1.1': closed(_CREATE, _CREATE_REQUIRED),
    '1.6': closed(_CREATE_6, _CREATE_REQUIRED),
}

UPDATE = {
    **closed({'name': NAME, 'description': DESCRIPTION, 'metadata': METADATA}, []),
    'minProperties': 1,
}

LOCK_1 = closed({'lock': NULL})
LOCK_4 = closed(
    {
        'lock': {
            'oneOf': [
                NULL,
                closed(
                    {
                        'reason': {'type': 'string', 'minLength': 1, 'maxLength': 255},
                        'expires_at': {'type': 'string', 'maxLength': 64},
                    },
                    [],
                ),
            ]
        }
    }
)
UNLOCK = closed({'unlock': NULL})
POWER = closed({'target': {'enum': ['on', 'off', 'reboot', 'soft_off', 'soft_reboot']}})
PROVISION = closed({'target': {'enum': ['rebuild']}, 'image_uuid': UUID}, ['target'])

# -- answers -----------------------------------------------------------------

_STATUS = {'enum': list(states.ALL)}

SUMMARY = closed({'uuid': UUID, 'name': STRING, 'status': _STATUS, 'links': LINKS})

_FAULT = {
    'oneOf': [NULL, closed({'code': INTEGER, 'message': STRING, 'created_at': TIME})]
}

_DETAIL = {
    'uuid': UUID,
    'name': STRING,
    'description': STRING_OR_NULL,
    'status': _STATUS,
    'power_state': STRING_OR_NULL,
    'locked': BOOLEAN,
    'project_id': STRING,
    'user_id': STRING,
    'flavor_uuid': UUID,
    'image_uuid': UUID,
    'node_uuid': STRING_OR_NULL,
    'availability_zone': STRING_OR_NULL,
    'metadata': METADATA,
    'networks': NETWORKS,
    'addresses': {'type': 'object'},
    'key_name': STRING_OR_NULL,
    'fault': _FAULT,
    'created_at': TIME,
    'updated_at': TIME,
    'launched_at': TIME_OR_NULL,
    'deleted_at': TIME_OR_NULL,
    'links': LINKS,
}
_DETAIL_6 = {**_DETAIL, 'reservation_uuid': STRING_OR_NULL}
DETAIL = {'1.1': closed(_DETAIL), '1.6': closed(_DETAIL_6)}

SUMMARIES = collection('instances', SUMMARY)
DETAILS = {
    version: collection('instances', detail) for version, detail in DETAIL.items()
}
STATES = closed({'status': _STATUS, 'power_state': STRING_OR_NULL, 'locked': BOOLEAN})
LOCK = closed(
    {
        'locked': BOOLEAN,
        'locked_by': {'enum': ['admin', 'owner', None]},
        'user_id': STRING_OR_NULL,
        'reason': STRING_OR_NULL,
        'since': TIME_OR_NULL,
        'expires_at': TIME_OR_NULL,
    }
)
