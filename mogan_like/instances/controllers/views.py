"""How rows of this folder look from outside."""

import orjson

from mogan_like.api import versions
from mogan_like.instances import states

# A view may be made of a row, or of a conductor's plain copy of one. What is
# shown is listed here, so that a new column does not change the API by accident.
_INSTANCE = (
    'uuid',
    'name',
    'description',
    'status',
    'power_state',
    'project_id',
    'user_id',
    'flavor_uuid',
    'image_uuid',
    'availability_zone',
    'key_name',
    'created_at',
    'updated_at',
    'launched_at',
    'deleted_at',
)
_INSTANCE_6 = (*_INSTANCE, 'reservation_uuid')
_FLAVOR = (
    'uuid',
    'name',
    'description',
    'resource_class',
    'is_public',
    'disabled',
    'created_at',
    'updated_at',
)
_NODE = (
    'uuid',
    'name',
    'resource_class',
    'maintenance',
    'maintenance_reason',
    'present',
    'instance_uuid',
    'created_at',
    'updated_at',
)
_NODE_6 = (*_NODE, 'reservable', 'reservation_uuid')
_KEYPAIR = ('name', 'type', 'fingerprint', 'public_key', 'user_id', 'created_at')


#: Since when reservations are shown.
_RESERVED = versions.parse('1.6')


def show_instance(row, base_url, version, with_node):
    """The full view of an instance.

    :param row: a mapping of queries.instances.DETAIL
    :param version: the microversion as a tuple
    :param with_node: False hides on which node it is
    """
    names = _INSTANCE if version < _RESERVED else _INSTANCE_6
    view = {name: row[name] for name in names}
    # Written by the conductor as JSON: passed on as it is, never parsed.
    view['metadata'] = orjson.Fragment(row['metadata'])
    view['networks'] = orjson.Fragment(row['networks'])
    view['addresses'] = orjson.Fragment(row['addresses'])
    view['fault'] = row['fault'] and orjson.Fragment(row['fault'])
    view['locked'] = row['status'] == states.LOCKED
    view['node_uuid'] = row['node_uuid'] if with_node else None
    view['links'] = _link(base_url, 'instances', row['uuid'])
    return view


def summarize_instance(row, base_url):
    """The short view of an instance."""
    return {
        'uuid': row.uuid,
        'name': row.name,
        'status': row.status,
        'links': _link(base_url, 'instances', row.uuid),
    }


def show_states(row):
    """What an instance is in."""
    return {
        'status': row.status,
        'power_state': row.power_state,
        'locked': row.status == states.LOCKED,
    }


def show_lock(row, with_holder):
    """The lock of an instance as a resource.

    :param with_holder: False hides the id of the user who holds it
    """
    return {
        'locked': row.status == states.LOCKED,
        'locked_by': row.locked_by,
        'user_id': row.lock_user_id if with_holder else None,
        'reason': row.lock_reason,
        'since': row.locked_at,
        'expires_at': row.lock_expires_at,
    }


def show_flavor(row, base_url):
    """A flavor; ``row`` is a mapping."""
    return _show_properties(_FLAVOR, row, base_url, 'flavors')


def show_node(row, base_url, version):
    """A node of the inventory; ``row`` is a mapping, ``version`` a tuple."""
    names = _NODE if version < _RESERVED else _NODE_6
    return _show_properties(names, row, base_url, 'nodes')


def show_keypair(row):
    """A keypair's row."""
    return {name: getattr(row, name) for name in _KEYPAIR}


def _show_properties(names, row, base_url, collection):
    view = {name: row[name] for name in names}
    view['properties'] = orjson.Fragment(row['properties'])
    view['links'] = _link(base_url, collection, row['uuid'])
    return view


def _link(base_url, collection, uuid):
    path = f'/{collection}/{uuid}'
    return [
        {'rel': 'self', 'href': f'{base_url}/v1{path}'},
        {'rel': 'bookmark', 'href': base_url + path},
    ]
