"""In which order servers are listed."""

from mogan_like.common import exception

#: Nova's keys, and the key of ours that sorts as they do: each ends with the time
#: of creation, and has its indexes.
_ORDERS = {
    ('created_at',): 'created_at',
    ('display_name',): 'name',
    ('display_name', 'created_at'): 'name',
    ('updated_at',): 'updated_at',
    ('vm_state',): 'status',
    ('vm_state', 'created_at'): 'status',
}
#: What lists may be sorted by.
KEYS = tuple(sorted({key for keys in _ORDERS for key in keys}))


def choose(keys, directions, default):
    """The key and the direction that pages are sorted by.

    :param keys: Nova's, the first one before the others; none for the default
    :param directions: one of each key, or fewer: then the others are as the first
    :param default: the key of ours where there is none of Nova's
    :raises InvalidParameter: for an order that no index has
    """
    count = max(len(keys), 1)
    # A key that was there before orders nothing more.
    keys = tuple(dict.fromkeys(keys))
    if keys and keys not in _ORDERS:
        raise exception.InvalidParameter(
            name='sort_key',
            reason='servers are sorted by one key, display_name and vm_state also '
            'by created_at after it',
        )
    if len(set(directions)) > 1 or len(directions) > count:
        raise exception.InvalidParameter(
            name='sort_dir', reason='it must be the same for every sort_key'
        )
    return _ORDERS.get(keys, default), (*directions, 'desc')[0]
