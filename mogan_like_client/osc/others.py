"""What other services have: an ID as it is, a name as they know it."""

from keystoneauth1 import identity
from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions

from mogan_like_client.osc import errors
from mogan_like_client.sdk import identifiers
from mogan_like_client.sdk import service as sdk_service

#: {noun: type of the service that has it}
SERVICES = {
    'image': 'image',
    'network': 'network',
    'port': 'network',
    'project': 'identity',
    'user': 'identity',
}


def find_id(connection, noun, name):
    """The ID of an object of another service.

    What looks like an ID is one, so that nobody has to be asked. Nor need anybody for
    the own project and user. Without Keystone there are no names of either: an operator
    chooses their IDs, which may be words.

    :param connection: of openstacksdk
    :param noun: one of SERVICES
    :param name: a name or an ID
    :raises CommandError: none is called so, or several are, or there is nobody to ask
    """
    service = SERVICES[noun]
    looks_like_id = identifiers.is_uuid
    if service == 'identity':
        looks_like_id = identifiers.is_of_keystone
    if looks_like_id(name):
        return name
    return _find_own(connection, noun, name) or _ask(connection, service, noun, name)


def _find_own(connection, noun, name):
    """The ID of the own project or user, if it is called so; or None."""
    if noun not in ('project', 'user') or not _has_catalogue(connection):
        return None
    session = connection.session
    access = session.auth.get_access(session)
    if noun == 'user':
        return access.user_id if access.username == name else None
    return access.project_id if access.project_name == name else None


def _ask(connection, service, noun, name):
    if not _has(connection, service):
        if service == 'identity':
            return name
        raise exceptions.CommandError(
            f'There is no {service} service to look up {noun} {name} in: give its ID.'
        )
    try:
        return _find(getattr(connection, service), noun, name)
    except sdk_exceptions.NotFoundException as exc:
        raise exceptions.CommandError(
            f'The {service} service knows no {noun} {name} that you may see.'
        ) from exc
    except sdk_exceptions.ForbiddenException as exc:
        raise exceptions.CommandError(
            f'You may not look up {noun}s by their names (HTTP 403 of the {service} '
            f'service): give the ID of {noun} {name}.'
        ) from exc
    except errors.OF_SERVICE as exc:
        raise exceptions.CommandError(
            f'{noun} {name} could not be looked up in the {service} service: '
            f'{errors.translate(exc)}'
        ) from exc


def _find(proxy, noun, name):
    try:
        return getattr(proxy, f'find_{noun}')(name, ignore_missing=False).id
    except sdk_exceptions.DuplicateResource as exc:
        ids = [each.id for each in getattr(proxy, f'{noun}s')(name=name)]
        raise exceptions.CommandError(
            f'There are {len(ids)} {noun}s called {name}: say which by its ID, '
            f'{", ".join(ids)}.'
        ) from exc


def _has(connection, service):
    """True when it is known where a service is."""
    # Not get_endpoint of it: without a catalogue that is the one address.
    config = connection.config.config
    if config.get(f'{service}_endpoint_override') or config.get(f'{service}_endpoint'):
        return True
    return _has_catalogue(connection) and sdk_service.is_listed(connection, service)


def _has_catalogue(connection):
    """False where one address has to serve for whatever is asked."""
    return isinstance(connection.session.auth, identity.BaseIdentityPlugin)
