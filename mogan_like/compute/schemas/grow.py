"""Schemas that grow from one microversion to the next."""

from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import closed
from mogan_like.api.versions import parse

#: A time of an object, to the second.
SECONDS = {'type': 'string', 'pattern': r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'}


def grow(steps):
    """``{version: object}`` of what each version adds or changes.

    :param steps: ``{version: {field: schema}}``; a field whose name ends with
        ``?`` may be missing, and one that is None is there no more
    """
    fields, grown = {}, {}
    for version in sorted(steps, key=parse):
        for name, schema in steps[version].items():
            fields.pop(name.rstrip('?'), None)
            fields.pop(name.rstrip('?') + '?', None)
            if schema is not None:
                fields[name] = schema
        grown[version] = closed(
            {name.rstrip('?'): schema for name, schema in fields.items()},
            [name for name in fields if not name.endswith('?')],
        )
    return grown


def wrap(name, grown):
    """The same within the key that an object stands under."""
    return {version: closed({name: schema}) for version, schema in grown.items()}


def collect(name, grown, links, since=None):
    """The same as a collection.

    :param links: what the link to the next page stands under
    :param since: the version that brings pages, where it is not the first one
    """
    pages = {
        'type': 'array',
        'minItems': 1,
        'maxItems': 1,
        'items': closed({'rel': {'enum': ['next']}, 'href': STRING}),
    }
    steps = {version: {name: _list_of(schema)} for version, schema in grown.items()}
    since = since or min(grown, key=parse)
    steps[since] = {**steps.get(since, {}), f'{links}?': pages}
    return grow(steps)


def _list_of(schema):
    return {'type': 'array', 'items': schema}
