"""What the tests of authentication share."""

import base64
import json
import logging
import os
import threading
import time

import bcrypt
import fixtures
from oslo_config import fixture as config_fixture
import yaml

from mogan_like.api import auth
from mogan_like.api.auth import conf
from mogan_like.api.auth import identity
from mogan_like.common.config import CONF

#: Every header of the family, with a value that would open doors.
SPOOFED = dict.fromkeys(identity.HEADERS, 'admin') | {
    'HTTP_X_IDENTITY_STATUS': 'Confirmed',
    'HTTP_X_SERVICE_IDENTITY_STATUS': 'Confirmed',
    'HTTP_OPENSTACK_SYSTEM_SCOPE': 'all',
    'HTTP_X_IS_ADMIN_PROJECT': 'True',
}
#: Not public, however much they look like it.
NEARLY_PUBLIC = (
    '//',
    '//v1',
    '/v1//',
    '//v1/',
    '/v1/.',
    '/v1/..',
    '/v1/../',
    '/./v1',
    '/v1/instances',
    '/v2.1//',
    '/v2.1/servers',
    '/v2.10',
    '//v1/instances',
    '/v1/../v1/instances',
    '/v1.json',
    '/v1/healthcheck',
    '/healthcheck/',
    '/healthcheck/x',
    '/healthcheck/../v1',
    '/healthcheck%2f',
    '/V1',
    '/v1;x',
    '/v1?',
    '/v1#',
    '/v1\n',
    '/v1\x00',
    '/ ',
    ' /',
    '/v10',
    'v1',
    '\\',
    '/healthcheck.json',
    '/v1/ ',
    '/v1 ',
)


class App:
    """A WSGI app that remembers what reached it."""

    def __init__(self, error=None):
        self.environs = []
        self.error = error

    def __call__(self, environ, start_response):
        self.environs.append(dict(environ))
        if self.error:
            raise self.error
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return [b'in']

    @property
    def seen(self):
        """The identity in the environ of the last request."""
        return {
            name: value
            for name, value in self.environs[-1].items()
            if name in identity.HEADERS and value is not None
        }


class Answer:
    """What a WSGI app answered."""

    def __init__(self, app, environ):
        started = []
        self.body = b''.join(
            app(
                environ,
                lambda status, headers, exc_info=None: started.append(
                    (status, headers)
                ),
            )
        )
        ((self.status_line, self.pairs),) = started
        self.status = int(self.status_line.split()[0])
        self.headers = {name.lower(): value for name, value in self.pairs}

    @property
    def json(self):
        return json.loads(self.body)


class AuthTestCase(fixtures.TestWithFixtures):
    """A clean configuration, an app, and a way to ask it."""

    strategy = None

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.INFO))
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='mogan_like', default_config_files=[])
        conf.register_opts(CONF)
        if self.strategy:
            self.config.config(group='api', auth_strategy=self.strategy)
        self.app = App()

    def wrap(self):
        """The app behind the strategy that is configured."""
        return auth.wrap(self.app)

    def ask(self, app, path='/v1/instances', method='GET', **environ):
        """The answer of a WSGI app."""
        return Answer(
            app,
            {
                'REQUEST_METHOD': method,
                'SCRIPT_NAME': '',
                'PATH_INFO': path,
                'SERVER_NAME': 'localhost',
                'SERVER_PORT': '6688',
                'SERVER_PROTOCOL': 'HTTP/1.1',
                'wsgi.url_scheme': 'http',
                'REMOTE_ADDR': '127.0.0.1',
                'HTTP_HOST': 'localhost:6688',
                **environ,
            },
        )

    def make_directory(self):
        """The path of a directory that goes with the test."""
        return self.useFixture(fixtures.TempDir()).path

    def wait_for(self, condition, seconds=10.0):
        """Return when a condition holds; fail when it does not in time."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, 'waited in vain')
            threading.Event().wait(0.002)

    def assert_refused(self, answer, status, title):
        """The error that every client of ours can read, and nothing else."""
        self.assertEqual(status, answer.status, answer.body)
        self.assertEqual('application/json', answer.headers['content-type'])
        (fault,) = (
            value for key, value in answer.json.items() if not key.startswith('error_')
        )
        self.assertEqual(
            {'code': status, 'title': title, 'message': fault['message']}, fault
        )
        self.assertEqual(status, answer.json['error_code'])
        self.assertEqual(title, answer.json['error_name'])
        self.assertEqual(fault['message'], answer.json['error_message'])
        self.assertEqual(next(iter(answer.json.values())), fault)

    def assert_unauthorized(self, answer, challenge):
        self.assert_refused(answer, 401, 'Unauthorized')
        self.assertIn('unauthorized', answer.json)
        self.assertEqual(
            [challenge],
            [
                value
                for name, value in answer.pairs
                if name.lower() == 'www-authenticate'
            ],
        )


def basic(name, password):
    """The value of an Authorization header."""
    pair = f'{name}:{password}'.encode()
    return 'Basic ' + base64.b64encode(pair).decode()


def entry(name, password, cost=4, **values):
    """One entry of a users file."""
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(cost)).decode()
    return {
        'name': name,
        'password_hash': hashed,
        'user_id': f'id-of-{name}',
        'project_id': 'blue',
        'roles': ['member', 'reader'],
        **values,
    }


def write_users(path, *entries, mode=0o600):
    """Replace a users file in one step."""
    with open(f'{path}.next', 'w') as target:
        yaml.safe_dump({'users': list(entries)}, target)
    os.chmod(f'{path}.next', mode)
    os.rename(f'{path}.next', path)
