"""Routes of controllers: a table of paths, typed parameters, checked bodies."""

import datetime
import hashlib
import typing

import orjson
import pecan
import webob
import webob.multidict

from mogan_like.api import body as bodies
from mogan_like.api import errors
from mogan_like.api import parameters
from mogan_like.api import versions
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF

_JSON = 'application/json'
_NOTHING = {}


class Response(typing.NamedTuple):
    """What a handler returns when a body alone does not say it all.

    :ivar body: as a handler's plain return value
    :ivar headers: a dict
    """

    status: int
    body: object = None
    headers: dict = _NOTHING


class _Route(typing.NamedTuple):
    body: bodies.Schema | None
    response: bodies.Schema | None
    status: int
    since: tuple
    query: parameters.Query


def route(
    *,
    body=None,
    response=None,
    status=200,
    since=versions.MIN_TEXT,
    added=_NOTHING,
    names=_NOTHING,
    refused=(),
    strict_since=None,
    several=(),
):
    """Mark a method as the handler of a route.

    It takes ``ctx`` (with ``api_version``, a tuple), then by name the
    parameters of the path, those of the query with their defaults, each
    annotated with its WSME type, and ``body`` where there is a schema of one.
    It returns a dict or list, JSON as bytes, None for no body, or a
    :class:`Response`.

    :param body: JSON schema of the request, or ``{'1.1': one, '1.4': another}``
    :param response: the same for the answer; null in it stands for no body
    :param since: the microversion below which the route is not there (404)
    :param added: query parameters that came later, ``{'locked': '1.2'}``
    :param names: ``{'changes_since': ('changes-since',)}``, of query parameters
        that are called otherwise than the handler's
    :param refused: query parameters that are never dropped, but refused
    :param strict_since: the microversion since which other unknown ones are
        refused, where it is not the one of :class:`.versions.Family`
    :param several: query parameters that may be given more than once: lists
    """
    query = parameters.Query(
        {name: versions.parse(text) for name, text in added.items()},
        names,
        frozenset(refused),
        strict_since and versions.parse(strict_since),
        frozenset(several),
    )

    def mark(function):
        function.route = _Route(
            body and bodies.Schema(body),
            response and bodies.Schema(response),
            status,
            versions.parse(since),
            query,
        )
        return function

    return mark


class Controller:
    """The handlers of some routes.

    :cvar routes: ``{'{uuid}/states': {'GET': 'show_states'}}``: the path below
        the mount, the HTTP method, the name of the handler
    """

    routes: typing.ClassVar = {}

    def make_endpoints(self, mount=''):
        """Pairs of a path and its ``{HTTP method: endpoint}``.

        :param mount: the path that all others are below
        """
        for below, handlers in self.routes.items():
            path = f'{mount}/{below}'
            methods = {
                method: Endpoint(getattr(self, name), path)
                for method, name in handlers.items()
            }
            if 'GET' in methods:
                # WebOb leaves the body out and its length in.
                methods['HEAD'] = methods['GET']
            methods['OPTIONS'] = Options(methods)
            yield path, methods


class Request(webob.BaseRequest):
    """A request whose parameters and body are left for the endpoint to read.

    Pecan would parse both for its own routing: a second time, without our
    limits, and by the content type that the client claims.
    """

    GET = params = webob.multidict.MultiDict()
    json = None

    @property
    def path_info(self):
        """The path below SCRIPT_NAME, decoded."""
        try:
            return super().path_info
        except UnicodeDecodeError:
            raise exception.Invalid(reason='the path is not UTF-8') from None


class Endpoint:
    """One handler with its types and schemas; what Pecan calls.

    :param handler: a bound method marked by :func:`route`
    :param path: of the route, with the names of its parameters
    :raises TypeError: when the handler cannot take what its route gives
    """

    def __init__(self, handler, path):
        self._handler = handler
        self._route = handler.route
        self.since = self._route.since
        skipped = ('ctx', 'body') if self._route.body else ('ctx',)
        self._parameters = parameters.Parameters(
            handler,
            skipped,
            _find_names(path),
            self._route.query,
            versions.family_of(path).strict_since,
        )

    @pecan.expose(content_type=_JSON)
    def answer(self, *values):
        """The WebOb response to the request at hand."""
        environ = pecan.request.environ
        ctx = environ[errors.CONTEXT]
        arguments = self._parameters.read(environ, ctx.api_version, values)
        if self._route.body:
            arguments['body'] = self._read_body(environ, ctx.api_version)
        result = self._handler(ctx, **arguments)
        if not isinstance(result, Response):
            result = Response(self._route.status, result)
        return self._respond(result, ctx.api_version)

    def _read_body(self, environ, version):
        document = bodies.read(environ)
        if problem := self._route.body.find_problem(document, version):
            raise exception.InvalidBody(reason=problem)
        return document

    def _respond(self, result, version):
        content = result.body
        if not isinstance(content, bytes):
            content = b'' if content is None else dumps(content)
        if CONF.api.response_validation:
            self._check_response(content, version)
        headers = [*result.headers.items()]
        if result.status != 204:
            headers.append(('Content-Type', _JSON))
            headers.append(('Content-Length', str(len(content))))
        kind = webob.Response if content else _Bodiless
        return kind(status=result.status, headerlist=headers, app_iter=[content])

    def _check_response(self, content, version):
        if self._route.response is None:
            return
        document = orjson.loads(content) if content else None
        if problem := self._route.response.find_problem(document, version):
            raise ValueError(
                f'{self._handler.__qualname__} breaks its schema: {problem}'
            )


class _Bodiless(webob.Response):
    """An answer without a body, of which Pecan makes a 204 when it sees a 200.

    Some of Karbor's successes are that.
    """

    status_int = None


class Options:
    """The answer to OPTIONS: what else there is, at the request's version."""

    def __init__(self, methods):
        self.since = min(endpoint.since for endpoint in methods.values())
        self._methods = methods

    @pecan.expose(content_type=_JSON)
    def answer(self, *_values):
        """The WebOb response to the request at hand."""
        ctx = pecan.request.environ[errors.CONTEXT]
        allow = ', '.join(list_allowed(self._methods, ctx.api_version))
        return webob.Response(status=204, headerlist=[('Allow', allow)], app_iter=[b''])


def list_allowed(methods, version):
    """The HTTP methods that are there at a version, sorted."""
    return sorted(
        method for method, endpoint in methods.items() if endpoint.since <= version
    )


def dumps(value):
    """A value as JSON in bytes, datetimes with their microseconds."""
    return orjson.dumps(value, _dump_other, orjson.OPT_PASSTHROUGH_DATETIME)


def base_url():
    """The URL that the paths of links are put behind, under any prefix."""
    return pecan.request.application_url.rstrip('/')


def idempotency(body=None):
    """What makes a repeat of this request one, or None when nothing does.

    :param body: what counts of the body, where not all of it may be kept: a hash
        of a password can be guessed at leisure
    :returns: the ``Idempotency-Key`` as ``key``, and as ``hash`` the SHA-256
        of method, path, query and body in hex
    :raises InvalidParameter: a key that is not 1 to 64 printable characters
    """
    environ = pecan.request.environ
    key = environ.get('HTTP_IDEMPOTENCY_KEY')
    if key is None:
        return None
    if not (0 < len(key) <= 64 and key.isascii() and key.isprintable()):
        raise exception.InvalidParameter(
            name='Idempotency-Key',
            reason='it must be 1 to 64 printable ASCII characters',
        )
    method, path = environ['REQUEST_METHOD'], environ.get('PATH_INFO', '')
    start = f'{method} {path.rstrip("/")}?{environ.get("QUERY_STRING", "")}\n'
    if body is None:
        counted = environ.get(bodies.ENV, b'')
    else:
        counted = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    content = start.encode() + counted
    return {'key': key, 'hash': hashlib.sha256(content).hexdigest()}


def _find_names(path):
    return [part[1:-1] for part in path.split('/') if part.startswith('{')]


def _dump_other(value):
    if isinstance(value, datetime.datetime):
        return clock.isoformat(value)
    raise TypeError(f'{type(value)} has no form in JSON')
