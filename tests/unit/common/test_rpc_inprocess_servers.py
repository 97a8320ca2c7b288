"""The in-process driver keeps oslo.messaging's contract: who gets it, how fast."""

import os
import statistics
import threading
import time
import uuid

from tests.unit.common import rpc_cases

# isort: split
# After mogan_like, which chooses the threading backend.
import oslo_messaging
from oslo_messaging._drivers import base


class TestFanout(rpc_cases.InProcessTestCase):
    def test_everyone_once(self):
        endpoints = [self.serve(name)[1] for name in ('s1', 's2', 's3')]
        self.client(fanout=True).cast({}, 'note', value='all')
        for endpoint in endpoints:
            self.assertTrue(endpoint.arrived.acquire(timeout=rpc_cases.PATIENCE))
            self.assertEqual(['all'], endpoint.seen)

    def test_each_has_its_own_copy(self):
        endpoints = [self.serve(name)[1] for name in ('s1', 's2')]
        self.client(fanout=True).cast({}, 'spoil', value=['as sent'])
        client = self.client()
        for endpoint in endpoints:
            client.prepare(server=endpoint.name).call({}, 'who')
        self.assertTrue(self.until(lambda: all(e.seen for e in endpoints)))
        for endpoint in endpoints:
            self.assertEqual([['as sent', 'spoilt']], endpoint.seen)

    def until(self, condition):
        deadline = time.monotonic() + rpc_cases.PATIENCE
        waiter = threading.Event()
        while not condition() and time.monotonic() < deadline:
            waiter.wait(0.01)
        return condition()

    def test_nobody(self):
        self.client(fanout=True).cast({}, 'note', value='lost')
        _, endpoint = self.serve()
        self.client().call({}, 'note', value='first')
        self.assertEqual(['first'], endpoint.seen)


class TestServers(rpc_cases.InProcessTestCase):
    def test_round_robin(self):
        for name in ('s1', 's2', 's3'):
            self.serve(name)
        client = self.client()
        answers = [client.call({}, 'who') for _ in range(9)]
        self.assertEqual({'s1', 's2', 's3'}, set(answers[:3]))
        self.assertEqual(answers[:3] * 3, answers)

    def test_one_by_name(self):
        for name in ('s1', 's2', 's3'):
            self.serve(name)
        client = self.client(server='s2')
        self.assertEqual({'s2'}, {client.call({}, 'who') for _ in range(5)})

    def test_name_that_nobody_has(self):
        self.serve('s1')
        with self.assertRaises(oslo_messaging.MessagingTimeout):
            self.client(server='s9', timeout=0.05).call({}, 'who')

    def test_topics_are_apart(self):
        self.serve('other', topic='other')
        with self.assertRaises(oslo_messaging.MessagingTimeout):
            self.client(timeout=0.05).call({}, 'who')

    def test_exchanges_are_apart(self):
        self.serve()
        with self.assertRaises(oslo_messaging.MessagingTimeout):
            self.client(exchange='other', timeout=0.05).call({}, 'who')

    def test_transports_share_the_bus(self):
        self.serve()
        other = self.make_transport()
        self.assertEqual('s1', self.client(other).call({}, 'who'))
        other.cleanup()
        self.assertEqual('s1', self.client().call({}, 'who'))

    def test_paths_are_apart(self):
        self.serve()
        other = self.make_transport(url='inprocess:///other')
        with self.assertRaises(oslo_messaging.MessagingTimeout):
            self.client(other, timeout=0.05).call({}, 'who')


class TestStop(rpc_cases.InProcessTestCase):
    def test_takes_nothing_more(self):
        server, endpoint = self.serve()
        server.stop()
        with self.assertRaises(oslo_messaging.MessagingTimeout):
            self.client(timeout=0.05).call({}, 'note', value=1)
        server.wait()
        self.assertEqual([], endpoint.seen)

    def test_others_go_on(self):
        server, _ = self.serve('s1')
        self.serve('s2')
        server.stop()
        client = self.client()
        self.assertEqual({'s2'}, {client.call({}, 'who') for _ in range(4)})

    def test_running_calls_are_answered(self):
        server, endpoint = self.serve()
        call = self.in_thread(lambda: self.client().call({}, 'wait_for_release'))
        self.assertTrue(endpoint.running.wait(rpc_cases.PATIENCE))
        server.stop()
        end = self.in_thread(server.wait)
        self.assertTrue(end.is_alive())
        endpoint.released.set()
        self.assertEqual('s1', call.get())
        end.get()

    def test_while_calls_come(self):
        """Whatever the moment of the stop, each call has one end."""
        self.serve('stays')
        client = self.client()
        for _ in range(20):
            server, _ = self.serve('goes')
            calls = [self.in_thread(lambda: client.call({}, 'who')) for _ in range(6)]
            server.stop()
            server.wait()
            self.assertLessEqual({call.get() for call in calls}, {'stays', 'goes'})


class TestFork(rpc_cases.InProcessTestCase):
    def test_child_has_a_bus_of_its_own(self):
        self.serve()
        pid = os.fork()
        if pid == 0:
            try:
                self.client(timeout=0.1).call({}, 'who')
            except oslo_messaging.MessagingTimeout:
                os._exit(0)
            finally:
                os._exit(1)
        self.assertEqual(0, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        self.assertEqual('s1', self.client().call({}, 'who'))


class TestDriver(rpc_cases.InProcessTestCase):
    def test_what_it_is_made_of(self):
        driver = self.transport._driver
        self.assertIsInstance(driver, base.BaseDriver)
        with self.assertRaises(NotImplementedError):
            driver.require_features(requeue=True)
        with self.assertRaises(NotImplementedError):
            driver.send_notification(None, {}, {}, 2.0)
        with self.assertRaises(NotImplementedError):
            driver.listen_for_notifications([], None, 1, None)

    def test_round_trip_under_a_millisecond(self):
        self.serve()
        client = self.client()
        payload = {'uuid': str(uuid.uuid4()), 'values': ['v' * 10] * 20}
        self.assertLess(self.median_of_calls(client, payload), 0.001)

    def median_of_calls(self, client, payload):
        """Seconds; the best of three, since the machine has other work."""
        medians = []
        for _ in range(3):
            times = []
            for _ in range(300):
                began = time.perf_counter()
                client.call({'user': 'u'}, 'echo', payload=payload)
                times.append(time.perf_counter() - began)
            medians.append(statistics.median(times))
        return min(medians)
