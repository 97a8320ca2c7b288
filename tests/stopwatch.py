"""Time spent, without what the machine was busy with other things."""

import threading
import time

_TICK = 0.01


class Stopwatch:
    """Counts the seconds of a ``with`` block in which this process could have run.

    A limit on how long something waits says nothing about a machine that stops us
    for seconds, as one that runs other tests does. A thread that wakes every tick
    sees by how much it is late, and that much is left out. Work of this process is
    not: it takes turns with that thread every few milliseconds.

    :ivar seconds: so far, or of the block when it has ended
    """

    def __init__(self):
        self._stalled = 0
        self._ended = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended = time.monotonic()
        self._stop.set()
        self._thread.join()

    @property
    def seconds(self):
        return (self._ended or time.monotonic()) - self._began - self._stalled

    def _watch(self):
        while not self._stop.is_set():
            before = time.monotonic()
            self._stop.wait(_TICK)
            late = time.monotonic() - before - _TICK
            # What is less than that is an ordinary switch between threads.
            if late > _TICK:
                self._stalled += late
