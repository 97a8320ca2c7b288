"""What is left of RPC while RabbitMQ is away, and how it comes back."""

from concurrent import futures
import threading

from mogan_like.common import rpc
from tests import stopwatch
from tests.functional import rabbitmq


class TestBrokerAway(rabbitmq.RabbitTestCase):
    """The client's way to the broker fails; the conductor's does not."""

    def setUp(self):
        super().setUp()
        self.proxy = self.make_proxy()
        self.serve()

    def ways(self):
        """Each way to send, as arguments of assert_unavailable."""
        yield self.client.call, self.ctx, 'echo'
        yield self.client.cast, self.ctx, 'note', 0
        yield self.client.fanout, self.ctx, 'note', 0

    def send(self, way, value):
        send, ctx, method, *_ = way
        send(ctx, method, value=value)

    def assert_all_unavailable(self):
        for way in self.ways():
            with self.subTest(way[0].__name__):
                self.assert_unavailable(self.send, way, f'late {way[0].__name__}')

    def assert_nothing_comes_late(self):
        """What was given up stays so, also after the longest pause."""
        late = [f'late {way[0].__name__}' for way in self.ways()]
        pause = threading.Event()
        for _ in range(30):
            self.assertTrue(set(late).isdisjoint(self.manager.seen))
            pause.wait(0.2)

    def test_refused_from_the_start(self):
        self.proxy.close()
        self.connect(self.proxy.port)
        self.assert_unavailable(
            self.client.call, self.ctx, 'echo', seconds=rabbitmq.TIMEOUT
        )
        # It is known by now.
        self.assert_unavailable(self.client.call, self.ctx, 'echo', seconds=0)
        self.assert_all_unavailable()
        self.proxy.open()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.assertNotIn('late call', self.manager.seen)

    def test_silent_from_the_start(self):
        self.proxy.silence()
        self.connect(self.proxy.port)
        self.assert_all_unavailable()
        self.proxy.resume()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.assertNotIn('late call', self.manager.seen)

    def test_cut(self):
        self.connect(self.proxy.port)
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxy.cut()
        self.until(rabbitmq.PATIENCE, self.answers)

    def test_refused_later(self):
        self.connect(self.proxy.port)
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxy.close()
        for _ in range(2):
            self.assert_all_unavailable()
        self.proxy.open()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.assert_nothing_comes_late()

    def test_silent_later(self):
        self.connect(self.proxy.port)
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxy.silence()
        for _ in range(2):
            self.assert_all_unavailable()
        self.proxy.resume()
        self.until(rabbitmq.PATIENCE, self.answers)

    def test_host_gone(self):
        """Connections that nobody ends are found to be dead."""
        self.connect(self.proxy.port)
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxy.silence()
        self.assert_all_unavailable()
        self.proxy.forget()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.assertNotIn('late call', self.manager.seen)

    def test_many_callers_of_a_silent_broker(self):
        self.connect(self.proxy.port)
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxy.silence()

        with stopwatch.Stopwatch() as watch, futures.ThreadPoolExecutor(100) as pool:
            asked = [pool.submit(self.answers) for _ in range(100)]
        self.assertEqual({False}, {future.result() for future in asked})
        self.assertLess(watch.seconds, rabbitmq.TIMEOUT + 2 * rabbitmq.GRACE)
        self.proxy.resume()
        self.until(rabbitmq.PATIENCE, self.answers)

    def test_cleanup(self):
        self.connect(self.proxy.port)
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxy.silence()
        with stopwatch.Stopwatch() as watch:
            rpc.cleanup()
        self.assertLess(watch.seconds, 4)

    def test_cleanup_before_the_broker_came(self):
        self.proxy.close()
        self.connect(self.proxy.port)
        self.assert_unavailable(self.client.call, self.ctx, 'echo')
        with stopwatch.Stopwatch() as watch:
            rpc.cleanup()
        self.assertLess(watch.seconds, 4)


class TestCluster(rabbitmq.RabbitTestCase):
    """Several ways to the broker, some of them dead."""

    def setUp(self):
        super().setUp()
        for _ in range(2):
            self.make_proxy()
        self.serve()

    def connect_to_both(self):
        self.connect(*[proxy.port for proxy in self.proxies])

    def test_one_is_dead(self):
        for dead, _ in enumerate(self.proxies):
            self.proxies[dead].close()
            self.connect_to_both()
            self.until(rabbitmq.PATIENCE, self.answers)
            # So many at once need connections that are not there yet.
            with futures.ThreadPoolExecutor(20) as pool:
                answers = [pool.submit(self.answers) for _ in range(60)]
            self.assertEqual({True}, {answer.result() for answer in answers})
            rpc.cleanup()
            self.proxies[dead].open()

    def test_one_dies(self):
        self.connect_to_both()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxies[0].close()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxies[0].open()
        self.proxies[1].close()
        self.until(rabbitmq.PATIENCE, self.answers)

    def test_both_die_and_one_comes_back(self):
        """Whichever it is that a connection was last looking for."""
        for back in self.proxies:
            self.connect_to_both()
            self.until(rabbitmq.PATIENCE, self.answers)
            for proxy in self.proxies:
                proxy.close()
            for _ in range(3):
                self.assert_unavailable(self.client.call, self.ctx, 'echo')
            back.open()
            self.until(rabbitmq.PATIENCE, self.answers)
            rpc.cleanup()
            for proxy in self.proxies:
                if proxy is not back:
                    proxy.open()


class TestConductorWithoutBroker(rabbitmq.RabbitTestCase):
    """The conductor's way to the broker fails; the client's does not."""

    def setUp(self):
        super().setUp()
        self.proxy = self.make_proxy()

    def test_start(self):
        self.proxy.close()
        with stopwatch.Stopwatch() as watch, self.assertLogs('mogan_like', 'WARNING'):
            self.serve(self.proxy.port)
        self.assertLess(watch.seconds, rabbitmq.TIMEOUT + rabbitmq.GRACE)
        self.connect()
        self.assertFalse(self.answers())
        self.proxy.open()
        self.until(rabbitmq.PATIENCE, self.answers)

    def test_stop_before_the_broker_came(self):
        self.proxy.close()
        server = self.serve(self.proxy.port)
        with stopwatch.Stopwatch() as watch:
            self.assertFalse(server.stop(0.2))
            self.assertFalse(server.wait(0.2))
        self.assertLess(watch.seconds, 0.4 + rabbitmq.GRACE)
        self.proxy.open()

    def test_lost_and_back(self):
        self.serve(self.proxy.port)
        self.connect()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxy.close()
        self.assert_unavailable(self.client.call, self.ctx, 'echo')
        self.proxy.open()
        self.until(rabbitmq.PATIENCE, self.answers)

    def test_host_gone(self):
        self.serve(self.proxy.port)
        self.connect()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.proxy.silence()
        self.assert_unavailable(self.client.call, self.ctx, 'echo')
        self.proxy.forget()
        self.until(rabbitmq.PATIENCE, self.answers)

    def test_stop_while_it_is_lost(self):
        server = self.serve(self.proxy.port)
        self.proxy.close()
        with stopwatch.Stopwatch() as watch:
            server.stop(0.5)
            server.wait(0.5)
        self.assertLess(watch.seconds, 1 + rabbitmq.GRACE)
        self.proxy.open()
