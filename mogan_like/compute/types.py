"""WSME types of Nova's parameters, beyond those that every domain uses."""

import re

from mogan_like.api import types

#: What stands for itself, and sets of characters.
_PLAIN = re.compile(r'\\.|\[\^?\]?[^\]]*\]', re.DOTALL)
_QUANTIFIER = re.compile(r'[*+?{]')
_DEAR = re.compile(r'\)[*+?{]|\(\?')
_BACK_REFERENCE = re.compile(r'\\[1-9]')
_MOST_QUANTIFIERS = 2


class PatternType(types.Text):
    """A regular expression that is looked for in text.

    Only such as no engine needs long for: SQLite has Python's, in this process.
    """

    name = 'pattern'

    def frombasetype(self, value):
        value = super().frombasetype(value)
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError) as exc:
            raise ValueError(f'it is no regular expression: {exc}') from None
        plain = _PLAIN.sub('x', value)
        if _DEAR.search(plain) or _BACK_REFERENCE.search(value):
            raise ValueError(
                'repeated groups, extensions and back references are not supported'
            )
        if len(_QUANTIFIER.findall(plain)) > _MOST_QUANTIFIERS:
            raise ValueError(f'it may have up to {_MOST_QUANTIFIERS} of * + ? {{')
        return value


#: Ids that are none are not found, and not malformed.
Id = types.Text(255)
Pattern = PatternType()
