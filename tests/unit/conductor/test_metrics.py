"""What a conductor shows of itself."""

import socket
import urllib.request

from prometheus_client import parser

from mogan_like.common import clock
from mogan_like.common import workers
from mogan_like.common.config import CONF
from mogan_like.conductor import metrics
from mogan_like.db import claims
from mogan_like.db import engine
from tests.unit.conductor import batch_case
from tests.unit.conductor.batch_case import events_case
from tests.unit.db import db_case

_KINDS = ('instance', 'lease/thing')
_NONE = {'due': 0, 'overdue': 0, 'retrying': 0, 'waiting': 0, 'claimed': 0}


class MetricsTests(batch_case.BatchMixin):
    def serve(self, kinds=_KINDS, work=None, number=0):
        """Serve metrics at a port of their own; the URL."""
        pools = (work or self.start())._pools
        with socket.create_server(('127.0.0.1', 0)) as free:
            port = free.getsockname()[1]
        CONF.set_override('listen', f'127.0.0.1:{port - number}', group='metrics')
        self.addCleanup(CONF.clear_override, 'listen', group='metrics')
        served = metrics.Metrics(kinds, pools, workers.Pool('job', 3))
        served.start(number)
        self.addCleanup(served.stop)
        return f'http://127.0.0.1:{port}/metrics'

    def read(self, url):
        """{(name, *values of labels): value}."""
        with urllib.request.urlopen(url, timeout=20) as answer:
            text = answer.read().decode()
        return {
            (sample.name.removeprefix('mogan_like_'), *sample.labels.values()): (
                sample.value
            )
            for family in parser.text_string_to_metric_families(text)
            for sample in family.samples
        }

    def read_due(self, url, kind='lease/thing'):
        found = self.read(url)
        return {state: int(found['due_work', kind, state]) for state in _NONE}

    def test_due_work(self):
        url = self.serve()
        self.assertEqual(_NONE, self.read_due(url))
        late = clock.utcnow() - 60 * events_case.SECOND
        for object_id, values in {
            'now': {},
            'late': {'until': late},
            'failed': {'attempts': 2, 'until': late + 120 * events_case.SECOND},
            'waits': {'waits_on': 'i-1', 'until': claims.NEVER},
            'taken': {'owner': 'me', 'attempts': 1},
            'later': {'until': late + events_case.HOUR},
        }.items():
            self.in_transaction(claims.add, 'lease/thing', object_id, clock.utcnow())
            if values:
                self.set(claims.DUE_WORK, {'object_id': object_id}, **values)
        self.assertEqual(
            {'due': 2, 'overdue': 1, 'retrying': 1, 'waiting': 1, 'claimed': 1},
            self.read_due(url),
        )
        self.assertEqual(_NONE, self.read_due(url, 'instance'))

    def test_threads_of_plugins(self):
        self.hold(self.plugin)
        self.plugin.timeout = 0.3
        work = self.start(threads=6)
        url = self.serve(work=work)
        self.make(1)
        work.nudge()
        self.wait_for(
            lambda: self.read(url)['plugin_threads', 'thing', 'lost'], 'a lost thread'
        )
        found = self.read(url)
        self.assertEqual(0, found['plugin_threads', 'thing', 'running'])
        self.assertEqual(2, found['plugin_threads', 'thing', 'free'])
        self.assertEqual(3, found['plugin_threads', 'other', 'free'])
        self.assertEqual(0, found['plugin_calls_waiting', 'thing'])
        self.assertEqual(3, found['jobs', 'free'])

    def test_without_a_database(self):
        url = self.serve()
        self.assertEqual(1, self.read(url)['database_up',])
        engine.dispose()
        CONF.set_override('connection', 'sqlite:////nowhere/x', group='database')
        found = self.read(url)
        self.assertEqual(0, found['database_up',])
        self.assertIn(('plugin_threads', 'thing', 'free'), found)
        engine.dispose()

    def test_of_several_processes_are_at_ports_in_a_row(self):
        self.assertEqual(_NONE, self.read_due(self.serve(number=2)))

    def test_at_a_port_that_is_taken_are_done_without(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
            CONF.set_override('listen', f'127.0.0.1:{port}', group='metrics')
            self.addCleanup(CONF.clear_override, 'listen', group='metrics')
            served = metrics.Metrics((), self.start()._pools, workers.Pool('job', 3))
            served.start()
            served.stop()

    def test_are_off_by_default(self):
        served = metrics.Metrics((), self.start()._pools, workers.Pool('job', 3))
        served.start()
        self.assertIsNone(served._server)
        served.stop()


db_case.on_each(globals(), MetricsTests)
