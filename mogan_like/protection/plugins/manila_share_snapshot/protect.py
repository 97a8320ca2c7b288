"""Protecting a share: a snapshot of it."""

from mogan_like.clients import manila_statuses as statuses
from mogan_like.common import exception
from mogan_like.protection import states
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins.manila_share_snapshot import making
from mogan_like.protection.plugins.manila_share_snapshot import marks
from mogan_like.protection.plugins.manila_share_snapshot import polling
from mogan_like.protection.plugins.manila_share_snapshot import removal

_KEY = 'snapshot_id'
# Manila shows it in place of rules that are locked from view.
_HIDDEN = '******'
# Not those that never worked, nor those that are being taken away.
_GRANTED = ('active', 'applying', 'queued_to_apply')


class Protect(base.Operation):
    """Make a snapshot, and wait until it is available."""

    def __init__(self, connections, options):
        self._connections = connections
        self._options = options

    def on_main(self, step):
        """All of it: a share needs neither parents nor children."""
        asking = polling.Polling(self._options, step)
        manila = asking.ask(self._connections.connect, step.ctx)
        if not making.may_have_made(step.record.data, _KEY):
            _save_share(asking, manila, step)
        removing = removal.of_snapshots(asking, self._options, manila)
        calls = _make_calls(manila, step, removing)
        with making.Making(asking, step.record, _KEY, calls).made():
            snapshot_id = step.record.data[_KEY]
            asking.wait_for(
                lambda: removal.look(manila.get_snapshot, snapshot_id),
                is_snapshot_available,
            )
        step.record.set_status(states.AVAILABLE)


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


def _make_calls(manila, step, removing):
    share_id = step.resource.id
    values = {
        'name': step.parameters['snapshot_name'],
        'description': step.parameters['description'],
        'force': step.parameters['force'],
        'metadata': {marks.CHECKPOINT: step.checkpoint_id},
    }
    return making.Calls(
        mark=f'{marks.CHECKPOINT}={step.checkpoint_id}',
        find=lambda: marks.find_snapshots(manila, share_id, step.checkpoint_id),
        create=lambda seconds: manila.within(seconds).create_snapshot(
            share_id, **values
        ),
        removal=removing,
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
            if _is_worth_keeping(rule)
        ],
    )


def _is_worth_keeping(rule):
    """Whether a rule can be put back, and is to let somebody in."""
    return rule['access_to'] != _HIDDEN and rule['state'] in _GRANTED


def _is_share_ready(share):
    status = statuses.get_status(share)
    meaning = statuses.get_meaning(status)
    if meaning in (statuses.USABLE, statuses.BUSY):
        return meaning == statuses.USABLE
    raise exception.ResourceInvalidStatus(
        resource_type='OS::Manila::Share', resource_id=share['id'], status=status
    )
