"""What stands in a table, and what programs get instead."""

import json
import re

from cliff import columns

from mogan_like_client.osc import times

#: Fields that are times.
_TIME = re.compile(r'(^|_)(at|date|since|time|next_try)$')
#: Times inside of what is nested, by the noun, the field and the way to them. All else
#: that is nested there is text: what users write is theirs, whatever they call it.
_TIMES_WITHIN = frozenset(
    (
        'action.events.finished_at',
        'action.events.started_at',
        'allocation.reservations.end_date',
        'allocation.reservations.start_date',
        'instance.fault.created_at',
        'lease.allocations.end_date',
        'lease.allocations.start_date',
        'lease.events.created_at',
        'lease.events.time',
        'lease.events.updated_at',
        'lease.reservations.created_at',
        'lease.reservations.updated_at',
        'lease.waiting_for.instances.locked_at',
        'lease.waiting_for.next_try',
        'lease.waiting_for.since',
        'trigger.properties.end_time',
        'trigger.properties.start_time',
    )
)
#: Fields of the service itself: what is None there says nothing.
_OURS = frozenset('.'.join(path.split('.')[:2]) for path in _TIMES_WITHIN)
#: What says nothing inside of a lease: people need not read it.
_NOISE = frozenset(
    f'lease.{field}.{name}'
    for field in ('events', 'reservations')
    for name in ('created_at', 'updated_at', 'lease_id')
) | {'lease.allocations.node_uuid'}
#: The same as long as it is the usual.
_USUAL = {
    'lease.allocations.released': False,
    'lease.reservations.hypervisor_properties': '',
    'lease.reservations.missing_resources': False,
    'lease.reservations.resource_properties': '',
    'lease.reservations.resources_changed': False,
}
#: What people look for first, wherever the service put it.
_FIRST = ('id', 'resource_type', 'event_type', 'status')
_ADDRESSES = 'instance.addresses'
#: Words of fields that are no words, in titles.
_WORDS = {'gb': 'GB', 'id': 'ID', 'mb': 'MB', 'uuid': 'ID', 'vcpus': 'VCPUs'}


class Time(columns.FormattableColumn):
    """A time in a zone.

    :param zone: as of :mod:`.times`
    """

    def __init__(self, value, zone):
        super().__init__(value)
        self._zone = zone

    def human_readable(self):
        """To the second."""
        return times.render(self._value, self._zone)

    def machine_readable(self):
        """To the microsecond."""
        return times.render_exactly(self._value, self._zone)


class Nested(columns.FormattableColumn):
    """A dict or a list of anything: one line each, or JSON's own form.

    :param path: the noun and the field
    """

    def __init__(self, value, zone, path):
        super().__init__(value)
        self._zone, self._path = zone, path

    def human_readable(self):
        """Lines of ``key=value``."""
        found = self._localize(times.render)
        if isinstance(found, list):
            return '\n'.join(_write(each, ', ', self._path) for each in found)
        return _write(found, '\n', self._path)

    def machine_readable(self):
        """As it is, with times in the zone."""
        return self._localize(times.render_exactly)

    def _localize(self, render):
        return _localize(self._value, self._path, lambda text: render(text, self._zone))


def make(name, value, zone, noun=''):
    """The cell of a field.

    :param name: of the field, which says whether it is a time
    :param noun: of the object, which says what is a time inside of the field
    """
    if isinstance(value, (dict, list)):
        return Nested(value, zone, f'{noun}.{name}')
    if value is not None and _TIME.search(name):
        return Time(value, zone)
    return value


def make_title(name):
    """The title of a field's column: ``created_at`` is ``Created At``."""
    return ' '.join(_WORDS.get(word, word.title()) for word in name.split('_'))


def _localize(value, path, render):
    if path in _TIMES_WITHIN:
        return render(value)
    if isinstance(value, dict):
        return {
            name: _localize(each, f'{path}.{name}', render)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_localize(each, path, render) for each in value]
    return value


def _write(value, separator, path):
    if not isinstance(value, dict):
        return _spell(value)
    names = sorted(value, key=_rank) if path in _OURS else value
    return separator.join(
        f'{name}={_spell(value[name], path)}'
        for name in names
        if not _says_nothing(path, name, value[name])
    )


def _rank(name):
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _says_nothing(path, name, value):
    whole = f'{path}.{name}'
    if value is None and path in _OURS:
        return True
    return whole in _NOISE or (whole in _USUAL and value == _USUAL[whole])


def _spell(value, path=None):
    if path == _ADDRESSES:
        return ', '.join(each['addr'] for each in value)
    return value if isinstance(value, str) else json.dumps(value)
