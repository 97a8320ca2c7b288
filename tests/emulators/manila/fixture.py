"""The emulated Manila for tests, with clients that talk to it over HTTP."""

import pathlib
import threading

import fixtures
from keystoneauth1 import session
from keystoneauth1 import token_endpoint
from manilaclient import api_versions
from manilaclient.v2 import client

from tests.emulators.manila import application
from tests.emulators.manila import identity
from tests.emulators.manila import server
from tests.emulators.manila import state


class Manila(fixtures.Fixture):
    """Starts it on a port of its own, with nothing in it.

    :param authenticate: as of Application; by default a token says who it is,
        see :func:`identity.read_spelled`
    :param keystone: as of Application
    :ivar url: where it answers, with the version
    :ivar switches: what goes wrong, and how long things last
    :ivar state: all it knows; who looks at it holds ``state.lock``
    """

    def __init__(self, authenticate=identity.read_spelled, keystone=None):
        self._authenticate = authenticate
        self._keystone = keystone

    def _setUp(self):
        self.state = state.State(self.useFixture(fixtures.TempDir()).path)
        self.switches = self.state.switches
        self._application = application.Application(
            self.state, self._authenticate, self._keystone
        )
        web = server.Server(self._application)
        self.url = web.url
        thread = threading.Thread(target=web.serve)
        self.addCleanup(thread.join)
        self.addCleanup(web.stop)
        thread.start()
        # Where manilaclient leaves files for the completion of a shell.
        left = self.useFixture(fixtures.TempDir()).path
        self.useFixture(
            fixtures.EnvironmentVariable('MANILACLIENT_UUID_CACHE_DIR', left)
        )

    @property
    def records(self):
        """The calls that were made, oldest first."""
        return list(self._application.records)

    def list_calls(self):
        """Their names."""
        return [record.name for record in self.records]

    def client(self, project='demo', user=None, roles=('member',), **values):
        """A manilaclient.

        :param values: of its constructor; api_version is the newest by default
        """
        token = identity.spell(project, user, roles)
        auth = token_endpoint.Token(self.url, token)
        newest = api_versions.APIVersion(api_versions.MAX_VERSION)
        return client.Client(
            session=session.Session(auth=auth),
            service_catalog_url=self.url,
            **{'api_version': newest, **values},
        )

    def settle(self):
        """Let all statuses pass that do not last for ever."""
        with self.state.lock:
            self.state.advance(at_once=True)

    def find_directory(self, share_id):
        """The directory of a share that is available."""
        with self.state.lock:
            return pathlib.Path(self.state.shares[share_id].path)

    def set_status(self, noun, resource_id, status):
        """Set any status of a share, snapshot or rule; it stays."""
        with self.state.lock:
            self.state.set_status(noun, resource_id, status)

    def forget(self, noun, resource_id):
        """Let a share, snapshot, rule, type or network be gone."""
        with self.state.lock:
            self.state.forget(noun, resource_id)
