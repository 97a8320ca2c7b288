"""Shares: made, from nothing or from a snapshot."""

from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import models
from tests.emulators.manila import share_views
from tests.emulators.manila import shares

_PROTOCOLS = ['NFS', 'CIFS']
_OTHER_TYPE = (
    'Invalid share type specified: the requested share type must match the type of the '
    'source share. If a share type is not specified when requesting a new share from a '
    'snapshot, the share type of the source share will be applied to the new share'
)


def create(call):
    """Make a share."""
    call.require_writer()
    values = call.read_entity('share')
    shares.check_public(call, values.get('is_public'))
    for name in ('name', 'description'):
        calls.check_length(values.get(name), name)
    for needed in ('size', 'share_proto'):
        if needed not in values:
            # Manila looks for it without asking whether it is there.
            raise errors.Refused(500)
    _check_places(values)
    snapshot, parent = _find_source(call, values)
    network_id = _find_network(call, values, parent)
    share_type = _find_type(call, values)
    if share_type and share_type.needs_network and not (network_id or snapshot):
        raise errors.bad(
            'Share network must be set when the driver_handles_share_servers is true.'
        )
    calls.check_metadata(values.get('metadata'))
    size = _find_size(values, snapshot)
    share_type = _match_type(share_type, parent)
    _check_protocol(values['share_proto'])
    call.state.quotas.check_share(call.identity, share_type, size)
    share = models.Share(
        project_id=call.identity.project_id,
        user_id=call.identity.user_id,
        size=size,
        share_proto=values['share_proto'].upper(),
        type=share_type,
        flags={name: share_type.find_flag(name) for name in models.FLAGS},
        name=values.get('name') or None,
        description=values.get('description') or None,
        snapshot_id=values.get('snapshot_id'),
        share_network_id=network_id,
        metadata=dict(values.get('metadata') or {}),
        is_public=bool(values.get('is_public')),
        availability_zone=parent.availability_zone if parent else None,
    )
    call.state.add(call.state.shares, share)
    call.manager.create_share(share, snapshot)
    return {'share': share_views.detail(call, share)}


def _check_places(values):
    zone, group = values.get('availability_zone'), values.get('share_group_id')
    if zone and zone != models.ZONE:
        raise errors.not_found(f'Availability zone {zone} could not be found.')
    if group:
        raise errors.not_found(f'Share group {group} could not be found.')


def _find_source(call, values):
    """(snapshot, the share that it is of), both None without a snapshot."""
    snapshot_id = values.get('snapshot_id')
    if not snapshot_id:
        return None, None
    snapshot = call.state.find_snapshot(call.identity, snapshot_id)
    return snapshot, call.state.find_share(call.identity, snapshot.share_id)


def _find_network(call, values, parent):
    network_id = values.get('share_network_id')
    if parent:
        if network_id and network_id != parent.share_network_id:
            raise errors.bad(
                "Share network ID should be the same as snapshot's parent share's or "
                'empty'
            )
        network_id = parent.share_network_id
        if call.minor >= 24 and not parent.flags['create_share_from_snapshot_support']:
            raise errors.bad(
                'A new share may not be created from snapshot '
                f"'{values['snapshot_id']}', because the snapshot's parent share does "
                'not have that capability.'
            )
    if network_id:
        call.state.find_network(call.identity, network_id)
    return network_id


def _find_type(call, values):
    wanted = values.get('share_type') or values.get('volume_type')
    if not wanted and values.get('snapshot_id'):
        return None
    found = call.state.find_type(wanted or models.DEFAULT_TYPE)
    if found is None:
        raise errors.not_found('Share type not found.')
    return found


def _match_type(share_type, parent):
    if parent is None:
        return share_type
    if share_type is not None and share_type.id != parent.type.id:
        raise errors.bad_input(_OTHER_TYPE)
    return parent.type


def _find_size(values, snapshot):
    size = values['size']
    if snapshot is not None:
        if snapshot.status != 'available':
            raise errors.bad("Invalid share snapshot: status must be 'available'.")
        size = size or snapshot.size
    try:
        number = int(size)
    except (TypeError, ValueError):
        number = 0
    if number <= 0:
        raise errors.bad_input(
            f"Share size '{size}' must be an integer and greater than 0"
        )
    if snapshot is not None and number < snapshot.size:
        raise errors.bad_input(
            f"Share size '{number}' must be equal or greater than snapshot size"
        )
    return number


def _check_protocol(protocol):
    if protocol.upper() not in _PROTOCOLS:
        raise errors.bad_input(
            f'Invalid share protocol provided: {protocol.upper()}. It is either '
            f'disabled or unsupported. Available protocols: {_PROTOCOLS}'
        )
