"""WSME types of Nova's parameters, beyond those that every domain uses."""

import re

from mogan_like.api import types

#: What all databases read alike, one after the other. No class of POSIX's, no
#: extension, no back reference, no operation on sets; what is repeated is a character
#: or a set.
_TOKEN = re.compile(
    r"""
    \((?!\?) | \)(?![*+?{]) | [|^$]
    | (?: \\[dDwWsS] | \\[^0-9A-Za-z\s]
        | \[\^?\]?(?:
              \\[dDwWsS] | \\[^0-9A-Za-z\s] | (?! && | -- | ~~ | \|\| )[^]\\[]
          )*\]
        | [^]\\[{}*+?()|^$]
      )
      (?P<repeated> [*+?] | \{[0-9]{1,2}(?:,[0-9]{0,2})?\} )?
    """,
    re.VERBOSE | re.DOTALL,
)
_MOST_REPEATED = 2


class PatternType(types.Text):
    """A regular expression that is looked for in text.

    Only such as no engine needs long for: SQLite has Python's, in this process.
    """

    name = 'pattern'

    def frombasetype(self, value):
        value = super().frombasetype(value)
        position = repeated = depth = 0
        while position < len(value):
            token = _TOKEN.match(value, position)
            if token is None:
                raise ValueError(
                    'it is no regular expression, or one that is not supported, '
                    f'from character {position + 1} on'
                )
            position = token.end()
            depth += {'(': 1, ')': -1}.get(token[0], 0)
            # Between parentheses each choice doubles the ways to read what follows.
            repeated += token['repeated'] is not None
            repeated += token[0] == '|' and depth > 0
        if repeated > _MOST_REPEATED:
            raise ValueError(
                f'it may repeat, or choose between parentheses, {_MOST_REPEATED} times'
            )
        try:
            re.compile(value)
        except (re.error, OverflowError) as exc:
            raise ValueError(f'it is no regular expression: {exc}') from None
        return value


class FlagType(types.BooleanType):
    """A boolean of which the bare word is true."""

    name = 'flag'

    def frombasetype(self, value):
        return super().frombasetype(value) if value else True


class LowerCaseType(types.Text):
    """Text without a difference between cases, as ids have none."""

    name = 'id'

    def frombasetype(self, value):
        return super().frombasetype(value).lower()


#: Ids that are none are not found, and not malformed.
Id = types.Text(255)
LowerCase = LowerCaseType()
Flag = FlagType()
Pattern = PatternType()
