"""Gathers what is done, and has it written in batches."""

import queue

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common import workers

LOG = log.getLogger(__name__)

#: How much is written at once at most.
BATCH = 100
#: Seconds that what is done waits for more.
_PAUSE = 0.02


class Finisher:
    """One thread that writes; whatever is slow elsewhere does not hold it up.

    :param write: called with a list of what is done; it sees to its own errors
    :param is_more_coming: tells whether it is worth to wait for more
    """

    def __init__(self, write, is_more_coming):
        self._write = write
        self._is_more_coming = is_more_coming
        self._done = queue.SimpleQueue()
        self._thread = None

    def start(self):
        """Begin to write."""
        self._thread = workers.start_thread('finisher', self._run)

    def put(self, work):
        """Have it written soon."""
        self._done.put(work)

    def is_empty(self):
        """True when nothing waits to be written, but what is being written."""
        return self._done.empty()

    def close(self, timeout):
        """Write what is there and end, within so many seconds."""
        self._done.put(None)
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self):
        closing = False
        while not closing:
            batch, closing = self._gather()
            if batch:
                try:
                    self._write(batch)
                except Exception:
                    LOG.exception('%d steps could not be finished.', len(batch))

    def _gather(self):
        """What is to be written together, and whether that was the last."""
        batch = []
        work = self._done.get()
        deadline = clock.monotonic() + _PAUSE
        while work is not None:
            batch.append(work)
            if len(batch) == BATCH:
                return batch, False
            try:
                work = self._done.get(timeout=self._get_patience(deadline))
            except queue.Empty:
                return batch, False
        return batch, True

    def _get_patience(self, deadline):
        if not self._is_more_coming():
            return 0
        return max(0, deadline - clock.monotonic())
