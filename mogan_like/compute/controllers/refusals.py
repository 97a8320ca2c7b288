"""What the conductor refuses, in Nova's words and under its codes."""

import contextlib

from mogan_like.common import exception
from mogan_like.compute import statuses
from mogan_like.instances import states

#: What Nova calls the rule that an owner's unlock of an admin's lock breaks.
_OVERRIDE = 'os_compute_api:os-lock-server:unlock:unlock_override'


@contextlib.contextmanager
def translated(verb):
    """Do a verb; its refusal by the instance's state is Nova's 409.

    /v1 has a 403 for a lock, where Nova keeps that for policies.

    :param verb: what Nova calls it
    """
    try:
        yield
    except (exception.OperationNotPermitted, exception.InvalidState) as exc:
        raise _translate(exc, verb) from exc


def _translate(exc, verb):
    uuid, status = exc.kwargs['uuid'], exc.kwargs.get('status')
    if status != states.LOCKED:
        return exception.Conflict(
            f"Cannot '{verb}' instance {uuid} while it is in {_describe(status)}"
        )
    if verb == 'unlock':
        return exception.PolicyNotAuthorized(action=_OVERRIDE)
    if verb == 'lock':
        return exception.Conflict(
            f"Cannot 'lock' instance {uuid}: {exc.kwargs['reason']}"
        )
    return exception.Conflict(f'Instance {uuid} is locked')


def _describe(status):
    shown = statuses.OF_STATE.get(status)
    if shown is None:
        # By a conductor that is older, during an upgrade.
        return 'this state'
    if shown.task_state:
        return f'task_state {shown.task_state}'
    return f'vm_state {shown.vm_state}'
