"""A time limit on functions that have none of their own."""

import queue
import threading

from mogan_like.common import workers


class _Job:
    __slots__ = ('function', 'abandoned', 'done', 'result', 'error')

    def __init__(self, function):
        self.function = function
        self.abandoned = False
        self.done = threading.Lock()
        self.done.acquire()
        self.result = self.error = None

    def run(self):
        try:
            self.result = self.function()
        except BaseException as e:
            self.error = e
        finally:
            self.done.release()


class Runner:
    """Runs functions on threads that are left behind when time is up.

    oslo.messaging waits for ever in more places than its options reach: for
    the first connection, for locks that a reconnecting thread holds, for a
    free connection of its pool. Threads are made as they are needed and kept.
    """

    def __init__(self, name, limit):
        """At most ``limit`` functions run; more wait, within their time."""
        self._name = name
        self._limit = limit
        self._lock = threading.Lock()
        self._threads = self._idle = self._waiting = 0
        self._closed = False
        self._jobs = queue.SimpleQueue()

    def run(self, seconds, function):
        """What the function returns or raises; None for no time limit.

        A function that had no chance to start in time never starts.

        :raises TimeoutError: after ``seconds``; the function may be going on
        """
        job = self._put(function)
        if not job.done.acquire(timeout=-1 if seconds is None else max(0, seconds)):
            job.abandoned = True
            raise TimeoutError(f'{self._name}: not done in {seconds:g} seconds')
        if job.error is None:
            return job.result
        try:
            raise job.error
        finally:
            # The error's traceback holds this frame, and the frame the error.
            del job

    def submit(self, function):
        """Start the function and do not wait for it; it must not raise."""
        self._put(function)

    def close(self):
        """Let idle threads end; busy ones end with what they are at."""
        with self._lock:
            self._closed = True
            for _ in range(self._threads):
                self._jobs.put(None)

    def _put(self, function):
        job = _Job(function)
        with self._lock:
            if self._closed:
                raise RuntimeError(f'{self._name} is closed')
            if self._waiting >= self._idle and self._threads < self._limit:
                workers.start_thread(f'{self._name}-{self._threads}', self._work)
                self._threads += 1
                self._idle += 1
            self._waiting += 1
        self._jobs.put(job)
        return job

    def _work(self):
        while True:
            job = self._jobs.get()
            if job is None:
                return
            with self._lock:
                self._waiting -= 1
                self._idle -= 1
            if not job.abandoned:
                job.run()
            with self._lock:
                self._idle += 1
            # An idle thread must not keep the last answer alive.
            del job
