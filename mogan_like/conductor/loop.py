"""The loop that looks for due work: at its time, when nudged, and now and then."""

import threading

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common import workers
from mogan_like.common.config import CONF

LOG = log.getLogger(__name__)

#: Seconds by which our clock may differ from the database's.
_SKEW = 0.1


class Loop:
    """Looks for due work until it is stopped.

    :param look: takes what is due; returns the seconds until the next look
    """

    def __init__(self, name, look):
        self._name = name
        self._look = look
        self._nudged = threading.Event()
        self._stopping = threading.Event()
        self._thread = None

    def start(self):
        """Begin to look."""
        self._thread = workers.start_thread(self._name, self._run)

    def stop(self):
        """Look no more."""
        self._stopping.set()
        self._nudged.set()

    def wait(self, timeout):
        """Wait until a stopped loop has done its last look; for seconds at most."""
        if self._thread is not None:
            self._thread.join(timeout)

    def is_stopping(self):
        """True from :meth:`stop` on."""
        return self._stopping.is_set()

    def nudge(self):
        """Look now."""
        self._nudged.set()

    def _run(self):
        while not self._stopping.is_set():
            try:
                pause = self._look()
            except Exception:
                # Whatever it is (a pool of connections that is used up is no
                # DBError): without this loop a conductor does nothing more.
                LOG.exception('Due work cannot be read.')
                pause = CONF.conductor.scan_interval
            self._nudged.wait(pause)
            self._nudged.clear()


def keep_time(asked_at, database_now):
    """Keep our clock on the database's.

    An answer that took long is no skew: the database may have looked at its clock
    at any moment since it was asked. To set ours by it would put the audit's times
    out of order.

    :param asked_at: the time by our clock before the database was asked
    """
    now = clock.utcnow()
    skew = database_now - min(max(database_now, asked_at), now)
    if abs(skew.total_seconds()) > _SKEW:
        LOG.info(
            'Following the clock of the database, %.3f s away.', skew.total_seconds()
        )
        clock.sync(now + skew)


def get_pause(until):
    """Seconds until that time, but no longer than until the next scan."""
    if until is None:
        return CONF.conductor.scan_interval
    left = (until - clock.utcnow()).total_seconds()
    return max(0, min(left, CONF.conductor.scan_interval))
