"""Shares: read, changed and removed."""

from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import listing
from tests.emulators.manila import models
from tests.emulators.manila import share_views

_KEYS = {
    'name': 'name',
    'description': 'description',
    'status': 'status',
    'snapshot_id': 'snapshot_id',
    'share_network_id': 'share_network_id',
    'share_type_id': 'share_type_id',
    'metadata': 'metadata',
}
_LIKE = {'name~': 'name', 'description~': 'description'}
_SORT = {
    name: name
    for name in (
        'id',
        'status',
        'size',
        'share_proto',
        'availability_zone',
        'user_id',
        'project_id',
        'created_at',
        'updated_at',
        'name',
        'share_type_id',
        'share_network_id',
        'snapshot_id',
    )
} | {'display_name': 'name'}
_REMOVABLE = ('available', 'error', 'inactive')


def _find(call, share_id):
    """As State.find_share, in the words of who catches it.

    :raises Refused: 404
    """
    try:
        return call.state.find_share(call.identity, share_id)
    except errors.Refused:
        raise errors.not_found() from None


def get(call, share_id):
    """One share."""
    share = _find(call, share_id)
    view = share_views.detail(call, share)
    call.state.show_share(share)
    return {'share': view}


def list_summaries(call):
    """Names only."""
    return _list(call, share_views.summarize)


def list_details(call):
    """In full."""
    return _list(call, share_views.detail)


def _list(call, view):
    query = call.query
    limit, offset = listing.read_page(query)
    keys = _KEYS | (_LIKE if call.minor >= 36 else {})
    counted = call.minor >= 42 and 'with_count' in query
    counted = counted and listing.parse_bool(query['with_count'], 'with_count')
    with_public = query.get('is_public', '').lower() in ('true', '1')
    see = listing.sees(call.identity, query)
    found = [
        share
        for share in call.state.shares.values()
        if (see(share) or with_public and share.is_public)
        and (call.identity.is_admin or share.status not in models.DEFERRED)
        and listing.fits(share, query, keys)
    ]
    found = listing.sort(found, query, _SORT)
    total = len(found) if counted else None
    if limit is not None:
        # An offset without a limit is left out of account.
        found = found[offset or 0 :][:limit]
    views = [view(call, share) for share in found]
    for share in found:
        call.state.show_share(share)
    return listing.show(call, 'shares', views, total)


def update(call, share_id):
    """Change the name, the description, or who sees it."""
    call.require_writer()
    if calls.MISSING is call.body or 'share' not in call.body:
        raise errors.Refused(422)
    values = call.body['share']
    share = _find(call, share_id)
    for name in ('name', 'description'):
        if f'display_{name}' in values:
            calls.check_length(values[f'display_{name}'], f'display_{name}')
            setattr(share, name, values[f'display_{name}'])
    if 'is_public' in values:
        check_public(call, values['is_public'])
        share.is_public = values['is_public']
    share.updated_at = models.now()
    return {'share': share_views.detail(call, share)}


def check_public(call, is_public):
    """Refuse a public share of who is no administrator.

    :raises Refused: 403
    """
    if is_public and not call.identity.is_admin:
        raise errors.forbidden(
            "User is not authorized to set 'is_public' to True in the request."
        )


def delete(call, share_id):
    """Remove a share that is at rest."""
    call.require_writer()
    share = _find(call, share_id)
    if share.status not in _REMOVABLE:
        raise errors.forbidden(
            f'Invalid share: Share status must be one of {_REMOVABLE}.'
        )
    _check_unused(call, share, errors.forbidden)
    call.manager.delete_share(share)
    return calls.ACCEPTED


def force_delete(call, share_id, _info):
    """Remove a share, whatever its status is."""
    call.require_admin()
    share = _find(call, share_id)
    _check_unused(call, share, errors.bad)
    call.manager.delete_share(share, force=True)
    return calls.ACCEPTED


def _check_unused(call, share, refuse):
    count = len(call.state.list_snapshots_of(share))
    if count:
        raise refuse(f'Invalid share: Share still has {count} dependent snapshots.')


def list_locations(call, share_id):
    """Where a share is."""
    share = _find_located(call, share_id)
    there = [share_views.show_location(share, call)] if share.path else []
    return {'export_locations': there}


def get_location(call, share_id, location_id):
    """One place where a share is."""
    share = _find_located(call, share_id)
    if location_id != share.location_id or not share.path:
        raise errors.not_found(f"Export location '{location_id}' not found.")
    return {'export_location': share_views.show_location(share, call, in_full=True)}


def _find_located(call, share_id):
    try:
        return call.state.find_share(call.identity, share_id)
    except errors.Refused:
        raise errors.not_found(f"Share '{share_id}' not found.") from None
