"""Who asks: from a token that says so, from a table, or from Keystone."""

import dataclasses
import tempfile

_ADMIN = 'admin'
_WRITERS = {'admin', 'manager', 'member'}
_TOKENS = 'emulator.tokens'


@dataclasses.dataclass(frozen=True)
class Identity:
    """What a token stands for."""

    project_id: str
    user_id: str
    roles: tuple = ('member',)

    @property
    def is_admin(self):
        """True for who may do everything, in all projects."""
        return _ADMIN in self.roles

    @property
    def can_write(self):
        """True for who may change things of the project."""
        return bool(_WRITERS & set(self.roles))

    def owns(self, resource):
        """True for who may look at a resource."""
        return self.is_admin or resource.project_id == self.project_id


def spell(project, user=None, roles=('member',)):
    """The token that :func:`read_spelled` reads."""
    return ':'.join((user or project, project, ','.join(roles)))


def read_spelled(environ):
    """Any token will do: it is USER[:PROJECT[:ROLE,ROLE]].

    The first two are as Manila's own noauth reads them, which knows no roles:
    everybody is an administrator there, and here who names none.

    :returns: an Identity, None without a token
    """
    token = environ.get('HTTP_X_AUTH_TOKEN')
    if not token:
        return None
    user, _, rest = token.partition(':')
    project, _, roles = rest.partition(':')
    return Identity(project or user, user, tuple((roles or _ADMIN).split(',')))


class Table:
    """Reads tokens of a table, and no others.

    :param identities: {token: Identity}; may be changed at any time
    """

    def __init__(self, identities):
        self.identities = identities

    def __call__(self, environ):
        """An Identity, None for a token that is not there."""
        return self.identities.get(environ.get('HTTP_X_AUTH_TOKEN'))


def read_headers(environ):
    """What keystonemiddleware has found out.

    :returns: an Identity, None when it let a request without one through
    """
    if environ.get('HTTP_X_IDENTITY_STATUS') != 'Confirmed':
        return None
    roles = environ.get('HTTP_X_ROLES', '').split(',')
    return Identity(
        environ.get('HTTP_X_PROJECT_ID'),
        environ.get('HTTP_X_USER_ID'),
        tuple(role.strip().lower() for role in roles),
    )


class _Tokens(dict):
    """Tokens that were found good, as keystonemiddleware wants to keep them."""

    def __bool__(self):
        return True

    def set(self, key, value, **_times):
        """Keep one."""
        self[key] = value


def put_keystone_before(application, options):
    """A WSGI application that is reached with tokens of Keystone only.

    :param options: of ``[keystone_authtoken]``
    """
    from keystonemiddleware import auth_token

    tokens = _Tokens()
    # A file, for what is given as a dictionary is complained of, option by option.
    with tempfile.NamedTemporaryFile('w', suffix='.conf') as file:
        print('[keystone_authtoken]', f'cache = {_TOKENS}', sep='\n', file=file)
        for name, value in options.items():
            print(f'{name} = {value}', file=file)
        file.flush()
        local = {'oslo_config_project': 'manila', 'oslo_config_file': file.name}
        protected = auth_token.AuthProtocol(application, local)

    def answer(environ, start_response):
        environ[_TOKENS] = tokens
        return protected(environ, start_response)

    return answer
