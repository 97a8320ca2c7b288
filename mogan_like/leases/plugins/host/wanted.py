"""What a reservation of hosts asks for."""

import collections.abc
import dataclasses

from mogan_like.common import exception
from mogan_like.leases.plugins import property_filter

#: Nodes in one reservation.
MOST = 10000

_FILTERS = ('hypervisor_properties', 'resource_properties')

#: Blazar's clients send numbers as they were typed.
COUNT = {
    'type': ['integer', 'string'],
    'minimum': 1,
    'maximum': MOST,
    'pattern': '^0*[1-9][0-9]{0,4}$',
    'maxLength': 8,
}
FILTER = {'type': 'string', 'maxLength': property_filter.MAX_LENGTH, 'default': ''}
BEFORE_END = {'type': ['string', 'null'], 'maxLength': 64}

SCHEMA = {
    'type': 'object',
    'required': ['min', 'max'],
    'additionalProperties': False,
    'properties': {
        'min': {**COUNT, 'description': 'How many hosts it takes.'},
        'max': {**COUNT, 'description': 'How many there may be.'},
        'hypervisor_properties': {
            **FILTER,
            'description': 'What is wanted of a host, as '
            '["and", [">=", "$vcpus", "16"], ["=", "$cpu_arch", "x86_64"]].',
        },
        'resource_properties': {
            **FILTER,
            'description': 'The same; both apply, and both read the properties '
            'of the node and what was added to the host.',
        },
        'before_end': {
            **BEFORE_END,
            'description': 'What is to be done before the end of the lease.',
        },
    },
}


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Hosts that are asked for.

    :ivar criteria: what tells these hosts from others, to compare with
    :ivar accepts: called with a host: is it one of these?
    """

    fewest: int
    most: int
    criteria: tuple
    accepts: collections.abc.Callable = dataclasses.field(compare=False)


def check(values):
    """Values as they are kept, of such that meet the schema.

    :raises InvalidParameter: naming the value and what is wrong
    """
    checked = {'before_end': None, **values}
    for name in ('min', 'max'):
        checked[name] = to_count(name, values[name])
    if checked['min'] > checked['max']:
        raise exception.InvalidParameter(name='min', reason='it is more than max.')
    for name in _FILTERS:
        checked[name] = values.get(name, '')
        property_filter.parse(name, checked[name])
    return checked


def to_count(name, value):
    """A number of hosts, that may have come as text.

    :raises InvalidParameter: when it is too large
    """
    count = int(value)
    if count > MOST:
        raise exception.InvalidParameter(name=name, reason=f'it is more than {MOST}.')
    return count


def make(values):
    """The :class:`Wanted` of checked values."""
    texts = tuple(values[name] for name in _FILTERS)
    filters = [
        property_filter.parse(name, text)
        for name, text in zip(_FILTERS, texts, strict=True)
    ]

    def accepts(host):
        properties = host.get_properties()
        return all(matches(properties) for matches in filters)

    return Wanted(values['min'], values['max'], texts, accepts)
