"""Clients that send half a request do not keep the built-in server from others."""

import contextlib
import socket
import threading
import time

import requests

from tests import stopwatch
from tests.processes import embedded
from tests.processes import site_case

_THREADS = 10
_HALF = b'GET /v1/flavors HTTP/1.1\r\nHost: x\r\nX-Slow: '
_HALF_BODY = (
    b'POST /v1/flavors HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n'
    b'Content-Length: 50\r\n\r\n{"name": '
)


class SlowClientsTest(site_case.SiteCase):
    def start(self, **options):
        self.service = self.useFixture(
            embedded.Embedded(self, api__threads=_THREADS, **options)
        )

    def connect(self, *sent):
        """A connection on which this was sent."""
        port = int(self.service.url.rpartition(':')[2])
        sock = socket.create_connection(('127.0.0.1', port), timeout=60)
        self.addCleanup(sock.close)
        for part in sent:
            sock.sendall(part)
        return sock

    def check_answer(self, seconds):
        """Somebody else is answered in so many seconds."""
        with stopwatch.Stopwatch() as watch:
            answer = requests.get(f'{self.service.url}/v1/flavors', timeout=60)
        self.assertEqual(200, answer.status_code)
        self.assertLess(watch.seconds, seconds)

    def test_half_a_request(self):
        # As it is without any options; the threads are asked in turn.
        self.start()
        for _ in range(_THREADS):
            self.connect(_HALF)
        self.check_answer(15)

    def test_bytes_one_by_one(self):
        self.start(api__request_timeout=1)
        slow = [self.connect(_HALF) for _ in range(_THREADS)]
        over = threading.Event()

        def trickle():
            while not over.wait(0.2):
                for sock in slow:
                    # Those that were given up are shut.
                    with contextlib.suppress(OSError):
                        sock.sendall(b'x')

        thread = threading.Thread(target=trickle)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(over.set)
        self.check_answer(15)

    def test_nothing_is_sent(self):
        self.start(api__request_timeout=3600)
        for _ in range(3 * _THREADS):
            self.connect()
        self.check_answer(15)

    def test_half_a_body(self):
        self.start(api__request_timeout=1)
        half = _HALF_BODY % b'127.0.0.1'
        slow = [self.connect(half) for _ in range(_THREADS)]
        self.check_answer(15)
        for sock in slow:
            self.assertIn(b'it broke off', self.read_all(sock))

    def test_half_a_body_that_nobody_wants(self):
        self.start(api__request_timeout=1)
        # No body is read of who is not let in.
        sock = self.connect(_HALF_BODY % b'elsewhere')
        answer = self.read_all(sock)
        self.assertIn(b'403 Forbidden', answer)
        self.assertIn(b'"error_code":403', answer)

    def test_requests_that_follow_have_time_of_their_own(self):
        self.start(api__request_timeout=1)
        with requests.Session() as session:
            for _ in range(3):
                answer = session.get(f'{self.service.url}/v1/flavors', timeout=60)
                self.assertEqual(200, answer.status_code)
                # It is not waited for: the time of a request is what counts.
                time.sleep(0.6)

    @staticmethod
    def read_all(sock):
        parts = []
        while part := sock.recv(65536):
            parts.append(part)
        return b''.join(parts)
