"""What is played for the pages of leases, hosts and resource types."""

from tests import fixtures
from tests.functional.samples.script import ADMIN
from tests.functional.samples.script import MEMBER
from tests.functional.samples.script import Script
from tests.functional.samples.script import Step

_DUMMY = 'dummy.vm.plugin'
_PATH = '/v1/leases/$lease'
_HOST = '/v1/os-hosts/$host'
_LEASE = {
    'name': 'training',
    'start_date': 'now',
    'end_date': '2031-05-01 18:00',
    'reservations': [
        {
            'resource_type': 'physical:host',
            'min': 1,
            'max': 1,
            'resource_properties': '["=", "$$gpu", "true"]',
        }
    ],
}
_DATES = ('2031-05-01T18:00:00.000000', '2031-05-08T18:00:00.000000')
_MAKE_FLAVOR = Step(
    None,
    ADMIN,
    'POST',
    '/v1/flavors',
    {'name': 'metal.large', 'resource_class': 'baremetal'},
    201,
    keep='flavor',
)
_IMAGE = '70b5d7a6-9f0a-4a5c-8b53-6a1f0f6f7c24'


def _wait_until_held(service):
    """Wait until the one lease there is waits for its instance."""

    def is_held():
        (lease,) = service.admin.get('/v1/leases').body['leases']
        lease = service.admin.get(f'/v1/leases/{lease["id"]}').body['lease']
        waiting = lease['waiting_for']
        return waiting and 'locked' in waiting['reason']

    fixtures.wait_until(is_held, 'the lease to wait')


LEASES = Script(
    (
        Step(
            None, ADMIN, 'POST', '/v1/os-hosts', {'name': 'fake-0', 'gpu': 'true'}, 201
        ),
        Step(
            'create',
            MEMBER,
            'POST',
            '/v1/leases',
            _LEASE,
            201,
            keep='lease',
            until='ACTIVE',
        ),
        Step('list', MEMBER, 'GET', '/v1/leases?status=ACTIVE&limit=1'),
        Step(
            'update',
            MEMBER,
            'PUT',
            _PATH,
            {'name': 'training-2', 'end_date': '2031-05-08T20:00:00+02:00'},
        ),
        _MAKE_FLAVOR,
        Step(
            None,
            MEMBER,
            'POST',
            '/v1/instances',
            {
                'name': 'db-1',
                'flavor_uuid': '$flavor',
                'image_uuid': _IMAGE,
                'reservation': '$lease_reservation',
            },
            202,
            keep='instance',
            until='ACTIVE',
        ),
        Step(
            None,
            ADMIN,
            'PUT',
            '/v1/instances/$instance/states/lock',
            {'lock': {'reason': 'new power supply'}},
            202,
        ),
        Step(None, MEMBER, 'PUT', _PATH, {'end_date': 'now'}),
        _wait_until_held,
        Step('show', ADMIN, 'GET', _PATH),
        Step('retry', ADMIN, 'POST', f'{_PATH}/action', {'retry': None}, 202),
        Step(
            None,
            ADMIN,
            'PUT',
            '/v1/instances/$instance/states/unlock',
            {'unlock': None},
            202,
        ),
        Step(None, MEMBER, 'PUT', _PATH, {'end_date': 'now'}, until='TERMINATED'),
        Step('list-actions', MEMBER, 'GET', f'{_PATH}/actions?limit=2'),
        Step('show-action', MEMBER, 'GET', f'{_PATH}/actions/$lease_request'),
    ),
    given=_DATES,
)

HOSTS = Script(
    (
        Step(
            'create',
            ADMIN,
            'POST',
            '/v1/os-hosts',
            {'name': 'fake-0', 'gpu': 'true', 'slots': 2, 'rack': 'r1'},
            201,
            keep='host',
        ),
        Step('update', ADMIN, 'PUT', _HOST, {'rack': 'r2', 'slots': None}),
        Step('show', ADMIN, 'GET', _HOST),
        Step('list', ADMIN, 'GET', '/v1/os-hosts'),
        Step('list-properties', MEMBER, 'GET', '/v1/os-hosts/properties?detail=true'),
        Step(
            'update-property',
            ADMIN,
            'PATCH',
            '/v1/os-hosts/properties/rack',
            {'private': True},
        ),
        Step('list-allocations', ADMIN, 'GET', '/v1/os-hosts/allocations'),
        Step('show-allocation', ADMIN, 'GET', f'{_HOST}/allocation'),
    )
)

PLUGINS = Script(
    (
        Step('list', MEMBER, 'GET', '/v1/plugins'),
        Step(
            'list-allocations', ADMIN, 'GET', f'/v1/allocations?resource_type={_DUMMY}'
        ),
    )
)
