"""A page of a collection in Nova's form."""

import typing

import pecan

from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common.config import CONF

#: Type of the query parameter ``limit``: 0 is a page of none.
Limit = types.Integer(0, 10**18 - 1)
#: Items of a list without pages: Nova has no bound, and a process has.
_MOST_AT_ONCE = 10_000


class Whole(typing.NamedTuple):
    """A list in one answer, at a version that has no pages of it yet.

    :ivar since: the microversion that brings them, as a tuple
    """

    since: tuple
    sort_key: str
    sort_dir: str
    limit: int = _MOST_AT_ONCE
    marker: None = None


def make(limit, marker, sort_key, sort_dir='desc'):
    """The page that these parameters ask for; None stands for the default.

    More than ``[api]max_limit`` is cut down to it, as by Nova, whose clients read on
    by the link.
    """
    if limit is not None:
        limit = min(limit, CONF.api.max_limit)
    return pagination.make_page(limit, marker, sort_key, sort_dir)


def make_since(since, version, limit, marker, sort_key, sort_dir='desc'):
    """The same; below a version the whole list.

    :param since: the microversion that brought its pages, as a tuple
    """
    if version < since:
        return Whole(since, sort_key, sort_dir)
    return make(limit, marker, sort_key, sort_dir)


def cut(rows, page):
    """The rows of a page, and whether there is a next one.

    :param rows: what a query for ``page`` gave; None when it knows no such marker
    :raises MarkerNotFound:
    :raises Invalid: of a whole list, which is never cut down silently
    """
    if rows is None:
        raise exception.MarkerNotFound(marker=page.marker)
    rows, more = pagination.cut(rows, page)
    if not rows:
        # Nothing leads to a next page where the limit is 0.
        more = False
    if more and isinstance(page, Whole):
        since = '.'.join(map(str, page.since))
        raise exception.Invalid(
            reason=f'more than {page.limit} are there: microversion {since} has pages'
        )
    return rows, more


def make_links(name, marker):
    """``{name: links}`` to the page after an item; nothing for None."""
    if marker is None:
        return {}
    href = pagination.make_next(expose.base_url(), pecan.request.environ, marker)
    return {name: [{'rel': 'next', 'href': href}]}
