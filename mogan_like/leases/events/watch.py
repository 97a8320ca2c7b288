"""What is looked after while leases are under way, or wait."""

from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances import states as instance_states
from mogan_like.instances.queries import instances
from mogan_like.instances.queries import nodes
from mogan_like.leases.agenda import Step
from mogan_like.leases.events.work import get_grace_left
from mogan_like.leases.queries import leases as queries

#: How many ids one scan looks at; the next one goes on from there.
_SCAN = 500
#: While an instance is in one of these, what waits on it goes on waiting.
_HOLDING = (instance_states.LOCKED, instance_states.DELETING)


def cut_short(works):
    """Let work before an end that has come meanwhile go on for the grace only.

    It had until the end that the lease had when it was begun.
    """
    works = [work for work in works if work.step == Step.BEFORE_END]
    if not works:
        return
    with engine.reader() as conn:
        ends = queries.list_ends(conn, [work.lease.uuid for work in works])
    for work in works:
        lease = ends.get(work.lease.uuid)
        if lease is not None:
            work.shorten(get_grace_left(lease, CONF.leases.before_end_grace))


class Wakes:
    """Finds what waits on an instance or a node that holds it no more.

    The wake may have come between a plugin's look at it and the writing down
    of what is waited on.
    """

    def __init__(self):
        self._after = ''

    def find(self):
        """Wake what needs not wait; True when there was some."""
        with engine.reader() as conn:
            awaited = claims.list_awaited(conn, self._after, _SCAN)
            free = list_free(conn, awaited)
        self._after = awaited[-1] if len(awaited) == _SCAN else ''
        return bool(free) and _wake(free)


def list_free(conn, awaited):
    """Of the ids of what is waited on, those that hold nothing up any more.

    What is neither an instance nor a node is another one's business to wake.
    """
    if not awaited:
        return []
    statuses = instances.list_statuses(conn, awaited)
    gone = [uuid for uuid, status in statuses.items() if status not in _HOLDING]
    return sorted([*gone, *nodes.list_free(conn, awaited)])


@engine.retried
def _wake(uuids):
    with engine.writer() as conn:
        return sum(claims.wake(conn, uuid) for uuid in uuids) > 0
