"""One step of one lease, and the plugins' calls that it takes."""

import dataclasses
import datetime
import enum
import threading
import traceback

from oslo_log import log

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.leases.plugins import base

LOG = log.getLogger(__name__)


class NoPlugin(Exception):
    """A lease holds something that this conductor has no plugin for."""


class Kind(enum.Enum):
    """What came of a call, or of all calls of a step; the worst one last."""

    DONE = 'done'
    WAITING = 'waiting'
    #: Not begun: no thread was free, or the claim was gone.
    SKIPPED = 'skipped'
    FAILED = 'failed'


_ORDER = {kind: number for number, kind in enumerate(Kind)}


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call.

    :ivar plan: what the plugin made of its plan, or None
    :ivar message: why not, for people
    :ivar seconds: after which it is tried again in any case
    """

    kind: Kind
    plan: base.Plan | None = None
    message: str | None = None
    traceback: str | None = None
    waits_on: str | None = None
    seconds: float | None = None


_DONE = Outcome(Kind.DONE)
_SKIPPED = Outcome(Kind.SKIPPED)


class Work:
    """A step that was begun.

    :ivar lease: its row, as it was when the step was begun
    :ivar due_at: when it was due: of an event its time, naive UTC
    :ivar tasks: the calls that it takes
    :ivar began_at: naive UTC
    """

    def __init__(self, claim, lease, step, due_at=None):
        self.claim = claim
        self.lease = lease
        self.step = step
        self.due_at = due_at
        self.tasks = []
        self.began_at = clock.utcnow()
        self._left = 0
        self._lock = threading.Lock()
        self._done = None

    def start(self, submit, done):
        """Have the calls made.

        :param submit: called with each task
        :param done: called with this when nothing more will come of any
        """
        self._done = done
        self._left = len(self.tasks)
        if not self.tasks:
            done(self)
        for task in self.tasks:
            submit(task)

    def settle(self, task, outcome):
        """Keep what came of a task, if it is the first to come."""
        with self._lock:
            if task.outcome is not None:
                return
            task.outcome = outcome
            self._left -= 1
            if self._left:
                return
        self._done(self)

    def abandon(self):
        """Nobody waits for what is still going on."""
        for task in self.tasks:
            task.abandon()

    def shorten(self, seconds):
        """Wait for its calls for so many seconds from now at most."""
        for task in self.tasks:
            task.shorten(seconds)

    def get_kind(self):
        """What came of the step: the worst of its calls."""
        kinds = (task.outcome.kind for task in self.tasks)
        return max(kinds, key=_ORDER.get, default=Kind.DONE)

    def list_tasks(self, kind):
        """The tasks of which that came."""
        return [task for task in self.tasks if task.outcome.kind == kind]


class Task:
    """One call of an acting verb of a plugin.

    :ivar name: of the verb
    :ivar resource_type: whose threads are to run it
    :ivar deadline: ``clock.monotonic()`` after which nobody waits for it any
        more, once it runs
    """

    def __init__(self, work, row, name, verb, call, get_limit):
        self.work = work
        self.row = row
        self.name = name
        self.resource_type = row.resource_type
        self.outcome = None
        self.started_at = None
        self.ended_at = None
        self.deadline = None
        self._began = None
        self._verb = verb
        self._call = call
        self._get_limit = get_limit

    def run(self):
        """Make the call, unless that is no longer ours to do."""
        if self.work.claim.is_lost():
            self.skip()
            return
        self.started_at = clock.utcnow()
        self._began = clock.monotonic()
        self.deadline = self._began + self._get_limit()
        try:
            outcome = _make_done(self._verb(self._call))
        except base.Waiting as exc:
            outcome = _make_waiting(exc)
        except exception.MoganLikeError as exc:
            outcome = Outcome(Kind.FAILED, message=str(exc))
        except BaseException:
            # A plugin may raise whatever there is, and its lease must not hang.
            LOG.exception('%s of reservation %s raised.', self.name, self.row.uuid)
            outcome = Outcome(
                Kind.FAILED, message=recorder.UNKNOWN, traceback=traceback.format_exc()
            )
        self._settle(outcome)

    def skip(self):
        """It will not be called this time."""
        self._settle(_SKIPPED)

    def expire(self):
        """It took too long: it may go on, but nobody waits for it."""
        limit = self.deadline - self._began
        message = f'{self.name} took longer than {round(limit, 1):g} s.'
        LOG.error('Reservation %s: %s', self.row.uuid, message)
        self.abandon()
        self._settle(Outcome(Kind.FAILED, message=message))

    def shorten(self, seconds):
        """Wait for it for so many seconds from now at most, if it runs."""
        if self.deadline is not None:
            self.deadline = min(self.deadline, clock.monotonic() + seconds)

    def abandon(self):
        """Tell the plugin that what it does may be done by others as well."""
        self._call.abandoned.set()

    def _settle(self, outcome):
        self.ended_at = clock.utcnow()
        self.work.settle(self, outcome)


def _make_done(plan):
    if plan is None:
        return _DONE
    if not isinstance(plan, base.Plan):
        raise TypeError(f'It returned {plan!r}, which is no plan.')
    return Outcome(Kind.DONE, plan)


def _make_waiting(exc):
    return Outcome(
        Kind.WAITING,
        exc.plan,
        str(exc.reason),
        waits_on=exc.waits_on,
        seconds=exc.seconds,
    )


def get_grace_left(lease, grace):
    """Seconds for which the lease's end waits for what comes before it."""
    left = lease.end_date + datetime.timedelta(seconds=grace) - clock.utcnow()
    return max(0, left.total_seconds())
