"""A page of a collection as an answer."""

import pecan

from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.common import exception


def render(name, rows, page, show, marker='uuid'):
    """The page as JSON in bytes, with the link to the next one.

    :param name: the collection's key
    :param rows: what a query for ``page`` gave; None when it knows no such
        marker
    :param show: the view of one row
    :param marker: the column that the next page's marker is taken from
    :raises MarkerNotFound:
    """
    if rows is None:
        raise exception.MarkerNotFound(marker=page.marker)
    rows, more = pagination.cut(rows, page)
    document = {name: [show(row) for row in rows]}
    if more:
        document['next'] = pagination.make_next(
            expose.base_url(), pecan.request.environ, getattr(rows[-1], marker)
        )
    # At once: item by item it takes seven times as long.
    return expose.dumps(document)


def drop_none(**filters):
    """The filters that were given."""
    return {name: value for name, value in filters.items() if value is not None}
