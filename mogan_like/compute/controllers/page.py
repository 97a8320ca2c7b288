"""A page of a collection in Nova's form."""

import pecan

from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.common import exception


def cut(rows, page):
    """The rows of a page, and whether there is a next one.

    :param rows: what a query for ``page`` gave; None when it knows no such marker
    :raises MarkerNotFound:
    """
    if rows is None:
        raise exception.MarkerNotFound(marker=page.marker)
    return pagination.cut(rows, page)


def make_links(name, marker):
    """``{name: links}`` to the page after an item; nothing for None."""
    if marker is None:
        return {}
    href = pagination.make_next(expose.base_url(), pecan.request.environ, marker)
    return {name: [{'rel': 'next', 'href': href}]}
