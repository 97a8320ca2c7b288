"""Shares and where they are, as each microversion shows them."""

from tests.emulators.manila import models

_NEWER = (
    (2, 'snapshot_support'),
    (5, 'task_state'),
    (10, 'access_rules_status'),
    (11, 'replication_type'),
    (11, 'has_replicas'),
    (16, 'user_id'),
    (24, 'create_share_from_snapshot_support'),
    (27, 'revert_to_snapshot_support'),
    (31, 'share_group_id'),
    (31, 'source_share_group_snapshot_member_id'),
    (32, 'mount_snapshot_support'),
    (54, 'progress'),
    (69, 'is_soft_deleted'),
    (69, 'scheduled_to_be_deleted_at'),
    (80, 'source_backup_id'),
    (90, 'encryption_key_ref'),
    (99, 'snapshot_inherit_share_access_support'),
)
#: What no share of the emulator has.
_NEVER = {'has_replicas': False, 'is_soft_deleted': False}


def find_access_status(state, share):
    """The status of its rules, all together."""
    if share.rules_failed:
        return 'error'
    statuses = {rule.status for rule in state.list_rules_of(share)}
    return 'syncing' if statuses - {'active', 'error'} else 'active'


def summarize(call, share):
    """What lists show without details."""
    links = call.make_links('shares', share.id)
    return {'id': share.id, 'name': share.name, 'links': links}


def detail(call, share):
    """All of a share."""
    view = {
        'id': share.id,
        'size': share.size,
        'availability_zone': share.availability_zone,
        'created_at': share.created_at,
        'status': _find_status(call, share),
        'name': share.name,
        'description': share.description,
        'project_id': share.project_id,
        'snapshot_id': share.snapshot_id,
        'share_network_id': share.share_network_id,
        'share_proto': share.share_proto,
        'metadata': share.metadata,
        'share_type': share.type.name,
        'volume_type': share.type.name,
        'links': call.make_links('shares', share.id),
        'is_public': share.is_public,
    }
    if call.minor < 9:
        view['export_location'] = share.path
        view['export_locations'] = [share.path] if share.path else []
    if call.minor >= 6:
        view.update(share_type=share.type.id, share_type_name=share.type.name)
    for since, name in _NEWER:
        if call.minor >= since:
            view[name] = _find_value(call, share, name)
    if call.identity.is_admin:
        host = models.HOST if share.availability_zone else None
        view.update(share_server_id=None, host=host)
    return view


def show_location(share, call, in_full=False):
    """Where a share is: its directory."""
    view = {'id': share.location_id, 'path': share.path}
    if call.minor >= 14:
        view['preferred'] = True
    if call.minor >= 87:
        view['metadata'] = {}
    if call.identity.is_admin:
        view.update(share_instance_id=share.instance_id, is_admin_only=False)
    if in_full:
        view.update(created_at=share.created_at, updated_at=share.created_at)
    return view


def _find_status(call, share):
    # It was shown as the other one before there was progress to show.
    if call.minor < 54 and share.status == 'creating_from_snapshot':
        return 'creating'
    return share.status


def _find_value(call, share, name):
    if name == 'access_rules_status':
        status = find_access_status(call.state, share)
        old = status == 'syncing' and call.minor < 28
        return 'out_of_sync' if old else status
    if name in share.flags:
        return share.flags[name]
    return getattr(share, name, _NEVER.get(name))
