"""A real Keystone, one for all workers of a test run."""

import datetime
import functools
import pathlib
import uuid

import fixtures
from keystoneauth1 import exceptions
from keystoneauth1 import session
from keystoneauth1.identity import v3

from tests import gate
from tests import services
from tests.fixtures import wait_until
from tests.integration import shared_server

_STATE = pathlib.Path(__file__).parents[2] / 'var' / 'keystone-tests'
_PASSWORD = 'secret'
_REGION = 'RegionOne'


class Keystone(fixtures.Fixture):
    """Tokens of every persona, and what a service needs to check them.

    What a test makes in it is removed with the fixture; users, roles and
    projects are those of tools/keystone_data.py.

    :param test: is skipped where Keystone cannot be installed
    :param state: where the Keystone that is shared has its data
    :ivar auth_url: where it answers, with the version
    """

    def __init__(self, test, state=_STATE):
        self._test = test
        self._state = state

    def setUp(self):
        # Not in _setUp: fixtures would turn the skip into an error.
        code, said = _start(self._state)
        if code == shared_server.CANNOT_INSTALL:
            services.miss(self._test, f'Keystone ({said})')
        if code:
            raise RuntimeError(f'Keystone does not start: {said}')
        self.auth_url = said.split()[-1]
        super().setUp()
        self._admin = self.session('admin', 'admin')

    def session(self, user, project=None, system=False):
        """A client's session; without project and system it is unscoped."""
        scope = {}
        if system:
            scope = {'system_scope': 'all'}
        elif project:
            scope = {'project_name': project, 'project_domain_id': 'default'}
        return session.Session(
            v3.Password(
                self.auth_url,
                username=user,
                password=_PASSWORD,
                user_domain_id='default',
                unscoped=not scope,
                **scope,
            )
        )

    def token(self, user, project=None, system=False):
        """A new token."""
        return self.session(user, project, system).get_token()

    def expired_token(self, user, project):
        """A token that was good and has run out."""
        token = self._make_ending(user, project)
        wait_until(lambda: not self.knows(token), 'the token to expire')
        return token

    def _make_ending(self, user, project):
        """A token that ends as soon as this machine can have one."""
        for seconds in (2, 8, 32):
            try:
                return self.ending_token(user, project, seconds)[0]
            except (exceptions.BadRequest, exceptions.Unauthorized):
                # A busy machine: it was over before it was made.
                continue
        raise AssertionError('no token was made before it ended')

    def ending_token(self, user, project, seconds):
        """A token that runs out soon, up to a second early.

        It is an application credential's, as Keystone lets tokens end with the
        credential they came from: nothing else makes one shorter than the
        configured hour without a second Keystone.

        :returns: the token, and its end in seconds since 1970
        """
        owner = self.session(user, project)
        ends = datetime.datetime.now(datetime.UTC)
        ends += datetime.timedelta(seconds=seconds)
        url = f'{self.auth_url}/users/{owner.get_user_id()}/application_credentials'
        body = {
            'name': uuid.uuid4().hex,
            'expires_at': ends.strftime('%Y-%m-%dT%H:%M:%S.%fZ'),
        }
        made = owner.post(url, json={'application_credential': body}).json()
        made = made['application_credential']
        self.addCleanup(owner.delete, f'{url}/{made["id"]}')
        auth = v3.ApplicationCredential(
            self.auth_url,
            application_credential_id=made['id'],
            application_credential_secret=made['secret'],
        )
        access = auth.get_access(session.Session())
        return access.auth_token, access.expires.timestamp()

    def make_user(self, project, role):
        """The name of a new user with a role on a project."""
        name = uuid.uuid4().hex
        domain = {'name': name, 'password': _PASSWORD, 'domain_id': 'default'}
        self._make('users', {'user': domain})
        self.give_role(name, project, role)
        return name

    def give_role(self, user, project, role):
        """A user has a role on a project."""
        self._admin.put(self._find_grant(user, project, role))

    def take_role(self, user, project, role):
        """A user has a role on a project no more."""
        self._admin.delete(self._find_grant(user, project, role))

    def _find_grant(self, user, project, role):
        named = {'users': user, 'projects': project, 'roles': role}
        ids = {
            noun: self._admin.get(f'{self.auth_url}/{noun}?name={name}').json()[noun]
            for noun, name in named.items()
        }
        path = '/'.join(
            f'{noun}/{ids[noun][0]["id"]}' for noun in ('projects', 'users', 'roles')
        )
        return f'{self.auth_url}/{path}'

    def find_trust(self, trust_id):
        """A trust as its trustee sees it, None when there is no such one."""
        answer = self.session('mogan', 'service').get(
            f'{self.auth_url}/OS-TRUST/trusts/{trust_id}', raise_exc=False
        )
        return answer.json()['trust'] if answer.status_code == 200 else None

    def describe(self, token):
        """What a token says, None for one that is not good."""
        answer = self._admin.get(
            self.auth_url + '/auth/tokens',
            raise_exc=False,
            headers={'X-Subject-Token': token},
        )
        return answer.json()['token'] if answer.status_code == 200 else None

    def revoke(self, token):
        """Take a token back; it is refused from now on."""
        self._admin.delete(
            self.auth_url + '/auth/tokens', headers={'X-Subject-Token': token}
        )

    def knows(self, token):
        """True while a token is good."""
        answer = self._admin.head(
            self.auth_url + '/auth/tokens',
            raise_exc=False,
            headers={'X-Subject-Token': token},
        )
        return answer.status_code == 200

    def project_id(self, user, project):
        """The id of a project that the user has a role on."""
        return self.session(user, project).get_project_id()

    def register(self, service_type, url, interface='public'):
        """Put a service into the catalogue, in a region of its own.

        Of its own, so that tests that run at once do not see each other's.

        :returns: the region's name
        """
        region = uuid.uuid4().hex
        self._make('regions', {'region': {'id': region}})
        found = self._admin.get(f'{self.auth_url}/services?type={service_type}')
        endpoint = {
            'service_id': found.json()['services'][0]['id'],
            'url': url,
            'interface': interface,
            'region_id': region,
        }
        self._make('endpoints', {'endpoint': endpoint})
        return region

    def make_gate(self):
        """A gate that stands before Keystone; see :meth:`auth_options`."""
        host, port = self.auth_url.split('/')[2].split(':')
        return self.useFixture(gate.Gate((host, int(port))))

    def auth_options(self, through=None):
        """The options of ``[keystone_authtoken]``, all of them strings.

        :param through: the gate that the service has to go through
        """
        auth_url, region = self.auth_url, _REGION
        if through:
            auth_url = f'http://127.0.0.1:{through.port}/v3'
            # auth_url is for its own token only: the address at which it
            # checks other people's comes from the catalogue.
            region = self.register('identity', auth_url, 'internal')
        return {
            'auth_type': 'password',
            'auth_url': auth_url,
            'www_authenticate_uri': self.auth_url,
            'region_name': region,
            'username': 'mogan',
            'password': _PASSWORD,
            'user_domain_id': 'default',
            'project_name': 'service',
            'project_domain_id': 'default',
            'interface': 'internal',
        }

    def _make(self, collection, body):
        url = f'{self.auth_url}/{collection}'
        (made,) = self._admin.post(url, json=body).json().values()
        self.addCleanup(self._admin.delete, f'{url}/{made["id"]}')


@functools.cache
def _start(state):
    """The exit code of tools/keystone.sh and what it said."""
    return shared_server.start('keystone.sh', 'KS', state, PASSWORD=_PASSWORD)
