"""What is no request for the built-in server is refused like everything else."""

import contextlib
import http.client
import json
import socket

from tests.processes import embedded
from tests.processes import site_case

_HOST = b'\r\nHost: 127.0.0.1\r\n\r\n'

#: What is sent, and the status and a word of the answer.
REFUSED = {
    'two slashes': (b'GET //v1/flavors HTTP/1.1' + _HOST, 400, 'Absolute URI'),
    'absolute': (b'GET http://a/v1/flavors HTTP/1.1' + _HOST, 400, 'Absolute URI'),
    'no path': (b'GET v1 HTTP/1.1' + _HOST, 400, 'origin-form'),
    'fragment': (b'GET /v1#f HTTP/1.1' + _HOST, 400, 'fragment'),
    'words': (b'hello\r\n\r\n', 400, 'Malformed'),
    'no CRLF': (b'GET / HTTP/1.1\nHost: a\n\n', 400, 'CRLF'),
    'lower case': (b'get / HTTP/1.1' + _HOST, 400, 'case-sensitive'),
    'another version': (b'GET / HTTP/2.0' + _HOST, 505, 'fulfill'),
    'bad header': (b'GET / HTTP/1.1\r\nHost\r\n\r\n', 400, 'header'),
    'bad length': (
        b'POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n',
        400,
        'Content-Length',
    ),
    'not in time': (b'GET /v1/flavors HTTP/1.1\r\n', 408, '0.5 seconds'),
}


class NoRequestTest(site_case.SiteCase):
    def setUp(self):
        super().setUp()
        self.service = self.useFixture(
            embedded.Embedded(self, api__request_timeout=0.5)
        )
        self.port = int(self.service.url.rpartition(':')[2])

    def ask(self, sent):
        with (
            socket.create_connection(('127.0.0.1', self.port), timeout=60) as sock,
            contextlib.closing(http.client.HTTPResponse(sock)) as answer,
        ):
            sock.sendall(sent)
            answer.begin()
            return answer, answer.read()

    def test_refused(self):
        for what, (sent, status, word) in REFUSED.items():
            with self.subTest(what):
                answer, body = self.ask(sent)
                self.assertEqual(status, answer.status, body)
                self.assertEqual('application/json', answer.headers['Content-Type'])
                self.assertTrue(answer.headers['x-openstack-request-id'])
                self.assertEqual('close', answer.headers['Connection'])
                self.assertIn('OpenStack-API-Version', answer.headers)
                told = json.loads(body)
                nova = next(iter(told.values()))
                self.assertEqual(
                    (status, status), (told['error_code'], nova['code']), told
                )
                self.assertIn(word, told['error_message'])
        output = self.service.conductor.read_output()
        self.assertIn('"path":"//v1/flavors"', output)
        self.assertNotIn(' ERROR ', output)
