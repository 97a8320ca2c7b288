"""How many SQL statements Nova's routes take (see test_statements)."""

from tests import fixtures
from tests import keys

_SERVER = '/v2.1/servers/{instance}'

COUNTS = {
    'GET /v2.1': 0,
    'GET /v2.1/extensions': 0,
    'GET /v2.1/limits': 2,
    'GET /v2.1/flavors': 1,
    'GET /v2.1/flavors/detail?is_public=None&marker={flavor}': 2,
    'GET /v2.1/flavors/{flavor}': 1,
    'GET /v2.1/flavors/{flavor}/os-extra_specs': 1,
    'POST /v2.1/os-keypairs': 6,
    'GET /v2.1/os-keypairs': 1,
    'GET /v2.1/os-keypairs?marker={novas}': 2,
    'GET /v2.1/os-keypairs/{novas}': 1,
    'POST /v2.1/servers': 11,
    'GET /v2.1/servers': 1,
    'GET /v2.1/servers?marker={instance}&name=.*': 2,
    # The flavors of all servers on the page in one more.
    'GET /v2.1/servers/detail': 2,
    'GET /v2.1/servers/detail?all_tenants=true&status=ACTIVE': 2,
    'GET /v2.1/servers/detail?changes-since=2026-01-01': 2,
    f'GET {_SERVER}': 2,
    f'GET {_SERVER}/os-instance-actions': 2,
    f'GET {_SERVER}/os-instance-actions/{{request}}': 3,
    f'PUT {_SERVER}': 7,
    f'POST {_SERVER}/action': 5,
    f'POST {_SERVER}/action?': 6,
    'DELETE /v2.1/servers/{server}': 7,
    'DELETE /v2.1/os-keypairs/{novas}': 4,
}
BODIES = {
    'POST /v2.1/os-keypairs': {'keypair': {'name': 'novas', 'public_key': keys.PUBLIC}},
    'POST /v2.1/servers': {
        'server': {
            'name': 'new',
            'imageRef': fixtures.IMAGE,
            'networks': 'none',
            'key_name': 'novas',
        }
    },
    f'PUT {_SERVER}': {'server': {'name': 'changed'}},
    f'POST {_SERVER}/action': {'lock': None},
    f'POST {_SERVER}/action?': {'unlock': None},
}
#: What is waited for after an action.
UNTIL = {f'POST {_SERVER}/action': 'LOCKED', f'POST {_SERVER}/action?': 'ACTIVE'}
