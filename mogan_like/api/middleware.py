"""What stands before Pecan, each as a WSGI application around another.

oslo.middleware's own call methods build a WebOb request and response for
every layer, 25 microseconds each; here they are plain WSGI around its parts.
"""

import sys

from oslo_middleware import http_proxy_to_wsgi
from oslo_middleware import request_id
import webob

from mogan_like.api import body
from mogan_like.api import errors
from mogan_like.api import versions
from mogan_like.common import context
from mogan_like.common import exception

_HEADER = request_id.HTTP_RESP_HEADER_REQUEST_ID
#: The same id, where clients of Nova look for it.
_NOVA_HEADER = 'x-compute-request-id'


class RequestId(request_id.RequestId):
    """Gives the request its id, and the answer and log lines too."""

    def __call__(self, environ, start_response):
        # PEP 3333 lets a server leave out what is empty; nobody expects it.
        environ.setdefault('SCRIPT_NAME', '')
        environ.setdefault('PATH_INFO', '')
        if environ.get('HTTP_HOST') == '':
            # Links would have it; without one WebOb takes the server's name.
            del environ['HTTP_HOST']
        self.set_global_req_id(webob.BaseRequest(environ))
        # What is logged before authentication, and a traceback after all
        # else, is then not under the id of this thread's last request.
        ctx = context.RequestContext(
            global_request_id=environ.get(request_id.GLOBAL_REQ_ID)
        )
        environ[request_id.ENV_REQUEST_ID] = ctx.request_id
        environ[errors.CONTEXT] = ctx

        def start(status, headers, exc_info=None):
            headers = [*headers, (_HEADER, ctx.request_id)]
            if versions.find_family(environ) is versions.COMPUTE:
                headers.append((_NOVA_HEADER, ctx.request_id))
            return start_response(status, headers, exc_info)

        return self.application(environ, start)


class ProxyHeaders(http_proxy_to_wsgi.HTTPProxyToWSGI):
    """Believes the proxy in front, if ``enable_proxy_headers_parsing``."""

    def __call__(self, environ, start_response):
        _normalize(environ)
        self.process_request(webob.BaseRequest(environ))
        return self.application(environ, start_response)


def _normalize(environ):
    """Make one value of what several proxies say."""
    for name in ('HTTP_X_FORWARDED_HOST', 'HTTP_X_FORWARDED_PROTO'):
        if ',' in environ.get(name, ''):
            # What the client asked, as oslo.middleware takes it from Forwarded.
            environ[name] = environ[name].partition(',')[0].strip()
    if prefix := environ.get('HTTP_X_FORWARDED_PREFIX'):
        # Each took off its own, the first one the outermost.
        parts = (part.strip(' /') for part in prefix.split(','))
        environ['HTTP_X_FORWARDED_PREFIX'] = ''.join(
            f'/{each}' for each in parts if each
        )


def name_version(app):
    """Name the microversion in every answer, whoever gives it."""

    def named(environ, start_response):
        def start(status, headers, exc_info=None):
            headers = [*headers, *versions.response_headers(environ)]
            return start_response(status, headers, exc_info)

        return app(environ, start)

    return named


def catch_errors(app):
    """Let no exception out to the WSGI server."""

    def caught(environ, start_response):
        try:
            return app(environ, start_response)
        except Exception as exc:

            def start(status, headers):
                # Replaces what may have been begun, as PEP 3333 says.
                return start_response(status, headers, sys.exc_info())

            return errors.respond(environ, start, exc)

    return caught


def limit_body(app):
    """Refuse a body that is announced as too large before anybody reads it."""

    def limited(environ, start_response):
        try:
            body.check_length(environ)
        except exception.MoganLikeError as exc:
            return errors.respond(environ, start_response, exc)
        return app(environ, start_response)

    return limited


def answer_health(app, make_health):
    """Answer ``/healthcheck`` before authentication.

    :param make_health: gives the application that does, at its first request
    """

    def chosen(environ, start_response):
        if environ['PATH_INFO'] == '/healthcheck':
            return make_health()(environ, start_response)
        return app(environ, start_response)

    return chosen
