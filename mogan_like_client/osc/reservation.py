"""What a reservation asks for, as it is typed and as the service takes it."""

from osc_lib import exceptions

from mogan_like_client.osc import schemas
from mogan_like_client.osc import values

#: Values of the service's own types that name objects, and what they name.
_NOUNS = {
    'flavor_id': 'flavor',
    'image_uuid': 'image',
    'net_id': 'network',
    'port_id': 'port',
}
#: What the service says of a reservation beside the values of its type, and what it
#: takes as something else than such.
_OF_SERVICE = frozenset(
    (
        'created_at',
        'id',
        'lease_id',
        'missing_resources',
        'resource_id',
        'resource_type',
        'resources_changed',
        'status',
        'updated_at',
    )
)
#: What stands before a plan that is to be protected before the end.
_PLAN = 'plan:'


def read(text, plugins, find_id):
    """A reservation, for the service.

    :param text: ``TYPE`` or ``TYPE,key=value,...``, as of :func:`.values.read_pairs`
    :param plugins: of the library's ``lease_resource_types``
    :param find_id: called with a noun and a name or ID; the ID
    :raises CommandError: what the type does not take, and what it takes
    """
    kind, comma, rest = text.partition(',')
    schema = find_schema(kind, plugins)
    given = _read_values(rest if comma else None, kind, schema)
    return {'resource_type': kind, **_name_by_ids(given, schema, find_id)}


def read_change(text, lease, plugins, find_id):
    """New values of a reservation of a lease, for the service.

    :param text: ``ID,key=value,...``, or without the ID if there is one only
    :param find_id: as of :func:`read`
    :raises CommandError: no such reservation, or what its type does not take
    """
    uuid, comma, rest = text.partition(',')
    found = {each['id']: each for each in lease.reservations}
    if '=' in uuid and len(found) == 1:
        comma, rest = ',', text
        (uuid,) = found
    if uuid not in found:
        raise exceptions.CommandError(
            f'The lease has no reservation {uuid}; it has {", ".join(found)}.'
        )
    kind = found[uuid]['resource_type']
    schema = find_schema(kind, plugins, complete=False)
    given = _read_values(rest if comma else None, kind, schema)
    return {'id': uuid, **_name_by_ids(given, schema, find_id)}


def _name_by_ids(given, schema, find_id):
    """Values with ids in place of names, where a type takes ids of what we know."""
    return {
        key: _name_by_id(key, value, find_id) if key in schema.properties else value
        for key, value in given.items()
    }


def _name_by_id(key, value, find_id):
    if isinstance(value, list):
        return [_name_by_id(key, each, find_id) for each in value]
    if isinstance(value, dict):
        return {each: _name_by_id(each, of, find_id) for each, of in value.items()}
    if not isinstance(value, str):
        return value
    if key in _NOUNS:
        return find_id(_NOUNS[key], value)
    if key == 'before_end' and value.startswith(_PLAN):
        return _PLAN + find_id('plan', value.removeprefix(_PLAN))
    return value


def find_schema(kind, plugins, complete=True):
    """The :class:`.schemas.Schema` of the type of this name.

    :param complete: as of that
    :raises CommandError: there is no such type, and it names those that there are; or
        it has no schema that can be read
    """
    known = {plugin.resource_type: plugin for plugin in plugins}
    if kind not in known:
        raise exceptions.CommandError(
            f'There is no resource type {kind}; there are {", ".join(sorted(known))}.'
        )
    return schemas.Schema(kind, known[kind].schema, complete)


def _read_values(text, kind, schema):
    """What stands behind the type or the id, checked; None for nothing."""
    try:
        pairs = {} if text is None else values.read_pairs(text)
    except ValueError as exc:
        raise exceptions.CommandError(f'{kind}: {exc}.') from exc
    for key in pairs:
        if key in _OF_SERVICE and key not in schema.properties:
            raise exceptions.CommandError(
                f'{kind}: {key} is a word of the service, and no value of the type.'
            )
    given = {key: schema.read(key, each) for key, each in pairs.items()}
    schema.check(given)
    return given
