"""The filter of servers by name, which is a regular expression if it can be one."""

from mogan_like.common import exception
from mogan_like.compute import types


def make_filter(text):
    """The filter that a name is for; none for None.

    Clients look for a server by its name with it, and a name may be no pattern:
    then it is just that name.
    """
    if text is None:
        return {}
    try:
        return {'name_pattern': types.Pattern.frombasetype(text)}
    except ValueError:
        return {'name': text}


def check_found(filters, rows, page):
    """Refuse a name that is no pattern and that no server has.

    An empty list would tell that the pattern was read, and fits to none.

    :param rows: what a query for ``page`` gave
    :raises InvalidParameter: saying why it is none
    """
    if rows or page.marker or 'name' not in filters:
        return
    try:
        types.Pattern.frombasetype(filters['name'])
    except ValueError as exc:
        raise exception.InvalidParameter(
            name='name', reason=f'no server is called so, and {exc}'
        ) from None
