"""Errors arrive as what they are, and nothing internal with them."""

import datetime
import inspect
import logging
import uuid

import fixtures

from mogan_like.common import exception
from mogan_like.common import rpc
from tests.unit.common import rpc_cases


class PluginError(exception.InvalidState):
    """Of a module that the API does not know."""


def plain_errors():
    """An instance of each class that a manager may raise."""
    for _, cls in inspect.getmembers(exception, inspect.isclass):
        if cls.__init__ is exception.MoganLikeError.__init__:
            yield cls('100 % its message', uuid='u-1', limit=3, names=['a', 'b'])


class TestErrors(rpc_cases.RpcTestCase):
    def setUp(self):
        super().setUp()
        self.serve()

    def call_fail(self, error):
        """What the client gets when the manager raises the error."""
        self.manager.error = error
        with self.assertRaises(Exception) as caught:
            self.client.call(self.ctx, 'fail')
        return caught.exception

    def assert_same(self, sent, got):
        self.assertIs(type(sent), type(got))
        self.assertEqual(str(sent), str(got))
        self.assertEqual(sent.kwargs, got.kwargs)
        self.assertEqual(
            (sent.code, sent.title, getattr(sent, 'retry_after', None)),
            (got.code, got.title, getattr(got, 'retry_after', None)),
        )

    def test_each_class_arrives_as_itself(self):
        sent = list(plain_errors())
        self.assertGreater(len(sent), 25)
        with self.assertNoLogs(None, 'ERROR'):
            for error in sent:
                with self.subTest(error=type(error).__name__):
                    self.assert_same(error, self.call_fail(error))

    def test_message_from_arguments(self):
        sent = exception.QuotaExceeded(resource='instances', limit=3, used=3)
        got = self.call_fail(sent)
        self.assert_same(sent, got)
        self.assertEqual(
            'Quota exceeded for instances: the limit is 3 and 3 are in use.', str(got)
        )

    def test_nothing_internal_comes_along(self):
        got = self.call_fail(exception.Conflict())
        self.assertIsNone(got.__cause__)
        self.assertIsNone(got.__context__)
        self.assertNotIn('internal detail', repr(vars(got)) + str(got) + repr(got))

    def test_class_of_a_plugin_comes_as_the_nearest_known(self):
        got = self.call_fail(PluginError(action='x', uuid='u-1', status='y'))
        self.assertIs(exception.InvalidState, type(got))
        self.assertEqual('Cannot x instance u-1 while it is y.', str(got))

    def test_class_with_arguments_of_its_own(self):
        got = self.call_fail(exception.MethodNotAllowed('PUT', ['GET']))
        self.assertEqual('The method PUT is not allowed for this resource.', str(got))

    def test_arguments_that_are_not_plain(self):
        sent = exception.InUse(
            noun='node',
            name=uuid.UUID(int=1),
            reason=datetime.datetime(2026, 1, 2),
            thing=object(),
        )
        got = self.call_fail(sent)
        self.assertIs(exception.InUse, type(got))
        self.assertEqual(str(sent), str(got))
        self.assertEqual(str(uuid.UUID(int=1)), got.kwargs['name'])

    def test_unexpected(self):
        with self.assertLogs(None, 'ERROR') as logs:
            got = self.call_fail(RuntimeError('internal detail'))
        self.assertIs(exception.MoganLikeError, type(got))
        self.assertEqual('An unknown error occurred.', str(got))
        self.assertEqual((500, {}), (got.code, got.kwargs))
        self.assertEqual(1, len(logs.records))
        record = logs.records[0]
        self.assertIn('things.fail', record.getMessage())
        self.assertIn('internal detail', logging.Formatter().format(record))
        self.assertEqual(self.ctx.request_id, record.context.request_id)

    def test_wrong_arguments(self):
        with (
            self.assertLogs('mogan_like', 'WARNING') as logs,
            self.assertRaises(exception.ConductorOutdated),
        ):
            self.client.call(self.ctx, 'echo', unknown=1)
        self.assertIn('unknown', logging.Formatter().format(logs.records[0]))

    def test_errors_of_a_cast(self):
        self.manager.error = exception.Conflict()
        with self.assertNoLogs(None, 'ERROR'):
            self.client.cast(self.ctx, 'fail')
            self.client.call(self.ctx, 'echo')


class TestOutdated(rpc_cases.RpcTestCase):
    def assert_outdated(self, namespace, method):
        self.serve()
        with (
            self.assertLogs('mogan_like.common.rpc', 'ERROR') as logs,
            self.assertRaises(exception.ConductorOutdated) as caught,
        ):
            rpc.Client(namespace).call(self.ctx, method)
        name = f'{namespace}.{method}'
        self.assertEqual(503, caught.exception.code)
        self.assertEqual(
            f'The conductor does not know {name} in version 1.0.', str(caught.exception)
        )
        self.assertIn(name, logs.output[0])

    def test_method(self):
        self.assert_outdated('things', 'nothing')

    def test_namespace(self):
        self.assert_outdated('nothing', 'echo')

    def test_private_method(self):
        self.assert_outdated('things', '_private')

    def test_special_method(self):
        self.assert_outdated('things', '__init__')

    def test_attribute(self):
        self.assert_outdated('things', 'callable_attribute')

    def test_property(self):
        self.assert_outdated('things', 'touchy')

    def test_version(self):
        self.useFixture(
            fixtures.MonkeyPatch('mogan_like.common.rpc.transport.VERSION', '1.7')
        )
        client = rpc.Client('things')
        server_version = fixtures.MonkeyPatch(
            'mogan_like.common.rpc.transport.VERSION', '1.0'
        )
        with server_version:
            self.serve()
        with (
            self.assertLogs(None, 'ERROR'),
            self.assertRaisesRegex(exception.ConductorOutdated, 'version 1.7'),
        ):
            client.call(self.ctx, 'echo')
