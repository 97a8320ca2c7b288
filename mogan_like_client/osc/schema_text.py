"""A JSON schema in words, for people."""

import referencing
import referencing.exceptions
import referencing.jsonschema

#: What has more levels than this refers to itself, or is told better elsewhere.
_DEEPEST = 4
_ANYTHING = 'anything'


def describe(contents):
    """What a type of reservations takes, a row for each value.

    :param contents: a JSON schema of an object
    :returns: name, kind, default and what it is, of each
    """
    required = contents.get('required', ())
    text = _Text(contents)
    for name, each in contents.get('properties', {}).items():
        known = each if isinstance(each, dict) else {}
        default = '(required)' if name in required else known.get('default')
        yield name, text.describe(each), default, known.get('description', '')
    for pattern, each in contents.get('patternProperties', {}).items():
        yield f'(like {pattern})', text.describe(each), None, ''
    others = contents.get('additionalProperties', True)
    if others:
        known = text.describe(others)
        kind = '' if known == _ANYTHING else known
        yield '(any other)', kind, None, 'The type takes values of any name.'


class _Text:
    """Parts of a schema in words.

    :param contents: all of the schema, which the parts may refer to
    """

    def __init__(self, contents):
        specification = referencing.jsonschema.DRAFT202012
        whole = referencing.Resource.from_contents(contents, specification)
        registry = referencing.Registry().with_resource('', whole)
        self._resolver = registry.resolver()

    def describe(self, schema, level=0):
        """The kind of a value."""
        if not isinstance(schema, dict):
            return _ANYTHING if schema else 'nothing'
        if level > _DEEPEST:
            return '...'
        if '$ref' in schema:
            return self._describe_reference(schema['$ref'], level)
        if 'const' in schema:
            return str(schema['const'])
        if 'enum' in schema:
            return ', '.join(map(str, schema['enum']))
        for key in ('anyOf', 'oneOf'):
            if key in schema:
                kinds = (self.describe(each, level + 1) for each in schema[key])
                return ' or '.join(dict.fromkeys(k for k in kinds if k != 'null'))
        return self._describe_kinds(schema, level)

    def _describe_reference(self, reference, level):
        try:
            found = self._resolver.lookup(reference).contents
        except referencing.exceptions.Unresolvable:
            return reference
        return self.describe(found, level + 1)

    def _describe_kinds(self, schema, level):
        kinds = _list_kinds(schema)
        text = ' or '.join(self._describe_kind(each, schema, level) for each in kinds)
        low, high = schema.get('minimum'), schema.get('maximum')
        if low is not None and high is not None:
            text += f', {low} to {high}'
        return text or _ANYTHING

    def _describe_kind(self, kind, schema, level):
        if kind == 'array' and 'items' in schema:
            return f'array of {self.describe(schema["items"], level + 1)}'
        if kind == 'object' and 'properties' in schema:
            within = ', '.join(
                f'{name}: {self.describe(each, level + 1)}'
                for name, each in schema['properties'].items()
            )
            return f'{{{within}}}'
        return kind


def _list_kinds(schema):
    """The kinds that are worth a word."""
    kinds = schema.get('type', [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    # What is left out is null, and a number may stand as text for older clients.
    kinds = [kind for kind in kinds if kind != 'null'] or kinds
    return ['integer'] if sorted(kinds) == ['integer', 'string'] else kinds
