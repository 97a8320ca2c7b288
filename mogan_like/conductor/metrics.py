"""What a conductor is at, for Prometheus."""

from oslo_log import log
from oslo_utils import netutils
import prometheus_client
from prometheus_client import core
from prometheus_client import registry

from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine

LOG = log.getLogger(__name__)

#: Seconds after which due work that nobody has taken is late.
_LATE = 10


class Metrics(registry.Collector):
    """Counts due work, and threads of plugins.

    :param kinds: of due work
    :param pools: of the plugins' threads
    :param jobs: the pool of the long jobs
    """

    def __init__(self, kinds, pools, jobs):
        self._kinds = tuple(kinds)
        self._pools = pools
        self._jobs = jobs
        self._server = None

    def start(self, number=0):
        """Serve at ``[metrics]listen``, if that is set.

        :param number: of this process among those of a host, to add to the port
        """
        if not CONF.metrics.listen:
            return
        host, port = netutils.parse_host_port(CONF.metrics.listen)
        served = prometheus_client.CollectorRegistry()
        served.register(self)
        try:
            self._server, _thread = prometheus_client.start_http_server(
                port + number, host, served
            )
        except OSError as exc:
            # What leases and instances wait for goes on without.
            LOG.error('[metrics]listen: %s:%d: %s', host, port + number, exc)

    def stop(self):
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def describe(self):
        """Nothing: else they were counted to be registered."""
        return []

    def collect(self):
        """The metrics as they are now."""
        yield from self._collect_due_work()
        yield self._collect_threads()
        yield self._collect_waiting()
        yield self._collect_jobs()

    def _collect_due_work(self):
        is_there = core.GaugeMetricFamily(
            'mogan_like_database_up', '1 when the database could be read.'
        )
        found = core.GaugeMetricFamily(
            'mogan_like_due_work',
            'Work of all conductors: due (overdue: for more than '
            f'{_LATE} s), to be tried again after a failure, waiting for something.',
            labels=('kind', 'state'),
        )
        try:
            counts = _count(self._kinds)
        except Exception as exc:
            LOG.warning('Due work cannot be counted: %s', exc)
            counts = {}
        is_there.add_metric((), int(bool(counts)))
        for kind, of_kind in counts.items():
            for state, number in of_kind._asdict().items():
                found.add_metric((kind, state), number)
        return is_there, found

    def _collect_threads(self):
        found = core.GaugeMetricFamily(
            'mogan_like_plugin_threads',
            'Threads for calls of plugins. Those that are lost run a call that took '
            'too long.',
            labels=('plugin', 'state'),
        )
        for name, (size, running, _waiting, lost) in self._pools.count().items():
            found.add_metric((name, 'running'), running - lost)
            found.add_metric((name, 'lost'), lost)
            found.add_metric((name, 'free'), size - running)
        return found

    def _collect_waiting(self):
        found = core.GaugeMetricFamily(
            'mogan_like_plugin_calls_waiting',
            'Calls of plugins that wait for a thread.',
            labels=('plugin',),
        )
        for name, (_size, _running, waiting, _lost) in self._pools.count().items():
            found.add_metric((name,), waiting)
        return found

    def _collect_jobs(self):
        found = core.GaugeMetricFamily(
            'mogan_like_jobs', 'Long jobs on instances.', labels=('state',)
        )
        taken, size = self._jobs.taken, self._jobs.size
        found.add_metric(('running',), min(taken, size))
        found.add_metric(('waiting',), max(0, taken - size))
        found.add_metric(('free',), max(0, size - taken))
        return found


def _count(kinds):
    with engine.reader() as conn:
        # The longest pause between two tries, with its jitter.
        return claims.count(conn, kinds, _LATE, CONF.conductor.retry_delay_max * 1.25)
