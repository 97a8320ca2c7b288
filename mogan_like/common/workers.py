"""The only place where threads start."""

from concurrent import futures
import contextlib
import queue
import threading

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common import exception

LOG = log.getLogger(__name__)


def start_thread(name, target):
    """Run a function in a thread that does not keep the process alive."""
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread


class Pool:
    """A bounded pool: at most ``size`` jobs run, at most ``backlog`` wait.

    Places are taken before a job is written down (:meth:`admit`), so that a
    full pool refuses while nothing has been done yet. The threads are
    daemons: a job that hangs must not keep a stopping process alive.
    """

    def __init__(self, name, size, backlog=0):
        self.size = size
        self._name = name
        self._places = size + backlog
        self._taken = 0
        self._threads = 0
        self._closed = False
        self._jobs = queue.SimpleQueue()
        self._changed = threading.Condition()

    @property
    def taken(self):
        """How many jobs run or wait."""
        with self._changed:
            return self._taken

    @contextlib.contextmanager
    def admit(self):
        """Take a place for a job; it is given back unless a job is submitted.

        :raises ConductorBusy: when there is none
        """
        with self._changed:
            if self._closed or self._taken >= self._places:
                raise exception.ConductorBusy()
            self._taken += 1
        with self._lend(1) as places:
            yield places[0]

    @contextlib.contextmanager
    def reserve(self, most):
        """Take up to ``most`` places whose jobs would start at once.

        Those that no job was submitted on are given back.
        """
        with self._changed:
            count = 0 if self._closed else max(0, min(most, self.size - self._taken))
            self._taken += count
        with self._lend(count) as places:
            yield places

    @contextlib.contextmanager
    def _lend(self, count):
        places = [Place(self) for _ in range(count)]
        try:
            yield places
        finally:
            for place in places:
                if not place.used:
                    self._give_back()

    def close(self):
        """Take no more jobs."""
        with self._changed:
            self._closed = True

    def drain(self, timeout):
        """Wait for the jobs that run; True when all ended in ``timeout`` s."""
        deadline = clock.monotonic() + timeout
        with self._changed:
            drained = self._changed.wait_for(
                lambda: self._taken == 0, timeout=max(0, deadline - clock.monotonic())
            )
            if drained and self._closed:
                self._dismiss()
        return drained

    def _dismiss(self):
        """Let the threads of a closed pool end."""
        for _ in range(self._threads):
            self._jobs.put((None, ()))
        self._threads = 0

    def put(self, job, *args):
        """Run a job on a place that was taken; see :class:`Place`."""
        with self._changed:
            # One thread for each place in use, up to size: what is over
            # waits in the queue.
            if self._threads < min(self._taken, self.size):
                self._threads += 1
                start_thread(f'{self._name}-{self._threads}', self._work)
        self._jobs.put((job, args))

    def _work(self):
        while True:
            job, args = self._jobs.get()
            if job is None:
                return
            try:
                job(*args)
            except Exception:
                # Jobs end in themselves; one that does not is a bug, and must
                # not take the thread with it.
                LOG.exception('A job raised.')
            self._give_back()

    def _give_back(self):
        with self._changed:
            self._taken -= 1
            self._changed.notify_all()


class Place:
    """A place in a pool for one job."""

    def __init__(self, pool):
        self.used = False
        self._pool = pool

    def submit(self, job, *args):
        """Run the job as soon as a thread is free."""
        self.used = True
        self._pool.put(job, *args)


class Executor(futures.Executor):
    """Threads for the parts of one thing, which go with it (PEP 3148).

    Unlike those of the standard library they are daemons: a part that hangs
    must not keep a stopping process alive.

    :param size: threads at most; there are no more than parts
    """

    def __init__(self, name, size):
        self._name = name
        self._size = size
        self._threads = 0
        self._closed = False
        self._jobs = queue.SimpleQueue()
        self._lock = threading.Lock()

    def submit(self, fn, /, *args, **kwargs):
        """Run a function as soon as a thread is free; its Future."""
        future = futures.Future()
        with self._lock:
            if self._closed:
                raise RuntimeError('it is closed')
            if self._threads < self._size:
                self._threads += 1
                start_thread(f'{self._name}-{self._threads}', self._work)
            self._jobs.put((future, fn, args, kwargs))
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Take no more; the threads end when all is done. Waits for nothing.

        Who needs the parts to be done waits for their futures.
        """
        with self._lock:
            self._closed = True
            while cancel_futures and not self._jobs.empty():
                self._jobs.get()[0].cancel()
            for _ in range(self._threads):
                self._jobs.put(None)
            self._threads = 0

    def _work(self):
        while (job := self._jobs.get()) is not None:
            future, fn, args, kwargs = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = fn(*args, **kwargs)
            except BaseException as exc:
                future.set_exception(exc)
            else:
                future.set_result(result)
            # A thread that waits must not keep what it was last given.
            del job, future, fn, args, kwargs
