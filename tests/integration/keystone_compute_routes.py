"""Nova's routes with a real token (see keystone_routes), at their first version."""

from tests import fixtures
from tests.integration import keystone_routes as routes
from tests.integration.keystone_routes import Route

_SERVERS = '/v2.1/servers'
_SERVER = f'{_SERVERS}/{{instance}}'
_ACTION = f'POST {_SERVERS}/{{active}}/action'
_KEYPAIRS = '/v2.1/os-keypairs'

READS = [
    Route('GET /v2.1', 200, routes.EVERYBODY),
    Route('GET /v2.1/', 200, routes.EVERYBODY),
    Route(f'GET {_SERVERS}', 200, routes.ALL_READERS),
    Route(f'GET {_SERVERS}/detail', 200, routes.ALL_READERS),
    Route(f'GET {_SERVERS}?all_tenants=1', 200, routes.ADMIN),
    Route(f'GET {_SERVERS}/detail?all_tenants=1', 200, routes.ADMIN),
    Route(f'GET {_SERVER}', 200, routes.SEERS),
    Route(f'GET {_SERVER}/os-instance-actions', 200, routes.READERS),
    Route(f'GET {_SERVER}/os-instance-actions/{{request}}', 200, routes.READERS),
    Route('GET /v2.1/flavors', 200, routes.CUSTOMERS),
    Route('GET /v2.1/flavors/detail', 200, routes.CUSTOMERS),
    Route('GET /v2.1/flavors/{flavor}', 200, routes.CUSTOMERS),
    Route('GET /v2.1/flavors/{flavor}/os-extra_specs', 200, routes.CUSTOMERS),
    Route('GET /v2.1/extensions', 200, routes.CUSTOMERS),
    Route('GET /v2.1/limits', 200, routes.ALL_READERS),
]
WRITES = [
    Route(f'POST {_SERVERS}', 202, routes.ALL_MEMBERS, 'server'),
    Route(f'PUT {_SERVERS}/{{active}}', 200, routes.MEMBERS, {'server': {'name': 'x'}}),
    Route(_ACTION, 202, routes.MEMBERS, {'reboot': {'type': 'HARD'}}),
    Route(_ACTION, 202, routes.MEMBERS, {'rebuild': {'imageRef': fixtures.IMAGE}}),
    Route(_ACTION, 202, routes.MEMBERS, {'lock': None}),
    Route(f'POST {_SERVERS}/{{locked}}/action', 202, routes.ADMIN, {'unlock': None}),
    Route(f'DELETE {_SERVERS}/{{active}}', 204, routes.MEMBERS),
    Route(
        f'POST {_KEYPAIRS}',
        200,
        routes.ALL_MEMBERS,
        {'keypair': {'name': routes.KEYPAIR}},
    ),
    Route(f'GET {_KEYPAIRS}', 200, routes.ALL_READERS),
    Route(f'GET {_KEYPAIRS}/{{keypair}}', 200, routes.ALL_READERS),
    Route(f'DELETE {_KEYPAIRS}/{{keypair}}', 202, routes.ALL_MEMBERS),
]


def describe_server(flavor):
    """The body that makes a server."""
    server = {'name': 'metal', 'imageRef': fixtures.IMAGE, 'flavorRef': flavor}
    return {'server': server}
