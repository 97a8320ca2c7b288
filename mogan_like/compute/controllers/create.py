"""Makes a server of Nova's request an instance."""

from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.instances.controllers import create

#: What Nova takes the hints under.
HINTS = ('os:scheduler_hints', 'OS-SCH-HNT:scheduler_hints')
#: What is called alike by both.
_SAME = (
    'name',
    'description',
    'availability_zone',
    'metadata',
    'user_data',
    'key_name',
)
#: What a refusal names is called so by Nova.
_NAMES = {
    'flavor_uuid': 'flavorRef',
    'image_uuid': 'imageRef',
    'networks.net_id': 'networks.uuid',
    'networks.port_id': 'networks.port',
}


def begin(ctx, body):
    """Begin to make an instance; its uuid.

    :param body: of ``POST /v2.1/servers``
    :raises InvalidParameter, FieldNotSupported, PolicyNotAuthorized: as instances'
        own, in Nova's names
    """
    server = body['server']
    values = {name: server[name] for name in _SAME if name in server}
    values |= {
        'flavor_uuid': _read_flavor(server['flavorRef']),
        'image_uuid': _read_image(server),
        'networks': _read_networks(server.get('networks')),
    }
    for name in HINTS:
        values |= body.get(name, {})
    try:
        return create.begin(ctx, values)['uuid']
    except (exception.InvalidParameter, exception.FieldNotSupported) as exc:
        told = {key: _NAMES.get(value, value) for key, value in exc.kwargs.items()}
        raise type(exc)(**told) from exc


def _read_flavor(flavor):
    if not types.is_uuid(str(flavor)):
        raise exception.InvalidParameter(
            name='flavorRef', reason=f'flavor {flavor} could not be found.'
        )
    return flavor


def _read_image(server):
    """The image; clients say that it is for the disk, as it always is.

    :raises InvalidParameter: when another one is for the disk
    """
    image = server['imageRef']
    for device in server.get('block_device_mapping_v2', ()):
        if device['uuid'].lower() != image.lower():
            raise exception.InvalidParameter(
                name='block_device_mapping_v2', reason='it has another image.'
            )
    return image


def _read_networks(networks):
    """Those that are named; what the driver does by itself otherwise."""
    if networks in (None, 'auto', 'none'):
        return []
    return [
        {'port_id': each['port']} if 'port' in each else {'net_id': each['uuid']}
        for each in networks
    ]
