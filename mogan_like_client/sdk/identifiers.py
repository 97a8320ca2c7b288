"""What ids look like; anything else is a name. How both stand in a path."""

import re
import urllib.parse

UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', re.IGNORECASE)


def is_uuid(text):
    """True for the id of most objects."""
    return UUID.fullmatch(text) is not None


def quote(value):
    """An id or a name as one part of a path.

    As it is, what stands behind a ``#`` or a ``?`` would be cut off, and another
    object be meant.
    """
    return urllib.parse.quote(str(value), safe='')
