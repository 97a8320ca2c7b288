"""A Keystone v3 on loopback that lets personas in, for real clients.

It has what clients ask: passwords for tokens, a catalogue, projects and users, and
trusts. Its tokens are the personas' names, and :meth:`Keystone.authenticate` is the
other end of them; the real middleware is for the tests against a real Keystone.
"""

import json
import urllib.parse

import fixtures

from tests.emulators import keystone_people
from tests.emulators import keystone_trusts
from tests.emulators import loopback

_TRUSTS = '/OS-TRUST/trusts'
PASSWORD = 'secret'
REGION = 'RegionOne'


class Keystone(fixtures.Fixture):
    """Personas by their names, all with one password.

    :param personas: those that there are
    :ivar auth_url: where it answers, with the version
    :ivar catalogue: {service type: URL}; may change while it runs
    :ivar people: projects and users, a :class:`.keystone_people.People`
    :ivar trusts: who lets whom act for them, a :class:`.keystone_trusts.Trusts`
    """

    def __init__(self, *personas):
        self._personas = {persona.name: persona for persona in personas}
        self.catalogue = {}
        self.people = keystone_people.People(self._personas)
        self.trusts = keystone_trusts.Trusts(self._personas)

    def _setUp(self):
        self.auth_url = loopback.serve(self, _Handler) + '/v3'

    def make_environ(self, persona):
        """The variables that make a client this persona."""
        return {
            'OS_AUTH_TYPE': 'password',
            'OS_AUTH_URL': self.auth_url,
            'OS_IDENTITY_API_VERSION': '3',
            'OS_REGION_NAME': REGION,
            'OS_USERNAME': persona.name,
            'OS_PASSWORD': PASSWORD,
            'OS_USER_DOMAIN_ID': 'default',
            'OS_PROJECT_ID': persona.project_id,
        }

    def authenticate(self, application):
        """WSGI middleware that makes a token the headers of its persona."""

        def admit(environ, start_response):
            persona, _ = self.trusts.find_persona(environ.get('HTTP_X_AUTH_TOKEN'))
            if persona is not None:
                for name, value in persona.headers.items():
                    environ['HTTP_' + name.upper().replace('-', '_')] = value
            return application(environ, start_response)

        return admit

    def issue(self, request):
        """The token of the persona that asks, and what it says; or None.

        :raises Refused: with another status than 401
        """
        user = request['auth']['identity']['password']['user']
        persona = self._personas.get(user['name'])
        if persona is None or user['password'] != PASSWORD:
            return None
        scope = request['auth'].get('scope', {}).get('OS-TRUST:trust')
        if scope is None:
            token = self._describe(persona, persona.project_id, persona.roles)
            return persona.name, token
        name, trust, trustor = self.trusts.issue(persona, scope['id'])
        roles = [role['name'] for role in trust['roles']]
        token = self._describe(trustor, trust['project_id'], roles)
        return name, {**token, 'OS-TRUST:trust': {'id': scope['id']}}

    def _describe(self, persona, project_id, roles):
        domain = {'id': 'default', 'name': 'Default'}
        return {
            'methods': ['password'],
            'user': {'id': persona.user_id, 'name': persona.name, 'domain': domain},
            'project': {
                'id': project_id,
                'name': self.people.projects.get(project_id),
                'domain': domain,
            },
            'roles': [{'id': role, 'name': role} for role in roles],
            'issued_at': '2026-01-01T00:00:00.000000Z',
            'expires_at': '2100-01-01T00:00:00.000000Z',
            'catalog': [
                _make_service(kind, url)
                for kind, url in {'identity': self.auth_url, **self.catalogue}.items()
            ],
        }


def _make_service(kind, url):
    return {
        'id': kind,
        'type': kind,
        'name': kind,
        'endpoints': [
            {
                'id': f'{kind} {interface}',
                'interface': interface,
                'url': url,
                'region': REGION,
                'region_id': REGION,
            }
            for interface in ('public', 'internal', 'admin')
        ],
    }


class _Handler(loopback.Handler):
    def do_GET(self):
        if _TRUSTS in self.path:
            self._answer_of_trusts(None)
            return
        token = self.headers['X-Auth-Token']
        known = self.fixture.people.answer(self.path.removeprefix('/v3'), token)
        if known is not None:
            self._answer(*known)
            return
        version = {
            'id': 'v3.14',
            'status': 'stable',
            'links': [{'rel': 'self', 'href': self.fixture.auth_url}],
        }
        self._answer(200, {'version': version})

    def do_POST(self):
        document = json.loads(self.read_body())
        if _TRUSTS in self.path:
            self._answer_of_trusts(document)
            return
        try:
            issued = self.fixture.issue(document)
        except keystone_trusts.Refused as refused:
            self._refuse(refused)
            return
        if issued is None:
            self._answer(401, {'error': {'code': 401, 'message': 'No such user.'}})
        else:
            name, token = issued
            self._answer(201, {'token': token}, {'X-Subject-Token': name})

    def do_DELETE(self):
        self._answer_of_trusts(None)

    def _answer_of_trusts(self, document):
        path, _, query = self.path.partition('?')
        trust_id = path.partition(_TRUSTS)[2].strip('/') or None
        if trust_id is None and document is None:
            document = dict(urllib.parse.parse_qsl(query))
        token = self.headers['X-Auth-Token']
        try:
            answer = self.fixture.trusts.answer(self.command, trust_id, token, document)
        except keystone_trusts.Refused as refused:
            self._refuse(refused)
        else:
            self._answer(*answer)

    def _refuse(self, refused):
        error = {'code': refused.status, 'message': refused.message}
        self._answer(refused.status, {'error': error})

    def _answer(self, status, document, headers=()):
        body = b'' if document is None else json.dumps(document).encode()
        headers = {'Content-Type': 'application/json', **dict(headers)}
        self.answer(status, body, headers.items())
