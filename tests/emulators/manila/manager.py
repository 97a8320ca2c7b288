"""What happens after the API has answered: the part of Manila's share manager.

Each operation sets out on the statuses of the real one, and ends as the switches say.
"""

import functools

from tests.emulators.manila import models

#: access type that shares of a protocol can be used with
_ACCESS_TYPES = {'NFS': 'ip', 'CIFS': 'user'}


class Manager:
    """Carries out what was asked for."""

    def __init__(self, state):
        self._state = state

    def create_share(self, share, snapshot=None):
        """Make a share, with the bytes of a snapshot if one is given."""
        statuses = ['creating', 'creating_from_snapshot'] if snapshot else ['creating']
        self._run('share.create', share, statuses, self._end_create_share, snapshot)

    def delete_share(self, share, force=False):
        """Remove a share."""
        self._delete('share', share, force, self._state.remove_share)

    def revert(self, share, snapshot):
        """Give a share the bytes of its snapshot."""
        snapshot.status = 'restoring'
        self._run('share.revert', share, ['reverting'], self._end_revert, snapshot)

    def create_snapshot(self, snapshot, share):
        """Keep the bytes that a share has now."""
        files = self._state.files
        snapshot.path = files.take_snapshot(share.path, snapshot.id)
        self._run('snapshot.create', snapshot, ['creating'], self._end_create_snapshot)

    def delete_snapshot(self, snapshot, force=False):
        """Remove a snapshot."""
        self._delete('snapshot', snapshot, force, self._state.remove_snapshot)

    def allow(self, rule, share):
        """Apply a rule."""
        statuses = ['queued_to_apply', 'applying']
        if rule.access_type == _ACCESS_TYPES.get(share.share_proto):
            self._run('rule.allow', rule, statuses, self._end_allow)
        else:
            self._go('rule', rule, statuses, self._end_allow, rule, 'error')

    def deny(self, rule):
        """Take a rule back."""
        self._run('rule.deny', rule, ['queued_to_deny', 'denying'], self._end_deny)

    def _run(self, operation, resource, statuses, end, *args):
        outcome = self._state.switches.take_outcome(operation)
        noun = operation.partition('.')[0]
        self._go(noun, resource, statuses, end, resource, outcome, *args)
        if outcome == 'stuck':
            resource.course.stop()

    def _go(self, noun, resource, statuses, end, *args):
        """Go through statuses, then call end(*args)."""
        resource.status = statuses[0]
        follow = [functools.partial(self._set, resource, each) for each in statuses[1:]]
        follow.append(functools.partial(end, *args))
        find_stay = self._state.switches.find_stay
        resource.course.go(
            *(
                (functools.partial(find_stay, f'{noun}.{status}'), then)
                for status, then in zip(statuses, follow, strict=True)
            )
        )

    @staticmethod
    def _set(resource, status):
        resource.status = status

    def _end_create_share(self, share, outcome, snapshot):
        if outcome == 'vanish':
            self._state.remove_share(share)
            return
        share.availability_zone = models.ZONE
        share.status = 'error'
        if outcome == 'error':
            return
        share.path = self._state.files.make_share(share.id)
        if snapshot is not None:
            try:
                self._state.files.bring_back(snapshot.path, share.path)
            except OSError:
                # The bytes of the snapshot are gone.
                return
        share.status, share.progress = 'available', '100%'

    def _end_create_snapshot(self, snapshot, outcome):
        if outcome == 'vanish':
            self._state.remove_snapshot(snapshot)
        elif outcome == 'error':
            self._state.files.remove(snapshot.path)
            snapshot.status = 'error'
        else:
            snapshot.status = 'available'

    def _end_revert(self, share, outcome, snapshot):
        snapshot.status = 'available'
        if outcome == 'vanish':
            self._state.remove_share(share)
            return
        share.status = 'reverting_error'
        if outcome != 'error':
            self._state.files.bring_back(snapshot.path, share.path)
            share.status = 'available'

    def _end_allow(self, rule, outcome):
        if outcome == 'vanish':
            self._state.rules.pop(rule.id, None)
        rule.status = 'error' if outcome == 'error' else 'active'
        self._end_rule(rule)

    def _end_deny(self, rule, outcome):
        if outcome == 'error':
            rule.status = 'error'
        else:
            self._state.rules.pop(rule.id, None)
        self._end_rule(rule)

    def _end_rule(self, rule):
        rule.updated_at = models.now()
        share = self._state.shares.get(rule.share_id)
        if share is not None:
            statuses = {each.status for each in self._state.list_rules_of(share)}
            share.rules_failed = 'error' in statuses

    def _delete(self, noun, resource, force, remove):
        status = 'deleting'
        if self._state.switches.deferred_deletion and not force:
            status = 'deferred_deleting'

        def end(_resource, outcome):
            if outcome == 'error':
                resource.status = f'error_{status}'
            else:
                remove(resource)

        self._run(f'{noun}.delete', resource, [status], end)
