"""Everybody is one configured user; for one machine, without a Keystone."""

import ipaddress
import socket
import urllib.parse

from oslo_log import log

from mogan_like.api import errors
from mogan_like.api.auth import identity
from mogan_like.common import exception
from mogan_like.common.config import CONF

LOG = log.getLogger(__name__)

#: With one of these a request came through a proxy, so that the address the
#: server sees is the proxy's, or one that the client chose:
#: oslo.middleware copies X-Forwarded-For into REMOTE_ADDR.
_VIA_PROXY = ('HTTP_FORWARDED', 'HTTP_X_FORWARDED_FOR', 'HTTP_X_REAL_IP', 'HTTP_VIA')


def wrap(app):
    """Let everybody on this machine in as the user the options describe."""
    LOG.warning(
        '[api]auth_strategy is noauth: every caller%s is user %s in '
        'project %s with the roles %s',
        '' if CONF.api.noauth_force else ' from this machine',
        CONF.api.noauth_user_id,
        CONF.api.noauth_project_id,
        ', '.join(CONF.api.noauth_roles),
    )

    def admit(environ, start_response):
        if not (CONF.api.noauth_force or is_local(environ)):
            return errors.respond(
                environ,
                start_response,
                exception.Forbidden(
                    'Without authentication ([api]auth_strategy = noauth) '
                    'only callers on the same machine are served.'
                ),
            )
        identity.drop_proofs(environ)
        environ.update(
            identity.describe(
                CONF.api.noauth_user_id,
                'admin',
                CONF.api.noauth_project_id,
                'admin',
                CONF.api.noauth_roles,
            )
        )
        return app(environ, start_response)

    return admit


def check_start(listen_host):
    """Refuse an address that other machines reach, unless forced."""
    if CONF.api.noauth_force or _listens_on_loopback(listen_host):
        return
    raise exception.ConfigInvalid(
        reason=(
            '[api]auth_strategy is noauth, and the API would listen on '
            f'{listen_host or "every address"!r}: anybody who reaches it would '
            'be an administrator. Listen on 127.0.0.1, choose http_basic or '
            'keystone, or set [api]noauth_force = true.'
        )
    )


def is_local(environ):
    """True when a request was certainly sent on this machine, to it.

    The Host header has to be loopback's as well: a web page elsewhere can
    make a local browser send requests here under the page's own name.
    """
    if any(name in environ for name in _VIA_PROXY):
        return False
    if not is_loopback(environ.get('REMOTE_ADDR', '')):
        return False
    host = environ.get('HTTP_HOST')
    return host is None or is_loopback(_host_part(host))


def is_loopback(host):
    """True for ``localhost`` and the addresses of the loopback interface."""
    if host.lower() == 'localhost':
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # Before Python 3.13 ::ffff:127.0.0.1 is not loopback.
    return (getattr(address, 'ipv4_mapped', None) or address).is_loopback


def _host_part(host):
    try:
        return urllib.parse.urlsplit(f'//{host}').hostname or ''
    except ValueError:
        return ''


def _listens_on_loopback(host):
    if not host or is_loopback(host):
        return bool(host)
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return all(is_loopback(address[0]) for *_, address in found)
