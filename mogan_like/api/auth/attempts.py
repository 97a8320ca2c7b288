"""How long the next try of a password has to wait after wrong ones."""

import threading

from mogan_like.api.auth import cache
from mogan_like.common import clock

_KEYS = 10_000
_REMEMBERED = 60.0
_FIRST = 0.1


class Attempts:
    """Counts wrong tries per key; a pause doubles with each up to ``cap``.

    The number of keys is bounded, and a key that is left alone for a minute
    is forgotten.

    :param cap: seconds of the longest pause
    :param free: so many wrong tries cost no pause
    """

    def __init__(self, cap, free=0, now=clock.monotonic):
        self._cap = cap
        self._free = free
        self._now = now
        self._lock = threading.Lock()
        self._failures = cache.ExpiringCache(_KEYS, now)

    def pause(self, key):
        """Seconds until the next try may be checked; 0.0 for at once."""
        found = self._failures.get(key)
        return max(0.0, found[1] - self._now()) if found else 0.0

    def fail(self, key):
        """Note a wrong try."""
        with self._lock:
            count = (self._failures.get(key) or (0, 0.0))[0] + 1
            beyond = count - self._free
            # 2 ** a large count is a number nobody needs.
            pause = _FIRST * 2 ** min(beyond - 1, 10) if beyond > 0 else 0.0
            until = self._now() + min(pause, self._cap)
            self._failures.put(key, (count, until), _REMEMBERED)

    def forgive(self, key):
        """Forget a key's wrong tries, after a right one."""
        self._failures.forget(key)
