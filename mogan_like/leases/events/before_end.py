"""Work before the end of a lease: what is called, and what is done of it.

A step may be begun again many times, since one reservation's work waits or fails;
that of the others is done once. What is done stands in the payload of the due work.
"""

import dataclasses

import orjson

from mogan_like.common import exception
from mogan_like.leases import before_end
from mogan_like.leases.agenda import Step
from mogan_like.leases.events.work import Kind

_KEY = 'before_end'


def add_work(call, work):
    """A call with what work before the end is told besides."""
    _, argument = before_end.split(call.reservation.values.get('before_end'))
    return dataclasses.replace(
        call, argument=argument, due_at=work.due_at, trust_id=work.lease.trust_id
    )


def run(works, call):
    """Do what a reservation asks for.

    :param works: {name: plugin}
    """
    name, _ = before_end.split(call.reservation.values.get('before_end'))
    if name is None:
        return
    if name not in works:
        raise exception.MoganLikeError(f'There is no work {name!r}.')
    works[name].run(call)


def is_done(work, row):
    """True when an earlier try has done this for a reservation."""
    if work.step != Step.BEFORE_END:
        return False
    done = _list_done(work)
    return row.uuid in done and done[row.uuid] == _get_asked(row)


def remember(work):
    """The payload of due work that is tried again; None leaves it as it is."""
    if work.step != Step.BEFORE_END:
        return None
    done = {task.row.uuid: _get_asked(task.row) for task in work.list_tasks(Kind.DONE)}
    kept = {'due_at': work.due_at.isoformat(), 'done': {**_list_done(work), **done}}
    return {**work.claim.payload, _KEY: kept}


def _list_done(work):
    """{reservation's uuid: what it asked for} of this time that it was due."""
    kept = work.claim.payload.get(_KEY)
    if kept is None or kept['due_at'] != work.due_at.isoformat():
        return {}
    return kept['done']


def _get_asked(row):
    return orjson.loads(row.requested).get('before_end')
