"""Quotas of projects, of their users and of share types."""

import dataclasses

from tests.emulators.manila import errors
from tests.emulators.manila import models

#: resource: its limit where nobody has set one; -1 is none
DEFAULTS = {
    'shares': -1,
    'gigabytes': -1,
    'snapshots': -1,
    'snapshot_gigabytes': -1,
    'share_networks': 10,
    'share_groups': 50,
    'share_group_snapshots': 50,
    'share_replicas': 100,
    'replica_gigabytes': 1000,
    'per_share_gigabytes': -1,
    'backups': 10,
    'backup_gigabytes': 1000,
    'encryption_keys': 100,
}
_EITHER = 'either per project/user or share type quota is exceeded.'


@dataclasses.dataclass(frozen=True)
class Scope:
    """Whose quota: a project's, a user's in it, or a type's in it."""

    project_id: str
    user_id: str | None = None
    type_id: str | None = None

    def has(self, resource):
        """True for what is counted for it."""
        return (
            resource.project_id == self.project_id
            and self.user_id in (None, resource.user_id)
            and resource.status not in models.DEFERRED
        )


class Quotas:
    """The limits that were set, and what they hold up.

    :ivar defaults: limits where nobody has set one; may be changed
    """

    def __init__(self, state):
        self._state = state
        self.defaults = dict(DEFAULTS)
        self._set = {}

    def find(self, scope):
        """{resource: limit} of a scope."""
        project = self._set.get(Scope(scope.project_id), {})
        return {**self.defaults, **project, **self._set.get(scope, {})}

    def set(self, scope, values):
        """Set limits of a scope."""
        self._set.setdefault(scope, {}).update(values)

    def forget(self, scope):
        """Back to the defaults."""
        self._set.pop(scope, None)

    def use(self, scope):
        """{resource: how much there is of it} of a scope."""
        state = self._state
        shares = [each for each in state.shares.values() if scope.has(each)]
        snapshots = [each for each in state.snapshots.values() if scope.has(each)]
        if scope.type_id:
            shares = [each for each in shares if each.type.id == scope.type_id]
            ids = {each.id for each in shares}
            snapshots = [each for each in snapshots if each.share_id in ids]
        networks = [
            each
            for each in state.networks.values()
            if each.project_id == scope.project_id
        ]
        return dict.fromkeys(DEFAULTS, 0) | {
            'shares': len(shares),
            'gigabytes': sum(each.size for each in shares),
            'snapshots': len(snapshots),
            'snapshot_gigabytes': sum(each.size for each in snapshots),
            'share_networks': len(networks),
        }

    def check_share(self, identity, share_type, size):
        """Refuse a share that is too much.

        :raises Refused: 413
        """
        most = self.find(Scope(identity.project_id))['per_share_gigabytes']
        if 0 <= most < size:
            raise errors.over_quota(
                f'ShareSizeExceedsLimit: Requested share size {size} is larger than '
                f'maximum allowed limit {most}.'
            )
        for scope in self._list_scopes(identity, share_type):
            if self._exceeds(scope, 'gigabytes', size) is not None:
                raise errors.over_quota(
                    'ShareSizeExceedsAvailableQuota: Requested share exceeds allowed '
                    'project/user or share type gigabytes quota.'
                )
            if (limit := self._exceeds(scope, 'shares', 1)) is not None:
                raise errors.over_quota(
                    f'ShareLimitExceeded: Maximum number of shares allowed ({limit}) '
                    f'{_EITHER}'
                )

    def check_snapshot(self, identity, share):
        """Refuse a snapshot that is too much.

        :raises Refused: 413
        """
        for scope in self._list_scopes(identity, share.type):
            if self._exceeds(scope, 'snapshot_gigabytes', share.size) is not None:
                raise errors.over_quota(
                    'SnapshotSizeExceedsAvailableQuota: Requested snapshot exceeds '
                    'allowed project/user or share type gigabytes quota.'
                )
            if (limit := self._exceeds(scope, 'snapshots', 1)) is not None:
                raise errors.over_quota(
                    'SnapshotLimitExceeded: Maximum number of snapshots allowed '
                    f'({limit}) {_EITHER}'
                )

    def check_network(self, identity):
        """Refuse a share network that is too much.

        :raises Refused: 413
        """
        limit = self._exceeds(Scope(identity.project_id), 'share_networks', 1)
        if limit is not None:
            raise errors.over_quota(
                'ShareNetworksLimitExceeded: Maximum number of share-networks allowed '
                f'({limit}) exceeded.'
            )

    @staticmethod
    def _list_scopes(identity, share_type):
        project = identity.project_id
        return (
            Scope(project),
            Scope(project, user_id=identity.user_id),
            Scope(project, type_id=share_type.id),
        )

    def _exceeds(self, scope, resource, more):
        """The limit that so much more is over; None when there is room."""
        limit = self.find(scope)[resource]
        over = 0 <= limit < self.use(scope)[resource] + more
        return limit if over else None
