"""What the clock did, recorded for many objects at once.

Every step has exactly one action: a verb of a person that is open and wanted
just that, or the one that a failed try left open, or a new one.
"""

import collections
import dataclasses
import datetime
import socket

from oslo_context import context

from mogan_like.actions import recorder
from mogan_like.actions import store
from mogan_like.common.config import CONF

#: What caused an action that no person asked for.
CLOCK = 'clock'
_ENDED = 'Ended before it was done.'


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """A thing that was done in a step."""

    event: str
    started_at: datetime.datetime
    finished_at: datetime.datetime
    result: str
    message: str | None = None
    traceback: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A step on one object.

    :ivar action: what it is called when the clock alone wanted it
    :ivar goals: actions that it finishes when they are open
    :ivar finished: False when it is to be tried again, and stays open
    :ivar ends_others: when it is finished, other open actions cannot be any more
    """

    object_type: str
    object_id: str
    owner_project_id: str
    action: str
    goals: tuple
    started_at: datetime.datetime
    finished: bool
    ends_others: bool
    events: list


def record_steps(conn, steps):
    """Record one step each of different objects."""
    if not steps:
        return
    by_object = collections.defaultdict(list)
    for row in store.list_open(conn, [step.object_id for step in steps]):
        by_object[row.object_id].append(row)
    new, more = [], []
    closing = collections.defaultdict(list)
    for step in steps:
        goals = [
            row.id for row in by_object[step.object_id] if row.action in step.goals
        ]
        if goals:
            more += [(goals[0], event) for event in step.events]
        else:
            new.append(step)
        if step.finished:
            closing[recorder.SUCCESS, None] += goals
        if step.ends_others:
            closing[recorder.CANCELLED, _ENDED] += [
                row.id for row in by_object[step.object_id] if row.id not in goals
            ]
    host = socket.gethostname()
    _insert_more(conn, [_to_row(host, *pair) for pair in more])
    store.insert_events(conn, [_to_row(host, *pair) for pair in _insert(conn, new)])
    for (result, message), ids in closing.items():
        store.finish_ids(conn, ids, result, message)


def _insert_more(conn, events):
    """Write events of actions that may have many already."""
    most = CONF.actions.max_events
    counts = store.count_events(conn, {event['action_id'] for event in events})
    counts.update(event['action_id'] for event in events)
    few = [event for event in events if counts[event['action_id']] <= most]
    store.insert_events(conn, few)
    for event in events:
        if counts[event['action_id']] > most:
            store.begin_event(conn, event, most)


def _insert(conn, steps):
    """Write new actions; [(an action's id, its event)]."""
    if not steps:
        return []
    # One for all of them: they were done together, and the key is by the object.
    request_id = context.generate_request_id()
    ids = store.insert_all(
        conn,
        request_id,
        [
            {
                'object_type': step.object_type,
                'object_id': step.object_id,
                'action': step.action,
                'owner_project_id': step.owner_project_id,
                'cause': CLOCK,
                'started_at': step.started_at,
                'result': recorder.SUCCESS if step.finished else None,
            }
            for step in steps
        ],
    )
    return [(ids[step.object_id], event) for step in steps for event in step.events]


def _to_row(host, action_id, event):
    return {
        'action_id': action_id,
        'event': event.event[: store.EVENT_LENGTH],
        'started_at': event.started_at,
        'finished_at': event.finished_at,
        'result': event.result,
        'host': host,
        'message': event.message,
        'traceback': event.traceback,
    }
