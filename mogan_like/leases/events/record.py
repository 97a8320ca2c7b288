"""What the audit and people are told of a step."""

from mogan_like.actions import batches
from mogan_like.actions import recorder
from mogan_like.leases.agenda import Step
from mogan_like.leases.events.work import Kind

#: Why a lease waits whose calls had no thread.
BUSY = 'It waits for a worker.'
_RESULTS = {Kind.DONE: recorder.SUCCESS, Kind.FAILED: recorder.ERROR}
#: The verbs, of people or of the clock, that have what they wanted with a step.
_GOALS = {
    Step.START: ('start',),
    Step.UPDATE: ('update',),
    Step.BEFORE_END: ('before_end',),
    Step.END: ('end', 'delete'),
}


def make(work, kind):
    """The :class:`.batches.Step` of a step of a lease."""
    done = kind == Kind.DONE
    return batches.Step(
        object_type='lease',
        object_id=work.lease.uuid,
        owner_project_id=work.lease.project_id,
        action=work.step.value,
        goals=_GOALS[work.step],
        started_at=work.began_at,
        finished=done,
        ends_others=done and work.step == Step.END,
        events=[
            batches.Event(
                f'{task.name}.{task.resource_type}',
                task.started_at,
                task.ended_at,
                _RESULTS[task.outcome.kind],
                _describe(task),
                task.outcome.traceback,
            )
            for task in work.tasks
            if task.outcome.kind in _RESULTS
        ],
    )


def _describe(task):
    message = task.outcome.message
    return None if message is None else f'{task.row.uuid}: {message}'


def join_messages(tasks):
    """What went wrong with some calls, for people."""
    messages = dict.fromkeys(task.outcome.message for task in tasks)
    return recorder.shorten(' '.join(messages))
