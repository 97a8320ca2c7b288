"""What ids look like; anything else is a name."""

import re

UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', re.IGNORECASE)


def is_uuid(text):
    """True for the id of most objects."""
    return UUID.fullmatch(text) is not None
