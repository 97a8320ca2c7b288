"""One run's folder, Keystone and sites; a site is a database with what runs on it."""

import contextlib
from pathlib import Path
import subprocess
import tempfile
import uuid

from tests import services
from tests.unit.api.auth import fake_keystone
from tools.bench import database
from tools.bench import processes

#: Whose instances members see, and where the other half belongs.
PROJECT = 'a' * 32
ADMIN_PROJECT = 'c' * 32
USER = 'u' * 32

_FIRST_PORT = 16700
_CONFIG = """\
[DEFAULT]
transport_url = {rabbit}
control_exchange = {topic}
log_file = {folder}/{name}.log
[database]
connection = {database}
[api]
auth_strategy = keystone
[conductor]
rpc_topic = {topic}
[fake]
nodes = 0
[floor]
connection = {database}
topic = {topic}-floor
[oslo_messaging_rabbit]
# Nothing is left on the broker when the last process has gone.
amqp_auto_delete = true
rabbit_transient_queues_ttl = 60
[oslo_policy]
policy_file = {folder}/policy.yaml
[keystone_authtoken]
auth_type = password
auth_url = {keystone}/v3
www_authenticate_uri = {keystone}
username = {username}
password = {password}
project_name = service
user_domain_id = default
project_domain_id = default
"""
#: As an operator has it: a file with something in it.
_POLICY = '"instance:show_node": "role:admin or role:manager"\n'


class Run(contextlib.ExitStack):
    """What one run makes; gone at its end, however it ends.

    :ivar folder: for configuration and logs
    :ivar tokens: ``{'admin': token, 'member': token}``
    """

    def __enter__(self):
        super().__enter__()
        self.folder = Path(self.enter_context(tempfile.TemporaryDirectory()))
        self.folder.joinpath('policy.yaml').write_text(_POLICY)
        self.keystone = fake_keystone.FakeKeystone()
        self.callback(self.keystone.stop)
        issue = self.keystone.issue
        self.tokens = {
            'admin': issue(('admin', 'member', 'reader'), project_id=ADMIN_PROJECT),
            'member': issue(project_id=PROJECT, user_id=USER),
        }
        self._ports = iter(range(_FIRST_PORT, _FIRST_PORT + 100))
        return self

    def make_site(self, name):
        """A site of that name with an empty schema."""
        return Site(self, name)

    def next_port(self):
        """A port that no other server of this run has."""
        return next(self._ports)


class Site:
    """A database and its configuration.

    :ivar database: a :class:`.database.Database`
    """

    def __init__(self, run, name):
        self._run = run
        self._name = name
        self.database = run.enter_context(database.Database())
        self._config = run.folder / f'{name}.conf'
        self._config.write_text(
            _CONFIG.format(
                name=name,
                folder=run.folder,
                rabbit=services.RABBIT,
                database=self.database.url,
                topic=f'bench-{uuid.uuid4().hex}',
                keystone=run.keystone.url,
                username=fake_keystone.SERVICE_USER,
                password=fake_keystone.SERVICE_PASSWORD,
            )
        )
        self._call('mogan-like-manage', 'db', 'sync')

    def serve(self, application='mogan_like.wsgi.api:application', label='api'):
        """A context of this application on gunicorn, see :class:`.WebServer`."""
        return processes.WebServer(
            application,
            self._run.next_port(),
            self._log(label),
            MOGAN_LIKE_CONFIG=str(self._config),
        )

    def start_conductor(self):
        """A context of the service's conductor."""
        argv = ['mogan-like-conductor', '--config-file', str(self._config)]
        return processes.Process(argv, self._log('conductor'))

    def start_floor_conductor(self):
        """A context of the floor's conductor."""
        argv = ['python', '-m', 'tools.bench.floor_conductor']
        return processes.Process(
            argv, self._log('floor-conductor'), MOGAN_LIKE_CONFIG=str(self._config)
        )

    def _log(self, label):
        return self._run.folder / f'{self._name}-{label}.out'

    def _call(self, script, *arguments):
        argv = [processes.SCRIPTS / script, '--config-file', self._config, *arguments]
        done = subprocess.run(argv, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f'{script}: {done.stderr[-2000:]}')
