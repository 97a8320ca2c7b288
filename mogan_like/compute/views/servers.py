"""How an instance looks as a server, at each microversion."""

import hashlib
import re
import typing

import orjson

from mogan_like.compute import statuses
from mogan_like.compute.views import flavors
from mogan_like.compute.views import links
from mogan_like.instances import states

#: What answers to changes leave out below 2.75, as Nova's did.
_LEFT_OUT = (
    'OS-EXT-AZ:availability_zone',
    'OS-EXT-STS:power_state',
    'OS-EXT-STS:task_state',
    'OS-EXT-STS:vm_state',
    'OS-SRV-USG:launched_at',
    'OS-SRV-USG:terminated_at',
    'config_drive',
    'host_status',
    'key_name',
    'os-extended-volumes:volumes_attached',
    'security_groups',
)
_WHOLE = (2, 75)
#: Since when a rebuild tells the keypair all the same.
_REBUILD_KEY = (2, 54)
_REBUILD_USER_DATA = (2, 57)

_WITH_FAULT = ('ERROR', 'DELETED')
_WITH_PROGRESS = ('ACTIVE', 'BUILD', 'REBUILD')
_DONE = 100


class Look(typing.NamedTuple):
    """For whom, and how, servers are shown.

    :ivar version: the microversion as a tuple
    :ivar flavors: {uuid: row} of those that are shown within servers
    :ivar with_node: True for who may see on which node they are
    """

    base_url: str
    version: tuple
    flavors: dict
    with_node: bool


def summarize(row, base_url):
    """The short view of a server."""
    return {
        'id': row.uuid,
        'name': row.name,
        'links': links.make(base_url, 'servers', row.uuid),
    }


def show(row, look):
    """The full view, as of lists.

    :param row: a mapping of queries.instances.DETAIL, with ``lock_reason``
    """
    status = statuses.OF_STATE[row['status']]
    view = {
        **_show_fixed(row, look, status),
        'flavor': _show_flavor(row, look),
        'image': _show_image(row, look.base_url),
        'addresses': _show_addresses(row['addresses'], extended=True),
    }
    if status.status in _WITH_FAULT and row['fault']:
        view['fault'] = _show_fault(row['fault'])
    if status.status in _WITH_PROGRESS:
        view['progress'] = _DONE if status.task_state is None else 0
    for since, add in _ADDED.items():
        if look.version >= since:
            add(view, row, look)
    return view


def show_one(row, look):
    """The view of one server that is asked for."""
    view = show(row, look)
    if look.version >= (2, 71):
        # There are none of these groups.
        view['server_groups'] = []
    return view


def show_changed(row, look, rebuilt=False):
    """The view in the answer to a change: shorter, below 2.75."""
    view = show_one(row, look)
    if look.version < _WHOLE:
        key_name = view['key_name']
        for name in _LEFT_OUT:
            view.pop(name, None)
        for name in [name for name in view if name.startswith('OS-EXT-SRV-ATTR')]:
            del view[name]
        view['addresses'] = _show_addresses(row['addresses'], extended=False)
        if rebuilt and look.version >= _REBUILD_KEY:
            view['key_name'] = key_name
    if rebuilt and look.version >= _REBUILD_USER_DATA:
        # It is for the machine alone, and no API tells it.
        view.setdefault('user_data', None)
    return view


def show_created(uuid, base_url):
    """What is told of a server that is being made.

    Without ``adminPass``, as by a Nova that sets no passwords: nothing sets one.
    """
    return {
        'id': uuid,
        'links': links.make(base_url, 'servers', uuid),
        'OS-DCF:diskConfig': 'MANUAL',
        'security_groups': [],
    }


def hash_host(project_id, host):
    """What tells members which things are on one host, and not on which."""
    if not host:
        return ''
    return hashlib.sha224(f'{project_id}{host}'.encode()).hexdigest()


def _show_fixed(row, look, status):
    """What there is at every microversion, but for what has parts."""
    return {
        'id': row['uuid'],
        'name': row['name'],
        'status': status.status,
        'tenant_id': row['project_id'],
        'user_id': row['user_id'],
        'metadata': orjson.Fragment(row['metadata']),
        'key_name': row['key_name'],
        'created': links.shorten_time(row['created_at']),
        'updated': links.shorten_time(row['updated_at']),
        'hostId': hash_host(row['project_id'], row['node_uuid']),
        'links': links.make(look.base_url, 'servers', row['uuid']),
        'accessIPv4': '',
        'accessIPv6': '',
        'config_drive': '',
        # Networks of machines have none, and disks are what the node has.
        'security_groups': [],
        'os-extended-volumes:volumes_attached': [],
        'OS-DCF:diskConfig': 'MANUAL',
        'OS-EXT-AZ:availability_zone': row['availability_zone'] or '',
        'OS-EXT-STS:power_state': statuses.number_power_state(row['power_state']),
        'OS-EXT-STS:task_state': status.task_state,
        'OS-EXT-STS:vm_state': status.vm_state,
        'OS-SRV-USG:launched_at': row['launched_at'],
        'OS-SRV-USG:terminated_at': row['deleted_at'],
    }


def _show_flavor(row, look):
    if look.version < (2, 47):
        return {
            'id': row['flavor_uuid'],
            'links': links.make_bookmark(look.base_url, 'flavors', row['flavor_uuid']),
        }
    return flavors.embed(row['flavor_uuid'], look.flavors.get(row['flavor_uuid']))


def _show_image(row, base_url):
    if not row['image_uuid']:
        return ''
    return {
        'id': row['image_uuid'],
        'links': links.make_bookmark(base_url, 'images', row['image_uuid']),
    }


def _show_addresses(addresses, extended):
    """Nova's form of ours; ``extended`` has the addresses' kind and hardware."""
    return {
        network: [_show_address(each, extended) for each in found]
        for network, found in orjson.loads(addresses).items()
    }


def _show_address(address, extended):
    view = {'version': address['version'], 'addr': address['addr']}
    if extended:
        view['OS-EXT-IPS:type'] = 'fixed'
        view['OS-EXT-IPS-MAC:mac_addr'] = address.get('mac_addr')
    return view


def _show_fault(fault):
    fault = orjson.loads(fault)
    return {
        'code': fault['code'],
        'message': fault['message'],
        'created': links.shorten_time(fault['created_at']),
    }


def _add_host(view, row, look):
    if look.with_node:
        view['OS-EXT-SRV-ATTR:host'] = row['node_uuid']
        view['OS-EXT-SRV-ATTR:hypervisor_hostname'] = row['node_uuid']
        view['OS-EXT-SRV-ATTR:instance_name'] = row['uuid']


def _add_attributes(view, row, look):
    if look.with_node:
        _add_hostname(view, row, look)
        view['OS-EXT-SRV-ATTR:launch_index'] = 0
        for name in (
            'kernel_id',
            'ramdisk_id',
            'reservation_id',
            'root_device_name',
            'user_data',
        ):
            view[f'OS-EXT-SRV-ATTR:{name}'] = None


def _add_hostname(view, row, _look):
    name = re.sub(r'[^a-z0-9-]+', '-', row['name'].lower()).strip('-')[:63]
    hostname = name.strip('-') or f'server-{row["uuid"]}'
    view['OS-EXT-SRV-ATTR:hostname'] = hostname


def _add_lock(view, row, _look):
    view['locked'] = row['status'] == states.LOCKED


def _add_host_status(view, row, look):
    if look.with_node:
        view['host_status'] = 'UP' if row['node_uuid'] else ''


def _add_description(view, row, _look):
    view['description'] = row['description']


def _add_tags(view, _row, _look):
    view['tags'] = []


def _add_certificates(view, _row, _look):
    view['trusted_image_certificates'] = None


def _add_lock_reason(view, row, _look):
    view['locked_reason'] = row['lock_reason']


def _add_pinned_zone(view, row, _look):
    view['pinned_availability_zone'] = row['availability_zone']


#: {microversion: what adds its keys}
_ADDED = {
    (2, 1): _add_host,
    (2, 3): _add_attributes,
    (2, 9): _add_lock,
    (2, 16): _add_host_status,
    (2, 19): _add_description,
    (2, 26): _add_tags,
    (2, 63): _add_certificates,
    (2, 73): _add_lock_reason,
    (2, 90): _add_hostname,
    (2, 96): _add_pinned_zone,
}
