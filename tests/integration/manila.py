"""A real Manila, one for all workers of a test run, and projects of its users."""

import functools
import pathlib
import uuid

import fixtures
from keystoneauth1 import session
from keystoneauth1.identity import v3

from tests import services
from tests.integration import shared_server

_STATE = pathlib.Path(__file__).parents[2] / 'var' / 'manila-tests'
_PASSWORD = 'secret'
#: user: the role that it has on each project of a test
ROLES = {'admin': 'admin', 'demo': 'member', 'reader': 'reader'}


class Manila(fixtures.Fixture):
    """Starts it beside a Keystone.

    :param test: is skipped where Manila cannot be installed
    :param keystone: the fixture
    :ivar url: where it answers, with the version
    """

    def __init__(self, test, keystone):
        self._test = test
        self._keystone = keystone

    def setUp(self):
        # Not in _setUp: fixtures would turn the skip into an error.
        code, said = _start(self._keystone.auth_url)
        if code == shared_server.CANNOT_INSTALL:
            services.miss(self._test, f'Manila ({said})')
        if code:
            raise RuntimeError(f'Manila does not start: {said}')
        self.url = said.split()[-1]
        super().setUp()
        # Where manilaclient leaves files for the completion of a shell.
        left = self.useFixture(fixtures.TempDir()).path
        self.useFixture(
            fixtures.EnvironmentVariable('MANILACLIENT_UUID_CACHE_DIR', left)
        )

    @staticmethod
    def list_answers(method, path):
        """The statuses of the answers that it gave to requests, oldest first.

        A moment later than these have arrived.
        """
        wanted = f'"{method} {path} '
        lines = (_STATE / 'log' / 'access.log').read_text().splitlines()
        return [
            int(line.partition(wanted)[2].split()[1])
            for line in lines
            if wanted in line
        ]


class Project(fixtures.Fixture):
    """A project that no other test looks at, with the users of ROLES.

    :ivar name: of the project
    :ivar id: of it
    """

    def __init__(self, keystone):
        self._url = keystone.auth_url

    def _setUp(self):
        admin, users, roles = _prepare(self._url)
        self.name = f'test-{uuid.uuid4().hex}'
        projects = f'{self._url}/projects'
        made = admin.post(projects, json={'project': {'name': self.name}})
        self.id = made.json()['project']['id']
        self.addCleanup(admin.delete, f'{projects}/{self.id}')
        for user, role in ROLES.items():
            place = f'users/{users[user]}/roles/{roles[role]}'
            admin.put(f'{projects}/{self.id}/{place}')


@functools.cache
def _prepare(auth_url):
    """A session of Keystone's admin, and {name: id} of users and of roles."""
    auth = v3.Password(
        auth_url,
        username='admin',
        password=_PASSWORD,
        project_name='admin',
        user_domain_id='default',
        project_domain_id='default',
    )
    admin = session.Session(auth=auth)
    found = (
        admin.get(f'{auth_url}/{kind}').json()[kind] for kind in ('users', 'roles')
    )
    return admin, *({each['name']: each['id'] for each in kind} for kind in found)


@functools.cache
def _start(auth_url):
    """The exit code of tools/manila.sh and what it said."""
    return shared_server.start(
        'manila.sh', 'MN', _STATE, PASSWORD=_PASSWORD, KEYSTONE=auth_url
    )
