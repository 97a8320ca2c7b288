"""A topic on RabbitMQ of a test's own, and ways to lose RabbitMQ."""

import socket
import threading
import time
import unittest
import urllib.parse
import uuid

import fixtures
import kombu
from oslo_config import fixture as config_fixture

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common import rpc
from mogan_like.common.config import CONF
from tests import services
from tests import stopwatch

URL = urllib.parse.urlsplit(services.RABBIT)
BROKER = (URL.hostname, URL.port)
PATIENCE = 20
#: [api]rpc_timeout in these tests, and how much later an answer may be.
TIMEOUT, GRACE = 1, 0.5
#: Queues go with their last user; what a broken connection leaves, soon after.
QUERY = {
    'amqp_auto_delete': 'true',
    'rabbit_transient_queues_ttl': 60,
    'heartbeat_timeout_threshold': 2,
}


class Proxy(fixtures.Fixture):
    """A way to the broker that can be cut, closed and silenced."""

    def _setUp(self):
        self._lock = threading.Lock()
        self._pairs = []
        self._flows = threading.Event()
        self._flows.set()
        self._listener = None
        self.port = 0
        self.addCleanup(self._stop)
        self.open()

    def _stop(self):
        self.close()
        self.resume()

    def open(self):
        """Accept connections, on the same port as before."""
        self._listener = socket.create_server(('127.0.0.1', self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(
            target=self._accept, args=(self._listener,), daemon=True
        ).start()

    def close(self):
        """Refuse connections and end those there are."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def restore(self):
        """Let everything through."""
        if self._listener is None:
            self.open()
        self.resume()

    def cut(self):
        """End the connections there are."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            self._end(*pair)

    def silence(self):
        """Pass nothing on any more, and let nobody know."""
        self._flows.clear()

    def resume(self):
        """Pass on what was held back."""
        self._flows.set()

    def forget(self):
        """Leave the connections there are silent for ever; new ones work."""
        with self._lock:
            for pair in self._pairs:
                pair[-1].set()
        self.resume()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                broker = socket.create_connection(BROKER)
            except OSError:
                client.close()
                continue
            pair = (client, broker, threading.Event())
            with self._lock:
                self._pairs.append(pair)
            for source, sink in ((client, broker), (broker, client)):
                threading.Thread(
                    target=self._pass_on, args=(source, sink, pair), daemon=True
                ).start()

    def _pass_on(self, source, sink, pair):
        forgotten = pair[-1]
        try:
            while data := source.recv(65536):
                self._flows.wait()
                if not forgotten.is_set():
                    sink.sendall(data)
        except OSError:
            # One side is gone, and takes the other with it.
            self._end(*pair)
            return
        self._end(*pair)

    @staticmethod
    def _end(client, broker, forgotten):
        for side in (client, broker):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                # It was not connected any more.
                continue
            finally:
                side.close()


class Manager:
    def __init__(self):
        self.seen = []
        self.arrived = threading.Semaphore(0)
        self.released = threading.Event()

    def echo(self, ctx, value=None):
        self.seen.append(value)
        return value

    def tell_seconds_left(self, ctx):
        return ctx.answer_by - clock.monotonic()

    def note(self, ctx, value):
        self.seen.append(value)
        self.arrived.release()

    def refuse(self, ctx):
        raise exception.QuotaExceeded(resource='instances', limit=3, used=3)

    def break_down(self, ctx):
        raise RuntimeError('internal detail')

    def hold(self, ctx):
        self.arrived.release()
        self.released.wait(PATIENCE)


class RabbitTestCase(fixtures.TestWithFixtures, unittest.TestCase):
    """A topic and an exchange of this test's own on the broker."""

    def setUp(self):
        super().setUp()
        try:
            socket.create_connection(BROKER, timeout=2).close()
        except OSError:
            services.miss(self, 'RabbitMQ at {}:{}'.format(*BROKER))
        self.useFixture(fixtures.FakeLogger())
        # The executor's idle threads look once a second whether to end.
        self.useFixture(
            fixtures.MonkeyPatch('futurist._thread.ThreadWorker.MAX_IDLE_FOR', 0.01)
        )
        self.config = self.useFixture(config_fixture.Config(CONF)).config
        rpc.set_defaults('rabbit://')
        self.name = f'test-{uuid.uuid4().hex}'
        self.addCleanup(self.delete_names)
        self.config(control_exchange=self.name)
        self.config(group='conductor', rpc_topic=self.name)
        self.config(group='api', rpc_timeout=TIMEOUT)
        self.ctx = context.RequestContext(user_id='u', project_id='p', roles=['r'])
        self.client = rpc.Client('things')
        self.manager = Manager()
        self.proxies = []
        self.addCleanup(self.wait_for_threads)

    def make_proxy(self):
        """A way to the broker."""
        proxy = Proxy()
        proxy.setUp()
        self.proxies.append(proxy)
        return proxy

    def wait_for_threads(self):
        """What was left behind ends; it would spoil the logs of other tests."""
        for proxy in self.proxies:
            proxy.restore()
        self.addCleanup(self.stop_proxies)
        self.until(
            2 * PATIENCE,
            lambda: not [t for t in threading.enumerate() if t.name.startswith('rpc')],
        )

    def stop_proxies(self):
        for proxy in self.proxies:
            proxy.cleanUp()

    def delete_names(self):
        with kombu.Connection(f'amqp://{URL.netloc}//') as connection:
            for exchange in (self.name, f'{self.name}_fanout'):
                kombu.Exchange(exchange, channel=connection.channel()).delete()
            for queue in (self.name, f'{self.name}.conductor-1'):
                kombu.Queue(queue, channel=connection.channel()).delete()

    def use(self, *ports, password=URL.password):
        """Configure the way to the broker, or several."""
        host = f'{URL.username}:{password}@{URL.hostname}'
        hosts = ','.join(f'{host}:{port}' for port in ports or [URL.port])
        options = urllib.parse.urlencode(QUERY)
        self.config(transport_url=f'rabbit://{hosts}/?{options}')

    def connect(self, *ports, **how):
        """Make this process a client."""
        self.use(*ports, **how)
        rpc.init()
        self.addCleanup(rpc.cleanup)

    def serve(self, *ports, name='conductor-1', manager=None, **how):
        self.use(*ports, **how)
        server = rpc.get_server({'things': manager or self.manager}, name)
        self.addCleanup(self.end, server)
        server.start()
        return server

    def end(self, server):
        self.manager.released.set()
        server.wait(PATIENCE)

    def assert_unavailable(self, function, *args, seconds=None, **kwargs):
        """It raises in time, or just then."""
        began = time.monotonic()
        with (
            self.assertNoLogs('mogan_like', 'ERROR'),
            self.assertRaises(exception.ConductorUnavailable),
            stopwatch.Stopwatch() as watch,
        ):
            function(*args, **kwargs)
        self.assertLess(watch.seconds, TIMEOUT + GRACE)
        if seconds is not None:
            self.assertGreater(time.monotonic() - began, seconds - GRACE)
            self.assertLess(watch.seconds, seconds + GRACE)

    def until(self, seconds, condition):
        """Seconds until the condition was true; fail after ``seconds``."""
        began = time.monotonic()
        pause = threading.Event()
        while not condition():
            if time.monotonic() - began > seconds:
                self.fail(f'not in {seconds} s')
            pause.wait(0.05)
        return time.monotonic() - began

    def answers(self):
        """True when a call is answered."""
        try:
            return self.client.call(self.ctx, 'echo', value='back') == 'back'
        except exception.ConductorUnavailable:
            return False
