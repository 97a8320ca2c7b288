"""What /healthcheck checks: the database and the message bus."""

import functools
import threading

from oslo_log import log
from oslo_middleware import healthcheck
from oslo_middleware.healthcheck import pluginbase

from mogan_like.common import clock
from mogan_like.common import plugins
from mogan_like.common import rpc
from mogan_like.common import workers
from mogan_like.common.config import CONF
from mogan_like.db import engine

LOG = log.getLogger(__name__)

_NAMESPACE = 'oslo.middleware.healthcheck'
_BUS_TIMEOUT = 3
#: Seconds that a request waits for a check; two of them make less than one.
_PATIENCE = 0.4
#: Seconds for which what was found before stands for a check that is slow.
_TRUSTED = 5


@functools.cache
def make_app():
    """oslo.middleware's application, 200 or 503, with our checks.

    :raises PluginNotFound: for a check that is configured but not installed,
        which oslo.middleware would skip, and then call everything healthy
    """
    for name in CONF.healthcheck.backends:
        plugins.load(_NAMESPACE, name)
    return healthcheck.Healthcheck(None, CONF)


class _Look:
    """One look in a thread, which any number of requests wait for.

    :ivar ended: an Event; after it ``healthy`` and ``ended_at`` are there
    """

    def __init__(self, check):
        self._check = check
        self.ended = threading.Event()
        self.ended_at = None
        self.healthy = False
        workers.start_thread('health', self._run)

    def _run(self):
        try:
            self._check.probe()
            self.healthy = True
        except Exception as exc:
            LOG.warning('Health: the %s does not answer: %s', self._check.noun, exc)
        self.ended_at = clock.monotonic()
        self.ended.set()


class _Check(pluginbase.HealthcheckBaseExtension):
    noun = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._lock = threading.Lock()
        self._look = None
        self._last = None

    def probe(self):
        """Raise when it is not well."""
        raise NotImplementedError

    def healthcheck(self, server_port):
        """The result; why is in the log, since anybody may ask."""
        if self._is_healthy():
            return pluginbase.HealthcheckResult(True, f'{self.noun} OK')
        return pluginbase.HealthcheckResult(False, f'the {self.noun} does not answer')

    def _is_healthy(self):
        look, last = self._begin()
        if look.ended.wait(_PATIENCE):
            return look.healthy
        # Busy for a moment, or gone: this look will say which, to the next.
        return (
            last is not None
            and last.healthy
            and clock.monotonic() - last.ended_at < _TRUSTED
        )

    def _begin(self):
        """The look that is under way, or a new one; and the last that ended.

        There is one at a time, so that nothing piles up behind what hangs.
        """
        with self._lock:
            if self._look is None or self._look.ended.is_set():
                self._last, self._look = self._look, _Look(self)
            return self._look, self._last


class Database(_Check):
    """Entry point ``mogan_like_database``."""

    noun = 'database'

    def probe(self):
        engine.ping()


class Bus(_Check):
    """Entry point ``mogan_like_bus``: a conductor answers."""

    noun = 'message bus'

    def probe(self):
        rpc.ping(_BUS_TIMEOUT)
