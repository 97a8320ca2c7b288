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


def collect(name, grown, links):
    """The same as pages of a collection.

    :param links: what the links to the next page stand under
    """
    pages = {
        'type': 'array',
        'items': closed({'rel': {'enum': ['next']}, 'href': STRING}),
    }
    return {
        version: closed(
            {name: {'type': 'array', 'items': schema}, links: pages}, [name]
        )
        for version, schema in grown.items()
    }
