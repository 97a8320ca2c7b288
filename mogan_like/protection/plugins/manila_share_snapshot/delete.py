"""Deleting a share's copy: all snapshots of the checkpoint go."""

from mogan_like.clients import manila_statuses as statuses
from mogan_like.protection import states
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins.manila_share_snapshot import making
from mogan_like.protection.plugins.manila_share_snapshot import marks
from mogan_like.protection.plugins.manila_share_snapshot import polling
from mogan_like.protection.plugins.manila_share_snapshot import removal

_KEY = 'snapshot_id'


class Delete(base.Operation):
    """Delete every snapshot of the checkpoint, from whatever state."""

    def __init__(self, connections, options):
        self._connections = connections
        self._options = options

    def on_main(self, step):
        """Delete, and wait until Manila has nothing left."""
        if making.may_have_made(step.protected, _KEY):
            asking = polling.Polling(self._options, step)
            manila = asking.ask(self._connections.connect, step.ctx)
            removing = removal.of_snapshots(asking, self._options, manila)
            self._delete(asking, manila, removing, step)
        # Else Manila was never asked for one, or has refused.
        step.record.set_status(states.DELETED)

    def _delete(self, asking, manila, removing, step):
        known = {step.protected.get(_KEY)} - {None}
        is_uncertain = making.is_uncertain(step.protected, _KEY)

        def look():
            ids = known.union(_find_ids(manila, step))
            for snapshot_id in sorted(ids):
                removing.finish(snapshot_id)
            known.clear()
            # One may have been made late, after we looked: until none is found.
            is_left = bool(ids) and is_uncertain
            status = 'there' if is_left else statuses.NOT_FOUND
            return {'id': f'A snapshot of {step.checkpoint_id}', 'status': status}

        asking.wait_for(look, removal.is_gone)


def _find_ids(manila, step):
    """What an answer that was lost may have left, too."""
    share_id = step.protected.get('share_id', step.resource.id)
    found = marks.find_snapshots(manila, share_id, step.checkpoint_id)
    return {each['id'] for each in found}
