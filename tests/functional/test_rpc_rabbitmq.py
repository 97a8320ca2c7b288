"""RPC through RabbitMQ."""

import statistics
import threading
import time
import uuid

from mogan_like.common import exception
from mogan_like.common import rpc
from mogan_like.common.config import CONF
from tests.functional import rabbitmq

# isort: split
# After mogan_like, which chooses the threading backend.
import oslo_messaging


class TestBroker(rabbitmq.RabbitTestCase):
    def test_call(self):
        self.serve()
        self.connect()
        sent = {'uuid': str(uuid.uuid4()), 'list': [1, None, True, 'ä']}
        self.assertEqual(sent, self.client.call(self.ctx, 'echo', value=sent))
        self.assertEqual('conductor-1', rpc.ping())

    def test_how_long_the_caller_waits(self):
        self.serve()
        self.connect()
        left = self.client.call_within(20, self.ctx, 'tell_seconds_left')
        self.assertGreater(left, 0)
        self.assertLess(left, 20)

    def test_errors(self):
        self.serve()
        self.connect()
        with (
            self.assertNoLogs(None, 'ERROR'),
            self.assertRaises(exception.QuotaExceeded) as caught,
        ):
            self.client.call(self.ctx, 'refuse')
        self.assertIs(exception.QuotaExceeded, type(caught.exception))
        self.assertEqual(
            {'resource': 'instances', 'limit': 3, 'used': 3}, caught.exception.kwargs
        )
        with (
            self.assertLogs('mogan_like', 'ERROR'),
            self.assertRaises(exception.MoganLikeError) as caught,
        ):
            self.client.call(self.ctx, 'break_down')
        self.assertEqual('An unknown error occurred.', str(caught.exception))

    def test_cast(self):
        self.serve()
        self.connect()
        self.client.cast(self.ctx, 'note', value=1)
        self.assertTrue(self.manager.arrived.acquire(timeout=rabbitmq.PATIENCE))
        self.assertEqual([1], self.manager.seen)

    def test_fanout(self):
        managers = [rabbitmq.Manager(), rabbitmq.Manager()]
        for number, manager in enumerate(managers):
            self.serve(name=f'conductor-{number}', manager=manager)
        self.connect()
        self.client.fanout(self.ctx, 'note', value=1)
        for manager in managers:
            self.assertTrue(manager.arrived.acquire(timeout=rabbitmq.PATIENCE))
            self.assertEqual([1], manager.seen)

    def test_two_conductors_share_the_calls(self):
        managers = [rabbitmq.Manager(), rabbitmq.Manager()]
        for number, manager in enumerate(managers):
            self.serve(name=f'conductor-{number}', manager=manager)
        self.connect()
        for value in range(10):
            self.client.call(self.ctx, 'echo', value=value)
        self.assertEqual(list(range(10)), sorted(managers[0].seen + managers[1].seen))
        self.assertTrue(managers[0].seen and managers[1].seen)

    def test_no_conductor(self):
        self.connect()
        for _ in range(2):
            self.assert_unavailable(
                self.client.call, self.ctx, 'echo', seconds=rabbitmq.TIMEOUT
            )
        self.assert_unavailable(rpc.ping, 0.2, seconds=0.2)

    def test_conductor_that_stopped(self):
        server = self.serve()
        self.connect()
        self.until(rabbitmq.PATIENCE, self.answers)
        self.assertTrue(server.wait(rabbitmq.PATIENCE))
        self.assert_unavailable(self.client.call, self.ctx, 'echo')

    def test_conductors_that_come_and_go(self):
        # Each that goes takes queues and exchange along, which the broker tells
        # the next caller by closing its channel.
        self.connect()
        for number in range(4):
            server = self.serve(name=f'conductor-{number}')
            self.until(rabbitmq.PATIENCE, self.answers)
            self.assertTrue(server.wait(rabbitmq.PATIENCE))
            self.assertFalse(self.answers())

    def test_stop_lets_calls_finish(self):
        server = self.serve()
        self.connect()
        self.config(group='api', rpc_timeout=rabbitmq.PATIENCE)
        ended = threading.Event()

        def call():
            self.client.call(self.ctx, 'hold')
            ended.set()

        threading.Thread(target=call, daemon=True).start()
        self.assertTrue(self.manager.arrived.acquire(timeout=rabbitmq.PATIENCE))
        self.assertTrue(server.stop())
        self.assertFalse(server.wait(0.1))
        self.manager.released.set()
        self.assertTrue(server.wait(rabbitmq.PATIENCE))
        self.assertTrue(ended.wait(rabbitmq.PATIENCE))

    def test_wrong_password(self):
        with (
            self.assertLogs('mogan_like', 'ERROR'),
            self.assertRaisesRegex(Exception, 'ACCESS_REFUSED'),
        ):
            self.serve(password='wrong')
        self.connect(password='wrong')
        self.assert_unavailable(self.client.call, self.ctx, 'echo')

    def test_costs_little_more_than_oslo_messaging(self):
        """Medians of turns in the same run: half as much again at the most."""
        self.serve()
        self.connect()
        bare = self.make_bare_client()
        ours, theirs = [], []
        for _ in range(10):
            ours += self.time_calls(self.client.call, self.ctx)
            theirs += self.time_calls(bare.call, self.ctx.to_wire())
        ratio = statistics.median(ours) / statistics.median(theirs)
        self.assertLess(ratio, 1.5)

    def time_calls(self, call, ctx):
        times = []
        for _ in range(30):
            began = time.perf_counter()
            call(ctx, 'echo', value='v')
            times.append(time.perf_counter() - began)
        return times

    def make_bare_client(self):
        transport = oslo_messaging.get_rpc_transport(CONF)
        self.addCleanup(transport.cleanup)
        topic = f'{self.name}-bare'
        server = oslo_messaging.get_rpc_server(
            transport,
            oslo_messaging.Target(topic=topic, server='conductor-1'),
            [rabbitmq.Manager()],
        )
        server.start()
        self.addCleanup(server.wait)
        self.addCleanup(server.stop)
        return oslo_messaging.get_rpc_client(
            transport, oslo_messaging.Target(topic=topic, version='1.0')
        )
