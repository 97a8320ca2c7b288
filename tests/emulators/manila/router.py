"""Which function answers which request, from which microversion on."""

import dataclasses
import re

from tests.emulators.manila import access
from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import networks
from tests.emulators.manila import quota_sets
from tests.emulators.manila import share_actions
from tests.emulators.manila import share_create
from tests.emulators.manila import shares
from tests.emulators.manila import snapshots
from tests.emulators.manila import types


@dataclasses.dataclass(frozen=True)
class Route:
    """A call: its name for switches, and who answers it.

    :ivar since: the first microversion that has it
    :ivar until: the last one
    """

    name: str
    answer: object
    since: int = 0
    until: int = calls.NEWEST_MINOR


#: (method, path): route; a word in braces is any part of a path
_ROUTES = {
    ('GET', 'shares'): Route('shares.list', shares.list_summaries),
    ('GET', 'shares/detail'): Route('shares.list', shares.list_details),
    ('POST', 'shares'): Route('shares.create', share_create.create),
    ('GET', 'shares/{}'): Route('shares.get', shares.get),
    ('PUT', 'shares/{}'): Route('shares.update', shares.update),
    ('DELETE', 'shares/{}'): Route('shares.delete', shares.delete),
    ('GET', 'shares/{}/export_locations'): Route(
        'locations.list', shares.list_locations, 9
    ),
    ('GET', 'shares/{}/export_locations/{}'): Route(
        'locations.get', shares.get_location, 9
    ),
    ('GET', 'snapshots'): Route('snapshots.list', snapshots.list_summaries),
    ('GET', 'snapshots/detail'): Route('snapshots.list', snapshots.list_details),
    ('POST', 'snapshots'): Route('snapshots.create', snapshots.create),
    ('GET', 'snapshots/{}'): Route('snapshots.get', snapshots.get),
    ('PUT', 'snapshots/{}'): Route('snapshots.update', snapshots.update),
    ('DELETE', 'snapshots/{}'): Route('snapshots.delete', snapshots.delete),
    ('GET', 'share-access-rules'): Route('rules.list', access.list_rules, 45),
    ('GET', 'share-access-rules/{}'): Route('rules.get', access.get, 45),
    ('GET', 'types'): Route('types.list', types.list_types),
    ('GET', 'types/default'): Route('types.get', types.get_default),
    ('POST', 'types'): Route('types.create', types.create),
    ('GET', 'types/{}'): Route('types.get', types.get),
    ('DELETE', 'types/{}'): Route('types.delete', types.delete),
    ('GET', 'types/{}/extra_specs'): Route('types.get', types.list_specs),
    ('POST', 'types/{}/extra_specs'): Route('types.update', types.set_specs),
    ('DELETE', 'types/{}/extra_specs/{}'): Route('types.update', types.unset_spec),
    ('GET', 'share-networks'): Route('networks.list', networks.list_summaries),
    ('GET', 'share-networks/detail'): Route('networks.list', networks.list_details),
    ('POST', 'share-networks'): Route('networks.create', networks.create),
    ('GET', 'share-networks/{}'): Route('networks.get', networks.get),
    ('DELETE', 'share-networks/{}'): Route('networks.delete', networks.delete),
    ('GET', 'quota-sets/{}'): Route('quotas.get', quota_sets.get, 7),
    ('GET', 'quota-sets/{}/detail'): Route('quotas.get', quota_sets.get_detail, 25),
    ('GET', 'quota-sets/{}/defaults'): Route('quotas.get', quota_sets.get_defaults, 7),
    ('PUT', 'quota-sets/{}'): Route('quotas.update', quota_sets.update, 7),
    ('DELETE', 'quota-sets/{}'): Route('quotas.delete', quota_sets.delete, 7),
    ('GET', 'os-quota-sets/{}'): Route('quotas.get', quota_sets.get, 0, 6),
    ('PUT', 'os-quota-sets/{}'): Route('quotas.update', quota_sets.update, 0, 6),
    ('DELETE', 'os-quota-sets/{}'): Route('quotas.delete', quota_sets.delete, 0, 6),
    ('GET', 'os-quota-sets/{}/defaults'): Route(
        'quotas.get', quota_sets.get_defaults, 0, 6
    ),
    ('GET', 'limits'): Route('limits.get', quota_sets.get_limits),
}

#: collection: the actions of its resources
_ACTIONS = {
    'shares': {
        'revert': Route('shares.revert', share_actions.revert, 27),
        'allow_access': Route('shares.allow', access.allow, 7),
        'deny_access': Route('shares.deny', access.deny, 7),
        'access_list': Route('rules.list', access.list_by_action, 7, 44),
        'reset_status': Route('shares.reset_status', share_actions.reset_status, 7),
        'force_delete': Route('shares.force_delete', shares.force_delete, 7),
    },
    'snapshots': {
        'reset_status': Route('snapshots.reset_status', snapshots.reset_status, 7),
        'force_delete': Route('snapshots.force_delete', snapshots.force_delete, 7),
    },
}
_ACTION = re.compile(r'(shares|snapshots)/([^/]+)/action')


def _compile(path):
    return re.compile(re.escape(path).replace(r'\{\}', '([^/]+)'))


_COMPILED = [
    (method, _compile(path), route) for (method, path), route in _ROUTES.items()
]


def list_names():
    """The names of all calls, as switches and records have them; a set."""
    actions = [route for each in _ACTIONS.values() for route in each.values()]
    return {route.name for route in (*_ROUTES.values(), *actions)}


def knows(method, path):
    """True for what is a path of Manila.

    :param path: behind ``/v2/`` and the project
    """
    if method == 'POST' and _ACTION.fullmatch(path):
        return True
    return any(
        candidate == method and pattern.fullmatch(path)
        for candidate, pattern, _ in _COMPILED
    )


def find(method, path, body):
    """(route, arguments) of a request with a path that is known.

    :raises Refused: 400 for an action that there is not
    """
    for candidate, pattern, route in _COMPILED:
        match = pattern.fullmatch(path)
        if match and candidate == method:
            return route, match.groups()
    return _find_action(*_ACTION.fullmatch(path).groups(), body)


def _find_action(collection, resource_id, body):
    if not isinstance(body, dict) or len(body) != 1:
        raise errors.bad('Malformed request body')
    ((name, info),) = body.items()
    actions = _ACTIONS[collection]
    route = actions.get(name)
    # Until 2.6 all that begin at 2.7 had another name.
    old = actions.get(name.removeprefix('os-')) if name.startswith('os-') else None
    if old is not None and old.since == 7:
        route = dataclasses.replace(old, since=0, until=6)
    if route is None:
        raise errors.bad(f'There is no such action: {name}')
    return route, (resource_id, info)


def check(route, minor):
    """Refuse a call that a microversion does not have.

    :raises Refused: 404
    """
    if not route.since <= minor <= route.until:
        raise errors.not_found()
