"""Facts become HTTP: the form, the headers, the log, and what stays hidden."""

import json
import logging
import types
import unittest

import fixtures
import webob.exc
import wsme.exc

from mogan_like.api import errors
from mogan_like.common import exception


def every_error():
    """Every class of common.exception that becomes an answer."""
    waiting = [exception.MoganLikeError]
    while waiting:
        cls = waiting.pop()
        waiting.extend(cls.__subclasses__())
        if cls.__module__ == exception.__name__ and cls.code != 500:
            yield cls


def make(cls):
    if issubclass(cls, exception.MethodNotAllowed):
        return cls('PUT', ['GET', 'HEAD'])
    return cls('what happened')


class TestRender(unittest.TestCase):
    def render(self, exc, style=errors.v1):
        status, headers, body = errors.render(exc, style)
        headers = dict(headers)
        self.assertEqual('application/json', headers['Content-Type'])
        self.assertEqual(str(len(body)), headers['Content-Length'])
        return status, headers, json.loads(body)

    def test_the_form_is_novas_then_blazars(self):
        status, _, body = self.render(exception.InstanceNotFound(uuid='u'))
        message = 'Instance u could not be found.'
        self.assertEqual(404, status)
        self.assertEqual(
            [
                (
                    'itemNotFound',
                    {'code': 404, 'title': 'InstanceNotFound', 'message': message},
                ),
                ('error_code', 404),
                ('error_name', 'InstanceNotFound'),
                ('error_message', message),
            ],
            list(body.items()),
        )

    def test_novas_form_alone(self):
        _, _, body = self.render(exception.Conflict(), errors.nova)
        self.assertEqual(
            {'conflictingRequest': {'code': 409, 'message': str(exception.Conflict())}},
            body,
        )

    def test_faults_are_called_as_nova_calls_them(self):
        for code, fault in (
            (400, 'badRequest'), (401, 'unauthorized'), (403, 'forbidden'),
            (404, 'itemNotFound'), (405, 'badMethod'), (406, 'computeFault'),
            (409, 'conflictingRequest'), (413, 'overLimit'), (415, 'badMediaType'),
            (503, 'serviceUnavailable'),
        ):  # fmt: skip
            found = [cls for cls in every_error() if cls.code == code]
            self.assertTrue(found, code)
            for cls in found:
                status, _, body = self.render(make(cls))
                self.assertEqual((code, fault), (status, next(iter(body))))

    def test_405_says_what_is_allowed(self):
        _, headers, _ = self.render(exception.MethodNotAllowed('PUT', ['GET', 'HEAD']))
        self.assertEqual('GET, HEAD', headers['Allow'])

    def test_503_says_when_to_come_back(self):
        busy = exception.ConductorBusy()
        busy.retry_after = 7
        self.assertEqual('7', self.render(busy)[1]['Retry-After'])

    def test_what_is_unknown_is_not_told(self):
        secret = "SELECT password FROM users WHERE 'x'"
        for exc in (
            ValueError(secret),
            KeyError(secret),
            exception.MoganLikeError(secret),
            exception.ConfigInvalid(reason=secret),
            UnicodeDecodeError('utf-8', b'x', 0, 1, secret),
        ):
            status, _, body = self.render(exc)
            self.assertEqual(500, status)
            self.assertEqual('InternalServerError', body['error_name'])
            self.assertNotIn('SELECT', json.dumps(body))

    def test_what_frameworks_refuse_has_the_same_form(self):
        for exc, code, name in (
            (webob.exc.HTTPNotFound(), 404, 'NotFound'),
            (webob.exc.HTTPForbidden('no'), 403, 'Forbidden'),
            (wsme.exc.ClientSideError('no', 415), 415, 'UnsupportedMediaType'),
            (wsme.exc.InvalidInput('a', 'b', 'no'), 400, 'BadRequest'),
            (wsme.exc.UnknownArgument('a'), 400, 'BadRequest'),
        ):
            status, _, body = self.render(exc)
            self.assertEqual((code, name), (status, body['error_name']))
            self.assertNotIn('faultstring', json.dumps(body))
            self.assertTrue(body['error_message'])

    def test_messages_are_bounded_and_always_encodable(self):
        _, _, body = self.render(exception.Invalid(reason='x' * 100_000))
        self.assertLess(len(body['error_message']), 1100)
        _, _, body = self.render(exception.Invalid(reason='\ud800'))
        self.assertIn('?', body['error_message'])


class TestAnswer(fixtures.TestWithFixtures, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(
            fixtures.FakeLogger(format='%(levelname)s %(message)s')
        )

    def answer(self, exc, path='/v1/instances', **environ):
        environ = {
            'REQUEST_METHOD': 'PUT',
            'PATH_INFO': path,
            'openstack.request_id': 'req-1',
            errors.CONTEXT: types.SimpleNamespace(user_id='u', project_id='p'),
        } | environ
        return errors.answer(environ, exc)

    def line(self):
        level, _, line = self.log.output.partition(' ')
        return level, json.loads(line[line.index('{') : line.rindex('}') + 1])

    def test_a_refusal_is_one_structured_line(self):
        self.answer(exception.PolicyNotAuthorized(action='a'))
        self.assertEqual(1, self.log.output.count('\n'))
        level, line = self.line()
        self.assertEqual('INFO', level)
        self.assertEqual(
            {
                'code': 403,
                'error': 'PolicyNotAuthorized',
                'method': 'PUT',
                'path': '/v1/instances',
                'request_id': 'req-1',
                'user_id': 'u',
                'project_id': 'p',
            },
            line,
        )

    def test_no_path_can_forge_a_line(self):
        self.answer(exception.NotFound(), path='/v1/\nERROR "root" logged in\r\n')
        self.assertEqual(1, self.log.output.count('\n'))
        self.answer(exception.NotFound(), path='/' + 'x' * 100_000)
        self.assertLess(len(self.log.output), 1000)

    def test_without_a_context(self):
        self.answer(exception.Unauthorized(), **{errors.CONTEXT: None})
        self.assertIsNone(self.line()[1]['user_id'])

    def test_what_is_not_available_is_a_warning_without_a_traceback(self):
        self.answer(exception.ConductorUnavailable(timeout=10))
        self.assertEqual('WARNING', self.line()[0])
        self.assertNotIn('Traceback', self.log.output)

    def test_what_is_unknown_is_an_error_with_its_traceback(self):
        try:
            raise ValueError('what only the operator may know')
        except ValueError as exc:
            self.answer(exc)
        self.assertEqual('ERROR', self.line()[0])
        for text in ('req-1', 'Traceback', 'what only the operator may know'):
            self.assertIn(text, self.log.output)

    def test_the_style_follows_the_path(self):
        for path, keys in (
            ('/v2.1/servers', 1),
            ('/v2.1', 1),
            ('/v1/instances', 4),
            ('', 4),
            ('/v2.10', 4),
        ):
            _, _, body = self.answer(exception.NotFound(), path=path)
            self.assertEqual(keys, len(json.loads(body)), path)

    def test_levels_are_those_of_the_codes(self):
        for cls in every_error():
            with fixtures.FakeLogger(level=logging.ERROR) as log:
                self.answer(make(cls))
            self.assertEqual('', log.output, cls)
