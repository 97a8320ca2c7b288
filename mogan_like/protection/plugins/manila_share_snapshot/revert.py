"""Reverting a share in place to the snapshot of a checkpoint."""

from mogan_like.clients import manila_statuses as statuses
from mogan_like.common import exception
from mogan_like.protection.plugins.manila_share_snapshot import marks
from mogan_like.protection.plugins.manila_share_snapshot import polling
from mogan_like.protection.plugins.manila_share_snapshot import removal


def check(manila, step):
    """Whether Manila can revert the share that is named to the snapshot.

    Manila reverts a share to its newest snapshot only (API reference, "Revert
    share to snapshot"), and nothing is deleted to make one the newest.

    :raises InvalidParameter: another share than the snapshot's, or one whose
        type does not allow it
    :raises NewerCheckpoints: naming those that are newer, or of the same second
    """
    share_id = step.parameters['share_id']
    if share_id != step.protected['share_id']:
        _refuse(
            f'the snapshot is of share {step.protected["share_id"]}; another share '
            'cannot be reverted to it. Without share_id a new share is made.'
        )
    share = manila.get_share(share_id)
    if not share.get('revert_to_snapshot_support'):
        _refuse(
            f'the type of share {share_id} does not allow to revert it to a '
            'snapshot. Without share_id a new share is made.'
        )
    newer = _name_newer(manila, share_id, step)
    if newer:
        raise exception.NewerCheckpoints(
            share_id=share_id, checkpoint_id=step.checkpoint_id, newer=', '.join(newer)
        )


def revert(asking, manila, step):
    """Have Manila begin, once at most; the share is then to be waited for.

    A second request, for one that was or will be carried out, would take away what
    was written in between. So there is none while that is possible.

    :raises ShareServiceUnavailable: when nobody knows whether it has begun
    """
    if step.record.data.get('reverting'):
        return
    if step.record.data.get('asked') or not _begin(asking, manila, step):
        _watch(asking, manila, step)
    step.record.save(restored_id=step.parameters['share_id'], reverting=True)


def _begin(asking, manila, step):
    """Whether Manila has begun; False when nobody knows."""
    share_id = step.parameters['share_id']
    asking.ask(check, manila, step)
    # What it says before is nothing of this restore.
    asking.wait_for(lambda: manila.get_share(share_id), _can_begin)
    step.record.save(restored_id=share_id, asked=True)
    try:
        return _request(asking, manila, step)
    except exception.MoganLikeError:
        step.record.save(asked=False)
        raise


def _request(asking, manila, step):
    share_id, snapshot_id = step.parameters['share_id'], step.protected['snapshot_id']
    attempt = 0
    while True:
        try:
            manila.within(asking.hold()).revert_share(share_id, snapshot_id)
            return True
        except exception.ShareServiceUnavailable as error:
            if error.may_be_done:
                return False
            attempt += 1
            asking.bear(attempt, error)


def _watch(asking, manila, step):
    """Wait until it is seen that Manila has begun, but not for long."""
    share_id = step.parameters['share_id']
    reason = (
        'it does not answer, or its answer was lost. It may have done so, or do so '
        'later: look at the share, and restore again if that is still wanted.'
    )
    try:
        found = asking.watch(
            lambda: removal.look(manila.get_share, share_id),
            polling.telling(step.record, _has_begun),
        )
    except exception.MoganLikeError as error:
        raise _lost(share_id, reason) from error
    if found is None:
        raise _lost(share_id, reason)


def _lost(share_id, reason):
    return exception.ShareServiceUnavailable(
        verb=f'revert share {share_id}', reason=reason
    )


def _can_begin(share):
    meaning = statuses.get_meaning(share['status'])
    if meaning not in (statuses.USABLE, statuses.BUSY):
        raise exception.ResourceInvalidStatus(
            resource_type='OS::Manila::Share',
            resource_id=share['id'],
            status=share['status'],
        )
    return meaning == statuses.USABLE


def _has_begun(share):
    """Or it has ended badly, which who waits for the share will tell."""
    meaning = statuses.get_meaning(share['status'])
    return _is_reverting(share) or meaning not in (statuses.USABLE, statuses.BUSY)


def _is_reverting(share):
    return share['status'] in ('reverting', 'reverting_to_snapshot')


def _name_newer(manila, share_id, step):
    """Checkpoints, and snapshots that are none of ours, newest first.

    All that Manila has of the share count: also those of other providers, of
    checkpoints that failed, and of nobody here. Manila may keep whole seconds, so
    one of the same second counts as newer: either may be the newest for Manila.
    """
    own = manila.get_snapshot(step.protected['snapshot_id'])
    others = [each for each in manila.list_snapshots(share_id) if not _is(each, own)]
    others.sort(key=lambda each: each['created_at'], reverse=True)
    newer = [each for each in others if each['created_at'] >= own['created_at']]
    names = {_get_name(each, own): _get_time(each, own) for each in newer}
    # Of two at once, the one that was begun later may have the older snapshot.
    older = {marks.get_checkpoint_id(each) for each in others} - names.keys()
    missing = [each for each in step.siblings if each not in {*older, *names}]
    return [*missing, *(f'{name}{time}' for name, time in names.items())]


def _is(snapshot, other):
    return snapshot['id'] == other['id']


def _get_name(snapshot, own):
    checkpoint_id = marks.get_checkpoint_id(snapshot)
    if checkpoint_id in (None, marks.get_checkpoint_id(own)):
        return f'snapshot {snapshot["id"]}'
    return checkpoint_id


def _get_time(snapshot, own):
    is_tied = snapshot['created_at'] == own['created_at']
    return ' (of the same second)' if is_tied else ''


def _refuse(reason):
    raise exception.InvalidParameter(name='share_id', reason=reason)
