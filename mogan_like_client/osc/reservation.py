"""What a reservation asks for, as it is typed and as the service takes it."""

import json
import re

import jsonschema
from osc_lib import exceptions

from mogan_like_client.osc import values

#: Other digits than these are no JSON.
_INTEGER = re.compile('-?[0-9]+')
#: Values that stand in the text as JSON.
_JSON = ('array', 'object', 'boolean', 'number')
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
    schema = find_plugin(kind, plugins).schema
    given = _read_values(rest if comma else None, kind, schema)
    check(kind, given, schema)
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
    schema = find_plugin(kind, plugins).schema
    given = _read_values(rest if comma else None, kind, schema)
    # What is not named stays as it is: nothing is required.
    check(kind, given, {**schema, 'required': []})
    return {'id': uuid, **_name_by_ids(given, schema, find_id)}


def _name_by_ids(given, schema, find_id):
    """Values with ids in place of names, where a type takes ids of what we know."""
    known = schema.get('properties', {})
    return {
        key: _name_by_id(key, value, find_id) if key in known else value
        for key, value in given.items()
    }


def _name_by_id(key, value, find_id):
    if isinstance(value, list):
        return [_name_by_id(key, each, find_id) for each in value]
    if isinstance(value, dict):
        return {each: _name_by_id(each, of, find_id) for each, of in value.items()}
    if key in _NOUNS:
        return find_id(_NOUNS[key], value)
    if key == 'before_end' and value.startswith(_PLAN):
        return _PLAN + find_id('plan', value.removeprefix(_PLAN))
    return value


def find_plugin(kind, plugins):
    """The type of this name.

    :raises CommandError: there is none; it names those that there are
    """
    known = {plugin.resource_type: plugin for plugin in plugins}
    if kind not in known:
        raise exceptions.CommandError(
            f'There is no resource type {kind}; there are {", ".join(sorted(known))}.'
        )
    return known[kind]


def check(kind, given, schema):
    """Look whether values are what a type takes.

    :raises CommandError: naming the first that is not
    """
    error = jsonschema.validators.validator_for(schema)(schema).iter_errors(given)
    first = min(error, key=lambda each: list(map(str, each.path)), default=None)
    if first is None:
        return
    where = '.'.join(map(str, first.path))
    raise exceptions.CommandError(
        f'{kind}: {where}{": " if where else ""}{first.message}. '
        f'"openstack baremetalcompute lease resource show {kind}" says what it takes.'
    )


def describe(schema):
    """What a type takes, a row for each value: name, kind, default, what it is."""
    required = schema.get('required', ())
    for name, each in schema.get('properties', {}).items():
        default = '(required)' if name in required else each.get('default')
        yield name, _describe_kind(each), default, each.get('description', '')
    if schema.get('additionalProperties', True):
        yield '(any other)', '', None, 'The type takes values of any name.'


def _describe_kind(schema):
    if 'enum' in schema:
        return ', '.join(map(str, schema['enum']))
    kinds = _list_kinds(schema)
    low, high = schema.get('minimum'), schema.get('maximum')
    # A number may stand as text for older clients; that is not worth a word.
    kinds = ['integer'] if 'integer' in kinds else [k for k in kinds if k != 'null']
    text = ' or '.join(kinds)
    if low is not None and high is not None:
        text += f', {low} to {high}'
    return text


def _read_values(text, kind, schema):
    """What stands behind the type or the id; None for nothing."""
    if text is None:
        return {}
    try:
        pairs = values.read_pairs(text)
    except ValueError as exc:
        raise exceptions.CommandError(f'{kind}: {exc}.') from exc
    properties = schema.get('properties', {})
    for key in pairs:
        if key in _OF_SERVICE and key not in properties:
            raise exceptions.CommandError(
                f'{kind}: {key} is a word of the service, and no value of the type.'
            )
    return {key: _convert(each, properties.get(key)) for key, each in pairs.items()}


def _convert(text, schema):
    """A value that was typed, as the first kind that its schema takes."""
    if isinstance(text, values.Quoted):
        return str(text)
    kinds = _list_kinds(schema or {})
    if 'integer' in kinds and _INTEGER.fullmatch(text):
        return int(text)
    if 'string' not in kinds and any(each in kinds for each in _JSON):
        try:
            return json.loads(text)
        except ValueError:
            # Its schema says what is wrong with it.
            return text
    return text


def _list_kinds(schema):
    kinds = schema.get('type', [])
    return [kinds] if isinstance(kinds, str) else kinds
