"""A small Keystone v3 on loopback: enough for the real keystonemiddleware."""

import contextlib
import datetime
import http.server
import json
import socket
import threading
import uuid

from keystoneauth1 import loading

from mogan_like.api.auth import conf

GROUP = 'keystone_authtoken'
SERVICE_USER = 'mogan'
SERVICE_PASSWORD = 'secret'


def _stamp(seconds):
    when = datetime.datetime.now(datetime.UTC)
    when += datetime.timedelta(seconds=seconds)
    return when.strftime('%Y-%m-%dT%H:%M:%S.%fZ')


class FakeKeystone:
    """Issues and validates tokens; can be stopped, hung, broken, restarted.

    :ivar url: the unversioned address
    :ivar requests: ``(method, path)`` of everything asked, in order
    :ivar mode: ``'up'``, ``'hang'`` or ``'broken'`` (answers 500)
    """

    def __init__(self):
        self.mode = 'up'
        self.requests = []
        self.tokens = {}
        self._release = threading.Event()
        self._server = None
        self.port = 0
        self.start()

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}'

    def configure(self, config, path='/v3', **options):
        """Point ``[keystone_authtoken]`` here.

        :param config: the fixture of the configuration
        """
        conf.set_keystone_defaults()
        config.register_opts(
            loading.get_auth_plugin_conf_options('password'), group=GROUP
        )
        config.config(
            group=GROUP,
            **{
                'auth_type': 'password',
                'auth_url': self.url + path,
                'username': SERVICE_USER,
                'password': SERVICE_PASSWORD,
                'project_name': 'service',
                'user_domain_id': 'default',
                'project_domain_id': 'default',
                'www_authenticate_uri': 'http://keystone.example',
                **options,
            },
        )

    def start(self):
        """Listen, on the same port as before when it ran already."""
        self._release.clear()
        handler = type('Handler', (_Handler,), {'keystone': self})
        self._server = _Server(('127.0.0.1', self.port), handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={'poll_interval': 0.02}
        )
        self._thread.start()

    def stop(self):
        """Close the port, and let go of every request that hangs."""
        if self._server is None:
            return
        self._release.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
        self._server = None

    def hang(self):
        """What a request does while the mode is ``hang``."""
        self._release.wait(60)

    def asked(self, method, path='/v3/auth/tokens'):
        """How often this was asked."""
        return sum(1 for one in list(self.requests) if one == (method, path))

    def issue(
        self,
        roles=('member', 'reader'),
        seconds=3600,
        system=False,
        project_id='p' * 32,
        user_id='u' * 32,
        **extra,
    ):
        """The id of a new token."""
        token_id = uuid.uuid4().hex
        domain = {'id': 'default', 'name': 'Default'}
        token = {
            'methods': ['password'],
            'user': {'id': user_id, 'name': 'ann', 'domain': domain},
            'roles': [{'id': name, 'name': name} for name in roles],
            'issued_at': _stamp(-10),
            'expires_at': _stamp(seconds),
            'audit_ids': [uuid.uuid4().hex],
            'catalog': self.catalog(),
        }
        if system:
            token['system'] = {'all': True}
        else:
            token['project'] = {'id': project_id, 'name': 'blue', 'domain': domain}
        token.update(extra)
        self.tokens[token_id] = token
        return token_id

    def revoke(self, token_id):
        """Forget a token: validating it is a 404 from here on."""
        del self.tokens[token_id]

    def catalog(self):
        """The identity service, and one of ours."""

        def endpoints(url):
            return [
                {
                    'id': f'{kind}-{url}',
                    'interface': kind,
                    'url': url,
                    'region': 'RegionOne',
                    'region_id': 'RegionOne',
                }
                for kind in ('public', 'internal', 'admin')
            ]

        return [
            {
                'id': 'i',
                'type': 'identity',
                'name': 'keystone',
                'endpoints': endpoints(self.url),
            },
            {
                'id': 'b',
                'type': 'baremetal_compute',
                'name': 'mogan',
                'endpoints': endpoints('http://127.0.0.1:6688/v1'),
            },
        ]


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, *args):
        self._open = set()
        super().__init__(*args)

    def process_request(self, request, client_address):
        self._open.add(request)
        super().process_request(request, client_address)

    def hang_up(self):
        """End kept-alive connections too, as a killed server does."""
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    wbufsize = -1  # headers and body in one segment: no 40 ms of delayed ACK
    keystone = None

    def do_GET(self):
        if not self._ready():
            return
        if self.path.startswith('/v3/auth/tokens'):
            self._validate()
        elif self.path.rstrip('/') == '/v3':
            self._answer(200, {'version': self._version()})
        else:
            self._answer(300, {'versions': {'values': [self._version()]}})

    def do_POST(self):
        size = int(self.headers.get('Content-Length', 0))
        asked = json.loads(self.rfile.read(size))
        if not self._ready():
            return
        user = asked['auth']['identity']['password']['user']
        if (user['name'], user['password']) != (SERVICE_USER, SERVICE_PASSWORD):
            self._answer(401, {'error': {'code': 401, 'message': 'no'}})
            return
        token_id = self.keystone.issue(roles=('admin', 'service'))
        self._answer(
            201,
            {'token': self.keystone.tokens[token_id]},
            {'X-Subject-Token': token_id},
        )

    def _ready(self):
        keystone = self.keystone
        keystone.requests.append((self.command, self.path.partition('?')[0]))
        if keystone.mode == 'hang':
            keystone.hang()
            self.close_connection = True
            return False
        if keystone.mode == 'broken':
            self._answer(500, {'error': {'code': 500, 'message': 'broken'}})
            return False
        return True

    def _validate(self):
        tokens = self.keystone.tokens
        if self.headers.get('X-Auth-Token') not in tokens:
            self._answer(401, {'error': {'code': 401, 'message': 'who?'}})
            return
        token = tokens.get(self.headers.get('X-Subject-Token'))
        expired = token and token['expires_at'] < _stamp(0)
        if token is None or (expired and 'allow_expired=1' not in self.path):
            self._answer(404, {'error': {'code': 404, 'message': 'gone'}})
            return
        self._answer(200, {'token': token})

    def _version(self):
        return {
            'id': 'v3.14',
            'status': 'stable',
            'updated': _stamp(0),
            'links': [{'rel': 'self', 'href': self.keystone.url + '/v3/'}],
            'media-types': [],
        }

    def _answer(self, status, body, headers=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Say nothing on stderr."""
