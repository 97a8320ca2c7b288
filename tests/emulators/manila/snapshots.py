"""Snapshots: made, read, changed and removed."""

from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import listing
from tests.emulators.manila import models

_KEYS = {
    'name': 'name',
    'description': 'description',
    'status': 'status',
    'share_id': 'share_id',
    'size': 'size',
}
_LIKE = {'name~': 'name', 'description~': 'description'}
_SORT = {
    name: name
    for name in ('id', 'status', 'size', 'share_id', 'project_id', 'name', 'created_at')
} | {'display_name': 'name'}
_REMOVABLE = ('available', 'error')
#: Those that can be set; Manila tells them in no order.
STATUSES = (
    'available',
    'error',
    'error_deleting',
    'deleting',
    'creating',
    'manage_starting',
    'unmanage_starting',
    'unmanage_error',
    'manage_error',
    'migrating',
    'migrating_to',
    'restoring',
)


def _summarize(call, snapshot):
    links = call.make_links('snapshots', snapshot.id)
    return {'id': snapshot.id, 'name': snapshot.name, 'links': links}


def _detail(call, snapshot):
    view = {
        'id': snapshot.id,
        'share_id': snapshot.share_id,
        'share_size': snapshot.size,
        'created_at': snapshot.created_at,
        'status': snapshot.status,
        'name': snapshot.name,
        'description': snapshot.description,
        'size': snapshot.size,
        'share_proto': snapshot.share_proto,
        'links': call.make_links('snapshots', snapshot.id),
    }
    if call.minor >= 12 and call.identity.is_admin:
        view['provider_location'] = snapshot.path
    if call.minor >= 17:
        view.update(user_id=snapshot.user_id, project_id=snapshot.project_id)
    if call.minor >= 73:
        view['metadata'] = snapshot.metadata
    return view


def _find(call, snapshot_id):
    try:
        return call.state.find_snapshot(call.identity, snapshot_id)
    except errors.Refused:
        raise errors.not_found() from None


def get(call, snapshot_id):
    """One snapshot."""
    snapshot = _find(call, snapshot_id)
    view = _detail(call, snapshot)
    call.state.show_snapshot(snapshot)
    return {'snapshot': view}


def list_summaries(call):
    """Names only."""
    return _list(call, _summarize)


def list_details(call):
    """In full."""
    return _list(call, _detail)


def _list(call, view):
    query = call.query
    limit, offset = listing.read_page(query, 'offset must be an integer')
    keys = dict(_KEYS)
    if call.minor >= 36:
        keys |= _LIKE
    if call.minor >= 73:
        keys['metadata'] = 'metadata'
    counted = 'with_count' in query
    counted = counted and listing.parse_bool(query['with_count'], 'with_count')
    see = listing.sees(call.identity, query)
    found = [
        each
        for each in call.state.snapshots.values()
        if see(each)
        and (call.identity.is_admin or each.status not in models.DEFERRED)
        and listing.fits(each, query, keys)
    ]
    found = listing.sort(found, query, _SORT)
    total = len(found) if counted else None
    found = found[offset or 0 :]
    if limit is not None:
        found = found[:limit]
    views = [view(call, each) for each in found]
    for each in found:
        call.state.show_snapshot(each)
    return listing.show(call, 'snapshots', views, total, 'share_snapshots_links')


def create(call):
    """Make a snapshot; force is not looked at, as in Manila."""
    values = call.read_entity('snapshot')
    if 'share_id' not in values:
        raise errors.Refused(500)
    share = call.state.find_share(call.identity, values['share_id'])
    if not share.flags['snapshot_support']:
        raise errors.Refused(
            422,
            f"Snapshots cannot be created for share '{share.id}' since it does not "
            'have that capability.',
        )
    for name in ('name', 'description'):
        calls.check_length(values.get(name), name)
    call.require_writer("Policy doesn't allow share:create_snapshot to be performed.")
    metadata = values.get('metadata') if call.minor >= 73 else None
    calls.check_metadata(metadata)
    if share.status != 'available':
        raise errors.bad('Invalid share: Source share status must be available.')
    call.state.quotas.check_snapshot(call.identity, share)
    snapshot = models.Snapshot(
        project_id=call.identity.project_id,
        user_id=call.identity.user_id,
        share_id=share.id,
        size=share.size,
        share_proto=share.share_proto,
        name=values.get('name'),
        description=values.get('description'),
        metadata=dict(metadata or {}),
    )
    call.state.add(call.state.snapshots, snapshot)
    call.manager.create_snapshot(snapshot, share)
    return calls.Answer(202, {'snapshot': _detail(call, snapshot)})


def update(call, snapshot_id):
    """Change the name or the description."""
    call.require_writer("Policy doesn't allow share:snapshot_update to be performed.")
    if call.body is calls.MISSING or 'snapshot' not in call.body:
        raise errors.Refused(422)
    values = call.body['snapshot']
    snapshot = _find(call, snapshot_id)
    for name in ('name', 'description'):
        if f'display_{name}' in values:
            calls.check_length(values[f'display_{name}'], f'display_{name}')
            setattr(snapshot, name, values[f'display_{name}'])
    return {'snapshot': _detail(call, snapshot)}


def delete(call, snapshot_id):
    """Remove a snapshot that is at rest."""
    call.require_writer("Policy doesn't allow share:delete_snapshot to be performed.")
    snapshot = _find(call, snapshot_id)
    if snapshot.status not in _REMOVABLE:
        raise errors.bad(
            'Invalid share snapshot: Share Snapshot status must be one of '
            f'{_REMOVABLE}.'
        )
    call.manager.delete_snapshot(snapshot)
    return calls.ACCEPTED


def force_delete(call, snapshot_id, _info):
    """Remove a snapshot, whatever its status is."""
    call.require_admin()
    call.manager.delete_snapshot(_find(call, snapshot_id), force=True)
    return calls.ACCEPTED


def reset_status(call, snapshot_id, info):
    """Set the status, of the row only."""
    call.require_admin()
    status = (info or {}).get('status')
    if status not in STATUSES:
        raise errors.bad(f'Invalid state. Valid states: {", ".join(STATUSES)}.')
    call.state.set_status('snapshot', _find(call, snapshot_id).id, status)
    return calls.ACCEPTED
