"""What ids look like; anything else is a name. How both stand in a path."""

import re
import urllib.parse

UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', re.IGNORECASE)
#: Of projects and users; those of users in LDAP have the longer form.
_OF_KEYSTONE = re.compile(r'[0-9a-f]{32}([0-9a-f]{32})?')


def is_uuid(text):
    """True for the id of most objects."""
    return UUID.fullmatch(text) is not None


def is_of_keystone(text):
    """True for the id of a project or a user."""
    return is_uuid(text) or _OF_KEYSTONE.fullmatch(text) is not None


def quote(value):
    """An id or a name as one part of a path.

    As it is, what stands behind a ``#`` or a ``?`` would be cut off, and another
    object be meant.
    """
    return urllib.parse.quote(str(value), safe='')
