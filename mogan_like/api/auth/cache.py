"""What was found out a moment ago: bounded in number and in time."""

import collections
import threading

from mogan_like.common import clock


class ExpiringCache:
    """A thread-safe dict of at most ``size`` entries, each with its own end.

    When it is full the entry that was used longest ago goes.
    """

    def __init__(self, size, now=clock.monotonic):
        self._size = size
        self._now = now
        self._lock = threading.Lock()
        self._entries = collections.OrderedDict()

    def __len__(self):
        return len(self._entries)

    def __bool__(self):
        return True

    def get(self, key):
        """The value, or None when there is none or its time is over."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            value, until = found
            if self._now() >= until:
                del self._entries[key]
                return None
            self._entries.move_to_end(key)
            return value

    def put(self, key, value, seconds):
        """Keep a value for so many seconds; not at all when that is <= 0."""
        if seconds <= 0:
            return
        with self._lock:
            self._entries[key] = (value, self._now() + seconds)
            self._entries.move_to_end(key)
            if len(self._entries) > self._size:
                self._entries.popitem(last=False)

    def forget(self, key):
        """Drop a value, if it is there."""
        with self._lock:
            self._entries.pop(key, None)
