"""Links, pages and times as Nova writes them."""

from mogan_like.api import versions


def locate(base_url, collection, name):
    """Where an object is found."""
    return f'{base_url}/{versions.COMPUTE_ROOT}/{collection}/{name}'


def make(base_url, collection, name):
    """The links of an object."""
    href = locate(base_url, collection, name)
    return [{'rel': 'self', 'href': href}, *make_bookmark(base_url, collection, name)]


def make_bookmark(base_url, collection, name):
    """The link of what another service may have, or none in this version."""
    return [{'rel': 'bookmark', 'href': f'{base_url}/{collection}/{name}'}]


def shorten_time(text):
    """A time as Nova has those of objects, to the second; None stays."""
    return text and f'{text.partition(".")[0]}Z'
