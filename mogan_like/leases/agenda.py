"""What is next for a lease, and when: read from its rows, never remembered."""

import dataclasses
import datetime
import enum

from mogan_like.leases import states

#: Kinds of due work begin with this.
KIND = 'lease/'
#: Of leases with reservations of several types.
MIXED = KIND + 'mixed'


def get_kind(resource_types):
    """The kind of the due work of a lease with such reservations.

    One for each type, so that a plugin that is slow or not there holds up no
    other one's leases.
    """
    types = set(resource_types)
    return KIND + types.pop() if len(types) == 1 else MIXED


class Step(enum.Enum):
    """What a worker does next."""

    START = 'start'
    UPDATE = 'update'
    BEFORE_END = 'before_end'
    END = 'end'


@dataclasses.dataclass(frozen=True)
class Next:
    """A step, and when it is due.

    :ivar step: None when the lease needs nothing any more
    :ivar due_at: naive UTC; in the past when it is due
    """

    step: Step | None
    due_at: datetime.datetime | None = None


def decide(lease, events, now, grace):
    """The next step of a lease.

    :param lease: a row with status, start_date, end_date, before_end_date
    :param events: {type: a row with status and time}
    :param grace: the longest time that an end waits for what comes before it
    :returns: a :class:`Next`
    """
    if lease.status == states.TERMINATED:
        return Next(None)
    start = events[states.START].status
    if lease.status in states.ENDING or lease.end_date <= now:
        if _awaits_before_end(events, start) and now < lease.end_date + grace:
            return Next(Step.BEFORE_END, lease.end_date)
        return Next(Step.END, lease.end_date)
    if start != states.DONE:
        return Next(Step.START, lease.start_date)
    if lease.status == states.UPDATING:
        return Next(Step.UPDATE, now)
    if _awaits_before_end(events, start):
        return Next(Step.BEFORE_END, events[states.BEFORE_END].time)
    return Next(Step.END, lease.end_date)


def has_begun(events):
    """True when on_start may have been called."""
    start = events[states.START]
    return start.status != states.UNDONE and start.result in (
        None,
        states.RESULT_DONE,
        states.RESULT_FAILED,
    )


def _awaits_before_end(events, start):
    event = events.get(states.BEFORE_END)
    return (
        event is not None
        and start == states.DONE
        and events[states.START].result == states.RESULT_DONE
        and event.status != states.DONE
    )
