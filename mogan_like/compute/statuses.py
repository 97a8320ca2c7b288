"""What Nova calls the states of an instance."""

import typing

from mogan_like.instances import states


class Status(typing.NamedTuple):
    """A state in Nova's three words."""

    status: str
    vm_state: str
    task_state: str | None = None


#: Nova has no state for a lock: a locked server is ACTIVE, and ``locked``.
OF_STATE = {
    states.BUILDING: Status('BUILD', 'building', 'spawning'),
    states.ACTIVE: Status('ACTIVE', 'active'),
    states.LOCKED: Status('ACTIVE', 'active'),
    states.STOPPED: Status('SHUTOFF', 'stopped'),
    states.REBUILDING: Status('REBUILD', 'active', 'rebuilding'),
    states.POWERING_ON: Status('SHUTOFF', 'stopped', 'powering-on'),
    states.POWERING_OFF: Status('ACTIVE', 'active', 'powering-off'),
    states.REBOOTING: Status('REBOOT', 'active', 'rebooting'),
    states.ERROR: Status('ERROR', 'error'),
    # What it was before is not kept: Nova shows the status from before, too.
    states.DELETING: Status('ACTIVE', 'active', 'deleting'),
    states.DELETED: Status('DELETED', 'deleted'),
}

#: Statuses that Nova has and no instance is ever in.
_NEVER = (
    'HARD_REBOOT',
    'MIGRATING',
    'PASSWORD',
    'PAUSED',
    'RESCUE',
    'RESIZE',
    'REVERT_RESIZE',
    'SHELVED',
    'SHELVED_OFFLOADED',
    'SOFT_DELETED',
    'SUSPENDED',
    'UNKNOWN',
    'VERIFY_RESIZE',
)

#: {Nova's status: the states that it shows}
STATES_OF = dict.fromkeys(_NEVER, ()) | {
    shown: tuple(state for state, status in OF_STATE.items() if status.status == shown)
    for shown in {status.status for status in OF_STATE.values()}
}

#: Nova's numbers: it runs, it is off; 0 when nobody knows.
_POWER = {'power on': 1, 'power off': 4}


def number_power_state(power_state):
    """Nova's number of a power state."""
    return _POWER.get(power_state, 0)
