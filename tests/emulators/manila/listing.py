"""Lists: filters, order, pages, and the link to the next one."""

import ast
import operator

from tests.emulators.manila import errors

_TRUE = ('1', 't', 'true', 'on', 'y', 'yes')
_FALSE = ('0', 'f', 'false', 'off', 'n', 'no')
#: The most that a page has.
_MOST = 1000


def parse_bool(text, name):
    """A boolean of the query.

    :raises Refused: 400
    """
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise errors.bad(f'Invalid value {text} for {name}. Expecting a boolean.')


def read_page(query, bad_offset='offset param must be an integer'):
    """(limit, offset), each None when it is not given.

    :param bad_offset: what is said of an offset that is no number
    :raises Refused: 400
    """
    limit = _read_number(query, 'limit', 'limit param must be an integer')
    return limit and min(limit, _MOST), _read_number(query, 'offset', bad_offset)


def _read_number(query, name, bad):
    if name not in query:
        return None
    try:
        number = int(query[name])
    except ValueError:
        raise errors.bad(bad) from None
    if number < 0:
        raise errors.bad(f'{name} param must be positive')
    return number


def sees(identity, query):
    """A function that says which resources of others are looked through."""
    everybody = identity.is_admin and query.get('all_tenants') in _TRUE
    owner = query.get('project_id') if everybody else identity.project_id

    def see(resource):
        return owner is None or resource.project_id == owner

    return see


def fits(resource, query, keys):
    """True when a resource has what the query asks for.

    :param keys: {name in the query: attribute}; with ``~`` behind a name, a part of
        the value will do
    """
    for name, attribute in keys.items():
        wanted = query.get(name)
        if not wanted:
            continue
        value = getattr(resource, attribute)
        if name == 'metadata':
            if not ast.literal_eval(wanted).items() <= value.items():
                return False
        elif name.endswith('~'):
            if wanted not in (value or ''):
                return False
        elif wanted != str(value):
            return False
    return True


def sort(found, query, keys):
    """In the order that the query asks for.

    :raises Refused: 400
    """
    key = query.get('sort_key', 'created_at')
    direction = query.get('sort_dir', 'desc')
    if key not in keys:
        raise errors.bad_input(f"Wrong sorting key provided - '{key}'")
    if direction not in ('asc', 'desc'):
        raise errors.bad_input(
            f"Wrong sorting data provided: sort key is '{key}' and sort direction is "
            f"'{direction}'"
        )
    value_of = operator.attrgetter(keys[key])

    def rank(resource):
        value = value_of(resource)
        return value is not None, value

    return sorted(found, key=rank, reverse=direction == 'desc')


def show(call, name, views, total=None, links=None):
    """The body of a list.

    :param total: the number of all there are, when it was asked for
    :param links: the name of the link to the next page
    """
    body = {name: views}
    if total is not None:
        body['count'] = total
    limit = int(call.query.get('limit', 0))
    if limit and limit == len(views):
        # Manila gives it so, and does not understand it when it is followed.
        query = {**call.query, 'marker': views[-1]['id']}
        text = '&'.join(f'{key}={value}' for key, value in query.items())
        place = '/'.join(filter(None, (call.project, name)))
        href = f'{call.base}/v2/{place}?{text}'
        body[links or f'{name}_links'] = [{'rel': 'next', 'href': href}]
    return body
