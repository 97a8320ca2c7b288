"""Keystone: trusts, by which this service acts for users who are not there.

A trust is made by its trustor, with the caller's token. Its trustee is the user
of the service credentials, ``[keystone]`` or else ``[keystone_authtoken]``, and
only that user gets tokens by it. They are the trustor's, with the trust's roles
in the trust's project.
"""

import contextlib

from keystoneauth1 import exceptions as ksa_exceptions
from keystoneauth1 import loading
from keystoneauth1 import token_endpoint
from oslo_log import log

from mogan_like.clients import keystone_conf
from mogan_like.common import exception
from mogan_like.common.config import CONF

LOG = log.getLogger(__name__)

GROUP = keystone_conf.GROUP.name

#: What a scope is made of in keystoneauth's options; a trust has its own.
_SCOPE = (
    'project_id',
    'project_name',
    'project_domain_id',
    'project_domain_name',
    'domain_id',
    'domain_name',
    'system_scope',
    'trust_id',
)
_REFUSED = (ksa_exceptions.Unauthorized, ksa_exceptions.Forbidden)
# What no other answer than a good one makes.
_SILENCES = (
    ksa_exceptions.ClientException,
    ksa_exceptions.RetriableConnectionFailure,
    OSError,
)
_NONSENSE = (AttributeError, LookupError, TypeError, ValueError)
_TOO_MANY = 429
# Seconds for a list of all trusts of this service, thousands of them at once: Keystone
# has no pages of these. No user waits for it.
_LIST_TIMEOUT = 60
# Longer ones are pages of a proxy.
_LONGEST_REASON = 500


def make_trust(ctx, expires_at):
    """Have the caller let this service act for them, with all their roles.

    :param ctx: of a request, with its token
    :param expires_at: as Keystone writes times; :func:`find_trust` finds it by that
    :returns: the id of the trust
    :raises DelegationRefused: when this caller may not
    :raises Unauthorized: when the token is good no longer
    :raises IdentityServiceUnavailable: may pass; nobody knows then whether it was
        made, but what was is of use to nobody
    """
    if ctx.project_id is None:
        raise exception.DelegationRefused(reason='the token is for no project.')
    try:
        return _make_trust(ctx, expires_at)
    except exception.IdentityServiceUnavailable as error:
        LOG.error('%s (%s)', error, error.__cause__)
        raise


def _make_trust(ctx, expires_at):
    with _classified('make a trust'), _ours():
        session = _load_session(_load_auth())
        trustee, endpoint = session.get_user_id(), _find_endpoint(session)
    with _classified('make a trust'), _callers():
        answer = session.post(
            f'{endpoint}/OS-TRUST/trusts',
            json={'trust': {**_describe(ctx, trustee), 'expires_at': expires_at}},
            auth=token_endpoint.Token(endpoint, ctx.auth_token),
        )
        return answer.json()['trust']['id']


def find_trust(user_id, expires_at):
    """The id of a trust that was made by :func:`make_trust`, or None.

    Waits for up to a minute, or for ``[keystone]timeout`` where that is longer.

    :param user_id: of its trustor
    :param expires_at: as it was asked for
    :raises IdentityServiceUnavailable: may pass
    :raises ConfigInvalid: without service credentials
    """
    with _classified('list trusts'), _ours():
        session = _load_session(_load_auth())
        answer = session.get(
            f'{_find_endpoint(session)}/OS-TRUST/trusts',
            params={'trustee_user_id': session.get_user_id()},
            timeout=max(_LIST_TIMEOUT, CONF.keystone.timeout),
        )
        for trust in answer.json()['trusts']:
            is_own = trust['trustor_user_id'] == user_id
            # To the second: Keystone may write the fraction otherwise.
            if is_own and (trust['expires_at'] or '')[:19] == expires_at[:19]:
                return trust['id']
    return None


def give_back(ctx, trust_id):
    """Delete a trust with the token of the caller who made it.

    :param ctx: of a request, with its token
    :raises DelegationRefused: when the token may not
    :raises Unauthorized: when the token is good no longer
    :raises IdentityServiceUnavailable: may pass
    """
    with _classified('delete a trust'), _ours():
        session = _load_session(_load_auth())
        endpoint = _find_endpoint(session)
    with _classified('delete a trust'), _callers():
        session.delete(
            f'{endpoint}/OS-TRUST/trusts/{trust_id}',
            auth=token_endpoint.Token(endpoint, ctx.auth_token),
        )


def load_trust_auth(trust_id):
    """A keystoneauth plugin that gets tokens by a trust.

    :raises ConfigInvalid: when the service credentials cannot have any
    """
    return _load_auth(trust_id)


def delete_trust(trust_id):
    """Delete a trust, as its trustor; one that is gone already is no error.

    :raises DelegationRefused: when nobody gets tokens by it, so that only its
        trustor or an administrator can delete it
    :raises IdentityServiceUnavailable: may pass
    :raises ConfigInvalid: without service credentials
    """
    with _classified('delete a trust'):
        session = _load_session(_load_auth(trust_id))
        try:
            session.delete(f'{_find_endpoint(session)}/OS-TRUST/trusts/{trust_id}')
        except ksa_exceptions.NotFound:
            LOG.info('Trust %s is gone already.', trust_id)
        except _REFUSED as error:
            _check_gone(trust_id, error)


def _check_gone(trust_id, refusal):
    """Ask as the trustee whether the trust is there that gives no token."""
    with _ours():
        session = _load_session(_load_auth())
        endpoint = _find_endpoint(session)
        try:
            session.get(f'{endpoint}/OS-TRUST/trusts/{trust_id}')
        except ksa_exceptions.NotFound:
            LOG.info('Trust %s is gone already.', trust_id)
            return
    raise exception.DelegationRefused(reason=_get_reason(refusal)) from refusal


def _describe(ctx, trustee):
    return {
        'trustor_user_id': ctx.user_id,
        'trustee_user_id': trustee,
        'project_id': ctx.project_id,
        'roles': [{'name': name} for name in ctx.roles],
        'impersonation': True,
        'allow_redelegation': False,
    }


def _load_auth(trust_id=None):
    section = _find_section()
    kind = CONF[section].auth_type
    if kind is None:
        raise exception.ConfigInvalid(reason=f'[{section}]auth_type is not set.')
    scope = {}
    if trust_id is not None:
        known = {opt.dest for opt in loading.get_plugin_loader(kind).get_options()}
        # An application credential has its scope, and takes no other.
        if 'trust_id' not in known or 'application_credential_id' in known:
            raise exception.ConfigInvalid(
                reason=f'[{section}]auth_type is {kind}, which does not go with '
                'trusts; password does.'
            )
        scope = dict.fromkeys(known.intersection(_SCOPE))
        scope['trust_id'] = trust_id
    return loading.load_auth_from_conf_options(CONF, section, **scope)


def _find_section():
    """Where the credentials of this service are."""
    keystone_conf.register_opts(CONF)
    keystone_conf.register_auth_opts(CONF)
    own = CONF.keystone.auth_section or GROUP
    if own == GROUP and CONF.keystone.auth_type is None:
        loading.register_auth_conf_options(CONF, keystone_conf.FALLBACK)
        fallback = CONF[keystone_conf.FALLBACK]
        own = fallback.auth_section or keystone_conf.FALLBACK
    loading.register_auth_conf_options(CONF, own)
    return own


def _load_session(auth):
    return loading.load_session_from_conf_options(CONF, GROUP, auth=auth)


def _find_endpoint(session):
    """The URL of version 3 of Keystone's API, without a slash at its end."""
    found = CONF.keystone.endpoint_override or session.get_endpoint(
        service_type='identity',
        interface=CONF.keystone.interface,
        region_name=CONF.keystone.region_name,
        version=(3,),
    )
    if found is None:
        raise ksa_exceptions.EndpointNotFound()
    return found.rstrip('/')


@contextlib.contextmanager
def _classified(verb):
    """Turn what a call of Keystone raises into an error of common.exception."""
    try:
        yield
    except exception.MoganLikeError:
        raise
    except _SILENCES as error:
        reason = 'it does not answer.'
        if isinstance(error, ksa_exceptions.HttpError):
            reason = f'it answers {error.http_status}.'
        raise _unavailable(verb, reason) from error
    except _NONSENSE as error:
        raise _unavailable(verb, 'its answer makes no sense.') from error


@contextlib.contextmanager
def _ours():
    """What is refused here is refused to the service, which callers cannot help."""
    try:
        yield
    except _REFUSED as error:
        raise _unavailable(
            'answer', 'it refuses the credentials of this service.'
        ) from error


@contextlib.contextmanager
def _callers():
    """What is refused here is refused to the caller."""
    try:
        yield
    except ksa_exceptions.Unauthorized as error:
        raise exception.Unauthorized() from error
    except ksa_exceptions.HttpError as error:
        if error.http_status == _TOO_MANY or error.http_status >= 500:
            raise
        raise exception.DelegationRefused(reason=_get_reason(error)) from error


def _get_reason(error):
    return (error.message or 'no reason was given.')[:_LONGEST_REASON]


def _unavailable(verb, reason):
    return exception.IdentityServiceUnavailable(verb=verb, reason=reason)
