"""The in-process driver keeps oslo.messaging's contract: what is sent."""

import time
import uuid

from tests import stopwatch
from tests.unit.common import rpc_cases

# isort: split
# After mogan_like, which chooses the threading backend.
import oslo_messaging


class TestCall(rpc_cases.InProcessTestCase):
    def test_answer(self):
        self.serve()
        answer = self.client().call({'user': 'u'}, 'echo', a=1, b=[None, 'ä'])
        self.assertEqual({'a': 1, 'b': [None, 'ä']}, answer['args'])
        self.assertEqual('u', answer['ctx']['user'])

    def test_shares_no_object(self):
        _, endpoint = self.serve()
        sent = ['as sent']
        self.client().call({}, 'spoil', value=sent)
        self.assertEqual([['as sent', 'spoilt']], endpoint.seen)
        self.assertEqual(['as sent'], sent)

    def test_values_are_as_through_a_broker(self):
        self.serve()
        sent = uuid.uuid4()
        answer = self.client().call({}, 'echo', a=(1, 2), b={3: 4}, c=sent)
        self.assertEqual({'a': [1, 2], 'b': {'3': 4}, 'c': str(sent)}, answer['args'])

    def test_unserialisable_argument_is_the_callers_error(self):
        self.serve()
        with self.assertRaises(ValueError):
            self.client().call({}, 'echo', a=object())

    def test_unserialisable_answer_is_an_answer(self):
        self.serve()
        with (
            self.assertLogs('oslo_messaging', 'ERROR'),
            self.assertRaisesRegex(ValueError, 'Cannot convert'),
        ):
            self.client().call({}, 'give_object')

    def test_nobody_listens(self):
        began = time.monotonic()
        with (
            stopwatch.Stopwatch() as watch,
            self.assertRaises(oslo_messaging.MessagingTimeout),
        ):
            self.client(timeout=0.2).call({}, 'who')
        self.assertGreater(time.monotonic() - began, 0.15)
        self.assertLess(watch.seconds, 0.35)

    def test_slow_server(self):
        _, endpoint = self.serve()
        with self.assertRaises(oslo_messaging.MessagingTimeout):
            self.client(timeout=0.2).call({}, 'wait_for_release')
        self.assertTrue(endpoint.running.is_set())
        # The answer nobody waits for any more hurts nobody.
        endpoint.released.set()
        self.assertEqual('s1', self.client().call({}, 'who'))

    def test_no_timeout(self):
        self.serve()
        self.assertEqual(
            's1',
            self.transport._send(
                oslo_messaging.Target(topic=self.topic),
                {},
                {'method': 'who', 'args': {}},
                wait_for_reply=True,
            ),
        )

    def test_waits_for_a_server_that_comes_in_time(self):
        answer = self.in_thread(lambda: self.client().call({}, 'who'))
        self.serve('late')
        self.assertEqual('late', answer.get())

    def test_given_up_before_a_server_came(self):
        client = self.client(timeout=0.05)
        with self.assertRaises(oslo_messaging.MessagingTimeout):
            client.call({}, 'note', value='given up')
        _, endpoint = self.serve()
        self.client().call({}, 'note', value='wanted')
        self.assertEqual(['wanted'], endpoint.seen)

    def test_many_at_once(self):
        self.serve(threads=4)
        client = self.client()
        calls = [
            self.in_thread(lambda n=n: client.call({}, 'echo', n=n)['args']['n'])
            for n in range(50)
        ]
        self.assertEqual(list(range(50)), [call.get() for call in calls])

    def test_served_in_parallel(self):
        _, endpoint = self.serve(threads=2)
        slow = self.in_thread(lambda: self.client().call({}, 'wait_for_release'))
        self.assertTrue(endpoint.running.wait(rpc_cases.PATIENCE))
        self.assertEqual('s1', self.client().call({}, 'who'))
        endpoint.released.set()
        self.assertEqual('s1', slow.get())


class TestErrors(rpc_cases.InProcessTestCase):
    def test_unknown_class_is_a_remote_error(self):
        class Unknown(rpc_cases.Endpoint):
            def fail(self, ctx):
                raise oslo_messaging.MessagingException('gone')

        self.serve_endpoint(Unknown('s1'))
        with (
            self.assertLogs('oslo_messaging', 'ERROR'),
            self.assertRaises(oslo_messaging.RemoteError) as caught,
        ):
            self.client().call({}, 'fail')
        self.assertEqual('MessagingException', caught.exception.exc_type)

    def test_allowed_class_comes_as_itself(self):
        class Known(rpc_cases.Endpoint):
            @oslo_messaging.expected_exceptions(oslo_messaging.MessagingTimeout)
            def fail(self, ctx):
                raise oslo_messaging.MessagingTimeout('itself')

        self.serve_endpoint(Known('s1'))
        transport = self.make_transport(exmods=['oslo_messaging.exceptions'])
        with (
            self.assertNoLogs('oslo_messaging', 'ERROR'),
            self.assertRaisesRegex(oslo_messaging.MessagingTimeout, 'itself'),
        ):
            self.client(transport).call({}, 'fail')

    def serve_endpoint(self, endpoint):
        server = oslo_messaging.get_rpc_server(
            self.transport,
            oslo_messaging.Target(topic=self.topic, server='s1'),
            [endpoint],
        )
        server.start()
        self.addCleanup(self.end, server, endpoint)

    def test_unknown_method(self):
        self.serve()
        with (
            self.assertLogs('oslo_messaging', 'ERROR'),
            self.assertRaises(oslo_messaging.RemoteError) as caught,
        ):
            self.client().call({}, 'nothing')
        self.assertEqual('NoSuchMethod', caught.exception.exc_type)

    def test_unsupported_version(self):
        self.serve()
        with (
            self.assertLogs('oslo_messaging', 'ERROR'),
            self.assertRaises(oslo_messaging.RemoteError) as caught,
        ):
            self.client().prepare(version='2.0').call({}, 'who')
        self.assertEqual('UnsupportedVersion', caught.exception.exc_type)


class TestCast(rpc_cases.InProcessTestCase):
    def test_arrives(self):
        _, endpoint = self.serve()
        self.assertIsNone(self.client().cast({}, 'note', value=1))
        self.assertTrue(endpoint.arrived.acquire(timeout=rpc_cases.PATIENCE))
        self.assertEqual([1], endpoint.seen)

    def test_failure_is_logged_and_goes_nowhere(self):
        self.serve()
        with self.assertLogs('oslo_messaging', 'ERROR'):
            self.client().cast({}, 'fail')
            self.assertEqual('s1', self.client().call({}, 'who'))
            self.wait_until_idle()

    def wait_until_idle(self):
        server, endpoint = self.serve('s2')
        self.end(server, endpoint)

    def test_kept_until_somebody_listens(self):
        for value in range(3):
            self.client().cast({}, 'note', value=value)
        _, endpoint = self.serve(threads=1)
        for _ in range(3):
            self.assertTrue(endpoint.arrived.acquire(timeout=rpc_cases.PATIENCE))
        self.assertEqual([0, 1, 2], endpoint.seen)

    def test_what_is_kept_is_bounded(self):
        for value in range(1005):
            self.client().cast({}, 'note', value=value)
        _, endpoint = self.serve(threads=1)
        for _ in range(1000):
            self.assertTrue(endpoint.arrived.acquire(timeout=rpc_cases.PATIENCE))
        self.assertEqual(list(range(5, 1005)), endpoint.seen)
