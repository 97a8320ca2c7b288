"""Servers: requests, then answers."""

from mogan_like.api.schemas import BOOLEAN
from mogan_like.api.schemas import DESCRIPTION
from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import LINKS
from mogan_like.api.schemas import METADATA
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import NULL
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME_OR_NULL
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.compute import statuses
from mogan_like.compute.schemas.flavors import SIZE
from mogan_like.compute.schemas.grow import SECONDS
from mogan_like.compute.schemas.grow import collect
from mogan_like.compute.schemas.grow import grow
from mogan_like.compute.schemas.grow import wrap
from mogan_like.instances.schemas import instances

# -- requests ----------------------------------------------------------------

_NETWORKS = {
    'type': 'array',
    'maxItems': 64,
    'items': {'oneOf': [closed({'uuid': UUID}), closed({'port': UUID})]},
}
_ONE = {'enum': [1, '1']}
#: What the openstack client says of the image: it is for the only disk.
_DISK = closed(
    {
        'uuid': UUID,
        'boot_index': {'enum': [0, '0']},
        'source_type': {'enum': ['image']},
        'destination_type': {'enum': ['local']},
        'delete_on_termination': {'enum': [True]},
    },
    ['uuid', 'boot_index', 'source_type', 'destination_type'],
)
_HINTS = closed({'reservation': {'oneOf': [UUID, NULL]}}, [])

_CREATE = grow(
    {
        '2.1': {
            'name': NAME,
            'imageRef': UUID,
            'flavorRef': {'type': ['string', 'integer']},
            'networks?': _NETWORKS,
            'key_name?': NAME,
            'metadata?': METADATA,
            'availability_zone?': NAME,
            'user_data?': instances.USER_DATA,
            'min_count?': _ONE,
            'max_count?': _ONE,
            'config_drive?': {'enum': [False, None]},
            'block_device_mapping_v2?': {
                'type': 'array',
                'maxItems': 1,
                'items': _DISK,
            },
        },
        '2.19': {'description?': DESCRIPTION},
        '2.37': {'networks': {'oneOf': [{'enum': ['auto', 'none']}, _NETWORKS]}},
    }
)
CREATE = {
    version: closed(
        {
            'server': schema,
            'os:scheduler_hints': _HINTS,
            'OS-SCH-HNT:scheduler_hints': _HINTS,
        },
        ['server'],
    )
    for version, schema in _CREATE.items()
}
UPDATE = {
    version: closed({'server': {**schema, 'minProperties': 1}})
    for version, schema in grow(
        {'2.1': {'name?': NAME}, '2.19': {'description?': DESCRIPTION}}
    ).items()
}

# -- answers -----------------------------------------------------------------

_BOOKMARKED = closed({'id': STRING, 'links': LINKS})
_NO_TEXT = {'enum': ['']}
_EMPTY = {'type': 'array', 'maxItems': 0, 'items': {}}
_EXTRA_SPECS = {'type': 'object', 'additionalProperties': STRING}
#: A flavor within a server.
_FLAVOR = closed(
    {
        'vcpus': SIZE,
        'ram': SIZE,
        'disk': SIZE,
        'ephemeral': INTEGER,
        'swap': INTEGER,
        'original_name': STRING,
        'extra_specs': _EXTRA_SPECS,
    }
)
_ADDRESS = closed(
    {
        'version': INTEGER,
        'addr': STRING,
        'OS-EXT-IPS:type': {'enum': ['fixed']},
        'OS-EXT-IPS-MAC:mac_addr': STRING_OR_NULL,
    },
    ['version', 'addr'],
)
_ADDRESSES = {
    'type': 'object',
    'additionalProperties': {'type': 'array', 'items': _ADDRESS},
}
_FAULT = closed({'code': INTEGER, 'message': STRING, 'created': SECONDS})

_SUMMARY = {'2.1': closed({'id': UUID, 'name': STRING, 'links': LINKS})}

#: What all answers with a whole server have, by the version that it came with.
_ALWAYS = {
    '2.1': {
        'accessIPv4': _NO_TEXT,
        'accessIPv6': _NO_TEXT,
        'addresses': _ADDRESSES,
        'created': SECONDS,
        'fault?': _FAULT,
        'flavor': _BOOKMARKED,
        'hostId': STRING,
        'id': UUID,
        'image': {'oneOf': [_NO_TEXT, _BOOKMARKED]},
        'links': LINKS,
        'metadata': METADATA,
        'name': STRING,
        'OS-DCF:diskConfig': {'enum': ['MANUAL']},
        'progress?': INTEGER,
        'status': {'enum': list(statuses.STATES_OF)},
        'tenant_id': STRING,
        'updated': SECONDS,
        'user_id': STRING,
    },
    '2.9': {'locked': BOOLEAN},
    '2.19': {'description': STRING_OR_NULL},
    '2.26': {'tags': _EMPTY},
    '2.47': {'flavor': _FLAVOR},
    '2.63': {'trusted_image_certificates': NULL},
    '2.73': {'locked_reason': STRING_OR_NULL},
    '2.90': {'OS-EXT-SRV-ATTR:hostname': STRING},
    '2.96': {'pinned_availability_zone': STRING_OR_NULL},
}
#: What answers to changes have since 2.75 only.
_WHOLE = {
    'config_drive': _NO_TEXT,
    'key_name': STRING_OR_NULL,
    'OS-EXT-AZ:availability_zone': STRING,
    'OS-EXT-SRV-ATTR:host?': STRING_OR_NULL,
    'OS-EXT-SRV-ATTR:hypervisor_hostname?': STRING_OR_NULL,
    'OS-EXT-SRV-ATTR:instance_name?': STRING,
    'OS-EXT-STS:power_state': {'enum': [0, 1, 4]},
    'OS-EXT-STS:task_state': STRING_OR_NULL,
    'OS-EXT-STS:vm_state': STRING,
    'OS-SRV-USG:launched_at': TIME_OR_NULL,
    'OS-SRV-USG:terminated_at': TIME_OR_NULL,
    'os-extended-volumes:volumes_attached': _EMPTY,
    'security_groups': _EMPTY,
}
_ATTRIBUTES = {
    'OS-EXT-SRV-ATTR:hostname?': STRING,
    'OS-EXT-SRV-ATTR:kernel_id?': NULL,
    'OS-EXT-SRV-ATTR:launch_index?': INTEGER,
    'OS-EXT-SRV-ATTR:ramdisk_id?': NULL,
    'OS-EXT-SRV-ATTR:reservation_id?': NULL,
    'OS-EXT-SRV-ATTR:root_device_name?': NULL,
    'OS-EXT-SRV-ATTR:user_data?': NULL,
}
_HOST_STATUS = {'host_status?': {'enum': ['UP', '']}}


def _add(steps, *more):
    """Steps with those of others."""
    found = dict(steps)
    for other in more:
        for version, fields in other.items():
            found[version] = {**found.get(version, {}), **fields}
    return found


_GROUPS = {'2.71': {'server_groups': _EMPTY}}
_DETAIL = _add(_ALWAYS, {'2.1': _WHOLE, '2.3': _ATTRIBUTES, '2.16': _HOST_STATUS})
#: Below 2.75 a change tells less.
_CHANGED = _add(_ALWAYS, _GROUPS, {'2.75': {**_WHOLE, **_ATTRIBUTES, **_HOST_STATUS}})
_REBUILT = _add(
    _CHANGED, {'2.54': {'key_name': STRING_OR_NULL}, '2.57': {'user_data': NULL}}
)

SUMMARIES = collect('servers', _SUMMARY, 'servers_links')
DETAILS = collect('servers', grow(_DETAIL), 'servers_links')
SHOWN = wrap('server', grow(_add(_DETAIL, _GROUPS)))
CHANGED = wrap('server', grow(_CHANGED))
REBUILT = wrap('server', grow(_REBUILT))
CREATED = closed(
    {
        'server': closed(
            {
                'id': UUID,
                'links': LINKS,
                'OS-DCF:diskConfig': {'enum': ['MANUAL']},
                'security_groups': _EMPTY,
            }
        )
    }
)
