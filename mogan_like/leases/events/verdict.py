"""What comes of a step for the lease and its events."""

import dataclasses
import datetime

from mogan_like.leases import states
from mogan_like.leases.agenda import Step
from mogan_like.leases.events.work import Kind

#: The event of a step; a change of what runs has none.
EVENT = {
    Step.START: states.START,
    Step.BEFORE_END: states.BEFORE_END,
    Step.END: states.END,
}


@dataclasses.dataclass(slots=True)
class Lease:
    """What is decided by of a lease's row, and changes."""

    status: str
    start_date: datetime.datetime
    end_date: datetime.datetime


@dataclasses.dataclass(slots=True)
class Event:
    """The same of an event's row."""

    time: datetime.datetime
    status: str
    result: str | None


def settle(step, kind, lease, events):
    """Write into a lease and its events what came of a step.

    A person may have ended the lease meanwhile: what its status says of that
    stays.

    :param events: {type: :class:`Event`}
    """
    if step in (Step.START, Step.UPDATE):
        _settle_start(kind, lease)
    elif step == Step.END:
        _move(kind, lease, 'ended')
    event = events.get(EVENT.get(step))
    # It may have been moved meanwhile, and is to be done once more.
    if event is not None and event.status == states.IN_PROGRESS:
        _settle_event(kind, event)
    if step == Step.END and kind == Kind.DONE:
        _settle_rest(events)


def _settle_start(kind, lease):
    if lease.status in (states.STARTING, states.UPDATING):
        _move(kind, lease, 'started')


def _move(kind, lease, done):
    verb = {Kind.DONE: done, Kind.FAILED: 'fail'}.get(kind)
    if verb is not None:
        lease.status = states.TRANSITIONS[lease.status, verb]


def _settle_event(kind, event):
    if kind == Kind.DONE:
        _close(event, states.DONE, states.RESULT_DONE)
    elif kind == Kind.FAILED:
        _close(event, states.FAILED, states.RESULT_FAILED)


def _settle_rest(events):
    """The lease is over: what has not been done by now never will be."""
    start, end = events[states.START], events[states.END]
    if start.status == states.UNDONE:
        _close(start, states.DONE, states.RESULT_MISSED)
        end.result = states.RESULT_MISSED
    elif start.status == states.IN_PROGRESS:
        _close(start, states.FAILED, states.RESULT_FAILED)
    before_end = events.get(states.BEFORE_END)
    if before_end is None or before_end.status == states.DONE:
        return
    if start.result == states.RESULT_DONE:
        _close(before_end, states.FAILED, states.RESULT_FAILED)
    elif start.result == states.RESULT_MISSED:
        _close(before_end, states.DONE, states.RESULT_MISSED)
    else:
        _close(before_end, states.DONE, states.RESULT_SKIPPED)


def _close(event, status, result):
    event.status, event.result = status, result
