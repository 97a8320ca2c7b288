"""Which hosts are wanted, in Blazar's words: ``["=", "$gpu", "true"]``.

A filter is JSON text: a condition ``[operator, "$property", value]``, or
``["and", filter, ...]``, ``["or", filter, ...]``. Empty text is all hosts.
"""

import decimal
import operator
import re

import orjson

from mogan_like.common import exception

#: Of the text, and of the arrays in it: a filter is read for each host.
MAX_LENGTH = 4096
MAX_DEPTH = 16
MAX_CONDITIONS = 128

_OPERATORS = {
    '=': operator.eq,
    '==': operator.eq,
    '!=': operator.ne,
    '<': operator.lt,
    '<=': operator.le,
    '>': operator.gt,
    '>=': operator.ge,
}
_JOINTS = {'and': all, 'or': any}
_KNOWN = ', '.join([*_OPERATORS, 'in', *_JOINTS])

#: What counts as a number; the text ``nan`` or ``1_000`` does not.
#: The longest float has 309 digits before the point.
_NUMBER = re.compile(r'[+-]?[0-9]{1,400}(\.[0-9]{1,400})?')
_LONG_NUMBER = re.compile(r'[+-]?[0-9]+(\.[0-9]+)?')


def parse(name, text):
    """A function of a host's properties, ``{name: text}``: is it wanted?

    Two numbers are compared as numbers, all else as text. A host that does
    not have a property meets no condition on it, ``!=`` included.

    :param name: of the value that the text comes from, for the error
    :raises InvalidParameter: saying where in the text is what
    """
    if len(text) > MAX_LENGTH:
        raise exception.InvalidParameter(
            name=name, reason=f'it is longer than {MAX_LENGTH} characters.'
        )
    if not text.strip():
        return _accept
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError as exc:
        raise exception.InvalidParameter(
            name=name, reason=f'it is not JSON: {exc}.'
        ) from exc
    return _accept if tree == [] else _Parser(name).parse(tree, ())


def _accept(_properties):
    return True


class _Parser:
    def __init__(self, name):
        self._name = name
        self._conditions = 0

    def parse(self, tree, place):
        """The function of a part of the filter.

        :param place: the indexes that lead to it
        """
        if not isinstance(tree, list) or not tree:
            raise self._error(place, 'an array such as ["=", "$gpu", "true"] is wanted')
        if len(place) >= MAX_DEPTH:
            raise self._error(place, f'it is nested deeper than {MAX_DEPTH}')
        word = tree[0]
        if not isinstance(word, str):
            raise self._error((*place, 0), f'an operator is wanted: {_KNOWN}')
        if word in _JOINTS:
            return self._parse_joint(tree, place)
        return self._parse_condition(tree, place)

    def _parse_joint(self, tree, place):
        if len(tree) == 1:
            raise self._error(place, f'{tree[0]} of nothing')
        parts = [
            self.parse(part, (*place, index))
            for index, part in enumerate(tree)
            if index
        ]
        join = _JOINTS[tree[0]]
        return lambda properties: join(part(properties) for part in parts)

    def _parse_condition(self, tree, place):
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise self._error(place, f'there are more than {MAX_CONDITIONS} conditions')
        word = tree[0]
        if word not in _OPERATORS and word != 'in':
            raise self._error(
                (*place, 0), f'{word[:64]} is no operator; there are: {_KNOWN}'
            )
        if len(tree) < 3 or (len(tree) > 3 and word != 'in'):
            raise self._error(place, f'{word} takes a property and a value')
        name = tree[1]
        if not isinstance(name, str) or not name[1:] or name[0] != '$':
            raise self._error((*place, 1), 'a property such as "$gpu" is wanted')
        values = [
            self._parse_value(value, (*place, index))
            for index, value in enumerate(tree)
            if index > 1
        ]
        return _make_condition(_OPERATORS.get(word, operator.eq), name[1:], values)

    def _parse_value(self, value, place):
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, (float, int, str)):
            raise self._error(place, 'text or a number is wanted')
        # str() of a float would give 1e+16.
        text = (
            format(decimal.Decimal(str(value)), 'f')
            if isinstance(value, float)
            else str(value)
        )
        if _LONG_NUMBER.fullmatch(text) and not _NUMBER.fullmatch(text):
            # It would be compared as text.
            raise self._error(place, 'a number has 400 digits at most')
        return text

    def _error(self, place, reason):
        where = ''.join(f'[{index}]' for index in place) or 'the beginning'
        return exception.InvalidParameter(
            name=self._name, reason=f'at {where}: {reason}.'
        )


def _make_condition(compare, name, values):
    """True when the property compares so with one of the values."""
    pairs = [(value, _to_number(value)) for value in values]

    def matches(properties):
        found = properties.get(name)
        if found is None:
            return False
        number = _to_number(found)
        return any(
            compare(found, text)
            if number is None or wanted is None
            else compare(number, wanted)
            for text, wanted in pairs
        )

    return matches


def _to_number(text):
    return decimal.Decimal(text) if _NUMBER.fullmatch(text) else None
