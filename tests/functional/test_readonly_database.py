"""The API with a database login that may do no more than SELECT."""

import uuid

import fixtures
from oslo_db import exception as db_exc
import sqlalchemy as sa

from mogan_like.api import root
from mogan_like.common.config import CONF
from mogan_like.db import engine
from tests import fixtures as testing
from tests.functional.compute import compute_case
from tests.processes import site_case

#: Parameters of paths whose objects are not made here: they may be not found.
_NOT_MADE = {
    'checkpoint_id',
    'class_name',
    'operation_log_id',
    'plan_id',
    'protectable_id',
    'protectable_type',
    'provider_id',
    'restore_id',
    'scheduled_operation_id',
    'trigger_id',
    'verification_id',
}


class Login(fixtures.Fixture):
    """A login of a database server that may read one database.

    :param database: a services.Database
    :ivar url: of the database, with this login
    """

    def __init__(self, database, backend):
        self._database = database
        self._backend = backend
        self.name = f'mogan_like_{uuid.uuid4().hex[:16]}'

    def _setUp(self):
        make = {
            'sqlite': self._make_sqlite,
            'mysql': self._make_mysql,
            'postgresql': self._make_postgresql,
        }[self._backend]
        url = make(sa.make_url(self._database.url))
        self.url = url.render_as_string(hide_password=False)

    def _make_sqlite(self, url):
        return url.set(
            database=f'file:{url.database}', query={'mode': 'ro', 'uri': 'true'}
        )

    def _make_mysql(self, url):
        self._database.execute(
            f"CREATE USER {self.name} IDENTIFIED BY 'secret'",
            f'GRANT SELECT ON {self._database.name}.* TO {self.name}',
        )
        self.addCleanup(self._database.execute, f'DROP USER {self.name}')
        return url.set(username=self.name, password='secret')

    def _make_postgresql(self, url):
        self._database.execute(f"CREATE ROLE {self.name} LOGIN PASSWORD 'secret'")
        self.addCleanup(self._database.execute, f'DROP ROLE {self.name}')
        inside = sa.create_engine(
            url, isolation_level='AUTOCOMMIT', poolclass=sa.NullPool
        )

        def execute(statement):
            with inside.connect() as conn:
                conn.execute(sa.text(statement))

        self.addCleanup(execute, f'DROP OWNED BY {self.name}')
        execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO {self.name}')
        return url.set(username=self.name, password='secret')


class ReadonlyDatabaseMixin:
    """Reads work; writes go through a conductor, which has another login."""

    database: str

    def setUp(self):
        super().setUp()
        self.site = self.make_site(self.database)
        self.admin = self.site.admin
        login = self.useFixture(Login(self.site.database, self.database))
        engine.dispose()
        # Before the login goes.
        self.addCleanup(engine.dispose)
        CONF.set_override('connection', login.url, group='database')

    def test_everything_can_be_read_and_done(self):
        self._check_login()
        made = self._do_everything()
        paths = {
            '/healthcheck': (200,),
            '/v1/allocations?resource_type=physical:host': (200,),
        }
        missing = set()
        for mount, controller in root.make_mounts().items():
            for path, methods in controller.make_endpoints(mount):
                if 'GET' in methods:
                    values = _Values(self._fill(mount, made))
                    path = '/' + path.lstrip('/').format_map(values)
                    # A list in what is not there is empty.
                    paths[path] = (200, 404) if values.missing else (200,)
                    missing |= values.missing
        self.assertEqual(_NOT_MADE, missing)
        del paths['/v1/allocations/']
        for path, statuses in paths.items():
            answer = self.admin.get(path, headers={'Accept': 'application/json'})
            self.assertIn(answer.status, statuses, (path, answer))

    def _check_login(self):
        with engine.reader() as conn:
            self.assertRaises(
                (db_exc.DBError, sa.exc.OperationalError),
                conn.execute,
                sa.text("INSERT INTO quotas VALUES ('p', 'instances', 1)"),
            )

    def _do_everything(self):
        """One write of every kind; the names of what there is now."""
        flavor = self.site.make_flavor()
        instance = self.site.make_instance(self.admin, flavor_uuid=flavor)
        keypair = self.admin.post('/v1/keypairs', {'name': 'key'})
        self.assertEqual(201, keypair.status, keypair)
        node = self.admin.get('/v1/nodes').body['nodes'][0]['uuid']
        lease, host = self._make_lease_and_host()
        self._write_as_nova(instance, flavor)
        path = f'/v1/instances/{instance}'
        for method, where, body, status in (
            ('PATCH', path, {'name': 'steel'}, 200),
            ('PUT', f'{path}/states/lock', {'lock': None}, 202),
            ('DELETE', path, None, 403),
            ('PUT', f'{path}/states/unlock', {'unlock': None}, 202),
            ('PUT', f'{path}/states/power', {'target': 'off'}, 202),
            ('PATCH', f'/v1/nodes/{node}', {'maintenance': True}, 200),
            ('PUT', '/v1/quotas/someone', {'quota': {'instances': 1}}, 200),
            ('DELETE', '/v1/quotas/someone', None, 204),
            ('PUT', '/v1/quota_classes/default', {'quota_class': {'plans': 9}}, 200),
            ('PATCH', f'/v1/flavors/{flavor}', {'name': 'other'}, 200),
            ('PUT', f'/v1/leases/{lease}', {'name': 'other'}, 200),
            ('PUT', f'/v1/leases/{lease}', {'end_date': 'now'}, 200),
            ('PUT', f'/v1/os-hosts/{host}', {'rack': 'r2'}, 200),
            ('PATCH', '/v1/os-hosts/properties/rack', {'private': True}, 200),
        ):
            self._send(method, where, body, status)
        request = self.site.list_actions(instance)[0]['request_id']
        actions = self.admin.get(f'/v1/leases/{lease}/actions').body['actions']
        return {
            'leases': lease,
            'os-hosts': host,
            'lease_request': actions[0]['request_id'],
            'instances': instance,
            'flavors': flavor,
            'nodes': node,
            'keypairs': 'key',
            'quotas': self.admin.persona.project_id,
            'request_id': request,
        }

    def _send(self, method, path, body, status):
        answer = self.admin.send(method, path, body)
        self.assertEqual(status, answer.status, (path, answer))
        return answer.body

    def _write_as_nova(self, instance, flavor):
        """One write of every kind by Nova's routes."""
        servers, keypairs = '/v2.1/servers', '/v2.1/os-keypairs'
        keypair = {'name': 'nova', 'public_key': compute_case.KEY}
        self._send('POST', keypairs, {'keypair': keypair}, 201)
        body = {
            'name': 'nova',
            'imageRef': testing.IMAGE,
            'flavorRef': flavor,
            'networks': 'none',
            'key_name': 'nova',
        }
        made = self._send('POST', servers, {'server': body}, 202)['server']['id']
        path = f'{servers}/{instance}'
        for method, where, body, status in (
            ('PUT', path, {'server': {'name': 'iron'}}, 200),
            ('POST', f'{path}/action', {'lock': None}, 202),
            ('DELETE', path, None, 409),
            ('POST', f'{path}/action', {'unlock': None}, 202),
            ('DELETE', f'{servers}/{made}', None, 204),
            ('DELETE', f'{keypairs}/nova', None, 204),
        ):
            self._send(method, where, body, status)
        for action, status in (
            ({'rebuild': {'imageRef': testing.IMAGE}}, 'ACTIVE'),
            ({'reboot': {'type': 'HARD'}}, 'ACTIVE'),
            ({'os-stop': None}, 'STOPPED'),
            ({'os-start': None}, 'ACTIVE'),
        ):
            self._send('POST', f'{path}/action', action, 202)
            self.site.wait_for(instance, status)

    def _make_lease_and_host(self):
        nodes = self.admin.get('/v1/nodes').body['nodes']
        free = next(node['uuid'] for node in nodes if not node['instance_uuid'])
        body = {'name': free, 'rack': 'r1'}
        host = self.admin.post('/v1/os-hosts', body)
        self.assertEqual(201, host.status, host)
        body = {
            'name': 'lease',
            'start_date': 'now',
            'end_date': '2998-01-01 00:00',
            'reservations': [{'resource_type': 'dummy.vm.plugin'}],
        }
        lease = self.admin.post('/v1/leases', body)
        self.assertEqual(201, lease.status, lease)
        return lease.body['lease']['id'], host.body['host']['id']

    def _fill(self, mount, made):
        """Values of the parameters of the paths below a mount."""
        own = made.get(mount.split('/')[1] if '/' in mount else mount)
        return {
            'uuid': own,
            'name': own,
            'project_id': own,
            'lease_id': own,
            'host_id': own,
            'server_id': made['instances'],
            'flavor_id': made['flavors'],
            'keypair_name': made['keypairs'],
            'request_id': made[
                'lease_request' if own == made['leases'] else 'request_id'
            ],
        }


class _Values(dict):
    """Values of parameters; what was not made is looked for, and not found."""

    def __init__(self, values):
        super().__init__(values)
        self.missing = set()

    def __missing__(self, name):
        self.missing.add(name)
        return str(uuid.UUID(int=1))


class SqliteTest(ReadonlyDatabaseMixin, site_case.SiteCase):
    database = 'sqlite'


class MariadbTest(ReadonlyDatabaseMixin, site_case.SiteCase):
    database = 'mysql'


class PostgresqlTest(ReadonlyDatabaseMixin, site_case.SiteCase):
    database = 'postgresql'
