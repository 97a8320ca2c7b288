"""Hosts, their properties, allocations, plugins: requests, then answers."""

from mogan_like.api.schemas import BOOLEAN
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection

# -- requests ----------------------------------------------------------------

_CAPABILITY = {'type': ['string', 'number', 'integer', 'boolean'], 'maxLength': 255}
_CAPABILITIES = {
    'type': 'object',
    'maxProperties': 128,
    'propertyNames': {'minLength': 1, 'maxLength': 64},
    'additionalProperties': _CAPABILITY,
}

CREATE = {**_CAPABILITIES, 'properties': {'name': NAME}, 'required': ['name']}
#: None drops a capability.
UPDATE = {
    **_CAPABILITIES,
    'additionalProperties': {**_CAPABILITY, 'type': [*_CAPABILITY['type'], 'null']},
}
UPDATE_PROPERTY = closed({'private': BOOLEAN})

# -- answers -----------------------------------------------------------------

_ANY = {'type': ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']}
_NUMBER_OR_NULL = {'type': ['integer', 'null']}

_HOST = {
    **closed(
        {
            'id': STRING,
            'uuid': UUID,
            'name': STRING,
            'hypervisor_hostname': STRING,
            'hypervisor_type': STRING,
            'service_name': STRING,
            'vcpus': _NUMBER_OR_NULL,
            'memory_mb': _NUMBER_OR_NULL,
            'local_gb': _NUMBER_OR_NULL,
            'reservable': BOOLEAN,
            'maintenance': BOOLEAN,
            'present': BOOLEAN,
            'created_at': TIME,
            'updated_at': TIME,
        }
    ),
    # Properties of its node, and its extra capabilities.
    'additionalProperties': STRING_OR_NULL,
}
HOST = closed({'host': _HOST})
HOSTS = collection('hosts', _HOST)

_PROPERTY = {
    'property': STRING,
    'private': BOOLEAN,
    'values': {'type': 'array', 'items': STRING},
}
PROPERTY = closed({'resource_property': closed(_PROPERTY)})
PROPERTIES = collection('resource_properties', closed(_PROPERTY, ['property']))

_ALLOCATION = closed(
    {
        'resource_id': STRING,
        'reservations': {
            'type': 'array',
            'items': closed(
                {'id': UUID, 'lease_id': UUID, 'start_date': TIME, 'end_date': TIME}
            ),
        },
    }
)
ALLOCATION = closed({'allocation': _ALLOCATION})
ALLOCATIONS = collection('allocations', _ALLOCATION)

PLUGINS = closed(
    {
        'plugins': {
            'type': 'array',
            'items': closed(
                {
                    'resource_type': STRING,
                    'title': STRING,
                    'options': {
                        'type': 'array',
                        'items': closed(
                            {'name': STRING, 'default': _ANY, 'help': STRING}
                        ),
                    },
                    'schema': {'type': 'object'},
                }
            ),
        }
    }
)
