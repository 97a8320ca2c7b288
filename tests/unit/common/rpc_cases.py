"""A bus of a test's own, in the test's process."""

import threading
import unittest
import uuid

import fixtures
from oslo_config import fixture as config_fixture

from mogan_like.common import context
from mogan_like.common import rpc
from mogan_like.common.config import CONF

# isort: split
# After mogan_like, which chooses the threading backend.
import oslo_messaging

#: Seconds until a condition counts as never met.
PATIENCE = 10


class Base:
    def inherited(self, ctx):
        return 'inherited'


class Manager(Base):
    def __init__(self):
        self.seen = []
        self.arrived = threading.Semaphore(0)
        self.running = threading.Semaphore(0)
        self.released = threading.Event()
        self.error = None
        self.result = None
        self.callable_attribute = lambda ctx: 'not a method'

    @property
    def touchy(self):
        raise AssertionError('Properties are not looked at.')

    def echo(self, ctx, value=None):
        self.seen.append((ctx, value))
        return value

    def note(self, ctx, value):
        self.seen.append((ctx, value))
        self.arrived.release()

    def fail(self, ctx):
        try:
            raise KeyError('internal detail')
        except KeyError as e:
            raise self.error from e

    def give(self, ctx):
        return self.result

    def hold(self, ctx):
        self.running.release()
        self.released.wait(PATIENCE)
        return 'held'

    def _private(self, ctx):
        return 'private'


class RpcTestCase(fixtures.TestWithFixtures, unittest.TestCase):
    """A bus of this test's own, in this process."""

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        # The executor's idle threads look once a second whether to end.
        self.useFixture(
            fixtures.MonkeyPatch('futurist._thread.ThreadWorker.MAX_IDLE_FOR', 0.01)
        )
        self.config = self.useFixture(config_fixture.Config(CONF)).config
        rpc.set_defaults('rabbit://')
        self.config(transport_url=f'inprocess:///{uuid.uuid4().hex}')
        self.config(group='api', rpc_timeout=PATIENCE)
        rpc.init()
        self.addCleanup(rpc.cleanup)
        self.manager = Manager()
        self.client = rpc.Client('things')
        self.ctx = context.RequestContext(user_id='u', project_id='p', roles=['r'])

    def serve(self, name='conductor-1', **endpoints):
        server = rpc.get_server(endpoints or {'things': self.manager}, name)
        server.start()
        self.addCleanup(server.wait, PATIENCE)
        self.addCleanup(self.manager.released.set)
        return server

    def in_thread(self, function, *args):
        thread = threading.Thread(target=function, args=args, daemon=True)
        thread.start()
        return thread


class Endpoint:
    """Answers with what it was sent, and remembers it."""

    target = oslo_messaging.Target(version='1.0')

    def __init__(self, name):
        self.name = name
        self.seen = []
        self.arrived = threading.Semaphore(0)
        self.released = threading.Event()
        self.running = threading.Event()

    def echo(self, ctx, **args):
        return {'ctx': ctx, 'args': args}

    def who(self, ctx):
        return self.name

    def note(self, ctx, value):
        self.seen.append(value)
        self.arrived.release()

    def spoil(self, ctx, value):
        """Change what came in; the sender must not see it."""
        value.append('spoilt')
        self.seen.append(value)

    def fail(self, ctx):
        raise KeyError('unexpected')

    def wait_for_release(self, ctx):
        self.running.set()
        self.released.wait(PATIENCE)
        return self.name

    def give_object(self, ctx):
        return object()


class InProcessTestCase(fixtures.TestWithFixtures, unittest.TestCase):
    """A bus of this test's own."""

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        # The executor's idle threads look once a second whether to end.
        self.useFixture(
            fixtures.MonkeyPatch('futurist._thread.ThreadWorker.MAX_IDLE_FOR', 0.01)
        )
        rpc.set_defaults()
        self.url = f'inprocess:///{uuid.uuid4().hex}'
        self.topic = 'test'
        self.transport = self.make_transport()

    def make_transport(self, url=None, exmods=()):
        transport = oslo_messaging.get_rpc_transport(
            CONF, url=url or self.url, allowed_remote_exmods=exmods
        )
        self.addCleanup(transport.cleanup)
        return transport

    def serve(self, name='s1', transport=None, topic=None, threads=8):
        endpoint = Endpoint(name)
        server = oslo_messaging.get_rpc_server(
            transport or self.transport,
            oslo_messaging.Target(topic=topic or self.topic, server=name),
            [endpoint],
        )
        server.start(override_pool_size=threads)
        self.addCleanup(self.end, server, endpoint)
        return server, endpoint

    def end(self, server, endpoint):
        endpoint.released.set()
        server.stop()
        server.wait()

    def client(self, transport=None, timeout=PATIENCE, **target):
        return oslo_messaging.get_rpc_client(
            transport or self.transport,
            oslo_messaging.Target(topic=self.topic, version='1.0', **target),
            timeout=timeout,
        )

    def in_thread(self, function):
        """Start the function; join() gives what it returned or raised."""
        thread = Outcome(function)
        thread.start()
        return thread


class Outcome(threading.Thread):
    """A thread whose result can be asked for."""

    def __init__(self, function):
        super().__init__(daemon=True)
        self._function = function
        self._result = self._error = None

    def run(self):
        try:
            self._result = self._function()
        except Exception as e:
            self._error = e

    def get(self):
        self.join(PATIENCE)
        if self.is_alive():
            raise AssertionError('still running')
        if self._error:
            raise self._error
        return self._result
