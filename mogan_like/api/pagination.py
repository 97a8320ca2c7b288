"""Key paging: a page's parameters, and the link to the next one."""

import typing
import urllib.parse

from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common.config import CONF

#: Types of the query parameters ``limit`` and ``sort_dir``; ``marker`` is the
#: collection's identifier, ``sort_key`` a :class:`types.Choice` of its keys.
Limit = types.Integer(1, 2**31)
SortDir = types.Choice('asc', 'desc')


class Page(typing.NamedTuple):
    """Which part of a collection is asked for.

    :ivar limit: items on the page at most
    :ivar marker: the last item of the page before, or None
    """

    limit: int
    marker: str | None
    sort_key: str
    sort_dir: str


def make_page(limit, marker, sort_key='created_at', sort_dir='desc'):
    """The page that these parameters ask for; None stands for the default.

    :raises InvalidParameter: a limit over ``[api]max_limit``, which is never
        cut down silently: the caller would take one page for everything
    """
    most = CONF.api.max_limit
    if limit is None:
        limit = min(CONF.api.default_limit, most)
    if limit > most:
        raise exception.InvalidParameter(
            name='limit', reason=f'it must be an integer from 1 to {most}'
        )
    return Page(limit, marker, sort_key, sort_dir)


def cut(rows, page):
    """The rows of a page, out of up to one more than it holds.

    :param rows: what a query with ``LIMIT page.limit + 1`` gave
    :returns: the rows, and True when there is a next page
    """
    return rows[: page.limit], len(rows) > page.limit


def make_next(base_url, environ, marker):
    """The URL of the page after an item, with all other parameters as they are.

    :param base_url: as :func:`.expose.base_url`
    """
    pairs = urllib.parse.parse_qsl(
        environ.get('QUERY_STRING', ''), keep_blank_values=True
    )
    pairs = [pair for pair in pairs if pair[0] != 'marker']
    path = environ['PATH_INFO'].encode('latin-1')
    path = urllib.parse.quote(path).rstrip('/')
    query = urllib.parse.urlencode([*pairs, ('marker', marker)])
    return f'{base_url}{path}?{query}'
