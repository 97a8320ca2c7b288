"""What Nova's routes answer at each microversion, as data (see test_every_version)."""

import typing

from tests import fixtures
from tests.functional.compute.compute_case import KEY


class Probe(typing.NamedTuple):
    """A request, and what is told of its answer at every version.

    :ivar asks: the method and the path, with names of what was made in braces
    :ivar steps: ``{version: what is so since}``: a status, and a text with keys
        that are new, or gone where there is a ``-`` before them
    :ivar part: where in the body the keys are, '' for the body itself, and 0 for
        the first one of a list; None where there are no keys to look at
    :ivar names: ``{name in the path: name of what was made}``
    :ivar once: True to send it with one Idempotency-Key at every version
    """

    asks: str
    steps: dict
    part: str | None = None
    body: object = None
    admin: bool = False
    names: dict = {}
    once: bool = False


_SUMMARY = 'id name links'
_SERVER = {
    '2.1': (
        200,
        f'{_SUMMARY} accessIPv4 accessIPv6 addresses created flavor hostId image '
        'metadata OS-DCF:diskConfig progress status tenant_id updated user_id',
    ),
    '2.9': 'locked',
    '2.19': 'description',
    '2.26': 'tags',
    '2.63': 'trusted_image_certificates',
    '2.73': 'locked_reason',
    '2.96': 'pinned_availability_zone',
}
#: What the answer to a change has since 2.75 only.
_WHOLE = (
    'config_drive key_name security_groups OS-EXT-AZ:availability_zone '
    'OS-EXT-STS:power_state OS-EXT-STS:task_state OS-EXT-STS:vm_state '
    'OS-SRV-USG:launched_at OS-SRV-USG:terminated_at '
    'os-extended-volumes:volumes_attached'
)
_HOST = ' '.join(
    f'OS-EXT-SRV-ATTR:{name}'
    for name in ('host', 'hypervisor_hostname', 'instance_name')
)
_ATTRIBUTES = ' '.join(
    f'OS-EXT-SRV-ATTR:{name}'
    for name in (
        'hostname', 'kernel_id', 'launch_index', 'ramdisk_id', 'reservation_id',
        'root_device_name', 'user_data',
    )
)  # fmt: skip
_GROUPS = {'2.71': 'server_groups'}
#: Admins have it since 2.3.
_HOSTNAME = {'2.90': 'OS-EXT-SRV-ATTR:hostname'}


def _add(steps, *more):
    """Steps with those of others."""
    found = {version: as_tuple(what) for version, what in steps.items()}
    for other in more:
        for version, what in other.items():
            found[version] = found.get(version, ()) + as_tuple(what)
    return found


def as_tuple(what):
    """The parts of a step, which may be one alone."""
    return what if isinstance(what, tuple) else (what,)


_ALL = _add(_SERVER, {'2.1': _WHOLE})
_DETAIL = _add(_ALL, _HOSTNAME)
_ADMINS = _add(_ALL, {'2.1': _HOST, '2.3': _ATTRIBUTES, '2.16': 'host_status'})
_ALL_CHANGED = _add(_SERVER, _GROUPS, {'2.75': _WHOLE})
_CHANGED = _add(_ALL_CHANGED, _HOSTNAME)
_CHANGED_BY_ADMIN = _add(_ALL_CHANGED, {'2.75': f'{_HOST} {_ATTRIBUTES} host_status'})
_REBUILT = _add(_CHANGED, {'2.1': 202, '2.54': 'key_name', '2.57': 'user_data'})
_IN_SERVER = {
    '2.1': (200, 'id links'),
    '2.47': '-id -links vcpus ram disk ephemeral swap original_name extra_specs',
}
_FLAVOR = {'2.1': (200, _SUMMARY), '2.55': 'description'}
_FLAVOR_DETAIL = _add(
    _FLAVOR,
    {
        '2.1': 'vcpus ram disk swap rxtx_factor OS-FLV-EXT-DATA:ephemeral '
        'OS-FLV-DISABLED:disabled os-flavor-access:is_public',
        '2.61': 'extra_specs',
    },
)
_KEYPAIR = {'2.1': (200, 'name public_key fingerprint'), '2.2': 'type'}
_ACTION = {
    '2.1': (
        200,
        'action instance_uuid request_id user_id project_id start_time message',
    ),
    '2.58': 'updated_at',
}
_EVENT = 'event start_time finish_time result'
_NETWORKS = (
    'maxSecurityGroups maxSecurityGroupRules maxTotalFloatingIps '
    'totalFloatingIpsUsed totalSecurityGroupsUsed'
)
_LIMITS = {
    '2.1': (
        200,
        'maxServerMeta maxTotalInstances maxTotalKeypairs totalInstancesUsed '
        'maxTotalCores maxTotalRAMSize maxServerGroups maxServerGroupMembers '
        'totalCoresUsed totalRAMUsed totalServerGroupsUsed '
        f'{_NETWORKS} maxImageMeta maxPersonality maxPersonalitySize',
    ),
    '2.36': ' '.join(f'-{name}' for name in _NETWORKS.split()),
    '2.39': '-maxImageMeta',
    '2.57': '-maxPersonality -maxPersonalitySize',
}

_SERVERS = '/v2.1/servers'
_ONE = f'{_SERVERS}/{{server_id}}'
_ACTIONS = f'{_ONE}/os-instance-actions'
_KEYPAIRS = '/v2.1/os-keypairs'
_SERVER_BODY = {
    'name': 'n',
    'imageRef': fixtures.IMAGE,
    'flavorRef': '{flavor_id}',
    'networks': [],
}
_REBUILD = {'rebuild': {'imageRef': fixtures.IMAGE}}

#: Asked for at every version; all routes are here.
ANSWERS = [
    Probe('GET /', {'2.1': (200, 'versions')}, ''),
    Probe(
        'GET /v2.1',
        {'2.1': (200, 'id status version min_version updated links media-types')},
        'version',
    ),
    Probe(
        'GET /v2.1/extensions',
        {'2.1': (200, 'alias name description links namespace updated')},
        'extensions.0',
    ),
    Probe('GET /v2.1/limits', _LIMITS, 'limits.absolute'),
    Probe('GET /v2.1/flavors', _FLAVOR, 'flavors.0'),
    Probe('GET /v2.1/flavors?limit=1', {'2.1': (200, 'flavors flavors_links')}, ''),
    Probe('GET /v2.1/flavors/detail', _FLAVOR_DETAIL, 'flavors.0'),
    Probe('GET /v2.1/flavors/{flavor_id}', _FLAVOR_DETAIL, 'flavor'),
    Probe(
        'GET /v2.1/flavors/{flavor_id}/os-extra_specs',
        {'2.1': (200, 'extra_specs')},
        '',
    ),
    Probe(
        f'POST {_KEYPAIRS}',
        _add(_KEYPAIR, {'2.1': 'user_id', '2.2': 201}),
        'keypair',
        {'keypair': {'name': '{new}', 'public_key': KEY}},
    ),
    Probe(
        f'DELETE {_KEYPAIRS}/{{keypair_name}}',
        {'2.1': 202, '2.2': 204},
        names={'keypair_name': 'new'},
    ),
    Probe(f'GET {_KEYPAIRS}', _KEYPAIR, 'keypairs.0.keypair'),
    Probe(
        f'GET {_KEYPAIRS}?limit=1',
        {'2.1': (200, 'keypairs'), '2.35': 'keypairs_links'},
        '',
    ),
    Probe(
        f'GET {_KEYPAIRS}/{{keypair_name}}',
        _add(_KEYPAIR, {'2.1': 'id user_id created_at updated_at deleted deleted_at'}),
        'keypair',
    ),
    Probe(
        f'POST {_SERVERS}',
        {'2.1': (202, 'id links OS-DCF:diskConfig security_groups')},
        'server',
        {'server': _SERVER_BODY},
        once=True,
    ),
    Probe(f'GET {_SERVERS}', {'2.1': (200, _SUMMARY)}, 'servers.0'),
    Probe(f'GET {_SERVERS}?limit=1', {'2.1': (200, 'servers servers_links')}, ''),
    Probe(f'GET {_SERVERS}/detail', _DETAIL, 'servers.0'),
    Probe(f'GET {_SERVERS}/detail?all_tenants=1', _ADMINS, 'servers.0', admin=True),
    Probe(f'GET {_ONE}', _add(_DETAIL, _GROUPS), 'server'),
    Probe(f'GET {_ONE}', _add(_ADMINS, _GROUPS), 'server', admin=True),
    Probe(f'GET {_ONE}', _IN_SERVER, 'server.flavor'),
    Probe(f'PUT {_ONE}', _CHANGED, 'server', {'server': {'name': 'm'}}),
    Probe(
        f'PUT {_ONE}',
        _CHANGED_BY_ADMIN,
        'server',
        {'server': {'name': 'm'}},
        admin=True,
    ),
    Probe(
        f'PUT {_ONE}',
        {
            '2.1': (200, 'version addr'),
            '2.75': 'OS-EXT-IPS:type OS-EXT-IPS-MAC:mac_addr',
        },
        'server.addresses.private.0',
        {'server': {'name': 'm'}},
    ),
    Probe(f'POST {_ONE}/action', {'2.1': 202}, body={'lock': None}),
    Probe(f'POST {_ONE}/action', {'2.1': 202}, body={'unlock': None}),
    Probe(
        f'POST {_ONE}/action',
        _REBUILT,
        'server',
        _REBUILD,
        names={'server_id': 'rebuilt'},
        once=True,
    ),
    Probe(f'DELETE {_ONE}', {'2.1': 204}, names={'server_id': 'dying'}),
    Probe(
        f'GET {_ACTIONS}', _ACTION, 'instanceActions.0', names={'server_id': 'rebuilt'}
    ),
    Probe(
        f'GET {_ACTIONS}?limit=1',
        {'2.1': (200, 'instanceActions'), '2.58': 'links'},
        '',
        names={'server_id': 'rebuilt'},
    ),
    Probe(
        f'GET {_ACTIONS}',
        {'2.1': 404, '2.21': (200, 'instanceActions')},
        '',
        names={'server_id': 'gone'},
    ),
    Probe(
        f'GET {_ACTIONS}/{{request_id}}',
        _add(_ACTION, {'2.51': 'events'}),
        'instanceAction',
    ),
    Probe(
        f'GET {_ACTIONS}/{{request_id}}',
        {'2.1': 200, '2.51': _EVENT, '2.62': 'hostId'},
        'instanceAction.events.0',
    ),
    Probe(
        f'GET {_ACTIONS}/{{request_id}}',
        {'2.1': (200, f'{_EVENT} traceback'), '2.62': 'hostId host', '2.84': 'details'},
        'instanceAction.events.0',
        admin=True,
    ),
]


def _create(steps, **values):
    """A creation that is refused for another reason where its body is taken."""
    server = {k: v for k, v in (_SERVER_BODY | values).items() if v is not None}
    hints = {'os:scheduler_hints': {'reservation': fixtures.IMAGE}}
    return Probe(f'POST {_SERVERS}', steps, body={'server': server} | hints)


def _bogus(asks, steps, **kwargs):
    return Probe(f'{asks}?bogus=1', steps, **kwargs)


def _reason(text):
    return {'lock': {'locked_reason': text}}


_OWNER = '?user_id={member}'

#: What is taken and what refused, asked for where that changes.
SWITCHES = [
    *(
        _bogus(f'GET /v2.1/{path}', {'2.1': 200, '2.75': 400})
        for path in (
            'flavors',
            'flavors/detail',
            'limits',
            'os-keypairs',
            'os-keypairs/{keypair_name}',
            'servers',
            'servers/detail',
        )
    ),
    _bogus(f'DELETE {_KEYPAIRS}/none', {'2.1': 404, '2.75': 400}),
    _bogus(f'GET {_ACTIONS}', {'2.1': 200, '2.58': 400}),
    *(
        _bogus(f'GET /v2.1{path}', {'2.1': 200})
        for path in (
            '',
            '/extensions',
            '/flavors/{flavor_id}',
            '/flavors/{flavor_id}/os-extra_specs',
            '/servers/{server_id}',
            '/servers/{server_id}/os-instance-actions/{request_id}',
        )
    ),
    _bogus(f'PUT {_ONE}', {'2.1': 200}, body={'server': {'name': 'm'}}),
    _bogus(f'POST {_ONE}/action', {'2.1': 409}, body={'unlock': None}),
    _bogus(f'POST {_KEYPAIRS}', {'2.1': 400}, body={}),
    _bogus(f'DELETE {_SERVERS}/none', {'2.1': 404}),
    Probe(f'GET {_ACTIONS}?changes-since=x', {'2.1': 200, '2.58': 400}),
    Probe(
        f'GET {_ACTIONS}?changes-before=2999-01-01',
        {'2.1': 200, '2.58': 400, '2.66': 200},
    ),
    Probe(f'GET {_ACTIONS}?marker=none', {'2.1': 200, '2.58': 400}),
    Probe(f'GET {_SERVERS}?changes-before=x', {'2.1': 200, '2.66': 400}),
    Probe(f'GET {_SERVERS}?status=bogus', {'2.1': 200, '2.38': 400}),
    Probe(f'GET {_SERVERS}?locked=maybe', {'2.1': 200, '2.73': 400}),
    Probe(f'GET {_KEYPAIRS}?marker=none', {'2.1': 200, '2.35': 400}),
    Probe(
        f'GET {_KEYPAIRS}/{{keypair_name}}{_OWNER}',
        {'2.1': 404, '2.10': 200},
        admin=True,
    ),
    Probe(
        f'POST {_KEYPAIRS}',
        {'2.1': 200, '2.2': 201, '2.92': 400},
        body={'keypair': {'name': '{new}'}},
    ),
    Probe(
        f'POST {_KEYPAIRS}',
        {'2.1': 400, '2.2': 409},
        body={'keypair': {'name': 'k', 'public_key': KEY, 'type': 'ssh'}},
    ),
    Probe(
        f'POST {_KEYPAIRS}',
        {'2.1': 400, '2.10': 409},
        body={'keypair': {'name': 'k', 'public_key': KEY, 'user_id': '{member}'}},
    ),
    Probe(
        f'POST {_KEYPAIRS}',
        {'2.1': 400, '2.92': 201},
        body={'keypair': {'name': '{new}@home', 'public_key': KEY}},
    ),
    Probe(
        f'PUT {_ONE}', {'2.1': 400, '2.19': 200}, body={'server': {'description': 'd'}}
    ),
    _create({'2.1': 400, '2.19': 409}, description='d'),
    _create({'2.1': 400, '2.37': 409}, networks='none'),
    _create({'2.1': 409, '2.37': 400}, networks=None),
    Probe(f'POST {_ONE}/action', {'2.1': 202, '2.73': 400}, body=_reason('')),
    Probe(f'POST {_ONE}/action', {'2.1': 202, '2.73': 409}, body={'unlock': None}),
]
