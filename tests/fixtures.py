"""The whole service in this process, for functional tests."""

import dataclasses
import os
import uuid

import fixtures
import orjson
import webob

from mogan_like import rules
from mogan_like.api import app
from mogan_like.common import policy
from mogan_like.common import rpc
from mogan_like.common.config import CONF
from mogan_like.conductor import service
from mogan_like.db import engine
from tests import databases
from tests import faults
from tests import personas
from tests import services
from tests.config import Config
from tests.waiting import wait_until

IMAGE = 'b2f1d3a8-6c0e-4d0b-9d7b-0f4f9f1c2f11'
#: What functional tests run on; tox runs them on other pairs too.
DATABASE = os.environ.get('MOGAN_LIKE_TEST_DATABASE', 'sqlite')
BUS = os.environ.get('MOGAN_LIKE_TEST_BUS', 'inprocess')


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came back: status, headers, and the body read as JSON, or None."""

    status: int
    headers: dict
    body: object
    raw: bytes


class Client:
    """Sends requests as one persona, straight into the WSGI application."""

    def __init__(self, application, persona):
        self._application = application
        self.persona = persona

    def send(self, method, path, body=None, version='latest', headers=None, raw=None):
        """The answer to one request; ``raw`` is sent instead of ``body``."""
        headers = {**self.persona.headers, **(headers or {})}
        if version is not None:
            # Nova's routes have their own versions.
            service = 'compute' if path.startswith('/v2.1') else 'baremetal-compute'
            headers.setdefault('OpenStack-API-Version', f'{service} {version}')
        content = orjson.dumps(body) if raw is None else raw
        if body is not None or raw is not None:
            headers.setdefault('Content-Type', 'application/json')
        else:
            content = b''
        request = webob.Request.blank(path, method=method, headers=headers)
        request.body = content
        response = request.get_response(self._application)
        parsed = orjson.loads(response.body) if response.body else None
        answer = Answer(response.status_int, response.headers, parsed, response.body)
        faults.check(method, path, answer)
        return answer

    def get(self, path, **kwargs):
        """GET."""
        return self.send('GET', path, **kwargs)

    def post(self, path, body, **kwargs):
        """POST."""
        return self.send('POST', path, body, **kwargs)

    def put(self, path, body, **kwargs):
        """PUT."""
        return self.send('PUT', path, body, **kwargs)

    def patch(self, path, body, **kwargs):
        """PATCH."""
        return self.send('PATCH', path, body, **kwargs)

    def delete(self, path, **kwargs):
        """DELETE."""
        return self.send('DELETE', path, **kwargs)


def _believe(application):
    return application


class Service(fixtures.Fixture):
    """API and conductor in this process, on a database and bus of their own.

    :param authenticate: as of api.app.make_app; by default the application
        believes the identity headers that it is sent
    :param options: of the configuration, by ``group__name``
    :ivar application: the WSGI application
    :ivar admin: a Client of the admin; ``member`` one of a member
    """

    def __init__(self, test, database=None, bus=None, authenticate=None, **options):
        self._test = test
        self._database = database or DATABASE
        self._bus = bus or BUS
        self._authenticate = authenticate or _believe
        self._options = options

    def _setUp(self):
        # How long an idle thread of oslo.messaging keeps a stop waiting.
        idle = 'futurist._thread.ThreadWorker.MAX_IDLE_FOR'
        self.useFixture(fixtures.MonkeyPatch(idle, 0.05))
        self.database = self.useFixture(databases.Migrated(self._test, self._database))
        self.useFixture(Config(**self._make_options()))
        self.addCleanup(engine.dispose)
        policy.setup(rules.list_rules())
        self._start_bus()
        self.conductor = None
        self.addCleanup(self.stop_conductor)
        self.start_conductor()
        self.application = app.make_app(authenticate=self._authenticate)
        self.admin = self.client(personas.ADMIN)
        self.member = self.client(personas.MEMBER)
        if CONF.fake.nodes:
            wait_until(self._has_nodes, 'the inventory')

    def _make_options(self):
        own = f'test-{uuid.uuid4().hex}'
        return {
            'database__connection': self.database.url,
            'api__response_validation': True,
            # Of a machine that has much to do, not of a lost conductor.
            'api__rpc_timeout': 60,
            'fake__state_dir': self.useFixture(fixtures.TempDir()).path,
            'conductor__graceful_shutdown_timeout': 5,
            'conductor__rpc_topic': own,
            # An exchange cannot be declared again with other properties.
            'control_exchange': own,
            'transport_url': services.RABBIT
            if self._bus == 'rabbit'
            else 'inprocess://',
            **self._options,
        }

    def _start_bus(self):
        rpc.init()
        self.addCleanup(rpc.cleanup)

    def start_conductor(self):
        """Start a conductor, as after :meth:`stop_conductor`."""
        self.conductor = service.Conductor()
        self.conductor.start()

    def stop_conductor(self):
        """Stop the conductor as SIGTERM does."""
        if self.conductor is not None:
            self.conductor.stop()
            self.conductor = None

    def client(self, persona):
        """A client that calls as this persona."""
        return Client(self.application, persona)

    def make_flavor(self, **values):
        """A flavor that the fake's nodes fit to; its uuid."""
        body = {'name': uuid.uuid4().hex, 'resource_class': 'baremetal', **values}
        return self._made(self.admin.post('/v1/flavors', body), 201)['uuid']

    def make_instance(self, client=None, wait='ACTIVE', **values):
        """An instance in the status that is waited for; its uuid."""
        if 'flavor_uuid' not in values:
            values['flavor_uuid'] = self.make_flavor()
        body = {'name': 'metal', 'image_uuid': IMAGE, **values}
        answer = (client or self.member).post('/v1/instances', body)
        made = self._made(answer, 202)['uuid']
        if wait:
            self.wait_for(made, wait)
        return made

    def wait_for(self, instance, status):
        """Wait until an instance is in a status."""

        def reached():
            answer = self.admin.get(f'/v1/instances/{instance}')
            return status == (
                'DELETED' if answer.status == 404 else answer.body['status']
            )

        wait_until(reached, f'{instance} to be {status}')

    def wait_for_nodes(self, count):
        """Wait until the inventory has so many nodes."""
        wait_until(
            lambda: len(self.admin.get('/v1/nodes').body['nodes']) == count,
            f'{count} nodes',
        )

    def lock(self, instance, client=None):
        """Lock an instance as the admin."""
        path = f'/v1/instances/{instance}/states/lock'
        answer = (client or self.admin).put(path, {'lock': None})
        assert answer.status == 202, answer

    def list_actions(self, instance):
        """What was done to an instance, oldest first, with events."""
        path = f'/v1/instances/{instance}/actions?events=true&sort_dir=asc'
        return self.admin.get(path).body['actions']

    def _has_nodes(self):
        return self.admin.get('/v1/nodes?limit=1').body['nodes']

    @staticmethod
    def _made(answer, status):
        assert answer.status == status, answer
        return answer.body
