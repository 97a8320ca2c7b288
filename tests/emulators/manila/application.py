"""The WSGI application: from a request to an answer, with what is to go wrong."""

import contextlib
import dataclasses
import json
import logging
import uuid

import webob

from tests.emulators.manila import calls
from tests.emulators.manila import connection
from tests.emulators.manila import control
from tests.emulators.manila import errors
from tests.emulators.manila import identity
from tests.emulators.manila import manager
from tests.emulators.manila import router
from tests.emulators.manila import versions

_LOG = logging.getLogger(__name__)
_COLLECTIONS = (
    'shares',
    'snapshots',
    'share-access-rules',
    'types',
    'share-networks',
    'quota-sets',
    'os-quota-sets',
    'limits',
)


@dataclasses.dataclass(frozen=True)
class Record:
    """A call that was made.

    :ivar name: as in router, and as switches know it
    :ivar path: behind ``/v2``
    """

    name: str
    method: str
    path: str
    body: object
    identity: identity.Identity | None
    minor: int | None


class Application:
    """The API.

    :param state: what it is about
    :param authenticate: gives the Identity of an environ, or None
    :param keystone: options of ``[keystone_authtoken]``: tokens are Keystone's then,
        and authenticate is not asked
    :ivar records: the calls that were made, oldest first
    """

    def __init__(self, state, authenticate=identity.read_spelled, keystone=None):
        self.state = state
        self.records = []
        self._manager = manager.Manager(state)
        self._authenticate = identity.read_headers if keystone else authenticate
        self._keystone_uri = (keystone or {}).get('auth_url', 'http://127.0.0.1/v3')
        self._api = self._answer_api
        if keystone:
            self._api = identity.put_keystone_before(self._api, keystone)

    def __call__(self, environ, start_response):
        """The WSGI protocol."""
        environ['emulator.request_id'] = request_id = f'req-{uuid.uuid4()}'

        def start(status, headers, exc_info=None):
            headers = [*headers, ('x-openstack-request-id', request_id)]
            return start_response(status, headers, exc_info)

        path = environ['PATH_INFO']
        if path == '/':
            return self._answer_root(environ, start)
        if path.startswith(control.PREFIX):
            return self._answer_control(environ, start)
        if path == '/v2' or path.startswith('/v2/'):
            return self._api(environ, start)
        return _write(environ, start, 404, *errors.write_no_route())

    def _answer_root(self, environ, start):
        def show():
            document = versions.show(_find_base(environ))
            return 300, _JSON, json.dumps(document).encode()

        self.records.append(Record('versions.get', 'GET', '/', None, None, None))
        try:
            answer = self._meet_fault('versions.get', environ, show)
        except errors.Refused as refused:
            answer = (refused.code, *errors.write(refused))
        return _write(environ, start, *answer)

    def _answer_control(self, environ, start):
        code, body = control.answer(self, webob.Request(environ))
        return _write(environ, start, code, _JSON, json.dumps(body).encode())

    def _answer_api(self, environ, start):
        request = webob.Request(environ)
        who = self._authenticate(environ)
        if who is None:
            answer = errors.write_unauthorized(self._keystone_uri)
            return _write(environ, start, 401, *answer)
        if request.path == '/v2':
            where = {'Location': f'{_find_base(environ)}/v2/'}
            plain = {'Content-Type': 'text/plain; charset=utf8', **where}
            return _write(environ, start, 302, plain, b'')
        headers = {'x-compute-request-id': environ['emulator.request_id']}
        try:
            code, more, body = self._handle(request, who, headers)
        except errors.Refused as refused:
            code = refused.code
            more, body = errors.write(refused)
        except connection.Dropped:
            raise
        except Exception:
            # As Manila does, and where somebody may find it.
            _LOG.exception('%s %s', request.method, request.path)
            code = 500
            more, body = errors.write(errors.Refused(code))
        return _write(environ, start, code, {**headers, **more}, body)

    def _handle(self, request, who, headers):
        """(status, headers, body); headers also get what errors have."""
        project, path = _split(request.path)
        body, malformed = _read_body(request)
        if path and not router.knows(request.method, path):
            headers.clear()
            return 404, *errors.write_no_route()
        minor = _read_version(request, headers)
        if not path:
            document = versions.show(_find_base(request.environ))
            return 200, _JSON, json.dumps(document).encode()
        if malformed:
            raise errors.bad('Malformed request body')
        route, args = router.find(request.method, path, body)
        call = calls.Call(
            self.state,
            self._manager,
            who,
            minor,
            dict(request.GET),
            body,
            _find_base(request.environ),
            project,
        )
        return self._perform(request, route, args, call)

    def _perform(self, request, route, args, call):
        path = request.path_qs.removeprefix('/v2')
        body = None if call.body is calls.MISSING else call.body
        self.records.append(
            Record(route.name, request.method, path, body, call.identity, call.minor)
        )
        is_answered = True
        try:
            return self._meet_fault(
                route.name, request.environ, lambda: self._carry_out(route, args, call)
            )
        except connection.Dropped:
            is_answered = False
            raise
        finally:
            if is_answered:
                self._carry_out_late(route.name)

    def _carry_out_late(self, name):
        for carry_out in self.state.switches.take_late(name):
            # Nobody is there any more to be told that it was refused.
            with contextlib.suppress(errors.Refused):
                carry_out()

    def _meet_fault(self, name, environ, carry_out):
        """What is answered to a call: what it gives, or what is to go wrong.

        :raises Refused: for an answer with an error
        """
        fault = self.state.switches.take_fault(name)
        if fault is not None and fault.late:
            # Before the client can give up and call again.
            self.state.switches.put_off(fault, carry_out)
        answer = carry_out() if fault is None or fault.done else None
        if fault is not None:
            content = answer[-1] if answer else b''
            wrong = connection.apply(fault, environ, self._keystone_uri, content)
            answer = wrong or answer or carry_out()
        return answer

    def _carry_out(self, route, args, call):
        router.check(route, call.minor)
        if call.project and call.project != call.identity.project_id:
            raise errors.bad('Malformed request url')
        with self.state.lock:
            self.state.advance()
            answer = route.answer(call, *args)
        if not isinstance(answer, calls.Answer):
            answer = calls.Answer(200, answer)
        if answer.body is None:
            return answer.status, {'Content-Type': 'text/html; charset=UTF-8'}, b''
        return answer.status, _JSON, json.dumps(answer.body).encode()


_JSON = {'Content-Type': 'application/json'}


def _find_base(environ):
    """The URL before ``/v2``."""
    return f'{environ["wsgi.url_scheme"]}://{environ["HTTP_HOST"]}'


def _split(path):
    """(project, rest) of a path behind ``/v2/``; there may be no project."""
    path = path.removeprefix('/v2/')
    first, _, rest = path.partition('/')
    if not path or first in _COLLECTIONS:
        return '', path
    return (first, rest) if rest else ('', path)


def _read_version(request, headers):
    """The minor number of the microversion; it goes into the headers, too.

    :raises Refused: when it is none, or there is no such
    """
    text = request.headers.get(versions.HEADER)
    try:
        minor = versions.parse(text)
    except errors.Refused as refused:
        if refused.code == 406:
            headers.update({versions.HEADER: text, 'Vary': versions.HEADER})
        raise
    headers.update({versions.HEADER: f'2.{minor}', 'Vary': versions.HEADER})
    if request.headers.get(versions.EXPERIMENTAL, '').lower() == 'true':
        headers[versions.EXPERIMENTAL] = 'True'
    return minor


def _read_body(request):
    """(body, is it malformed?); a body of another type is none."""
    if request.content_type != 'application/json' or not request.body:
        return calls.MISSING, False
    try:
        return request.json_body, False
    except ValueError:
        return calls.MISSING, True


def _write(environ, start, code, headers, body):
    reason = webob.Response(status=code).status
    headers = {**headers, 'Content-Length': str(len(body))}
    start(reason, list(headers.items()))
    return [body] if environ['REQUEST_METHOD'] != 'HEAD' else []
