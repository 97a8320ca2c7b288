"""What is played for each page of the API reference, under the page's name."""

from mogan_like.common.config import CONF
from tests import keys
from tests.functional.samples.script import ADMIN
from tests.functional.samples.script import MEMBER
from tests.functional.samples.script import Script
from tests.functional.samples.script import Step

_IMAGE = '70b5d7a6-9f0a-4a5c-8b53-6a1f0f6f7c24'
_OTHER_IMAGE = 'c1f1c5b5-0c3e-4b5f-9d9d-3f0a5f3d8e21'
_NETWORK = '2f5d9b0e-52a6-4a8e-8f0c-5b8c0c7f3a44'
#: The fake driver's fake-0.
_NODE = 'cab454b3-b775-5206-9f01-c38116961f0c'
_FLAVOR = {
    'name': 'metal.large',
    'description': 'Two sockets, no GPU.',
    'resource_class': 'baremetal',
    'properties': {'cpu_arch': 'x86_64'},
}
_INSTANCE = {'name': 'db-1', 'flavor_uuid': '$flavor', 'image_uuid': _IMAGE}
_PATH = '/v1/instances/$instance'

_MAKE_FLAVOR = Step(None, ADMIN, 'POST', '/v1/flavors', _FLAVOR, 201, keep='flavor')


def _create(sample=None, until='ACTIVE', status=202, **values):
    body = {**_INSTANCE, **values}
    made = {'keep': 'instance', 'until': until} if status == 202 else {}
    return Step(sample, MEMBER, 'POST', '/v1/instances', body, status, **made)


def _put(sample, caller, verb, body, **expected):
    path = f'{_PATH}/states/{verb}'
    return Step(sample, caller, 'PUT', path, body, **{'status': 202, **expected})


def _fail(step):
    """From here on the fake driver fails at a step."""
    return lambda _service: CONF.set_override('fail_steps', [step], group='fake')


_LOCK = _put(None, ADMIN, 'lock', {'lock': {'reason': 'new power supply'}}, keep='lock')

VERSIONS = Script(
    (
        Step('versions', MEMBER, 'GET', '/', version=None),
        Step('version', MEMBER, 'GET', '/v1', version=None),
        Step('compute-version', MEMBER, 'GET', '/v2.1', version=None),
        Step(
            'healthcheck',
            MEMBER,
            'GET',
            '/healthcheck',
            version=None,
            sends={'Accept': 'application/json'},
        ),
    ),
    # Of Nova's own document.
    given=('2013-07-23T11:33:21Z',),
)

INSTANCES = Script(
    (
        _MAKE_FLAVOR,
        Step(
            None,
            MEMBER,
            'POST',
            '/v1/keypairs',
            {'name': 'laptop', 'public_key': keys.PUBLIC},
            201,
        ),
        _create(
            'create',
            description='Primary database',
            metadata={'role': 'database'},
            networks=[{'net_id': _NETWORK}],
            user_data='I2Nsb3VkLWNvbmZpZwpob3N0bmFtZTogZGItMQo=',
            key_name='laptop',
        ),
        Step('show', ADMIN, 'GET', _PATH),
        Step(
            'update',
            MEMBER,
            'PATCH',
            _PATH,
            {'name': 'db-primary', 'metadata': {'role': 'database', 'tier': '1'}},
        ),
        _create(name='db-2'),
        Step('list', MEMBER, 'GET', '/v1/instances?limit=1&sort_dir=asc'),
        Step('list-detail', MEMBER, 'GET', '/v1/instances/detail?name=db-2'),
        _fail('build.write_image'),
        _create(name='db-3', until='ERROR'),
        Step('show-error', MEMBER, 'GET', _PATH),
    ),
    options={'fake__fail_steps': [], 'fake__nodes': 3},
)

STATES = Script(
    (
        _MAKE_FLAVOR,
        _create(),
        _put('lock', ADMIN, 'lock', {'lock': None}, version='1.1'),
        Step('show', MEMBER, 'GET', f'{_PATH}/states'),
        _put('unlock', ADMIN, 'unlock', {'unlock': None}),
        Step('show-lock-free', MEMBER, 'GET', f'{_PATH}/lock'),
        _put(
            'lock-with-reason',
            ADMIN,
            'lock',
            {
                'lock': {
                    'reason': 'new power supply',
                    'expires_at': '2031-05-01T18:00:00Z',
                }
            },
        ),
        Step('show-lock', MEMBER, 'GET', f'{_PATH}/lock'),
        _put(None, ADMIN, 'unlock', {'unlock': None}),
        _put('power', MEMBER, 'power', {'target': 'soft_off'}, until='STOPPED'),
        _put(
            'provision',
            MEMBER,
            'provision',
            {'target': 'rebuild', 'image_uuid': _OTHER_IMAGE},
            until='STOPPED',
        ),
    ),
    given=('2031-05-01T18:00:00.000000',),
)

ACTIONS = Script(
    (
        _MAKE_FLAVOR,
        _create(),
        _LOCK,
        Step(None, MEMBER, 'DELETE', _PATH, status=403, keep='refused'),
        _put(None, ADMIN, 'unlock', {'unlock': None}),
        Step('list', MEMBER, 'GET', f'{_PATH}/actions?limit=3'),
        Step('show', MEMBER, 'GET', f'{_PATH}/actions/$refused_request'),
        _put(
            None,
            MEMBER,
            'provision',
            {'target': 'rebuild'},
            keep='rebuild',
            until='ERROR',
        ),
        Step('show-internals', ADMIN, 'GET', f'{_PATH}/actions/$rebuild_request'),
        Step(None, MEMBER, 'DELETE', _PATH, status=202, until='DELETED'),
        Step('list-with-events', MEMBER, 'GET', f'{_PATH}/actions?events=true&limit=2'),
        Step('search', ADMIN, 'GET', '/v1/actions?action=delete&limit=1'),
    ),
    options={'fake__fail_steps': ['rebuild.write_image:1:bug']},
)

FLAVORS = Script(
    (
        Step('create', ADMIN, 'POST', '/v1/flavors', _FLAVOR, 201, keep='flavor'),
        Step('show', MEMBER, 'GET', '/v1/flavors/$flavor'),
        Step(
            'update',
            ADMIN,
            'PATCH',
            '/v1/flavors/$flavor',
            {'description': 'Two sockets.', 'disabled': True},
        ),
        Step(
            None,
            ADMIN,
            'POST',
            '/v1/flavors',
            {'name': 'metal.gpu', 'resource_class': 'gpu', 'is_public': False},
            201,
        ),
        Step('list', ADMIN, 'GET', '/v1/flavors?sort_key=name&sort_dir=asc'),
    )
)

NODES = Script(
    (
        _MAKE_FLAVOR,
        Step(
            None,
            ADMIN,
            'POST',
            '/v1/instances',
            {**_INSTANCE, 'node_uuid': _NODE},
            202,
            keep='instance',
            until='ACTIVE',
        ),
        Step('list', ADMIN, 'GET', '/v1/nodes?sort_key=name&sort_dir=asc'),
        Step(
            'update',
            ADMIN,
            'PATCH',
            f'/v1/nodes/{_NODE}',
            {'maintenance': True, 'maintenance_reason': 'fan 3 is broken'},
        ),
        Step('show', ADMIN, 'GET', f'/v1/nodes/{_NODE}'),
    ),
    options={'fake__nodes': 2},
)

KEYPAIRS = Script(
    (
        Step(
            'create',
            MEMBER,
            'POST',
            '/v1/keypairs',
            {'name': 'laptop', 'public_key': keys.PUBLIC},
            201,
        ),
        Step('generate', MEMBER, 'POST', '/v1/keypairs', {'name': 'made-here'}, 201),
        Step('show', MEMBER, 'GET', '/v1/keypairs/laptop'),
        Step('list', MEMBER, 'GET', '/v1/keypairs'),
    ),
    given=(keys.FINGERPRINT,),
)

_QUOTA = f'/v1/quotas/{MEMBER.project_id}'
_CLASS = '/v1/quota_classes/default'
QUOTAS = Script(
    (
        _MAKE_FLAVOR,
        _create(),
        Step('limits', MEMBER, 'GET', '/v1/limits'),
        Step(
            'update',
            ADMIN,
            'PUT',
            f'/v1/quotas/{MEMBER.project_id}',
            {'quota': {'instances': 50}},
        ),
        Step('show', MEMBER, 'GET', _QUOTA),
        Step('show-defaults', MEMBER, 'GET', f'{_QUOTA}/defaults'),
        Step('show-detail', MEMBER, 'GET', f'{_QUOTA}/detail'),
        Step('show-class', MEMBER, 'GET', _CLASS),
        Step('update-class', ADMIN, 'PUT', _CLASS, {'quota_class': {'plans': 100}}),
    )
)

ERRORS = Script(
    (
        _MAKE_FLAVOR,
        Step(
            'invalid-body',
            MEMBER,
            'POST',
            '/v1/instances',
            {'name': 'db-1', 'colour': 'red'},
            400,
        ),
        Step('policy', MEMBER, 'GET', '/v1/nodes', status=403),
        _create(),
        _put('invalid-state', MEMBER, 'power', {'target': 'on'}, status=409),
        _LOCK,
        Step('locked', MEMBER, 'DELETE', _PATH, status=403),
        Step('not-found', MEMBER, 'GET', f'/v1/instances/{_IMAGE}', status=404),
        Step(
            'method-not-allowed',
            MEMBER,
            'DELETE',
            '/v1/instances',
            status=405,
            answers={'Allow': 'GET, HEAD, OPTIONS, POST'},
        ),
        Step('version', MEMBER, 'GET', '/v1/instances', status=406, version='1.999'),
        _create('no-node', status=409),
        Step(
            None,
            ADMIN,
            'PUT',
            f'/v1/quotas/{MEMBER.project_id}',
            {'quota': {'instances': 1}},
        ),
        _create('quota', status=403),
        lambda service: service.stop_conductor(),
        Step(
            'no-conductor',
            MEMBER,
            'DELETE',
            _PATH,
            status=503,
            answers={'Retry-After': '5'},
        ),
    ),
    # What is said when no conductor answers depends on the bus.
    options={'fake__nodes': 1, 'api__rpc_timeout': 1, 'bus': 'inprocess'},
)
