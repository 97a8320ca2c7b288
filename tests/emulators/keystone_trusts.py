"""Trusts of the emulated Keystone, with the answers of a real one.

Those were found by asking a real Keystone: no token is given by a trust that is
gone (401), or whose trustor has a role no more (403), and delegated tokens make no
trusts.
"""

import uuid

#: What tokens by a trust begin with; its id follows.
_TOKEN = 'trust:'


class Refused(Exception):
    """The answer is an error.

    :ivar status: of HTTP
    """

    def __init__(self, status, message='No.'):
        self.status = status
        self.message = message
        super().__init__(f'{status} {message}')


class Trusts:
    """Who lets whom act for them.

    :param personas: {name: persona}, whose names are their tokens
    :ivar kept: {id: trust}, as they were asked for
    :ivar faults: statuses that the next requests are answered with, in their order
    """

    def __init__(self, personas):
        self._personas = personas
        self._taken = set()
        self.kept = {}
        self.faults = []

    def take_role(self, persona, role):
        """A persona has a role no more."""
        self._taken.add((persona.name, role))

    def give_role(self, persona, role):
        """A persona has a role again."""
        self._taken.discard((persona.name, role))

    def find_persona(self, token):
        """(the persona of a token, whether it is delegated), or (None, False)."""
        if token in self._personas:
            return self._personas[token], False
        trust = self.kept.get((token or '').removeprefix(_TOKEN))
        if trust is None or not self._is_alive(trust):
            return None, False
        return self._find_user(trust['trustor_user_id']), True

    def find_project(self, token):
        """The project that a delegated token is for, or None."""
        trust = self.kept.get((token or '').removeprefix(_TOKEN))
        return trust and trust['project_id']

    def issue(self, persona, trust_id):
        """(token, trust, trustor) for who asks by a trust."""
        trust = self.kept.get(trust_id)
        if trust is None:
            raise Refused(401)
        if trust['trustee_user_id'] != persona.user_id or not self._is_alive(trust):
            raise Refused(403)
        return _TOKEN + trust_id, trust, self._find_user(trust['trustor_user_id'])

    def answer(self, method, trust_id, token, document):
        """(status, document) of a request about trusts.

        :param trust_id: None for all of them
        :param document: of a list, its query
        """
        if self.faults:
            raise Refused(self.faults.pop(0))
        persona, delegated = self.find_persona(token)
        if persona is None:
            raise Refused(401)
        if method == 'POST' and trust_id is None:
            return 201, {'trust': self._create(persona, delegated, document['trust'])}
        if trust_id is None:
            return 200, {'trusts': self._list(persona, document)}
        trust = self.kept.get(trust_id)
        if trust is None:
            raise Refused(404)
        if method == 'GET':
            self._check_user(persona, trust, 'trustor_user_id', 'trustee_user_id')
            return 200, {'trust': trust}
        self._check_user(persona, trust, 'trustor_user_id')
        del self.kept[trust_id]
        return 204, None

    def _create(self, persona, delegated, trust):
        if delegated:
            raise Refused(403, 'Delegated tokens cannot manage trusts.')
        if trust['trustor_user_id'] != persona.user_id:
            raise Refused(403)
        names = [role['name'] for role in trust['roles']]
        if not names or not self._has_all(persona, names):
            raise Refused(404, 'Could not find role.')
        trust_id = uuid.uuid4().hex
        self.kept[trust_id] = {'id': trust_id, **trust}
        return self.kept[trust_id]

    def _list(self, persona, query):
        """As Keystone does, to who is named only, and without roles."""
        if list(query) not in (['trustor_user_id'], ['trustee_user_id']):
            raise Refused(403)
        self._check_user(persona, query, *query)
        return [
            {name: each for name, each in trust.items() if name != 'roles'}
            for trust in list(self.kept.values())
            if query.items() <= trust.items()
        ]

    def _is_alive(self, trust):
        persona = self._find_user(trust['trustor_user_id'])
        return self._has_all(persona, [role['name'] for role in trust['roles']])

    def _has_all(self, persona, names):
        return all(
            name in persona.roles and (persona.name, name) not in self._taken
            for name in names
        )

    def _find_user(self, user_id):
        (found,) = (p for p in self._personas.values() if p.user_id == user_id)
        return found

    @staticmethod
    def _check_user(persona, trust, *keys):
        if persona.user_id not in [trust[key] for key in keys]:
            raise Refused(403)
