"""What ids look like; anything else is a name. How both stand in a path."""

import re
import urllib.parse

from openstack import exceptions

UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', re.IGNORECASE)
#: Of projects and users; those of users in LDAP have the longer form.
_OF_KEYSTONE = re.compile(r'[0-9a-f]{32}([0-9a-f]{32})?')
_NO_PARTS = ('', '.', '..')


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

    :raises NotFoundException: for what no path can have: however dots are quoted,
        HTTP clients read them as the way up, and nothing as the list
    """
    if str(value) in _NO_PARTS:
        raise exceptions.NotFoundException(f'Nothing has the name or id "{value}".')
    return urllib.parse.quote(str(value), safe='')
