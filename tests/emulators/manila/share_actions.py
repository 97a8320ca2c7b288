"""Shares: actions of administrators, and back to a snapshot."""

from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import share_views

#: In the order of Manila's message.
STATUSES = [
    'creating',
    'creating_from_snapshot',
    'deleting',
    'deferred_deleting',
    'deleted',
    'error',
    'error_deleting',
    'error_deferred_deleting',
    'available',
    'manage_starting',
    'manage_error',
    'unmanage_starting',
    'manage_error_unmanage_starting',
    'unmanage_error',
    'unmanaged',
    'extending',
    'extending_error',
    'shrinking',
    'shrinking_error',
    'migrating',
    'migrating_to',
    'shrinking_possible_data_loss_error',
    'replication_change',
    'restoring',
    'reverting',
    'reverting_error',
    'awaiting_transfer',
    'backup_creating',
    'backup_restoring',
    'backup_restoring_error',
    'ensuring',
    'server_migrating',
    'server_migrating_to',
    'reverting_to_snapshot',
]
#: Those that can be set; Manila tells them in no order.
_SETTABLE = (
    'creating',
    'available',
    'deleting',
    'error',
    'error_deleting',
    'migrating',
    'migrating_to',
    'server_migrating',
)


def _refuse_field(name, value, reason):
    return errors.bad(
        f'Invalid input for field/attribute {name}. Value: {value}. {reason}'
    )


def reset_status(call, share_id, info):
    """Set the status, of the row only."""
    call.require_admin()
    status = (info or {}).get('status')
    if status not in STATUSES:
        raise _refuse_field('status', status, f'{status!r} is not one of {STATUSES}')
    try:
        share = call.state.find_share(call.identity, share_id)
    except errors.Refused:
        raise errors.not_found() from None
    if status not in _SETTABLE:
        raise errors.bad(f'Invalid state. Valid states: {", ".join(_SETTABLE)}.')
    call.state.set_status('share', share.id, status)
    return calls.ACCEPTED


def revert(call, share_id, info):
    """Back to the newest snapshot."""
    _check_revert(info)
    call.require_writer()
    snapshot_id = info['snapshot_id']
    share = call.state.find_share(call.identity, share_id)
    try:
        snapshot = call.state.find_snapshot(call.identity, snapshot_id)
    except errors.Refused:
        raise errors.bad(f'Snapshot {snapshot_id} could not be found.') from None
    _check_match(share, snapshot)
    _check_rest(share, snapshot)
    newest = call.state.list_snapshots_of(share)[-1]
    if newest.id != snapshot_id:
        raise errors.Refused(
            409,
            f'Snapshot {snapshot_id} may not be restored because it is not the most '
            f'recent snapshot of share {share_id}. Currently the latest snapshot is '
            f'{newest.id}.',
        )
    if share_views.find_access_status(call.state, share) != 'active':
        raise errors.Refused(
            409,
            f'Snapshot {snapshot_id} belongs to a share {share_id} which has access '
            'rules that are not active.',
        )
    call.manager.revert(share, snapshot)
    return calls.ACCEPTED


def _check_revert(info):
    if not isinstance(info, dict) or 'snapshot_id' not in info:
        raise _refuse_field('revert', info, "'snapshot_id' is a required property")
    value = info['snapshot_id']
    if not isinstance(value, str):
        raise _refuse_field('snapshot_id', value, f"{value!r} is not of type 'string'")


def _check_match(share, snapshot):
    if not share.flags['revert_to_snapshot_support']:
        raise errors.bad(
            f'Share {share.id} may not be reverted to snapshot {snapshot.id}, because '
            'the share does not have that capability.'
        )
    if snapshot.share_id != share.id:
        raise errors.bad(
            f'Snapshot {snapshot.id} is not associated with share {share.id}.'
        )


def _check_rest(share, snapshot):
    for noun, resource, end in (
        ('Share', share, 'reverted to a snapshot'),
        ('Snapshot', snapshot, 'restored'),
    ):
        if resource.status != 'available':
            raise errors.Refused(
                409,
                f"{noun} {resource.id} is in '{resource.status}' state, but it must be "
                f"in 'available' state to be {end}.",
            )
