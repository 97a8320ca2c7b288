"""A whole API application over small controllers, called as a server would."""

import io
import json
import logging
import types
import unittest
import urllib.parse
from wsgiref import util
from wsgiref import validate

import fixtures
from oslo_config import fixture as config_fixture

from mogan_like.api import app
from mogan_like.api import conf
from mogan_like.common.config import CONF

UUID = '00779b90-e130-55fc-8b50-7dc776b75670'
IDENTITY = {
    'HTTP_X_IDENTITY_STATUS': 'Confirmed',
    'HTTP_X_USER_ID': 'some-user',
    'HTTP_X_PROJECT_ID': 'some-project',
    'HTTP_X_ROLES': 'member,reader',
}


def let_in(inner):
    """Authentication that lets in one caller, whoever asks."""

    def admit(environ, start_response):
        environ.update(IDENTITY)
        return inner(environ, start_response)

    return admit


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status = int(status.split()[0])
        self.pairs = headers
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def message(self):
        return self.json['error_message']


class ApiTestCase(fixtures.TestWithFixtures, unittest.TestCase):
    """Requests in process; each answer is checked against PEP 3333."""

    mounts = types.MappingProxyType({})
    validator = staticmethod(validate.validator)

    def setUp(self):
        super().setUp()
        conf.register_opts(CONF)
        self.config = self.useFixture(config_fixture.Config(CONF)).config
        self.config(group='api', response_validation=True)
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.INFO))
        self.app = self.make_app()

    def make_app(self, **kwargs):
        kwargs = {'mounts': self.mounts, 'authenticate': let_in} | kwargs
        return app.make_app(**kwargs)

    def request(self, method, path, body=b'', headers=None, **environ):
        """The answer to a request.

        :param path: escaped, with its query
        :param body: bytes, or something to send as JSON
        """
        path, _, query = path.partition('?')
        environ = {
            'REQUEST_METHOD': method,
            'SCRIPT_NAME': '',
            'PATH_INFO': _unescape(path),
            'QUERY_STRING': query,
            'HTTP_HOST': 'bm.example.com',
        } | environ
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
            environ.setdefault('CONTENT_TYPE', 'application/json')
        if body:
            environ.setdefault('CONTENT_LENGTH', str(len(body)))
        environ['wsgi.input'] = io.BytesIO(body)
        for name, value in (headers or {}).items():
            environ['HTTP_' + name.upper().replace('-', '_')] = value
        util.setup_testing_defaults(environ)
        return self.call(environ)

    def call(self, environ):
        started = []

        def start_response(status, headers, exc_info=None):
            self.assertTrue(exc_info or not started, 'it was started before')
            started[:] = [status, headers]
            return lambda data: None

        chunks = self.validator(self.app)(environ, start_response)
        body = b''.join(chunks)
        getattr(chunks, 'close', lambda: None)()
        return Answer(*started, body)

    def assert_refused(self, status, answer, *words):
        """The answer is an error in our form, whose message has the words."""
        self.assertEqual(status, answer.status, answer.body)
        self.assertEqual('application/json', answer.headers['content-type'])
        (_, fault), *rest = answer.json.items()
        self.assertEqual(['error_code', 'error_name', 'error_message'], [*dict(rest)])
        self.assertEqual(status, fault['code'])
        self.assertEqual(status, answer.json['error_code'])
        self.assertEqual(answer.json['error_name'], fault['title'])
        self.assertEqual(answer.message, fault['message'])
        for word in words:
            self.assertIn(word, answer.message)


def _unescape(path):
    """The path as PEP 3333 has it: bytes, each as a character."""
    return urllib.parse.unquote_to_bytes(path).decode('latin-1')
