"""Flavors and nodes: requests, then answers."""

from mogan_like.api.schemas import BOOLEAN
from mogan_like.api.schemas import DESCRIPTION
from mogan_like.api.schemas import LINKS
from mogan_like.api.schemas import METADATA
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection

_FLAVOR = {
    'name': NAME,
    'description': DESCRIPTION,
    'resource_class': NAME,
    'properties': METADATA,
    'is_public': BOOLEAN,
    'disabled': BOOLEAN,
}

CREATE_FLAVOR = closed(_FLAVOR, ['name', 'resource_class'])
UPDATE_FLAVOR = {**closed(_FLAVOR, []), 'minProperties': 1}

UPDATE_NODE = closed(
    {
        'maintenance': BOOLEAN,
        'maintenance_reason': {
            'type': ['string', 'null'],
            'minLength': 1,
            'maxLength': 255,
        },
    },
    ['maintenance'],
)

FLAVOR = closed(
    {
        'uuid': UUID,
        'name': STRING,
        'description': STRING_OR_NULL,
        'resource_class': STRING,
        'properties': METADATA,
        'is_public': BOOLEAN,
        'disabled': BOOLEAN,
        'created_at': TIME,
        'updated_at': TIME,
        'links': LINKS,
    }
)
FLAVORS = collection('flavors', FLAVOR)

_NODE = {
    'uuid': UUID,
    'name': STRING,
    'resource_class': STRING,
    'properties': METADATA,
    'maintenance': BOOLEAN,
    'maintenance_reason': STRING_OR_NULL,
    'present': BOOLEAN,
    'instance_uuid': STRING_OR_NULL,
    'created_at': TIME,
    'updated_at': TIME,
    'links': LINKS,
}
_NODE_6 = {**_NODE, 'reservable': BOOLEAN, 'reservation_uuid': STRING_OR_NULL}
NODE = {'1.1': closed(_NODE), '1.6': closed(_NODE_6)}
NODES = {version: collection('nodes', node) for version, node in NODE.items()}
