"""Threads for calls of plugins: to each plugin its share, and a limit on each call."""

import queue
import threading

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common import workers

LOG = log.getLogger(__name__)

#: How many calls may wait for a thread of their plugin.
_QUEUE = 200
#: Seconds after which a call is no short one any more.
_SLOW = 0.05
#: Seconds that a call waits for a thread before it is left to other conductors.
_PATIENCE = 1
#: Seconds from which on it does not matter how much longer a call takes.
_LONG = 10
#: Of how long calls take, how much the last one weighs.
_WEIGHT = 0.2
#: Seconds between two looks at what takes long.
_WATCH = 0.1


def _tell_nobody():
    """Nobody waits for room yet."""


class PluginPool:
    """The threads of one plugin.

    A task has ``run()``, ``skip()`` when it will not be run, ``expire()`` when
    nobody waits for it any more, and ``deadline``, ``clock.monotonic()`` or None.

    :ivar changed: called when there may be room again
    """

    def __init__(self, name, size):
        self.name = name
        self.size = size
        self.changed = _tell_nobody
        self._tasks = queue.SimpleQueue()
        self._lock = threading.Lock()
        # In the order in which they began to wait, or to run: {task: when}
        self._waiting = {}
        self._running = {}
        self._lost = set()
        # Seconds that a call takes, as far as that matters.
        self._pace = 0
        self._threads = 0
        self._refused = False
        self._closed = False

    def submit(self, task):
        """Run a task as soon as a thread is free."""
        with self._lock:
            if not self._closed:
                self._waiting[task] = clock.monotonic()
                busy = len(self._running) + len(self._waiting)
                if self._threads < min(self.size, busy):
                    self._threads += 1
                    workers.start_thread(f'{self.name}-{self._threads}', self._work)
                self._tasks.put(task)
                return
        task.skip()

    def get_room(self):
        """How many more tasks would be begun soon; with 0, ``changed`` follows."""
        with self._lock:
            room = 0 if self._is_blocked() else self._guess_room()
            self._refused = room == 0
            return room

    def _guess_room(self):
        waiting = len(self._waiting)
        free = self.size - len(self._running) - waiting
        # What will be begun well before it is left to others.
        soon = _QUEUE
        if self._pace:
            soon = min(soon, _PATIENCE / 2 * self.size / self._pace)
        return max(0, free, int(soon) - waiting)

    def _is_blocked(self):
        if len(self._running) < self.size:
            return False
        # The last one to begin has run for the shortest time.
        return clock.monotonic() - next(reversed(self._running.values())) > _SLOW

    def count(self):
        """How many tasks run, wait, and are lost: (int, int, int)."""
        with self._lock:
            return len(self._running), len(self._waiting), len(self._lost)

    def is_lost(self):
        """True when no thread is left."""
        return len(self._lost) >= self.size

    def watch(self):
        """Give up what runs past its time, and what has waited for too long."""
        now = clock.monotonic()
        with self._lock:
            late = [
                task
                for task in self._running
                if task not in self._lost
                and task.deadline is not None
                and task.deadline < now
            ]
            self._lost.update(late)
            left = [
                task for task, since in self._waiting.items() if since < now - _PATIENCE
            ]
        for task in late:
            task.expire()
        self._skip(left)

    def withdraw(self):
        """Take back everything that waits."""
        with self._lock:
            waiting = list(self._waiting)
        self._skip(waiting)

    def _skip(self, tasks):
        for task in tasks:
            with self._lock:
                waited = self._waiting.pop(task, None)
            if waited is not None:
                task.skip()

    def close(self):
        """Run nothing more; threads end as they become free."""
        with self._lock:
            self._closed = True
            for _ in range(self._threads):
                self._tasks.put(None)
        self.withdraw()

    def _work(self):
        while (task := self._tasks.get()) is not None:
            with self._lock:
                if self._waiting.pop(task, None) is None:
                    continue
                self._running[task] = clock.monotonic()
            try:
                task.run()
            except Exception:
                # Tasks end in themselves; one that does not is a bug, and must
                # not take the thread with it.
                LOG.exception('A call of %s raised.', self.name)
            self._leave(task)

    def _leave(self, task):
        with self._lock:
            took = clock.monotonic() - self._running.pop(task)
            self._pace += _WEIGHT * (min(took, _LONG) - self._pace)
            self._lost.discard(task)
            refused, self._refused = self._refused, False
        if refused:
            self.changed()


class PluginPools:
    """The pools of all plugins.

    :param names: of the plugins
    :param count: threads, shared out evenly
    :param give_up: called once with the plugin's name when none of its threads is
        left
    """

    def __init__(self, names, count, give_up):
        share = max(1, count // max(1, len(names)))
        self._pools = {name: PluginPool(name, share) for name in names}
        self._give_up = give_up
        self._given_up = False
        self._closed = threading.Event()

    def start(self, changed):
        """Begin to watch.

        :param changed: called when there may be room again
        """
        for pool in self._pools.values():
            pool.changed = changed
        workers.start_thread('plugin-watch', self._watch_loop)

    def submit(self, task):
        """Run a task on the threads of its plugin."""
        self._pools[task.resource_type].submit(task)

    def get_room(self, name=None):
        """How many more tasks of a plugin, or of any, would be begun soon."""
        if name is not None:
            return self._pools[name].get_room()
        return max((pool.get_room() for pool in self._pools.values()), default=0)

    def count(self):
        """{plugin: (size, running, waiting, lost)}."""
        return {name: (pool.size, *pool.count()) for name, pool in self._pools.items()}

    def withdraw(self):
        """Take back everything that waits for a thread."""
        for pool in self._pools.values():
            pool.withdraw()

    def close(self):
        """Run nothing more."""
        self._closed.set()
        for pool in self._pools.values():
            pool.close()

    def _watch_loop(self):
        while not self._closed.wait(_WATCH):
            for pool in self._pools.values():
                try:
                    pool.watch()
                except Exception:
                    LOG.exception('Calls of %s cannot be watched.', pool.name)
            self._look_for_lost()

    def _look_for_lost(self):
        lost = [pool.name for pool in self._pools.values() if pool.is_lost()]
        if lost and not self._given_up:
            self._given_up = True
            self._give_up(lost[0])
