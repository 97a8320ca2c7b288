"""What Manila's answers and silences mean."""

import contextlib

from keystoneauth1 import exceptions as ksa_exceptions
from manilaclient import exceptions as manila_exceptions
from oslo_log import log

from mogan_like.common import exception

LOG = log.getLogger(__name__)

# Answered before anything is done. 401: keystoneauth has tried a new token already,
# so it is Manila's trouble.
_NOT_DONE = (401, 413, 429)
_MAY_PASS = (408, *_NOT_DONE)
# Too many requests, where it says when to come again; else there are too many
# shares or snapshots, and more will not come of asking again.
_QUOTA = 413
_NOT_FOUND = 404
# Longer ones are pages of a proxy.
_LONGEST_REASON = 500

_REFUSED_BY_KEYSTONE = (ksa_exceptions.Unauthorized, ksa_exceptions.Forbidden)
_SILENCES = (
    ksa_exceptions.ClientException,
    ksa_exceptions.RetriableConnectionFailure,
    manila_exceptions.ClientException,
    OSError,
)
# What manilaclient makes of an answer that is not Manila's.
_NONSENSE = (AttributeError, LookupError, TypeError, ValueError)


@contextlib.contextmanager
def classified(verb, what=None, *, call):
    """Turn what a call of manilaclient raises into one of four errors.

    :param verb: what was asked for, after "Manila could not"
    :param what: that 404 is about; None when 404 is a refusal
    :param call: a :class:`.manila_session.Call`
    """
    try:
        yield
    except exception.MoganLikeError:
        raise
    except manila_exceptions.HttpError as error:
        raise _read_answer(verb, what, error, call.pause) from error
    except _REFUSED_BY_KEYSTONE as error:
        LOG.error('Keystone gives no token for Manila: %s', error)
        reason = 'Keystone does not let this service act in the project.'
        raise _refused(verb, reason, 401) from error
    except (manila_exceptions.CommandError, manila_exceptions.ValidationError) as error:
        raise _refused(verb, str(error), None) from error
    except _SILENCES as error:
        LOG.warning('Manila could not %s: %s', verb, error)
        raise _unavailable(verb, 'it does not answer.') from error
    except (RuntimeError, *_NONSENSE) as error:
        LOG.warning('Manila could not %s: %r', verb, error)
        raise _unavailable(verb, 'its answer makes no sense.') from error


@contextlib.contextmanager
def no_completion_cache(*_args, **_kwargs):
    """Nothing: manilaclient would keep ids in our home, for its shell."""
    yield


def _read_answer(verb, what, error, pause):
    status = error.http_status
    reason = (error.message or 'no reason was given')[:_LONGEST_REASON]
    if status == _NOT_FOUND and what is not None:
        return exception.ShareServiceNotFound(what=what)
    if status == _QUOTA and not pause:
        return exception.ShareQuotaExceeded(verb=verb, reason=reason)
    if status in _MAY_PASS or status >= 500:
        LOG.warning('Manila could not %s: HTTP %s, %s', verb, status, reason)
        unavailable = _unavailable(verb, f'it answers {status}.')
        unavailable.pause = pause
        unavailable.may_be_done = status not in _NOT_DONE
        return unavailable
    return _refused(verb, reason, status)


def _refused(verb, reason, status):
    return exception.ShareServiceRefused(verb=verb, reason=reason, status=status)


def _unavailable(verb, reason):
    return exception.ShareServiceUnavailable(verb=verb, reason=reason)
