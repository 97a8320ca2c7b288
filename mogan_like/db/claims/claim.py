"""A hold on one row of due work."""

import dataclasses
import datetime
import itertools
import os
import socket
import threading

from mogan_like.common import clock

_batches = itertools.count(1)


class ClaimLost(Exception):
    """Somebody else has the row now; whatever this worker writes is void."""


@dataclasses.dataclass(eq=False)
class Claim:
    """Our hold on one row of due work.

    A hold that is not renewed ends by itself (:meth:`is_lost`), on a clock
    that never jumps: a conductor that is cut off from the database stops by
    the time another one may begin.

    :ivar attempts: how often the row was claimed, this time included
    :ivar lost: set when the hold is gone; long jobs look at it while they wait
    :ivar held_until: ``clock.monotonic()`` up to which the hold is known to be
        ours
    :ivar deadline: ``clock.monotonic()`` after which it is not renewed
    """

    id: int
    kind: str
    object_id: str
    due_at: datetime.datetime
    owner: str
    generation: int
    attempts: int
    payload: dict
    held_until: float
    lost: threading.Event = dataclasses.field(default_factory=threading.Event)
    deadline: float | None = None

    def is_lost(self):
        """True when what this worker does may no longer count."""
        if clock.monotonic() > self.held_until:
            self.lost.set()
        return self.lost.is_set()

    def is_overdue(self):
        """True when the work takes longer than it may."""
        return self.deadline is not None and clock.monotonic() > self.deadline

    def wait(self, seconds):
        """Wait up to ``seconds``, or until the hold is gone."""
        left = self.held_until - clock.monotonic()
        self.lost.wait(max(0, min(seconds, left)))


def new_owner():
    """A name for the claims of one batch, never used before."""
    host = socket.gethostname()[:64]
    return f'{host}:{os.getpid()}:{clock.monotonic():.6f}:{next(_batches)}'


def after(seconds):
    """The time by the database's clock in so many seconds."""
    return clock.utcnow() + datetime.timedelta(seconds=seconds)
