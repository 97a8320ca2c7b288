"""Whoever listens is told what came of steps, once it is written."""

from oslo_log import log

from mogan_like.leases import notifications
from mogan_like.leases import states
from mogan_like.leases.agenda import Step
from mogan_like.leases.events.work import Kind

LOG = log.getLogger(__name__)


def tell(finished):
    """Send the notifications of some steps; never raises.

    :param finished: a :class:`.finish.Finished` for each
    """
    try:
        if notifications.is_on():
            for done in finished:
                _tell_of(done)
    except Exception:
        # Nobody's lease is to suffer by it.
        LOG.exception('Notifications of leases are lost.')


def _tell_of(done):
    lease, step = done.lease, done.work.step
    for event in _list_events(done):
        notifications.notify(event, lease, status=done.status)
    short = any(_is_short(task.outcome.plan) for task in done.work.tasks)
    if short and not lease.degraded:
        notifications.notify('degraded', lease, status=done.status, degraded=True)
    if done.kind == Kind.FAILED and done.work.claim.attempts == 1:
        # Of the first of a row of tries.
        notifications.notify('error', lease, status=done.status, step=step.value)


def _list_events(done):
    if done.kind != Kind.DONE:
        return []
    events = [done.work.step.value]
    if done.work.step == Step.END and done.lease.status == states.DELETING:
        events.append('delete')
    return events


def _is_short(plan):
    return plan is not None and plan.missing_resources
