"""How many requests may ask others at the same time: not all that RPC has threads."""

import contextlib
import threading

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF

#: Seconds after which who was asked counts as slow. Until then others wait for a
#: place: where all are quick, none of them is refused because of a burst.
_SLOW = 1


class Places:
    """What keeps a foreign service that hangs from taking every thread of RPC.

    Half of ``[conductor]rpc_threads`` may be at it, one at least. While the first of
    them is quick, the others wait; when it is slow they are refused at once, so that
    what asks nobody (locks, instances, leases) finds a thread.
    """

    def __init__(self):
        self._changed = threading.Condition()
        self._taken = {}

    @contextlib.contextmanager
    def take(self, what):
        """Hold a place for as long as others are asked.

        :param what: whom or what for, as users know it
        :raises OthersTooSlow: when all places are taken and who has the oldest has had
            it for a second
        """
        own = object()
        with self._changed:
            self._await_free()
            self._taken[own] = clock.monotonic(), what
        try:
            yield
        finally:
            with self._changed:
                del self._taken[own]
                self._changed.notify()

    def _await_free(self):
        while len(self._taken) >= max(1, CONF.conductor.rpc_threads // 2):
            # In the order in which they came.
            since, what = next(iter(self._taken.values()))
            left = since + _SLOW - clock.monotonic()
            if left <= 0:
                raise exception.OthersTooSlow(count=len(self._taken), what=what)
            self._changed.wait(left)


_PLACES = Places()


def take(what):
    """As :meth:`Places.take`, of this process."""
    return _PLACES.take(what)


def name_types(resources):
    """What requests about resources are called here: their types.

    :param resources: of :class:`..plugins.base.Resource`
    """
    return ', '.join(sorted({each.type for each in resources}))
