"""What there is to protect, by whom, and where: requests, then answers."""

from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection

# -- requests ----------------------------------------------------------------

_STATUS = {'enum': ['enabled', 'disabled']}

UPDATE_SERVICE = closed({'status': _STATUS, 'disabled_reason': NAME}, ['status'])

# -- answers -----------------------------------------------------------------

_OBJECT = {'type': 'object'}
_OBJECT_OR_NULL = {'type': ['object', 'null']}
_STRINGS = {'type': 'array', 'items': STRING}

TYPES = closed({'protectable_type': _STRINGS})
TYPE = closed(
    {'protectable_type': closed({'name': STRING, 'dependent_types': _STRINGS})}
)

RESOURCE = {
    'id': STRING,
    'type': STRING,
    'name': STRING_OR_NULL,
    'extra_info': _OBJECT_OR_NULL,
}
_INSTANCE = closed(
    {**RESOURCE, 'dependent_resources': {'type': 'array', 'items': closed(RESOURCE)}}
)
INSTANCE = closed({'instance': _INSTANCE})
INSTANCES = collection('instances', _INSTANCE)

_PROVIDER = closed(
    {
        'id': UUID,
        'name': STRING,
        'description': STRING,
        'extended_info_schema': closed(
            {
                'options_schema': _OBJECT,
                'restore_schema': _OBJECT,
                'saved_info_schema': _OBJECT,
            }
        ),
    }
)
PROVIDER = closed({'provider': _PROVIDER})
PROVIDERS = collection('providers', _PROVIDER)

_SERVICE = closed(
    {
        'id': INTEGER,
        'binary': STRING,
        'host': STRING,
        'status': _STATUS,
        'state': {'enum': ['up', 'down']},
        'updated_at': TIME,
        'disabled_reason': STRING_OR_NULL,
    }
)
SERVICE = closed({'service': _SERVICE})
SERVICES = closed({'services': {'type': 'array', 'items': _SERVICE}})
