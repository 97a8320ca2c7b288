"""What is refused, in the words and forms of Manila."""

import http
import json

import webob.exc

_NAMES = {
    400: 'badRequest',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'itemNotFound',
    405: 'badMethod',
    409: 'conflictingRequest',
    413: 'overLimit',
    415: 'badMediaType',
    501: 'notImplemented',
    503: 'serviceUnavailable',
}
#: The exception that Manila would end in, which it names in its message.
_NOT_FOUND = 'NotFound: Resource could not be found.'
_PROXY_PAGE = '<html><body><h1>{} {}</h1></body></html>'


class Refused(Exception):
    """An answer with an error.

    :param message: by default what WebOb says for the code
    :param retry_after: seconds, told when there are any, and with a 413
    """

    def __init__(self, code, message=None, retry_after=0):
        self.code = code
        self.retry_after = retry_after
        if message is None:
            message = webob.exc.status_map[code].explanation
        super().__init__(message)


def bad(message=None):
    """400."""
    return Refused(400, message)


def bad_input(reason):
    """400, as Manila begins most of these."""
    return Refused(400, f'Invalid input received: {reason}.')


def forbidden(message='Access was denied to this resource.'):
    """403."""
    return Refused(403, message)


def not_found(message=None):
    """404 of a controller."""
    return Refused(404, message)


def resource_not_found():
    """404 of what was not caught below a controller."""
    return Refused(404, _NOT_FOUND)


def over_quota(message):
    """413."""
    return Refused(413, message)


def write(refused):
    """(headers, body) of a refusal."""
    name = _NAMES.get(refused.code, 'computeFault')
    fault = {'code': refused.code, 'message': str(refused)}
    headers = {'Content-Type': 'application/json'}
    if refused.code == 413 or refused.retry_after:
        headers['Retry-After'] = fault['retryAfter'] = str(refused.retry_after)
    return headers, json.dumps({name: fault}).encode()


def write_unauthorized(uri):
    """(headers, body) of what is before Manila and checks the tokens."""
    message = 'The request you have made requires authentication.'
    error = {'code': 401, 'title': 'Unauthorized', 'message': message}
    headers = {
        'Content-Type': 'application/json',
        'WWW-Authenticate': f'Keystone uri="{uri}"',
    }
    return headers, json.dumps({'error': error}).encode()


def write_no_route():
    """(headers, body) of what is no path of Manila."""
    page = webob.exc.HTTPNotFound()
    content = page.html_body({}).encode()
    return {'Content-Type': 'text/html; charset=UTF-8'}, content


def write_of_proxy(code):
    """(headers, body) of a proxy that cannot reach Manila."""
    page = _PROXY_PAGE.format(code, http.HTTPStatus(code).phrase)
    return {'Content-Type': 'text/html'}, page.encode()
