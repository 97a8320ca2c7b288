"""What every error of Nova's routes is, whoever refuses."""

import functools

from mogan_like.api import body
from mogan_like.api.schemas import closed

_ROOT = '/v2.1'
REQUEST_IDS = ('x-openstack-request-id', 'x-compute-request-id')

#: Nova's names of faults; all others are ``computeFault``.
_NAMES = {
    400: 'badRequest',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'itemNotFound',
    405: 'badMethod',
    409: 'conflictingRequest',
    413: 'overLimit',
    415: 'badMediaType',
    429: 'overLimit',
    501: 'notImplemented',
    503: 'serviceUnavailable',
}


@functools.cache
def _make_schema(status):
    fault = {'code': {'enum': [status]}, 'message': {'type': 'string', 'minLength': 1}}
    return body.Schema(closed({_NAMES.get(status, 'computeFault'): closed(fault)}))


def find_problem(status, document):
    """What is wrong with the body of an error, or None."""
    return _make_schema(status).find_problem(document, (2, 1))


def check(method, path, answer):
    """Look at an answer; only errors of Nova's routes are of interest.

    :raises AssertionError: when it is an error in another form
    """
    if answer.status < 400 or not _is_novas(path):
        return
    first, second = (answer.headers.get(name) for name in REQUEST_IDS)
    assert first and first == second, (path, answer)
    assert answer.headers['Content-Type'] == 'application/json', (path, answer)
    if method == 'HEAD':
        assert not answer.raw, (path, answer)
        return
    problem = find_problem(answer.status, answer.body)
    assert problem is None, (problem, path, answer)


def _is_novas(path):
    return path.startswith(_ROOT) and path.removeprefix(_ROOT)[:1] in ('', '/', '?')
