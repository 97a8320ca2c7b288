"""What we make in Manila carries our mark, so that it is found again.

The mark is metadata, sent with the request that makes the thing. Names and
descriptions are the user's own and say nothing for sure: a user may use one
twice, and change it.
"""

#: Of a snapshot: the checkpoint that it is part of.
CHECKPOINT = 'mogan_like_checkpoint'
#: Of a share: the try to restore it; one checkpoint may be restored often.
RESTORE = 'mogan_like_restore'


def find_snapshots(manila, share_id, checkpoint_id):
    """The snapshots of a share that a checkpoint has made, a list."""
    mark = {CHECKPOINT: checkpoint_id}
    return [
        each
        for each in manila.list_snapshots(share_id, metadata=mark)
        if get_checkpoint_id(each) == checkpoint_id
    ]


def get_checkpoint_id(snapshot):
    """The checkpoint that made a snapshot, or None."""
    return snapshot.get('metadata', {}).get(CHECKPOINT)


def find_shares(manila, snapshot_id, attempt):
    """The shares that a try to restore a snapshot has made, a list."""
    return [
        share
        for share in manila.list_shares(snapshot_id=snapshot_id)
        if share['metadata'].get(RESTORE) == attempt
    ]
