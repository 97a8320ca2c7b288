"""Reverting a share in place to the snapshot of a checkpoint."""

from mogan_like.clients import manila_statuses as statuses
from mogan_like.common import exception
from mogan_like.protection.plugins.manila_share_snapshot import marks


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
    """Have Manila begin, once; the share is then to be waited for."""
    if step.record.data.get('reverting'):
        return
    share_id = step.parameters['share_id']
    if not step.record.data.get('asked'):
        asking.ask(check, manila, step)
    share = asking.wait_for(lambda: manila.get_share(share_id), _can_begin)
    if not _is_reverting(share):
        # Asked for twice, when the first answer was lost and the share is there
        # again already, it becomes what it is.
        step.record.save(restored_id=share_id, asked=True)
        asking.ask(_begin, asking, manila, step)
    step.record.save(restored_id=share_id, reverting=True)


def _begin(asking, manila, step):
    share_id = step.parameters['share_id']
    manila = manila.within(asking.hold())
    if not _is_reverting(manila.get_share(share_id)):
        manila.revert_share(share_id, step.protected['snapshot_id'])


def _can_begin(share):
    meaning = statuses.get_meaning(share['status'])
    if meaning not in (statuses.USABLE, statuses.BUSY):
        raise exception.ResourceInvalidStatus(
            resource_type='OS::Manila::Share',
            resource_id=share['id'],
            status=share['status'],
        )
    return meaning == statuses.USABLE or _is_reverting(share)


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
