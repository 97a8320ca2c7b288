"""What stands before Pecan: ids, proxies, limits, and nothing gets out."""

import http.client
import io
import logging
import socket
import sys
import threading
import time

import cheroot.wsgi
import fixtures

from mogan_like.api import app
from mogan_like.api import errors
from mogan_like.api import expose
from mogan_like.api import root
from mogan_like.common import exception
from tests.unit.api import api_case

ANY = {'type': 'object'}
JSON = {'CONTENT_TYPE': 'application/json'}
REQUEST_ID = 'x-openstack-request-id'


class EchoController(expose.Controller):
    routes = {
        '': {'GET': 'get', 'POST': 'post'},
        'fail': {'GET': 'fail'},
        'busy': {'GET': 'be_busy'},
        'context': {'GET': 'tell'},
    }

    @expose.route()
    def get(self, ctx):
        return {'id': ctx.request_id, 'url': expose.base_url()}

    @expose.route(body=ANY)
    def post(self, ctx, body):
        return body

    @expose.route()
    def fail(self, ctx):
        raise ValueError('SELECT secret')

    @expose.route()
    def be_busy(self, ctx):
        raise exception.ConductorBusy()

    @expose.route()
    def tell(self, ctx):
        return {'global': ctx.global_request_id, 'token': ctx.auth_token}


class AppTestCase(api_case.ApiTestCase):
    mounts = {'': root.VersionsController(), 'v1/echo': EchoController()}


def refuse(_inner):
    """Authentication that lets nobody in."""

    def refuse(environ, start_response):
        challenge = [('WWW-Authenticate', 'Basic')]
        return errors.respond(
            environ, start_response, exception.Unauthorized(), challenge
        )

    return refuse


class TestRequestId(AppTestCase):
    def test_every_answer_has_one_of_its_own(self):
        found = set()
        for method, path, status in (
            ('GET', '/v1/echo', 200), ('GET', '/v1/bogus', 404), ('GET', '/', 200),
            ('PUT', '/v1/echo', 405), ('GET', '/v1/echo/fail', 500),
            ('GET', '/v1/echo/busy', 503), ('OPTIONS', '/v1/echo', 204),
        ):  # fmt: skip
            answer = self.request(method, path)
            self.assertEqual(status, answer.status)
            self.assertRegex(answer.headers[REQUEST_ID], '^req-[0-9a-f-]{36}$')
            found.add(answer.headers[REQUEST_ID])
        self.assertEqual(7, len(found))

    def test_refusals_before_routing_have_one(self):
        too_large = self.request('POST', '/v1/echo', CONTENT_LENGTH='9999999')
        self.app = self.make_app(authenticate=refuse)
        unauthorized = self.request('GET', '/v1/echo')
        for status, answer in ((413, too_large), (401, unauthorized)):
            self.assert_refused(status, answer)
            self.assertIn(REQUEST_ID, answer.headers)
            self.assertEqual('OpenStack-API-Version', answer.headers['vary'])
        self.assertEqual('Basic', unauthorized.headers['www-authenticate'])

    def test_it_is_the_contexts_and_the_logs(self):
        answer = self.request('GET', '/v1/echo')
        self.assertEqual(answer.json['id'], answer.headers[REQUEST_ID])
        answer = self.request('GET', '/v1/bogus')
        self.assertIn(answer.headers[REQUEST_ID], self.log.output)

    def test_a_client_cannot_choose_it(self):
        theirs = 'req-' + api_case.UUID
        answer = self.request(
            'GET', '/v1/echo/context', headers={'X-OpenStack-Request-ID': theirs}
        )
        self.assertNotEqual(theirs, answer.headers[REQUEST_ID])
        self.assertEqual(theirs, answer.json['global'])
        answer = self.request(
            'GET', '/v1/echo/context', headers={'X-OpenStack-Request-ID': 'x\ny'}
        )
        self.assertIsNone(answer.json['global'])


class TestSparseServer(AppTestCase):
    """PEP 3333 lets a server leave out what is empty."""

    def test_the_root(self):
        self.config(group='oslo_middleware', enable_proxy_headers_parsing=True)
        # Stricter than the PEP.
        self.validator = lambda app: app
        for prefix in ('', '/baremetal'):
            answer = self.call({
                'REQUEST_METHOD': 'GET',
                'HTTP_HOST': 'bm.example.com',
                'HTTP_X_FORWARDED_PREFIX': prefix,
                'SERVER_NAME': 'x',
                'SERVER_PORT': '80',
                'SERVER_PROTOCOL': 'HTTP/1.1',
                'wsgi.version': (1, 0),
                'wsgi.url_scheme': 'http',
                'wsgi.input': io.BytesIO(),
                'wsgi.errors': sys.stderr,
                'wsgi.multithread': True,
                'wsgi.multiprocess': False,
                'wsgi.run_once': False,
            })  # fmt: skip
            self.assertEqual(200, answer.status)
            self.assertEqual(
                f'http://bm.example.com{prefix}/v1/',
                answer.json['versions'][0]['links'][0]['href'],
            )


class TestErrors(AppTestCase):
    def assert_hidden(self, answer):
        self.assert_refused(500, answer)
        self.assertNotIn(b'SELECT', answer.body)
        self.assertIn('SELECT secret', self.log.output)
        self.assertIn('Traceback', self.log.output)
        self.assertIn(answer.headers[REQUEST_ID], self.log.output)

    def test_what_a_handler_raises(self):
        self.assert_hidden(self.request('GET', '/v1/echo/fail'))

    def test_what_authentication_raises(self):
        def break_down(inner):
            def fail(environ, start_response):
                raise ValueError('SELECT secret')

            return fail

        self.app = self.make_app(authenticate=break_down)
        self.assert_hidden(self.request('GET', '/v1/echo'))

    def test_what_is_raised_after_the_start_replaces_it(self):
        def break_down(inner):
            def fail(environ, start_response):
                start_response('200 OK', [('Content-Type', 'text/plain')])
                raise ValueError('SELECT secret')

            return fail

        self.app = self.make_app(authenticate=break_down)
        self.assert_hidden(self.request('GET', '/v1/echo'))

    def test_503_says_when_to_come_back(self):
        answer = self.request('GET', '/v1/echo/busy')
        self.assert_refused(503, answer)
        self.assertEqual('5', answer.headers['retry-after'])

    def test_bad_requests_are_no_errors_in_the_log(self):
        with fixtures.FakeLogger(level=logging.WARNING) as log:
            self.request('POST', '/v1/echo', b'{', CONTENT_TYPE='application/json')
            self.request('GET', '/v1/echo?x=1')
            self.request('GET', '/v1/%FF')
            self.request('BREW', '/v1/echo')
        self.assertEqual('', log.output)

    def test_one_refusal_is_one_line(self):
        self.request('GET', '/v1/bogus')
        self.assertEqual(1, self.log.output.count('\n'), self.log.output)


class TestBodyLimit(AppTestCase):
    def test_it_is_read_at_call_time(self):
        for limit, status in ((11, 200), (10, 413)):
            self.config(group='oslo_middleware', max_request_body_size=limit)
            answer = self.request('POST', '/v1/echo', b'{"a": 1234}', **JSON)
            self.assertEqual(status, answer.status)

    def test_it_holds_where_no_body_is_expected(self):
        answer = self.request('GET', '/v1/echo', CONTENT_LENGTH='9999999')
        self.assert_refused(413, answer, '114688')


class TestProxyHeaders(AppTestCase):
    HEADERS = {
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'public.example.com',
        'X-Forwarded-Prefix': '/baremetal/',
    }

    def url(self, **headers):
        headers = {**self.HEADERS, **headers}
        return self.request('GET', '/v1/echo', headers=headers).json['url']

    def test_they_are_believed_when_configured_alone(self):
        self.assertEqual('http://bm.example.com', self.url())
        self.config(group='oslo_middleware', enable_proxy_headers_parsing=True)
        self.assertEqual('https://public.example.com/baremetal', self.url())

    def test_a_prefix_is_a_path(self):
        self.config(group='oslo_middleware', enable_proxy_headers_parsing=True)
        for prefix, path in (
            ('compute', '/compute'),
            ('//compute//', '/compute'),
            ('a/b', '/a/b'),
            ('/', ''),
            ('', ''),
        ):
            url = self.url(**{'X-Forwarded-Prefix': prefix})
            self.assertEqual(f'https://public.example.com{path}', url)

    def test_several_proxies(self):
        """As joined lines: the first proxy was asked, each took off a prefix."""
        self.config(group='oslo_middleware', enable_proxy_headers_parsing=True)
        url = self.url(
            **{
                'X-Forwarded-Proto': 'https, http',
                'X-Forwarded-Host': 'public.example.com,10.0.0.1:80',
                'X-Forwarded-Prefix': '/cloud, /metal/,',
            }
        )
        self.assertEqual('https://public.example.com/cloud/metal', url)


class TestNoHost(AppTestCase):
    def test_links_name_the_server(self):
        """An empty Host says that there is none (RFC 9110, 7.2)."""
        server = {'SERVER_NAME': '192.0.2.1', 'SERVER_PORT': '6688'}
        answer = self.request('GET', '/v1/echo', HTTP_HOST='', **server)
        self.assertEqual('http://192.0.2.1:6688', answer.json['url'])


class TestCors(AppTestCase):
    ORIGIN = 'https://horizon.example.com'

    def setUp(self):
        super().setUp()
        self.config(group='cors', allowed_origin=[self.ORIGIN])
        self.app = self.make_app()

    def test_a_browser_may_read_answers_and_refusals(self):
        for path in ('/v1/echo', '/v1/bogus'):
            answer = self.request('GET', path, headers={'Origin': self.ORIGIN})
            self.assertEqual(self.ORIGIN, answer.headers['access-control-allow-origin'])
            exposed = answer.headers['access-control-expose-headers']
            self.assertIn('X-OpenStack-Request-ID', exposed)

    def test_caches_keep_answers_apart(self):
        answer = self.request('GET', '/v1/echo', headers={'Origin': self.ORIGIN})
        vary = [value for name, value in answer.pairs if name == 'Vary']
        self.assertEqual(['Origin', 'OpenStack-API-Version'], vary)

    def test_a_preflight_needs_no_identity(self):
        # oslo.middleware's answer has no Content-Type, as PEP 3333 wants it.
        self.validator = lambda app: app
        self.app = self.make_app(authenticate=refuse)
        headers = {
            'Origin': self.ORIGIN,
            'Access-Control-Request-Method': 'PATCH',
            'Access-Control-Request-Headers': 'X-Auth-Token',
        }
        answer = self.request('OPTIONS', '/v1/echo', headers=headers)
        self.assertEqual(200, answer.status)
        self.assertEqual('PATCH', answer.headers['access-control-allow-methods'])


class TestManyApplications(AppTestCase):
    def test_a_new_one_does_not_disturb_requests_of_another(self):
        """By default Pecan replaces the thread-locals of all of them."""
        entered, resume = threading.Event(), threading.Event()

        class SlowController(expose.Controller):
            routes = {'': {'GET': 'get'}}

            @expose.route()
            def get(self, ctx):
                entered.set()
                resume.wait(10)
                return {'url': expose.base_url()}

        self.app = self.make_app(mounts={'slow': SlowController()})
        answers = []
        thread = threading.Thread(
            target=lambda: answers.append(self.request('GET', '/slow'))
        )
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(resume.set)
        self.assertTrue(entered.wait(10))
        app.make_pecan({})
        resume.set()
        thread.join(10)
        self.assertEqual('http://bm.example.com', answers[0].json['url'])


class TestBehindAServer(AppTestCase):
    """What only a server knows: chunks, and connections that stay."""

    def setUp(self):
        super().setUp()
        server = cheroot.wsgi.Server(('127.0.0.1', 0), self.app, numthreads=2)
        server.prepare()
        thread = threading.Thread(target=server.serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.stop)
        deadline = time.monotonic() + 10
        while not server.ready:
            self.assertLess(time.monotonic(), deadline)
        self.port = server.bind_addr[1]

    def send(self, method, path, body=None, chunked=False):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=10)
        self.addCleanup(connection.close)
        connection.request(
            method,
            path,
            body,
            {'Content-Type': 'application/json'},
            encode_chunked=chunked,
        )
        response = connection.getresponse()
        return response.status, response.read()

    def test_chunks(self):
        parts = [b'{"a": "', b'x' * 100, b'"}']
        status, body = self.send('POST', '/v1/echo', iter(parts), chunked=True)
        self.assertEqual((200, 112), (status, len(b''.join(parts)) + 3))
        self.assertIn(b'x' * 100, body)

    def test_too_many_chunks_are_413(self):
        self.config(group='oslo_middleware', max_request_body_size=1000)
        parts = [b'{"a": "', *[b'x' * 100] * 20, b'"}']
        status, body = self.send('POST', '/v1/echo', iter(parts), chunked=True)
        self.assertEqual(413, status)
        self.assertIn(b'BodyTooLarge', body)

    def test_a_chunk_that_is_none_is_400(self):
        with socket.create_connection(('127.0.0.1', self.port), timeout=10) as client:
            client.sendall(
                b'POST /v1/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
                b'Content-Type: application/json\r\n'
                b'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n'
            )
            answer = client.makefile('rb').read()
        self.assertIn(b'400 Bad Request', answer)
        self.assertIn(b'InvalidBody', answer)
        self.assertNotIn('Traceback', self.log.output)

    def test_head_and_options(self):
        self.assertEqual((200, b''), self.send('HEAD', '/v1/echo'))
        self.assertEqual((204, b''), self.send('OPTIONS', '/v1/echo'))
