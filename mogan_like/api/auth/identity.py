"""The headers that say who asks: the client's are dropped, ours are set."""

_WORDS = (
    'USER_ID',
    'USER_NAME',
    'USER_DOMAIN_ID',
    'USER_DOMAIN_NAME',
    'PROJECT_ID',
    'PROJECT_NAME',
    'PROJECT_DOMAIN_ID',
    'PROJECT_DOMAIN_NAME',
    'DOMAIN_ID',
    'DOMAIN_NAME',
    'ROLES',
    'IDENTITY_STATUS',
)

#: All that keystonemiddleware sets and oslo.context reads, old names too.
#: Written out because keystonemiddleware's own list is private and, unlike
#: this one, forgets OpenStack-System-Scope; a test compares them.
HEADERS = (
    *(f'HTTP_X_{word}' for word in _WORDS),
    *(f'HTTP_X_SERVICE_{word}' for word in _WORDS),
    'HTTP_X_SERVICE_CATALOG',
    'HTTP_X_IS_ADMIN_PROJECT',
    'HTTP_OPENSTACK_SYSTEM_SCOPE',
    'HTTP_X_USER',
    'HTTP_X_ROLE',
    'HTTP_X_TENANT',
    'HTTP_X_TENANT_ID',
    'HTTP_X_TENANT_NAME',
)

#: What a caller proves itself with; only the strategy that checks one keeps it.
PROOFS = (
    'HTTP_AUTHORIZATION',
    'HTTP_X_AUTH_TOKEN',
    'HTTP_X_STORAGE_TOKEN',
    'HTTP_X_SERVICE_TOKEN',
)

_DOMAIN_ID = 'default'
_DOMAIN_NAME = 'Default'


def drop_claims(environ):
    """Forget who the client says it is; what it proves that with stays."""
    for name in HEADERS:
        environ.pop(name, None)


def drop_proofs(environ):
    """Forget tokens and passwords that nobody is going to check."""
    for name in PROOFS:
        environ.pop(name, None)


def describe(user_id, user_name, project_id, project_name, roles):
    """The headers of a confirmed caller, as keystonemiddleware would set them.

    :param roles: a sequence of names without commas
    :returns: a dict to update a WSGI environ with
    """
    joined = ','.join(roles)
    return {
        'HTTP_X_IDENTITY_STATUS': 'Confirmed',
        'HTTP_X_USER_ID': user_id,
        'HTTP_X_USER_NAME': user_name,
        'HTTP_X_USER_DOMAIN_ID': _DOMAIN_ID,
        'HTTP_X_USER_DOMAIN_NAME': _DOMAIN_NAME,
        'HTTP_X_PROJECT_ID': project_id,
        'HTTP_X_PROJECT_NAME': project_name,
        'HTTP_X_PROJECT_DOMAIN_ID': _DOMAIN_ID,
        'HTTP_X_PROJECT_DOMAIN_NAME': _DOMAIN_NAME,
        'HTTP_X_ROLES': joined,
        'HTTP_X_IS_ADMIN_PROJECT': 'True',
        'HTTP_X_USER': user_name,
        'HTTP_X_ROLE': joined,
        'HTTP_X_TENANT_ID': project_id,
        'HTTP_X_TENANT_NAME': project_name,
        'HTTP_X_TENANT': project_name,
    }
