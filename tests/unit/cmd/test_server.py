"""The built-in web server, and what it makes of a connection."""

import contextlib
import http.client
import json
import socket
import threading

import fixtures
import testtools

from mogan_like.api import conf
from mogan_like.api import middleware
from mogan_like.cmd import server
from mogan_like.common.config import CONF
from tests import config

_IDS = ('x-openstack-request-id', 'x-compute-request-id')
_VERSION = 'OpenStack-API-Version'


def _tell(environ, start_response):
    """Answer with what came in."""
    told = {name: value for name, value in environ.items() if name.isupper()}
    body = json.dumps(told).encode()
    start_response('200 OK', [('Content-Length', str(len(body)))])
    return [body]


class ServerCase(fixtures.TestWithFixtures, testtools.TestCase):
    def setUp(self):
        super().setUp()
        conf.register_opts(CONF)
        self.useFixture(
            config.Config(
                api__port=0,
                api__auth_strategy='noauth',
                api__threads=2,
                api__request_timeout=3600,
            )
        )
        app = middleware.RequestId(middleware.name_version(_tell), CONF)
        web = server.make_server(app)
        thread = threading.Thread(target=web.serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(web.stop)
        self.address = web.bind_addr

    def ask(self, *lines, body=b''):
        """The answer to what is sent, and its body."""
        with (
            socket.create_connection(self.address, timeout=60) as sock,
            contextlib.closing(
                http.client.HTTPResponse(sock, method=lines[0].split()[0].decode())
            ) as answer,
        ):
            sock.sendall(b''.join(line + b'\r\n' for line in (*lines, b'')) + body)
            answer.begin()
            return answer, answer.read()

    def tell(self, *lines):
        """The environ of a request with these headers."""
        answer, body = self.ask(b'GET /v2.1/servers HTTP/1.1', b'Host: a', *lines)
        self.assertEqual(200, answer.status)
        return answer, json.loads(body)


class HeadersTest(ServerCase):
    def test_a_version_beside_another_services(self):
        for lines in (
            (b'OpenStack-API-Version: compute 2.9, volume 3.1',),
            (
                b'OpenStack-API-Version: compute 2.9',
                b'openstack-api-version: volume 3.1',
            ),
            (
                b'OpenStack-API-Version: volume 3.1',
                b'OpenStack-API-Version: compute 2.9',
            ),
        ):
            answer, _ = self.tell(*lines)
            self.assertEqual('compute 2.9', answer.headers[_VERSION])

    def test_endless_ones_are_refused(self):
        """Before they end: nobody has to be known to fill the memory."""
        for sent in (
            b'GET /v2.1/servers HTTP/1.1\r\nHost: a\r\n' + b'X: y\r\n' * 20_000,
            b'GET /v2.1/servers HTTP/1.1\r\nHost: a\r\nX: ' + b'y' * 100_000,
            b'GET /v2.1/servers?' + b'y' * 100_000,
        ):
            with (
                self.subTest(sent[-10:]),
                socket.create_connection(self.address, timeout=60) as sock,
            ):
                sock.sendall(sent)
                # It is cut off, perhaps before the answer is read.
                with contextlib.suppress(ConnectionError):
                    self.assertIn(b' 41', sock.makefile('rb').readline())

    def test_a_long_token_is_none(self):
        token = b'x' * 32_000
        _, told = self.tell(b'X-Auth-Token: ' + token)
        self.assertEqual(token.decode(), told['HTTP_X_AUTH_TOKEN'])

    def test_two_tokens_are_refused(self):
        answer, body = self.ask(
            b'GET /v2.1/servers HTTP/1.1',
            b'Host: a',
            b'X-Auth-Token: a',
            b'X-Auth-Token: b',
        )
        self.assertEqual(400, answer.status)
        self.assertIn('X-Auth-Token is given more than once', body.decode())

    def test_no_second_request_hides_in_a_body(self):
        """What two parsers may end at two places is not read at all."""
        hidden = b'0\r\n\r\nGET /v2.1/hidden HTTP/1.1\r\nHost: a\r\n\r\n'
        with socket.create_connection(self.address, timeout=60) as sock:
            sock.sendall(
                b'POST /v2.1/servers HTTP/1.1\r\nHost: a\r\n'
                b'Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n%b'
                % (len(hidden), hidden)
            )
            said = sock.makefile('rb').read()
        self.assertEqual(1, said.count(b'HTTP/1.1 '))
        self.assertIn(b'400 Bad Request', said)


class NameTest(ServerCase):
    def test_without_a_host_it_is_the_address(self):
        """Links are made of it, and not of what the Server header says."""
        for lines in (
            (b'GET / HTTP/1.0',),
            (b'GET / HTTP/1.0', b'Host:'),
            (b'GET / HTTP/1.1', b'Host:'),
        ):
            _, body = self.ask(*lines)
            told = json.loads(body)
            self.assertEqual(
                self.address, (told['SERVER_NAME'], int(told['SERVER_PORT']))
            )
            self.assertNotIn('HTTP_HOST', told)


class BodyTest(ServerCase):
    def test_a_large_one_that_nobody_wants_is_not_waited_for(self):
        length = CONF.oslo_middleware.max_request_body_size + 1
        answer, _ = self.tell(b'Content-Length: %d' % length)
        self.assertEqual('close', answer.headers['Connection'])


class RefusalTest(ServerCase):
    """What cheroot refuses has the headers of all other answers."""

    def check(self, *lines, path='/v2.1', status=400):
        answer, body = self.ask(*lines)
        self.assertEqual(status, answer.status)
        self.assertEqual('close', answer.headers['Connection'])
        for name in ('Date', 'Server', _IDS[0]):
            self.assertIn(name, answer.headers)
        if path == '/v2.1':
            first, second = (answer.headers[each] for each in _IDS)
            self.assertEqual(first, second)
            names = [_VERSION, 'X-OpenStack-Nova-API-Version']
        else:
            self.assertNotIn(_IDS[1], answer.headers)
            names = [_VERSION]
        self.assertEqual(names, answer.headers.get_all('Vary'))
        for name in names:
            self.assertIn(name, answer.headers)
        return answer, body

    def test_before_the_headers_are_read(self):
        for line, status in (
            (b'GET //v2.1/servers HTTP/1.1', 400),
            (b'GET /v2.1/servers#x HTTP/1.1', 400),
            (b'GET /v2.1#x HTTP/1.1', 400),
            (b'GET /v2.1/\xe9 HTTP/1.1', 400),
            (b'GET /v2%2E1/\xe9 HTTP/1.1', 400),
            (b'GET /v2.1/servers HTTP/3.0', 505),
            (b'GET /v2.1/servers HTTP/x', 400),
            (b'GET /v2.1/servers', 400),
            (b'get /v2.1/servers HTTP/1.1', 400),
        ):
            with self.subTest(line):
                answer, body = self.check(line, b'Host: a', status=status)
                self.assertEqual({'code', 'message'}, set(*json.loads(body).values()))
                self.assertEqual('compute 2.1', answer.headers[_VERSION])

    def test_after_them(self):
        """The version that was asked for is named as far as it was read."""
        answer, _ = self.check(
            b'GET /v2.1/servers HTTP/1.1',
            b'OpenStack-API-Version: compute 2.9',
            b'Transfer-Encoding: gzip',
            b'Host: a',
            status=501,
        )
        self.assertEqual('compute 2.9', answer.headers[_VERSION])

    def test_of_v1(self):
        for line in (b'GET //v1 HTTP/1.1', b'GET /v1#x HTTP/1.1', b'words'):
            _, body = self.check(line, b'Host: a', path='/v1')
            self.assertEqual(400, json.loads(body)['error_code'])

    def test_of_head_without_a_body(self):
        _, body = self.check(b'HEAD /v2.1/servers HTTP/3.0', b'Host: a', status=505)
        self.assertEqual(b'', body)
