"""What went wrong, in words for whoever typed the command."""

import contextlib
import http

from keystoneauth1 import discover
from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions
from openstack import utils
from osc_lib import exceptions as osc_exceptions

from mogan_like_client.osc import times
from mogan_like_client.sdk import sending

#: How versions that are too old refuse what they do not know.
_OF_VERSIONS = (http.HTTPStatus.BAD_REQUEST, http.HTTPStatus.NOT_FOUND)
#: What the library raises; a tuple for ``except``.
OF_SERVICE = (exceptions.SDKException, auth_exceptions.ClientException)


def translate(exc):
    """The exception as openstackclient shows it; None for what is not ours."""
    if isinstance(exc, exceptions.HttpException) and exc.response is not None:
        return osc_exceptions.CommandError(describe_answer(exc.response))
    if isinstance(exc, OF_SERVICE):
        return osc_exceptions.CommandError(getattr(exc, 'message', None) or str(exc))
    return None


def describe_missing(exc, client, needed):
    """What a refusal comes from where the service, or what was asked of it, is too old.

    :param exc: the refusal
    :param needed: the version that the API has to have; None for any
    :returns: None where it does not come from that
    """
    if needed is None or getattr(exc, 'status_code', None) not in _OF_VERSIONS:
        return None
    asked = client.default_microversion
    used = asked or utils.maximum_supported_microversion(client, needed)
    normalize = discover.normalize_version_number
    if used is None or normalize(used) >= normalize(needed):
        return None
    which = 'was asked for' if asked else 'is the newest that the service has'
    return f'This needs version {needed} of the API, and {used} {which}.'


def describe_answer(response):
    """An answer that is a refusal: what, status, and the id of the request."""
    fact = _read_fact(response)
    message = fact.get('error_message') or response.reason
    request = response.headers.get('x-openstack-request-id')
    known = f', request {request}' if request else ''
    told = f'{message} (HTTP {response.status_code}{known})'
    doubt = sending.find_doubt(response)
    return f'{told}. {doubt}' if doubt else told


def _read_fact(response):
    """The body of a refusal; empty when it is somebody else's."""
    try:
        fact = response.json()
    except ValueError:
        return {}
    return fact if isinstance(fact, dict) else {}


@contextlib.contextmanager
def naming_holder(client, instance, zone):
    """What is refused, or not reached, is told with who holds the instance, if any.

    :raises CommandError: in place of the refusal, or of what a wait ended by
    """
    try:
        yield
    except (exceptions.ForbiddenException, exceptions.ResourceFailure) as exc:
        told = [str(translate(exc)), *_tell_holder(client, instance, zone)]
        raise osc_exceptions.CommandError('\n'.join(told)) from exc


def _tell_holder(client, instance, zone):
    try:
        lock = client.get_instance_lock(instance)
    except OF_SERVICE:
        # Older versions do not say it, and the refusal matters more.
        return []
    return [describe_lock(lock, zone)] if lock.locked else []


def describe_lock(lock, zone):
    """Who holds an instance, since when, why and until when."""
    text = f'Locked by {lock.locked_by}'
    if lock.user_id:
        text += f' (user {lock.user_id})'
    text += f' since {times.render(lock.since, zone)}'
    if lock.reason:
        text += f': {lock.reason}'
    if lock.expires_at:
        text += f' (until {times.render(lock.expires_at, zone)})'
    return text
