"""What stands in a table, and what programs get instead."""

import json
import re

from cliff import columns

from mogan_like_client.osc import times

#: What says nothing inside of something else: people need not read it.
_NOISE = ('created_at', 'updated_at', 'lease_id')
_TIME = re.compile(r'(^|_)(at|date|since|time|next_try)$')


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
    """A dict or a list of anything: one line each, or JSON's own form."""

    def __init__(self, value, zone):
        super().__init__(value)
        self._zone = zone

    def human_readable(self):
        """Lines of ``key=value``."""
        found = _localize(self._value, self._zone, times.render)
        if isinstance(found, list):
            return '\n'.join(_write(each, ', ') for each in found)
        return _write(found, '\n')

    def machine_readable(self):
        """As it is, with times in the zone."""
        return _localize(self._value, self._zone, times.render_exactly)


def make(name, value, zone):
    """The cell of a field.

    :param name: of the field, which says whether it is a time
    """
    if isinstance(value, (dict, list)):
        return Nested(value, zone)
    if value is not None and _TIME.search(name):
        return Time(value, zone)
    return value


def make_title(name):
    """The title of a field's column: ``created_at`` is ``Created At``."""
    words = name.split('_')
    return ' '.join('ID' if word in ('id', 'uuid') else word.title() for word in words)


def _localize(value, zone, render):
    if isinstance(value, dict):
        return {
            name: render(each, zone)
            if isinstance(each, str) and _TIME.search(name)
            else _localize(each, zone, render)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_localize(each, zone, render) for each in value]
    return value


def _write(value, separator):
    if not isinstance(value, dict):
        return _spell(value)
    return separator.join(
        f'{key}={_spell(each)}'
        for key, each in value.items()
        if each is not None and key not in _NOISE
    )


def _spell(value):
    return value if isinstance(value, str) else json.dumps(value)
