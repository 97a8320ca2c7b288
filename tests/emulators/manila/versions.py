"""The document of versions, and the microversion of a request."""

import re

from tests.emulators.manila import calls
from tests.emulators.manila import errors

HEADER = 'X-OpenStack-Manila-API-Version'
EXPERIMENTAL = 'X-OpenStack-Manila-API-Experimental'
_FORM = re.compile(r'([1-9]\d*)\.([1-9]\d*|0)$')


def show(base):
    """The versions that there are.

    :param base: the URL before ``/v2``
    """
    links = [
        {
            'rel': 'describedby',
            'type': 'text/html',
            'href': 'http://docs.openstack.org/',
        },
        {'rel': 'self', 'href': f'{base}/v2/'},
    ]
    media = {
        'base': 'application/json',
        'type': 'application/vnd.openstack.share+json;version=1',
    }
    version = {
        'id': 'v2.0',
        'status': 'CURRENT',
        'version': f'2.{calls.NEWEST_MINOR}',
        'min_version': '2.0',
        'updated': '2015-08-27T11:33:21Z',
        'links': links,
        'media-types': [media],
    }
    return {'versions': [version]}


def parse(text):
    """The minor number of a microversion.

    :param text: as in the header; None is the oldest
    :raises Refused: 400 when it is none, 406 when there is no such
    """
    if text is None:
        return 0
    match = _FORM.match(text)
    if match is None:
        raise errors.bad(
            f'API Version String {text} is of invalid format. Must be of format '
            'MajorNum.MinorNum.'
        )
    major, minor = map(int, match.groups())
    if major != 2 or minor > calls.NEWEST_MINOR:
        raise errors.Refused(
            406,
            f'Version {text} is not supported by the API. Minimum is 2.0 and maximum '
            f'is 2.{calls.NEWEST_MINOR}.',
        )
    return minor
