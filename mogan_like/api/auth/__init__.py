"""Who gets in: one of three strategies in front of the whole API."""

from mogan_like.api.auth import conf
from mogan_like.api.auth import identity
from mogan_like.common.config import CONF

#: Read by anybody: versions, and whether the service is alive. Compared with
#: PATH_INFO as it stands, so a path that only resembles one is protected; the
#: empty path is the root of a service mounted under a prefix.
PUBLIC_PATHS = frozenset(('', '/', '/v1', '/v1/', '/v2.1', '/v2.1/', '/healthcheck'))
_PUBLIC_METHODS = frozenset(('GET', 'HEAD', 'OPTIONS'))


def is_public(environ):
    """True when a request needs no identity."""
    return (
        environ.get('PATH_INFO', '') in PUBLIC_PATHS
        and environ.get('REQUEST_METHOD') in _PUBLIC_METHODS
    )


def wrap(app):
    """Put the strategy that ``[api]auth_strategy`` names in front of an app.

    Behind it the environ's identity headers are true, whatever the client
    sent: either all of a confirmed caller's, or, on a public path, none.

    :returns: a WSGI app
    :raises ConfigInvalid: when the strategy cannot work as configured
    """
    conf.register_opts(CONF)
    protected = _strategy().wrap(app)

    def authenticate(environ, start_response):
        identity.drop_claims(environ)
        if not is_public(environ):
            return protected(environ, start_response)
        identity.drop_proofs(environ)
        environ['HTTP_X_IDENTITY_STATUS'] = 'Invalid'
        return app(environ, start_response)

    return authenticate


def check_start(listen_host):
    """Refuse to listen where the strategy must not be reachable.

    :param listen_host: the address or name that the server binds to
    :raises ConfigInvalid: for noauth on anything but loopback, unless forced
    """
    conf.register_opts(CONF)
    if CONF.api.auth_strategy == 'noauth':
        _strategy().check_start(listen_host)


def _strategy():
    # Imported when chosen: keystonemiddleware alone takes half a second.
    name = CONF.api.auth_strategy
    if name == 'keystone':
        from mogan_like.api.auth import keystone as strategy
    elif name == 'http_basic':
        from mogan_like.api.auth import basic as strategy
    else:
        from mogan_like.api.auth import noauth as strategy
    return strategy
