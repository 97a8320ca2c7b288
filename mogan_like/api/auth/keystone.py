"""Tokens, validated by keystonemiddleware and kept for a while."""

import hashlib
import re
import threading

from keystoneauth1 import exceptions as ksa_exceptions
from keystoneauth1 import loading
from keystonemiddleware import auth_token
from oslo_log import log
import webob.exc

from mogan_like.api import errors
from mogan_like.api.auth import cache
from mogan_like.api.auth import conf
from mogan_like.common import exception
from mogan_like.common.config import CONF

LOG = log.getLogger(__name__)

GROUP = 'keystone_authtoken'

_ADMITTED = 'mogan_like.admitted'
_NO_CACHE = 'mogan_like.no_token_cache'

# Some 4 KiB each.
_TOKENS = 2000
# Fernet and JWS tokens are under 1 KiB. Asking about what cannot be a token
# makes some Keystones hang up, which looks as if they were away.
_TOKEN = re.compile(r'[\x21-\x7e]{1,2048}')

_OUTAGES = (ksa_exceptions.RetriableConnectionFailure, ksa_exceptions.DiscoveryFailure)


def wrap(app):
    """Let in whose token Keystone confirms.

    :raises ConfigInvalid: when ``[keystone_authtoken]`` names no way to ask
    """
    conf.set_keystone_defaults()
    section = CONF[GROUP].auth_section or GROUP
    # keystonemiddleware reads auth_type of another section unregistered.
    loading.register_auth_conf_options(CONF, section)
    if not CONF[section].auth_type:
        raise exception.ConfigInvalid(
            reason=(
                f'[api]auth_strategy is keystone, but [{section}]auth_type is not '
                'set; "password" with auth_url, username, password and '
                'project_name is usual.'
            )
        )
    try:
        return KeystoneAuth(app, Validator())
    except (ksa_exceptions.AuthPluginException, OSError) as error:
        raise exception.ConfigInvalid(reason=f'[{section}]: {error}') from error


class KeystoneAuth:
    """The WSGI filter.

    The app is not called by keystonemiddleware but after it, so that
    only what goes wrong with the token is answered here, and answers of the
    app do not pass through another layer.
    """

    def __init__(self, app, validator):
        self._app = app
        self._validator = validator

    def __call__(self, environ, start_response):
        answered = []
        environ.pop(_ADMITTED, None)
        environ[_NO_CACHE] = _NoCache
        try:
            self._validator(environ, lambda *answer: answered.append(answer))
        except UnicodeError:
            # A path that is no UTF-8, to be compared with access rules.
            return errors.respond(environ, start_response, exception.Unauthorized())
        except Exception as error:
            _log_failure(error)
            return _away(environ, start_response)
        if environ.pop(_ADMITTED, False):
            _keep_own_scope(environ)
            return self._app(environ, start_response)
        return self._refuse(environ, start_response, *answered[0][:2])

    def _refuse(self, environ, start_response, status, headers):
        if not status.startswith('401'):
            return _away(environ, start_response)
        challenge = [pair for pair in headers if pair[0].lower() == 'www-authenticate']
        return errors.respond(
            environ, start_response, exception.Unauthorized(), challenge
        )


class Validator(auth_token.AuthProtocol):
    """keystonemiddleware, with another cache and patience with Keystone."""

    def __init__(self):
        # Delayed, a token that is wrong, or that nobody could check, would
        # get in without an identity.
        settings = {'oslo_config_config': CONF, 'delay_auth_decision': False}
        # Its own in-process cache has no bound, is searched through at every
        # request, and is deprecated; a shared one is the operator's choice.
        self._remembered = None
        if not (CONF[GROUP].memcached_servers or CONF[GROUP].cache):
            self._remembered = cache.ExpiringCache(_TOKENS)
            settings['cache'] = _NO_CACHE
        self._keystone_is_away = False
        self._asking = threading.Lock()
        super().__init__(_admit, settings)

    def fetch_token(self, token, **kwargs):
        """What Keystone says of a token, perhaps a while ago.

        :raises InvalidToken: when Keystone does not know it
        :raises HTTPServiceUnavailable: when Keystone does not answer
        """
        if not _TOKEN.fullmatch(token):
            raise auth_token.InvalidToken('not a token')
        if self._remembered is None:
            return _without_catalog(self._ask(token, **kwargs))
        key = hashlib.sha256(token.encode()).digest()
        data = self._remembered.get(key)
        if data is None:
            data = _without_catalog(self._ask(token, **kwargs))
            self._remembered.put(key, data, CONF[GROUP].token_cache_time)
        return data

    def _ask(self, token, **kwargs):
        # While Keystone is away one request at a time waits for it and all
        # others are told at once; else every thread would end up waiting.
        alone = self._keystone_is_away
        if alone and not self._asking.acquire(blocking=False):
            raise webob.exc.HTTPServiceUnavailable()
        try:
            data = super().fetch_token(token, **kwargs)
        except Exception as error:
            self._keystone_is_away = _is_outage(error)
            raise
        else:
            self._keystone_is_away = False
            return data
        finally:
            if alone:
                self._asking.release()


class _NoCache:
    """A cache for keystonemiddleware that keeps nothing."""

    @staticmethod
    def get(key):
        return None

    @staticmethod
    def set(key, value, time=0):
        pass


def _admit(environ, start_response):
    """What keystonemiddleware takes for the application."""
    environ[_ADMITTED] = True
    start_response('204 No Content', [])
    return [b'']


def _keep_own_scope(environ):
    """Undo that a service token's system scope is taken for the user's."""
    if environ.get('HTTP_X_SERVICE_TOKEN'):
        user = environ['keystone.token_auth'].user
        system = user.system if user.system_scoped else {}
        environ['HTTP_OPENSTACK_SYSTEM_SCOPE'] = 'all' if system.get('all') else None


def _without_catalog(data):
    """Token data as plain dicts; the catalog only where it is compared with.

    It is most of a token's size, and would be turned into a header of every
    request; access rules need it.
    """
    token = dict(data['token'])
    rules = (token.get('application_credential') or {}).get('access_rules')
    if rules is None:
        token.pop('catalog', None)
    return {'token': token}


def _is_outage(error):
    # keystonemiddleware hides some behind its 503.
    if isinstance(error, webob.exc.HTTPServiceUnavailable):
        error = error.__context__
    return isinstance(error, _OUTAGES)


def _log_failure(error):
    if _is_outage(error):
        LOG.error('Keystone does not answer: %s', error)
    else:
        LOG.exception('A token could not be validated')


def _away(environ, start_response):
    return errors.respond(
        environ,
        start_response,
        exception.ServiceUnavailable(reason='tokens cannot be validated at the moment'),
    )
