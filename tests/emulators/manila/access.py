"""Rules that say who may use a share."""

import ipaddress
import re

from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import listing
from tests.emulators.manila import models
from tests.emulators.manila import share_views

_LEVELS = ('rw', 'ro', None)
_KEYS = {
    name: name for name in ('access_type', 'access_to', 'access_level', 'metadata')
}
_BAD_USER = (
    'Invalid user or group name. Must be 4-255 characters and consist of alphanumeric '
    'characters and exclude special characters "/\\[]:;|=,+*?<>'
)
_USER = re.compile(r'.[^"/\\\[\]:;|=,+*?<>]{3,254}$')
#: Statuses of a share in which its rules cannot be changed.
_BUSY = (
    'creating',
    'deleting',
    'manage_starting',
    'unmanage_starting',
    'extending',
    'shrinking',
    'migrating',
    'migrating_to',
    'restoring',
    'reverting',
    'server_migrating',
    'server_migrating_to',
    'backup_restoring',
    'backup_creating',
    'ensuring',
    'reverting_to_snapshot',
)


def _show(call, rule, with_share=False):
    view = {
        'id': rule.id,
        'access_level': rule.access_level,
        'access_to': rule.access_to,
        'access_type': rule.access_type,
        'state': _find_state(call, rule),
    }
    if with_share:
        view['share_id'] = rule.share_id
    if call.minor >= 21:
        view['access_key'] = None
    if call.minor >= 33:
        view.update(created_at=rule.created_at, updated_at=rule.updated_at)
    if call.minor >= 45:
        view['metadata'] = rule.metadata
    return view


def _find_state(call, rule):
    if call.minor >= 28:
        return rule.status
    share = call.state.shares[rule.share_id]
    status = share_views.find_access_status(call.state, share)
    return 'new' if status == 'syncing' else status


def _show_list(call, rules):
    views = [_show(call, rule) for rule in rules]
    for rule in rules:
        rule.course.show()
    return {'access_list': views}


def list_by_action(call, share_id, _info):
    """All rules of a share."""
    share = call.state.find_share(call.identity, share_id)
    return _show_list(call, call.state.list_rules_of(share))


def list_rules(call):
    """All rules of a share that fit to the query."""
    share_id = call.query.get('share_id')
    if share_id is None:
        raise errors.bad("The field 'share_id' has to be specified.")
    try:
        share = call.state.find_share(call.identity, share_id)
    except errors.Refused:
        raise errors.bad(f'Share {share_id} not found.') from None
    rules = call.state.list_rules_of(share)
    return _show_list(
        call, [rule for rule in rules if listing.fits(rule, call.query, _KEYS)]
    )


def get(call, rule_id):
    """One rule."""
    rule = call.state.rules.get(rule_id)
    share = rule and call.state.shares.get(rule.share_id)
    if share is None or not call.identity.owns(share):
        raise errors.not_found(f'Share access rule {rule_id} not found.')
    view = _show(call, rule, with_share=True)
    rule.course.show()
    return {'access': view}


def allow(call, share_id, info):
    """Make a rule."""
    call.require_writer()
    share = call.state.find_share(call.identity, share_id)
    metadata = info.get('metadata') if call.minor >= 45 else None
    kind, target = info['access_type'], info['access_to']
    _check_target(call, kind, target)
    level = info.get('access_level')
    if level not in _LEVELS:
        raise errors.bad(f'Invalid access rule: Invalid share access level: {level}.')
    calls.check_metadata(metadata)
    for rule in call.state.list_rules_of(share):
        if (rule.access_type, rule.access_to) == (kind, target):
            raise errors.bad(f'Share access {kind}:{target} exists.')
    _check_free(
        call, share, 'New access rules cannot be applied while the share or any'
    )
    rule = models.Rule(share_id, kind, target, level or 'rw', dict(metadata or {}))
    call.state.add(call.state.rules, rule)
    call.manager.allow(rule, share)
    return {'access': _show(call, rule, with_share=True)}


def deny(call, share_id, info):
    """Take a rule back."""
    call.require_writer()
    share = call.state.find_share(call.identity, share_id)
    rule = call.state.rules.get(info['access_id'])
    if rule is None or rule.share_id != share_id:
        raise errors.not_found('Resource could not be found.')
    _check_free(call, share, 'Access rules cannot be denied while the share, any')
    call.manager.deny(rule)
    return calls.ACCEPTED


def _check_free(call, share, begin):
    busy = share.status in _BUSY or share.availability_zone is None
    if busy or share.status == 'error' and call.minor < 74:
        raise errors.bad(
            f'{begin} of its replicas or migration copies lacks a valid host or is in '
            'an invalid state.'
        )


def _check_target(call, kind, target):
    if kind == 'ip':
        _check_address(call, target)
    elif kind == 'user':
        if not _USER.match(target):
            raise errors.bad(_BAD_USER)
    elif kind == 'cert':
        if not 0 < len(target.strip()) < 65:
            raise errors.bad('Invalid CN (common name). Must be 1-64 chars long.')
    elif kind != 'cephx' or call.minor < 13:
        kinds = "'ip', 'user', 'cert' or 'cephx'"
        if call.minor < 13:
            kinds = "'ip', 'user' or 'cert'"
        raise errors.bad(f'Only {kinds} access types are supported.')


def _check_address(call, target):
    read = ipaddress.ip_network if call.minor >= 38 else ipaddress.IPv4Network
    try:
        read(target)
    except ValueError as error:
        raise errors.bad(str(error)) from None
