"""The job that instance drivers are tested with: disturbed where one likes."""

import contextlib
import uuid

from mogan_like.instances.drivers import base


class Killed(BaseException):
    """The process ends here: no driver can catch it, nothing is recorded."""


class Job:
    """A job that can do anything at any point that the driver comes through.

    Points are numbered from 0: every check, and each step's entry, waits and
    exit. Waiting takes no time.

    :ivar points: what was come through, ``(kind, step)``
    :ivar cancelled: set it, and the point raises JobCancelled
    :ivar late: set it, and the points after this one do
    """

    def __init__(self, job_id=None, at=None, action=None):
        self.id = job_id or str(uuid.uuid4())
        self.points = []
        self.cancelled = False
        self.late = False
        self._at = at
        self._action = action
        self._step = None

    def check(self):
        self._reach('check')

    def wait(self, seconds, done=None, interval=1.0):
        self._reach('wait')
        if done is None:
            return False
        for _ in range(1000):
            if done():
                return True
            self._reach('wait')
        return False

    @contextlib.contextmanager
    def step(self, name):
        self._step = name
        self._reach('start')
        yield
        self._reach('end')
        self._step = None

    def _reach(self, kind):
        index = len(self.points)
        self.points.append((kind, self._step))
        self.cancelled = self.cancelled or self.late
        if index == self._at:
            self._action(self)
        # The work is done at the end of a step: its event is written anyway.
        if self.cancelled and kind != 'end':
            raise base.JobCancelled()


def kill(job):
    raise Killed()


def cancel(job):
    job.cancelled = True
