"""What drives a plugin's hooks: records, waiters and Manilas that end early."""

import itertools

from mogan_like.common import context
from mogan_like.protection.plugins import base

PROJECT = 'b' * 32
OTHER_PROJECT = 'c' * 32
USER = 'a' * 32
CHECKPOINT = '0d6f3d0e-7c53-4f2a-a9d0-1c8d3c7f1a01'
OTHER_CHECKPOINT = '0d6f3d0e-7c53-4f2a-a9d0-1c8d3c7f1a02'


class Killed(BaseException):
    """The conductor dies here."""


class Moments:
    """Counts the moments at which a conductor may die, and dies at one of them."""

    def __init__(self, at=None):
        self.at = at
        self.seen = 0

    def pass_one(self):
        """Killed, when this is the moment."""
        self.seen += 1
        if self.seen == self.at:
            raise Killed


class Clock:
    """Time that passes by waiting for it."""

    def __init__(self):
        self.now = 0
        self.waits = []

    def monotonic(self):
        return self.now

    def wait(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


class Record(base.Record):
    """Keeps data as a row does, and dies around its saves.

    :ivar kept: what the row has, which is all that the next conductor knows
    """

    def __init__(self, data=None, moments=None):
        self.data = dict(data or {})
        self.kept = dict(self.data)
        self.statuses = []
        self._moments = moments or Moments()

    def save(self, **data):
        self._moments.pass_one()
        self.data = {**self.data, **data}
        self.kept = dict(self.data)
        self._moments.pass_one()

    def set_status(self, status):
        if status not in self.statuses[-1:]:
            self.statuses.append(status)
        self._moments.pass_one()


class Waiter(base.Waiter):
    """Waits on the clock of the test; called off after so many checks.

    :param held: seconds for which the operation is ours each time
    """

    def __init__(self, clock, checks=None, held=600):
        self._clock = clock
        self._held = held
        self._left = None if checks is None else itertools.repeat(None, checks)

    def check(self):
        if self._left is not None and next(self._left, self) is self:
            raise base.Cancelled

    def hold(self):
        self.check()
        return self._held

    def wait(self, seconds):
        self.check()
        self._clock.wait(seconds)


class WatchedConnections:
    """Connections that tell of every call after it was carried out.

    :param tell: called with the method's name and what it returned
    """

    def __init__(self, connections, tell):
        self._connections = connections
        self._tell = tell

    def connect(self, ctx):
        return _Watched(self._connections.connect(ctx), self._tell)


class _Watched:
    def __init__(self, manila, tell):
        self._manila = manila
        self._tell = tell

    def within(self, seconds):
        self._tell('within', seconds)
        return _Watched(self._manila.within(seconds), self._tell)

    def __getattr__(self, name):
        def call(*args, **kwargs):
            found = getattr(self._manila, name)(*args, **kwargs)
            if name in ('list_shares', 'list_snapshots'):
                found = list(found)
            self._tell(name, found)
            return found

        return call


def make_ctx(project_id=PROJECT):
    """A context of a job."""
    return context.for_job(user_id=USER, project_id=project_id, overwrite=False)


def run(operation, step):
    """All four hooks, as the framework calls them."""
    operation.on_prepare_begin(step)
    operation.on_prepare_finish(step)
    operation.on_main(step)
    operation.on_complete(step)
