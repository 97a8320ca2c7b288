"""Projects and users of the emulated Keystone, which administrators look up."""

from urllib import parse

_DOMAIN = 'default'


class People:
    """They are there, by ID and by name.

    :param personas: {name: persona}, for whom there is what they need
    :ivar projects: {id: name}; may change while it runs, as may
    :ivar users: {id: name}
    """

    def __init__(self, personas):
        self._personas = personas
        self.users = {each.user_id: name for name, each in personas.items()}
        self.projects = {
            each.project_id: f'project-{each.project_id[0]}'
            for each in personas.values()
            if each.project_id
        }

    def answer(self, path, token):
        """The status and document of a GET, or None when it is about others.

        :param path: below the version, with its query
        :param token: the name of who asks
        """
        url = parse.urlsplit(path)
        kind, *rest = url.path.strip('/').split('/')
        found = {'projects': self.projects, 'users': self.users}.get(kind)
        if found is None:
            return None
        if 'admin' not in self._personas[token].roles:
            return 403, _refuse(403, 'You are not authorized to do this.')
        if not rest:
            name = dict(parse.parse_qsl(url.query)).get('name')
            rows = [_describe(*each) for each in found.items() if each[1] == name]
            return 200, {kind: rows, 'links': {'next': None}}
        (uuid,) = rest
        if uuid not in found:
            return 404, _refuse(404, f'Could not find {uuid}.')
        return 200, {kind.removesuffix('s'): _describe(uuid, found[uuid])}


def _describe(uuid, name):
    return {'id': uuid, 'name': name, 'domain_id': _DOMAIN, 'enabled': True}


def _refuse(status, message):
    return {'error': {'code': status, 'message': message}}
