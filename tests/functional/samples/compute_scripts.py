"""What is played for the pages of Nova's routes, under the pages' names."""

from tests import keys
from tests.functional.samples.script import ADMIN
from tests.functional.samples.script import MEMBER
from tests.functional.samples.script import Script
from tests.functional.samples.script import Step

_IMAGE = '70b5d7a6-9f0a-4a5c-8b53-6a1f0f6f7c24'
_OTHER_IMAGE = 'c1f1c5b5-0c3e-4b5f-9d9d-3f0a5f3d8e21'
_FLAVOR = {
    'name': 'metal.large',
    'description': 'Two sockets, no GPU.',
    'resource_class': 'baremetal',
    'properties': {'cpus': '16', 'memory_mb': '65536', 'local_gb': '960'},
}
_SERVERS = '/v2.1/servers'
_SERVER = f'{_SERVERS}/$instance'
_MAKE_FLAVOR = Step(None, ADMIN, 'POST', '/v1/flavors', _FLAVOR, 201, keep='flavor')


def _create(sample=None, **values):
    server = {
        'name': 'db-1',
        'imageRef': _IMAGE,
        'flavorRef': '$flavor',
        'networks': 'none',
        **values,
    }
    return Step(
        sample, MEMBER, 'POST', _SERVERS, {'server': server}, 202, 'instance',
        until='ACTIVE',
    )  # fmt: skip


def _act(sample, action, terms=None, until=None, status=202):
    path = f'{_SERVER}/action'
    return Step(sample, MEMBER, 'POST', path, {action: terms}, status, until=until)


COMPUTE_SERVERS = Script(
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
            key_name='laptop',
        ),
        Step('show', MEMBER, 'GET', _SERVER),
        Step('show-oldest', MEMBER, 'GET', _SERVER, version='2.1'),
        Step('list', MEMBER, 'GET', _SERVERS),
        Step('list-detail', MEMBER, 'GET', f'{_SERVERS}/detail?name=^db'),
        Step('update', MEMBER, 'PUT', _SERVER, {'server': {'name': 'db-primary'}}),
        _act('lock', 'lock', {'locked_reason': 'a backup runs'}),
        _act('second-lock', 'lock', status=409),
        _act('unlock', 'unlock'),
        _act('stop', 'os-stop', until='STOPPED'),
        _act(None, 'os-start', until='ACTIVE'),
        _act('reboot', 'reboot', {'type': 'SOFT'}, until='ACTIVE'),
        _act('rebuild', 'rebuild', {'imageRef': _OTHER_IMAGE}),
    ),
    # Else it may be through before the answer is written.
    options={'fake__nodes': 1, 'fake__step_seconds': {'rebuild.write_image': 600}},
)

COMPUTE_ACTIONS = Script(
    (
        _MAKE_FLAVOR,
        _create(),
        _act(None, 'lock', {'locked_reason': 'a backup runs'}),
        Step('list', MEMBER, 'GET', f'{_SERVER}/os-instance-actions'),
        # From 2.62 on it tells what is on one host, which is another one each time.
        Step(
            'show',
            MEMBER,
            'GET',
            f'{_SERVER}/os-instance-actions/$instance_request',
            version='2.61',
        ),
    ),
    options={'fake__nodes': 1},
)

COMPUTE_FLAVORS = Script(
    (
        _MAKE_FLAVOR,
        Step('list', MEMBER, 'GET', '/v2.1/flavors'),
        Step('list-detail', MEMBER, 'GET', '/v2.1/flavors/detail'),
        Step('show', MEMBER, 'GET', '/v2.1/flavors/$flavor'),
        Step('extra-specs', MEMBER, 'GET', '/v2.1/flavors/$flavor/os-extra_specs'),
    )
)

_KEYPAIR = {'keypair': {'name': 'laptop', 'public_key': keys.PUBLIC}}
COMPUTE_ACCOUNTS = Script(
    (
        Step('create', MEMBER, 'POST', '/v2.1/os-keypairs', _KEYPAIR, 201),
        Step('list', MEMBER, 'GET', '/v2.1/os-keypairs'),
        Step('show', MEMBER, 'GET', '/v2.1/os-keypairs/laptop'),
        Step('limits', MEMBER, 'GET', '/v2.1/limits'),
        Step('extensions', MEMBER, 'GET', '/v2.1/extensions'),
    ),
    # As Nova has them.
    given=('2014-12-03T00:00:00Z',),
)
