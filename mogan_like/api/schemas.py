"""Pieces that the schemas of all domains are made of."""

UUID = {'type': 'string', 'format': 'uuid'}
NULL = {'type': 'null'}
BOOLEAN = {'type': 'boolean'}
INTEGER = {'type': 'integer'}
STRING = {'type': 'string'}
STRING_OR_NULL = {'type': ['string', 'null']}

#: A name has something to see in it.
NAME = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': r'\S'}
DESCRIPTION = {'type': ['string', 'null'], 'maxLength': 255}

#: What users keep with an object: open, but bounded in count and size.
METADATA = {
    'type': 'object',
    'maxProperties': 128,
    'propertyNames': {'minLength': 1, 'maxLength': 255},
    'additionalProperties': {'type': 'string', 'maxLength': 255},
}

TIME = {'type': 'string', 'pattern': r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$'}
TIME_OR_NULL = {'oneOf': [TIME, NULL]}

LINKS = {
    'type': 'array',
    'items': {
        'type': 'object',
        'additionalProperties': False,
        'required': ['rel', 'href'],
        'properties': {'rel': STRING, 'href': STRING},
    },
}


def closed(properties, required=None):
    """An object of these properties and no others.

    :param required: all of them when left out
    """
    return {
        'type': 'object',
        'additionalProperties': False,
        'properties': properties,
        'required': list(properties) if required is None else required,
    }


def collection(name, item):
    """A page of a collection."""
    return closed({name: {'type': 'array', 'items': item}, 'next': STRING}, [name])
