"""The one place where a fact becomes an HTTP answer."""

import http

import orjson
from oslo_db import exception as db_exc
from oslo_log import log
import webob.exc
import wsme.exc

from mogan_like.api import versions
from mogan_like.common import exception

LOG = log.getLogger(__name__)

#: Key of the WSGI environ: the RequestContext.
CONTEXT = 'mogan_like.context'

#: Nova's names of faults by status; all others are ``computeFault``.
_FAULTS = {
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

#: Not below 500, and yet what the client asked for is the reason.
_CLIENTS = (http.HTTPStatus.NOT_IMPLEMENTED, http.HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)

_UNKNOWN = (
    'An unexpected error prevented the service from answering. The '
    'operator finds it in the log under the id of this request.'
)
_LONGEST = 1024


class Foreign(exception.MoganLikeError):
    """What the web server, Pecan, WebOb or WSME refused, or nobody expected."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code

    @property
    def title(self):
        return http.HTTPStatus(self.code).phrase.replace(' ', '')


def v1(fact, message):
    """Nova's form first, since karborclient reads the first value; then Blazar's."""
    return {
        _find_fault(fact): {'code': fact.code, 'title': fact.title, 'message': message},
        'error_code': fact.code,
        'error_name': fact.title,
        'error_message': message,
    }


def nova(fact, message):
    """Nova's form alone."""
    return {_find_fault(fact): {'code': fact.code, 'message': message}}


#: Forms by the family of the route; the root of all has v1's.
_STYLES = {versions.V1: v1, versions.COMPUTE: nova}


def render(exc, style=v1):
    """What an exception is on the wire.

    :param style: :func:`v1` or :func:`nova`
    :returns: status, list of header pairs, body as bytes
    """
    fact = _find_fact(exc)
    message = str(fact)[:_LONGEST].encode('utf-8', 'replace').decode()
    body = orjson.dumps(style(fact, message))
    headers = [('Content-Type', 'application/json'), ('Content-Length', str(len(body)))]
    if fact.code == 405 and hasattr(fact, 'allow'):
        headers.append(('Allow', ', '.join(fact.allow)))
    if fact.code == 503 and hasattr(fact, 'retry_after'):
        headers.append(('Retry-After', str(fact.retry_after)))
    return fact.code, headers, body


def answer(environ, exc):
    """Log an exception as what it is and render it for this request.

    :returns: as :func:`render`
    """
    status, headers, body = render(exc, _STYLES[versions.find_family(environ)])
    _log(environ, exc, status)
    return status, headers, body


def respond(environ, start_response, exc, headers=()):
    """Answer with an exception, as a WSGI application does.

    :param headers: more header pairs, ``WWW-Authenticate`` for example
    """
    status, rendered, body = answer(environ, exc)
    start_response(f'{status} {http.HTTPStatus(status).phrase}', [*rendered, *headers])
    return [b'' if environ['REQUEST_METHOD'] == 'HEAD' else body]


def _find_fault(fact):
    return _FAULTS.get(fact.code, 'computeFault')


def _find_fact(exc):
    if isinstance(exc, exception.MoganLikeError) and exc.code != 500:
        return exc
    if isinstance(exc, (db_exc.DBConnectionError, db_exc.DBNonExistentDatabase)):
        return exception.DatabaseUnavailable()
    if isinstance(exc, wsme.exc.ClientSideError):
        return Foreign(exc.code, exc.faultstring)
    if isinstance(exc, webob.exc.HTTPError):
        return Foreign(exc.code, exc.detail or exc.explanation)
    return Foreign(500, _UNKNOWN)


def _log(environ, exc, status):
    """One line as JSON, which no path or name can break out of."""
    ctx = environ.get(CONTEXT)
    line = orjson.dumps(
        {
            'code': status,
            'error': type(exc).__name__,
            'method': environ['REQUEST_METHOD'],
            'path': environ.get('PATH_INFO', '')[:256],
            'request_id': environ.get('openstack.request_id'),
            'user_id': ctx and ctx.user_id,
            'project_id': ctx and ctx.project_id,
        }
    ).decode()
    if status < 500 or status in _CLIENTS:
        LOG.info('Refused: %s', line)
    elif status == 503:
        LOG.warning('Not available: %s %s', line, exc)
    else:
        LOG.error('Failed: %s', line, exc_info=exc)
