"""Verifying a share's copy: the snapshot is there and available."""

from mogan_like.clients import manila_statuses as statuses
from mogan_like.common import exception
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins.manila_share_snapshot import polling
from mogan_like.protection.plugins.manila_share_snapshot import protect
from mogan_like.protection.plugins.manila_share_snapshot import removal


class Verify(base.Operation):
    """Look at the snapshot; one that Manila is at is waited for."""

    def __init__(self, connections, options):
        self._connections = connections
        self._options = options

    def on_main(self, step):
        """Say in which status the snapshot is, and fail when that is no good."""
        snapshot_id = step.protected.get('snapshot_id')
        if snapshot_id is None:
            raise exception.ProtectionFailed(reason='No snapshot was made.')
        asking = polling.Polling(self._options, step)
        manila = asking.ask(self._connections.connect, step.ctx)
        snapshot = asking.wait_for(
            lambda: removal.look(manila.get_snapshot, snapshot_id),
            polling.telling(step.record, _is_settled),
        )
        protect.is_snapshot_available(snapshot)


def _is_settled(snapshot):
    return statuses.get_meaning(snapshot['status']) != statuses.BUSY
