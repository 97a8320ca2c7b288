"""Protecting a share: a snapshot of it."""

from mogan_like.clients import manila_statuses as statuses
from mogan_like.common import exception
from mogan_like.protection import states
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins.manila_share_snapshot import marks
from mogan_like.protection.plugins.manila_share_snapshot import polling

# Manila shows it in place of rules that are locked from view.
_HIDDEN = '******'


class Protect(base.Operation):
    """Make a snapshot, and wait until it is available."""

    def __init__(self, connections, options):
        self._connections = connections
        self._options = options

    def on_main(self, step):
        """All of it: a share needs neither parents nor children."""
        asking = polling.Polling(self._options, step)
        manila = asking.ask(self._connections.connect, step.ctx)
        if 'snapshot_id' not in step.record.data:
            _make_snapshot(asking, manila, step)
        snapshot_id = step.record.data['snapshot_id']
        asking.wait_for(
            lambda: get_snapshot(manila, snapshot_id), is_snapshot_available
        )
        step.record.set_status(states.AVAILABLE)


def get_snapshot(manila, snapshot_id):
    """The snapshot; one that is not there has the status ``not-found``."""
    try:
        return manila.get_snapshot(snapshot_id)
    except exception.ShareServiceNotFound:
        return {'id': snapshot_id, 'status': statuses.NOT_FOUND}


def is_snapshot_available(snapshot):
    """True, or False while it may become so.

    :raises ProtectionFailed: when it will not
    """
    meaning = statuses.get_meaning(snapshot['status'])
    if meaning in (statuses.USABLE, statuses.BUSY):
        return meaning == statuses.USABLE
    raise exception.ProtectionFailed(
        reason=f'Snapshot {snapshot["id"]} is {snapshot["status"]} in Manila.'
    )


def _make_snapshot(asking, manila, step):
    share_id = step.resource.id
    asked = step.record.data.get('asked')
    if not asked:
        _save_share(asking, manila, step)
    values = {
        'name': step.parameters['snapshot_name'],
        'description': step.parameters['description'],
        'force': step.parameters['force'],
        'metadata': {marks.CHECKPOINT: step.checkpoint_id},
    }
    asking.make_once(
        step.record,
        'snapshot_id',
        find=lambda: next(
            iter(marks.find_snapshots(manila, share_id, step.checkpoint_id)), None
        ),
        create=lambda: manila.create_snapshot(share_id, **values),
    )


def _save_share(asking, manila, step):
    """Record what a restore needs to know of the share, as it is now."""
    share_id = step.resource.id
    if step.parameters['force']:
        share = asking.ask(manila.get_share, share_id)
    else:
        share = asking.wait_for(lambda: manila.get_share(share_id), _is_share_ready)
    step.record.save(
        share_id=share_id,
        size=share['size'],
        share_proto=share['share_proto'],
        share_type=share['share_type'],
        share_network_id=share['share_network_id'],
        access_rules=[
            {key: rule[key] for key in ('access_type', 'access_to', 'access_level')}
            for rule in asking.ask(manila.list_access, share_id)
            if rule['access_to'] != _HIDDEN
        ],
    )


def _is_share_ready(share):
    status = statuses.get_status(share)
    meaning = statuses.get_meaning(status)
    if meaning in (statuses.USABLE, statuses.BUSY):
        return meaning == statuses.USABLE
    raise exception.ResourceInvalidStatus(
        resource_type='OS::Manila::Share', resource_id=share['id'], status=status
    )
