"""WSME types of path and query parameters that every domain uses."""

import datetime
import re

from oslo_utils import strutils
from wsme import types

from mogan_like.common import exception

_UUID = re.compile(
    r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    re.ASCII | re.IGNORECASE,
)
_INTEGER = re.compile(r'-?[0-9]{1,18}', re.ASCII)
# fromisoformat alone takes weeks, any separator and any number of digits.
_DATE = re.compile(
    r'\d{4}-\d\d-\d\d'
    r'(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?',
    re.ASCII,
)
_BOOLEANS = {
    **dict.fromkeys(strutils.TRUE_STRINGS, True),
    **dict.fromkeys(strutils.FALSE_STRINGS, False),
}


class _Text(types.UserType):
    """A parameter is text; each type makes a value of it or raises ValueError."""

    basetype = str


def is_uuid(text):
    """True for a UUID in its canonical form, in either case."""
    return _UUID.fullmatch(text) is not None


class UuidType(_Text):
    """A UUID in its canonical form, given back in lower case."""

    name = 'uuid'

    @staticmethod
    def frombasetype(value):
        if not is_uuid(value):
            raise exception.InvalidUUID(uuid=value[:64])
        return value.lower()


class Integer(_Text):
    """An integer within bounds that are included."""

    name = 'integer'

    def __init__(self, minimum, maximum):
        self.minimum = minimum
        self.maximum = maximum

    def frombasetype(self, value):
        if (
            not _INTEGER.fullmatch(value)
            or not self.minimum <= int(value) <= self.maximum
        ):
            raise ValueError(
                f'it must be an integer from {self.minimum} to {self.maximum}'
            )
        return int(value)


class BooleanType(_Text):
    """A boolean in oslo.utils' spellings (WSME takes 'false' for true)."""

    name = 'boolean'

    @staticmethod
    def frombasetype(value):
        try:
            return _BOOLEANS[value.lower()]
        except KeyError:
            raise ValueError('it must be true or false') from None


class DateTimeType(_Text):
    """ISO 8601, with an offset or in UTC; a naive datetime in UTC."""

    name = 'datetime'

    @staticmethod
    def frombasetype(value):
        # A plus sign that was not escaped arrives as a space.
        text = value.replace(' ', '+') if 'T' in value else value
        try:
            if not _DATE.fullmatch(text):
                raise ValueError(text)
            when = datetime.datetime.fromisoformat(text)
            if when.tzinfo is not None:
                when = when.astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            raise ValueError('it must be a date and time as in ISO 8601') from None
        return when.replace(tzinfo=None)


class Text(_Text):
    """Text of a bounded length."""

    name = 'text'

    def __init__(self, maximum=255, minimum=1):
        self.maximum = maximum
        self.minimum = minimum

    def frombasetype(self, value):
        if not self.minimum <= len(value) <= self.maximum:
            raise ValueError(
                f'it must have {self.minimum} to {self.maximum} characters'
            )
        return value


class Choice(_Text):
    """One of some words."""

    name = 'choice'

    def __init__(self, *words):
        self.words = words

    def frombasetype(self, value):
        if value not in self.words:
            words = ', '.join(self.words)
            raise ValueError(f'it must be one of {words}')
        return value


Uuid = UuidType()
Boolean = BooleanType()
DateTime = DateTimeType()
Name = Text()
