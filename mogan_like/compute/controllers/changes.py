"""Filters of lists by when something has changed."""

from mogan_like.api import collection
from mogan_like.common import exception

#: What Nova calls them.
NAMES = {'changes_since': ('changes-since',), 'changes_before': ('changes-before',)}


def make_filters(since, before):
    """Those that are asked for: ``changes_since`` and ``changes_before``.

    :raises Invalid: when no time is both, in Nova's words
    """
    if None not in (since, before) and since > before:
        raise exception.Invalid(
            'The value of changes-since must be less than or equal to changes-before.'
        )
    return collection.drop_none(changes_since=since, changes_before=before)
