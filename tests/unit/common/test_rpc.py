"""Calls, casts and servers."""

import statistics
import subprocess
import sys
import threading
import time
import unittest.mock
import uuid

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common import rpc
from mogan_like.common.config import CONF
from mogan_like.common.rpc import bus
from tests import stopwatch
from tests.unit.common import rpc_cases


class TestCall(rpc_cases.RpcTestCase):
    def test_value(self):
        self.serve()
        sent = {'uuid': str(uuid.uuid4()), 'list': [1, None, True, 'ä']}
        self.assertEqual(sent, self.client.call(self.ctx, 'echo', value=sent))

    def test_context(self):
        self.serve()
        self.ctx.cause, self.ctx.cause_id = 'lease', 'l-1'
        self.ctx.auth_token = 'secret'
        self.client.call(self.ctx, 'echo')
        ctx = self.manager.seen[0][0]
        self.assertIsInstance(ctx, context.RequestContext)
        self.assertIsNot(self.ctx, ctx)
        self.assertEqual(self.ctx.to_wire(), ctx.to_wire())
        self.assertIsNone(ctx.auth_token)

    def test_inherited_method(self):
        self.serve()
        self.assertEqual('inherited', self.client.call(self.ctx, 'inherited'))

    def test_namespaces(self):
        other = rpc_cases.Manager()
        self.serve(things=self.manager, others=other)
        rpc.Client('others').call(self.ctx, 'echo', value=1)
        self.client.call(self.ctx, 'echo', value=2)
        self.assertEqual([1], [value for _, value in other.seen])
        self.assertEqual([2], [value for _, value in self.manager.seen])

    def test_client_is_older_than_init(self):
        rpc.cleanup()
        rpc.init()
        self.serve()
        self.assertEqual(1, self.client.call(self.ctx, 'echo', value=1))

    def test_round_trip_under_a_millisecond(self):
        self.serve()
        medians = []
        for _ in range(3):
            times = []
            for _ in range(300):
                began = time.perf_counter()
                self.client.call(self.ctx, 'echo', value='v')
                times.append(time.perf_counter() - began)
            medians.append(statistics.median(times))
        self.assertLess(min(medians), 0.001)

    def test_argument_that_is_not_plain(self):
        self.serve()
        with self.assertRaises(ValueError):
            self.client.call(self.ctx, 'echo', value=object())

    def test_results(self):
        self.serve()
        for self.manager.result in (None, 0, 1.5, True, '', [], {'a': [1]}):
            with self.subTest(result=self.manager.result):
                self.assertEqual(
                    self.manager.result, self.client.call(self.ctx, 'give')
                )

    def test_result_that_is_not_plain(self):
        """It is an error at once, not a timeout."""
        self.serve()
        for self.manager.result in (object(), [object()], {1, 2}, b'bytes'):
            with (
                self.subTest(result=self.manager.result),
                self.assertLogs('mogan_like', 'ERROR'),
                self.assertRaises(exception.MoganLikeError) as caught,
            ):
                self.client.call(self.ctx, 'give')
            self.assertEqual(500, caught.exception.code)


class TestUnavailable(rpc_cases.RpcTestCase):
    def setUp(self):
        super().setUp()
        self.config(group='api', rpc_timeout=1)

    def assert_unavailable(self, seconds, function, *args):
        began = time.monotonic()
        with (
            stopwatch.Stopwatch() as watch,
            self.assertRaises(exception.ConductorUnavailable) as caught,
        ):
            function(*args)
        self.assertGreater(time.monotonic() - began, seconds - 0.5)
        self.assertLess(watch.seconds, seconds + 0.5)
        self.assertEqual(503, caught.exception.code)
        self.assertEqual(5, caught.exception.retry_after)
        self.assertTrue(caught.exception.may_be_done)
        return str(caught.exception)

    def test_no_conductor(self):
        text = self.assert_unavailable(1, self.client.call, self.ctx, 'echo')
        self.assertEqual('No conductor answered in 1 seconds.', text)

    def test_a_message_that_surely_did_not_leave(self):
        # As kombu's, by which the driver says that there is no connection.
        never_sent = type('E', (Exception,), {'__module__': 'kombu.exceptions'})
        for error, may_be_done in ((never_sent, False), (OSError, True)):
            with (
                unittest.mock.patch.object(bus.Bus, 'call', side_effect=error),
                self.assertRaises(exception.ConductorUnavailable) as caught,
            ):
                self.client.call(self.ctx, 'echo')
            self.assertIs(may_be_done, caught.exception.may_be_done)

    def test_option_is_read_at_call_time(self):
        self.config(group='api', rpc_timeout=1.5)
        text = self.assert_unavailable(1.5, self.client.call, self.ctx, 'echo')
        self.assertEqual('No conductor answered in 1.5 seconds.', text)

    def test_conductor_that_stopped(self):
        self.serve().wait(rpc_cases.PATIENCE)
        self.assert_unavailable(1, self.client.call, self.ctx, 'echo')

    def test_conductor_that_is_slow(self):
        self.serve()
        self.assert_unavailable(1, self.client.call, self.ctx, 'hold')

    def test_cast_and_fanout_to_nobody(self):
        self.client.cast(self.ctx, 'note', value=1)
        self.client.fanout(self.ctx, 'note', value=1)

    def test_ping(self):
        self.assert_unavailable(0.1, rpc.ping, 0.1)


class TestCast(rpc_cases.RpcTestCase):
    def test_cast(self):
        self.serve()
        self.assertIsNone(self.client.cast(self.ctx, 'note', value=1))
        self.assertTrue(self.manager.arrived.acquire(timeout=rpc_cases.PATIENCE))
        ctx, value = self.manager.seen[0]
        self.assertEqual((self.ctx.request_id, 1), (ctx.request_id, value))

    def test_fanout(self):
        managers = [rpc_cases.Manager() for _ in range(3)]
        for number, manager in enumerate(managers):
            self.serve(f'conductor-{number}', things=manager)
        self.assertIsNone(self.client.fanout(self.ctx, 'note', value=1))
        for manager in managers:
            self.assertTrue(manager.arrived.acquire(timeout=rpc_cases.PATIENCE))
            self.assertEqual(1, len(manager.seen))

    def test_ping(self):
        self.serve('conductor-7')
        self.assertEqual('conductor-7', rpc.ping())

    def test_ping_leaves_the_threads_context(self):
        self.serve()
        self.ctx.update_store()
        rpc.ping()
        self.assertIs(self.ctx, context.context.get_current())


class TestServer(rpc_cases.RpcTestCase):
    def test_reserved_names(self):
        class Wrong:
            def target(self, ctx):
                """oslo.messaging takes it for something else."""

        with self.assertRaisesRegex(ValueError, 'target'):
            rpc.get_server({'things': Wrong()}, 'x')
        with self.assertRaisesRegex(ValueError, 'base'):
            rpc.get_server({'base': rpc_cases.Manager()}, 'x')

    def test_never_started(self):
        server = rpc.get_server({'things': self.manager}, 'x')
        self.assertTrue(server.stop())
        self.assertTrue(server.wait())

    def test_stopped_twice(self):
        server = self.serve()
        for _ in range(2):
            self.assertTrue(server.stop())
        for _ in range(2):
            self.assertTrue(server.wait(rpc_cases.PATIENCE))

    def test_leaves_no_thread(self):
        self.serve('conductor-to-go').wait(rpc_cases.PATIENCE)
        rpc.cleanup()
        for thread in threading.enumerate():
            if 'conductor-to-go' in thread.name:
                thread.join(rpc_cases.PATIENCE)
                self.assertFalse(thread.is_alive())

    def test_outlives_cleanup(self):
        server = self.serve()
        rpc.cleanup()
        self.assertTrue(server.stop())
        self.assertTrue(server.wait(rpc_cases.PATIENCE))

    def test_stop_lets_calls_finish(self):
        server = self.serve()
        answers = []
        call = self.in_thread(
            lambda: answers.append(self.client.call(self.ctx, 'hold'))
        )
        self.assertTrue(self.manager.running.acquire(timeout=rpc_cases.PATIENCE))
        self.assertTrue(server.stop())
        self.assertFalse(server.wait(0.1))
        self.manager.released.set()
        self.assertTrue(server.wait(rpc_cases.PATIENCE))
        call.join(rpc_cases.PATIENCE)
        self.assertEqual(['held'], answers)

    def test_threads(self):
        self.config(group='conductor', rpc_threads=2)
        self.serve()
        calls = [self.in_thread(self.client.call, self.ctx, 'hold') for _ in range(3)]
        for _ in range(2):
            self.assertTrue(self.manager.running.acquire(timeout=rpc_cases.PATIENCE))
        self.assertFalse(self.manager.running.acquire(timeout=0.2))
        self.manager.released.set()
        for call in calls:
            call.join(rpc_cases.PATIENCE)
        self.assertTrue(self.manager.running.acquire(timeout=rpc_cases.PATIENCE))

    def test_who_is_called_knows_until_when_the_caller_waits(self):
        """Also of what waited for a thread."""
        self.config(group='conductor', rpc_threads=1)
        self.serve()
        call = self.in_thread(self.client.call, self.ctx, 'hold')
        self.assertTrue(self.manager.running.acquire(timeout=rpc_cases.PATIENCE))
        with self.assertRaises(exception.ConductorUnavailable):
            self.client.call_within(0.1, self.ctx, 'note', value=1)
        given_up_at = clock.monotonic()
        self.manager.released.set()
        self.assertTrue(self.manager.arrived.acquire(timeout=rpc_cases.PATIENCE))
        self.assertLess(self.manager.seen[0][0].answer_by, given_up_at)
        self.assertIsNone(self.ctx.answer_by)
        call.join(rpc_cases.PATIENCE)

    def test_nobody_waits_for_a_cast(self):
        self.serve()
        self.client.cast(self.ctx, 'note', value=1)
        self.assertTrue(self.manager.arrived.acquire(timeout=rpc_cases.PATIENCE))
        self.assertIsNone(self.manager.seen[0][0].answer_by)


class TestInit(rpc_cases.RpcTestCase):
    def test_twice(self):
        self.serve()
        rpc.init()
        self.assertEqual(1, self.client.call(self.ctx, 'echo', value=1))
        rpc.cleanup()
        rpc.cleanup()

    def test_missing(self):
        rpc.cleanup()
        with self.assertRaisesRegex(RuntimeError, 'init'):
            self.client.call(self.ctx, 'echo')

    def test_default_url_gives_way_to_the_configured(self):
        rpc.set_defaults('inprocess://')
        self.assertNotEqual('inprocess://', CONF.transport_url)
        CONF.clear_override('transport_url')
        self.assertEqual('inprocess://', CONF.transport_url)
        rpc.set_defaults('rabbit://')

    def test_a_lost_rabbitmq_is_soon_noticed_and_found_again(self):
        rpc.cleanup()
        self.config(transport_url='rabbit://')
        rpc.init()
        rabbit = CONF.oslo_messaging_rabbit
        self.assertEqual(10, rabbit.heartbeat_timeout_threshold)
        self.assertEqual(5, rabbit.rabbit_interval_max)
        self.assertEqual(10, rabbit.kombu_missing_consumer_retry_timeout)
        self.assertEqual('mogan_like', CONF.control_exchange)

    def test_embedded_loads_no_broker_library(self):
        """It would be a tenth of the time to the first answer."""
        script = (
            'import sys\n'
            'from mogan_like.common import rpc\n'
            "rpc.set_defaults('inprocess://')\n"
            'rpc.init()\n'
            "sys.exit('kombu' in sys.modules)\n"
        )
        done = subprocess.run([sys.executable, '-W', 'ignore', '-c', script])
        self.assertEqual(0, done.returncode)

    def test_options(self):
        for group, name, wrong in (
            ('api', 'rpc_timeout', 0.5),
            ('conductor', 'rpc_threads', 0),
            ('conductor', 'rpc_topic', 'with space'),
        ):
            with self.subTest(name), self.assertRaises(ValueError):
                self.config(group=group, **{name: wrong})
