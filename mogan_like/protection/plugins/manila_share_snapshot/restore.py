"""Restoring a share from its snapshot: a new share, or the same as it was."""

import uuid

from mogan_like.clients import manila_statuses as statuses
from mogan_like.common import exception
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins.manila_share_snapshot import access
from mogan_like.protection.plugins.manila_share_snapshot import making
from mogan_like.protection.plugins.manila_share_snapshot import marks
from mogan_like.protection.plugins.manila_share_snapshot import polling
from mogan_like.protection.plugins.manila_share_snapshot import removal
from mogan_like.protection.plugins.manila_share_snapshot import revert


class Restore(base.Operation):
    """Make a share from the snapshot; or revert the share, if it is named."""

    def __init__(self, connections, options):
        self._connections = connections
        self._options = options

    def on_main(self, step):
        """All of it; at the end the record has the share's id and status."""
        if 'snapshot_id' not in step.protected:
            raise exception.ProtectionFailed(reason='No snapshot was made.')
        asking = polling.Polling(self._options, step)
        manila = asking.ask(self._connections.connect, step.ctx)
        if step.parameters.get('share_id') is not None:
            revert.revert(asking, manila, step)
            _finish(asking, manila, step)
        else:
            self._make_share(asking, manila, step)

    def _make_share(self, asking, manila, step):
        if 'attempt' not in step.record.data:
            step.record.save(attempt=uuid.uuid4().hex)
        removing = removal.of_shares(asking, self._options, manila)
        calls = _make_calls(manila, step, removing)
        with making.Making(asking, step.record, 'restored_id', calls).made():
            _finish(asking, manila, step)


def _finish(asking, manila, step):
    share = _wait_for_share(asking, manila, step)
    if step.parameters.get('restore_access'):
        access.put_back(asking, manila, step, share['id'])


def _make_calls(manila, step, removing):
    attempt, protected = step.record.data['attempt'], step.protected
    snapshot_id = protected['snapshot_id']
    default_name = f'{step.checkpoint_id}@{step.resource.id}'
    values = {
        'share_proto': protected['share_proto'],
        'size': protected['size'],
        'share_type': protected['share_type'],
        'share_network': protected['share_network_id'],
        'snapshot_id': snapshot_id,
        'name': step.parameters.get('restore_name') or default_name,
        'description': step.parameters.get('restore_description'),
        'metadata': {marks.RESTORE: attempt},
    }
    return making.Calls(
        mark=f'{marks.RESTORE}={attempt}',
        find=lambda: marks.find_shares(manila, snapshot_id, attempt),
        create=lambda seconds: manila.within(seconds).create_share(**values),
        removal=removing,
    )


def _wait_for_share(asking, manila, step):
    share_id = step.record.data['restored_id']

    def decide(share):
        meaning = statuses.get_meaning(share['status'])
        if meaning in (statuses.USABLE, statuses.BUSY):
            return meaning == statuses.USABLE
        raise exception.ProtectionFailed(
            reason=f'The restored share {share_id} is {share["status"]} in Manila.'
        )

    return asking.wait_for(
        lambda: removal.look(manila.get_share, share_id),
        polling.telling(step.record, decide),
    )
