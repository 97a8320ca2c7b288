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
            copies = _Copies(manila, step, removing)
            asking.wait_for(copies.push, removal.is_gone)
        # Else Manila was never asked for one, or has refused.
        step.record.set_status(states.DELETED)


class _Copies:
    """What a checkpoint has of a share in Manila: one snapshot, as a rule.

    :ivar _left: ids of those that are not gone yet
    """

    def __init__(self, manila, step, removing):
        self._manila = manila
        self._step = step
        self._removing = removing
        self._left = {step.protected.get(_KEY)} - {None}
        self._must_look = True

    def push(self):
        """Have all deleted that there are; one that is left, or that none is."""
        if self._must_look:
            found = self._find()
            self._left |= found
            # One may be made late, after we looked: until none is found.
            is_uncertain = making.is_uncertain(self._step.protected, _KEY)
            self._must_look = bool(found) and is_uncertain
        seen = [self._removing.push(each) for each in sorted(self._left)]
        self._left = {each['id'] for each in seen if not removal.is_gone(each)}
        for each in seen:
            if each['id'] in self._left:
                return each
        status = statuses.BUSY if self._must_look else statuses.NOT_FOUND
        return {'id': f'What {self._step.checkpoint_id} has made', 'status': status}

    def _find(self):
        """What an answer that was lost may have left, too."""
        share_id = self._step.protected.get('share_id', self._step.resource.id)
        checkpoint_id = self._step.checkpoint_id
        found = marks.find_snapshots(self._manila, share_id, checkpoint_id)
        return {each['id'] for each in found}
