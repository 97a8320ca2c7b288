"""Plays a story through the real manilaclient and keeps what was answered."""

import dataclasses
import functools
import json
import time

from keystoneauth1 import session
from manilaclient import api_versions
from manilaclient import exceptions
from manilaclient.v2 import client
import requests

#: The newest microversion that manilaclient speaks.
NEWEST = api_versions.MAX_VERSION
_PATIENCE = 30
_VERSION_HEADER = 'X-OpenStack-Manila-API-Version'


@dataclasses.dataclass
class Exchange:
    """One request, and what was answered.

    :ivar statuses: instead of an answer, those that were seen in a wait
    """

    call: str
    status: int | None = None
    headers: dict | None = None
    body: object = None
    statuses: list | None = None


class Cast:
    """Who plays: users with a role on a project, and on somebody else's.

    :param keystone: the fixture that gives tokens
    :param make_project: makes a Project
    """

    def __init__(self, keystone, make_project):
        self._keystone = keystone
        self._make_project = make_project
        self._auths = {}

    @functools.cached_property
    def project(self):
        """The Project that the story plays in."""
        return self._make_project()

    @functools.cached_property
    def other(self):
        """The Project of somebody else."""
        return self._make_project()

    def auth(self, user, project=None):
        """What gives the tokens of a user, by default in the story's project."""
        key = user, (project or self.project).name
        if key not in self._auths:
            self._auths[key] = self._keystone.session(*key).auth
        return self._auths[key]


class Player:
    """Clients of one Manila, all of them recorded.

    :param url: where it answers, with the version
    :param cast: the Cast
    :param pause: seconds between two looks at a status
    :ivar exchanges: what was asked and answered, in order
    """

    def __init__(self, url, cast, pause):
        self.url = url
        self.exchanges = []
        self._cast = cast
        self._pause = pause
        self._recording = True
        self._http = requests.Session()
        self._http.hooks['response'] = self._record

    @property
    def project(self):
        """The Project that the story plays in."""
        return self._cast.project

    @property
    def other(self):
        """The Project of somebody else."""
        return self._cast.other

    def client(self, user='demo', version=NEWEST, project=None):
        """A manilaclient of a user, by default in the story's project."""
        return client.Client(
            session=session.Session(
                auth=self._cast.auth(user, project), session=self._http
            ),
            service_catalog_url=self.url,
            api_version=api_versions.APIVersion(version),
        )

    def send(self, method, path, body=None, user='demo', version=NEWEST, **headers):
        """An answer to what manilaclient would not ask; path begins after /v2."""
        if user:
            auth = self._cast.auth(user)
            headers['X-Auth-Token'] = auth.get_token(session.Session())
        if version:
            headers[_VERSION_HEADER] = version
        content = body if body is None or isinstance(body, str) else json.dumps(body)
        if content is not None:
            headers.setdefault('Content-Type', 'application/json')
        url = self.url.removesuffix('/v2') if path == '/' else self.url + path
        return self._http.request(method, url, data=content, headers=headers)

    def refused(self, code, call, *args, **kwargs):
        """What a call was refused with.

        :raises AssertionError: when it was not, or with another code
        """
        try:
            call(*args, **kwargs)
        except exceptions.HttpError as error:
            assert error.http_status == code, error
            return error
        raise AssertionError(f'{call.__name__} was not refused')

    def wait(self, get, *ends, field='status', compared=True):
        """What get returns when its status is one of ends; None when it is gone.

        How often was asked is no matter, which statuses were seen is.

        :param compared: False where the statuses are none of Manila's
        """
        deadline = time.monotonic() + _PATIENCE
        seen = []
        self._recording = False
        try:
            while True:
                try:
                    found = get()
                    status = getattr(found, field) or 'deleting'
                except exceptions.NotFound:
                    found, status = None, 'gone'
                if status not in seen:
                    seen.append(status)
                if status in ends:
                    return found
                if time.monotonic() > deadline:
                    raise AssertionError(f'saw {seen}, waited for {ends}')
                time.sleep(self._pause)
        finally:
            self._recording = True
            if compared:
                self.exchanges.append(Exchange(f'wait for {ends}', statuses=seen))

    def _record(self, answer, *_args, **_kwargs):
        base = self.url.removesuffix('/v2')
        url = answer.request.url
        if not self._recording or not url.startswith(base):
            return
        try:
            body = answer.json()
        except ValueError:
            body = answer.text
        self.exchanges.append(
            Exchange(
                f'{answer.request.method} {url.removeprefix(base)}',
                answer.status_code,
                dict(answer.headers),
                body,
            )
        )
