"""The calls about quotas, and the limits."""

from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import quotas

#: resource: the microversion that shows it first, where that is not the first one
_SINCE = {
    'share_groups': 40,
    'share_group_snapshots': 40,
    'share_replicas': 53,
    'replica_gigabytes': 53,
    'per_share_gigabytes': 62,
    'backups': 80,
    'backup_gigabytes': 80,
    'encryption_keys': 90,
}
_NOT_OF_TYPES = ('share_networks', 'share_groups', 'share_group_snapshots')
_NO_QUOTA = ('tenant_id', 'id', 'force', 'share_type')
#: resource: its name among the limits
_LIMITS = {
    'shares': 'Shares',
    'snapshots': 'ShareSnapshots',
    'gigabytes': 'ShareGigabytes',
    'snapshot_gigabytes': 'SnapshotGigabytes',
    'share_networks': 'ShareNetworks',
    'share_groups': 'ShareGroups',
    'share_group_snapshots': 'ShareGroupSnapshots',
    'share_replicas': 'ShareReplicas',
    'replica_gigabytes': 'ReplicaGigabytes',
    'backups': 'ShareBackups',
    'backup_gigabytes': 'BackupGigabytes',
}
#: As in _SINCE, but among the limits.
_LIMITS_SINCE = {**_SINCE, 'share_groups': 58, 'share_group_snapshots': 58}


def _read_scope(call, project_id):
    type_name = call.query.get('share_type')
    found = type_name and call.state.find_type(type_name)
    if type_name and found is None:
        raise errors.not_found(f"Share type with name or id '{type_name}' not found.")
    return quotas.Scope(
        project_id, call.query.get('user_id'), found.id if found else None
    )


def _show(call, scope, values, with_id=True):
    keys = [
        key
        for key in quotas.DEFAULTS
        if _SINCE.get(key, 0) <= call.minor
        and not (scope.type_id and key in _NOT_OF_TYPES)
    ]
    view = {key: values[key] for key in keys}
    if with_id:
        view['id'] = scope.project_id
    return {'quota_set': view}


def _authorize(call, project_id):
    if not call.identity.is_admin and project_id != call.identity.project_id:
        raise errors.forbidden()


def get(call, project_id):
    """The limits of a project, of a user or of a type in it."""
    _authorize(call, project_id)
    scope = _read_scope(call, project_id)
    return _show(call, scope, call.state.quotas.find(scope))


def get_detail(call, project_id):
    """The limits, and what is used of them."""
    _authorize(call, project_id)
    scope = _read_scope(call, project_id)
    limits, use = call.state.quotas.find(scope), call.state.quotas.use(scope)
    values = {
        key: {'limit': limits[key], 'in_use': use[key], 'reserved': 0} for key in limits
    }
    return _show(call, scope, values)


def get_defaults(call, project_id):
    """The limits where nobody has set one."""
    return _show(call, quotas.Scope(project_id), call.state.quotas.defaults)


def update(call, project_id):
    """Set limits."""
    call.require_admin()
    values = call.read_entity('quota_set', code=400)
    if not any(values.get(key) is not None for key in quotas.DEFAULTS):
        raise errors.bad('Must supply at least one quota field to update.')
    scope = _read_scope(call, project_id)
    bad = [key for key in values if key not in quotas.DEFAULTS and key not in _NO_QUOTA]
    if bad:
        raise errors.bad(f'Bad key(s) {",".join(bad)} in quota_set.')
    limits = {
        key: _read_limit(key, values[key]) for key in values if key in quotas.DEFAULTS
    }
    if not values.get('force'):
        _check_range(call, scope, limits)
    call.state.quotas.set(scope, limits)
    return _show(call, scope, call.state.quotas.find(scope), with_id=False)


def _read_limit(key, value):
    try:
        limit = int(value)
    except (TypeError, ValueError):
        raise errors.bad(f"Quota '{value}' for {key} should be integer.") from None
    if limit < -1:
        raise errors.bad('Quota limit must be -1 or greater.')
    return limit


def _check_range(call, scope, limits):
    """Not less than what is used, nor more than the project's."""
    use, before = call.state.quotas.use(scope), call.state.quotas.find(scope)
    project = quotas.Scope(scope.project_id)
    most = call.state.quotas.find(project) if scope != project else {}
    for key, limit in limits.items():
        if 0 <= limit < use[key] and before[key] >= 0:
            raise errors.bad(
                f'Quota value {limit} for {key} is smaller than already used and '
                f'reserved {use[key]}.'
            )
        maximum = most.get(key, -1)
        if limit < use[key] and (limit, maximum) != (-1, -1):
            raise errors.bad(f'Quota limit must be greater than {use[key]}.')
        if -1 < maximum < limit:
            raise errors.bad(f'Quota limit must be less than {maximum}.')


def delete(call, project_id):
    """Back to the defaults."""
    call.require_admin()
    call.state.quotas.forget(_read_scope(call, project_id))
    return calls.ACCEPTED


def get_limits(call):
    """The caller's limits, and what is used of them."""
    scope = quotas.Scope(call.identity.project_id)
    limits, use = call.state.quotas.find(scope), call.state.quotas.use(scope)
    absolute = {}
    for key, name in _LIMITS.items():
        if _LIMITS_SINCE.get(key, 0) <= call.minor:
            absolute[f'maxTotal{name}'] = limits[key]
            absolute[f'total{name}Used'] = use[key]
    return {'limits': {'rate': [], 'absolute': absolute}}
