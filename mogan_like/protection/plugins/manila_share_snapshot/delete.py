"""Deleting a share's copy: the snapshot goes."""

import functools

from mogan_like.clients import manila_statuses as statuses
from mogan_like.common import exception
from mogan_like.protection import states
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins.manila_share_snapshot import marks
from mogan_like.protection.plugins.manila_share_snapshot import polling
from mogan_like.protection.plugins.manila_share_snapshot import protect

# All others Manila deletes by force only.
_DELETABLE = ('available', 'error')
_PASSING = (statuses.GONE, statuses.LEAVING, statuses.BUSY)


class Delete(base.Operation):
    """Delete every snapshot of the checkpoint, from whatever state."""

    def __init__(self, connections, options):
        self._connections = connections
        self._options = options

    def on_main(self, step):
        """Delete, and wait until Manila has nothing left."""
        if step.protected.get('asked') or 'snapshot_id' in step.protected:
            asking = polling.Polling(self._options, step)
            manila = asking.ask(self._connections.connect, step.ctx)
            for snapshot_id in asking.ask(_find_ids, manila, step):
                self._delete(asking, manila, snapshot_id)
        # Else Manila was never asked for one.
        step.record.set_status(states.DELETED)

    def _delete(self, asking, manila, snapshot_id):
        look = functools.partial(self._push, asking, manila, snapshot_id)
        asking.wait_for(look, _is_gone)

    def _push(self, asking, manila, snapshot_id):
        """Look at the snapshot, and ask for its deletion where that helps."""
        snapshot = _look(manila, snapshot_id)
        try:
            if snapshot['status'] in _DELETABLE:
                manila.delete_snapshot(snapshot_id)
            elif asking.seconds >= self._options.force_delete_after:
                manila.force_delete_snapshot(snapshot_id)
        except exception.ShareServiceNotFound:
            return {**snapshot, 'status': statuses.NOT_FOUND}
        except exception.ShareServiceRefused:
            # Perhaps somebody else was faster.
            snapshot = _look(manila, snapshot_id)
            if statuses.get_meaning(snapshot['status']) not in _PASSING:
                raise
        return snapshot


def _look(manila, snapshot_id):
    try:
        return protect.get_snapshot(manila, snapshot_id)
    except exception.ShareServiceRefused as error:
        # Manila on PostgreSQL, while the last row of a snapshot goes.
        if error.kwargs['status'] != 400:
            raise
        return {'id': snapshot_id, 'status': None}


def _find_ids(manila, step):
    """What is recorded, and what an answer that was lost may have left."""
    found = {step.protected.get('snapshot_id')}
    share_id = step.protected.get('share_id', step.resource.id)
    marked = marks.find_snapshots(manila, share_id, step.checkpoint_id)
    found.update(each['id'] for each in marked)
    return sorted(found - {None})


def _is_gone(snapshot):
    return statuses.get_meaning(snapshot['status']) == statuses.GONE
