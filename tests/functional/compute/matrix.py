"""Who may do what on Nova's routes, as data (see persona_matrix)."""

from tests.functional.protection.matrix import NOT_THERE
from tests.functional.protection.matrix import Probe

#: The only rule that is theirs alone; an admin locks by another.
MATRIX = {'instance:lock_own': 'Y o o . . . .'}

_ROOT = '/v2.1'
_SERVERS = f'{_ROOT}/servers'
_SERVER = f'{_SERVERS}/{{instance}}'
_FLAVORS = f'{_ROOT}/flavors'
_KEYPAIRS = f'{_ROOT}/os-keypairs'
_BAD = (400, 'InvalidParameter')
_LOCKED = (409, 'Conflict')
_CREATE = {'name': 'n', 'flavorRef': NOT_THERE, 'imageRef': NOT_THERE}


def _act(rule, action, terms, allowed=_LOCKED):
    return Probe(rule, 'POST', f'{_SERVER}/action', {action: terms}, allowed)


PROBES = [
    *(
        Probe(rule, 'GET', f'{_SERVERS}{detail}{query}')
        for detail in ('', '/detail')
        for rule, query in (
            ('instance:list', ''),
            ('instance:list_all_projects', '?all_tenants=1'),
            ('instance:show_node', f'?host={NOT_THERE}'),
        )
    ),
    Probe('instance:show', 'GET', _SERVER),
    Probe(
        'instance:create',
        'POST',
        _SERVERS,
        {'server': {**_CREATE, 'networks': 'none'}},
        _BAD,
    ),
    Probe('instance:update', 'PUT', _SERVER, {'server': {'name': 'x'}}, _LOCKED),
    Probe('instance:delete', 'DELETE', _SERVER, None, _LOCKED),
    _act('instance:power', 'os-start', None),
    _act('instance:power', 'os-stop', None),
    _act('instance:power', 'reboot', {'type': 'HARD'}),
    _act('instance:rebuild', 'rebuild', {'imageRef': NOT_THERE}),
    _act('instance:lock_own', 'lock', None),
    _act('instance:lock', 'unlock', None, (202, None)),
    Probe('instance:actions', 'GET', f'{_SERVER}/os-instance-actions'),
    Probe('instance:actions', 'GET', f'{_SERVER}/os-instance-actions/{{request}}'),
    Probe('flavor:list', 'GET', _FLAVORS),
    Probe('flavor:list', 'GET', f'{_FLAVORS}/detail'),
    Probe('flavor:list', 'GET', f'{_FLAVORS}/{{flavor}}'),
    Probe('flavor:list', 'GET', f'{_FLAVORS}/{{flavor}}/os-extra_specs'),
    Probe('flavor:list', 'GET', f'{_ROOT}/extensions'),
    Probe('keypair:list', 'GET', f'{_KEYPAIRS}?user_id={{user}}'),
    Probe('keypair:list', 'GET', f'{_KEYPAIRS}/k?user_id={{user}}'),
    Probe(
        'keypair:create',
        'POST',
        _KEYPAIRS,
        {'keypair': {'name': 'k', 'user_id': '{user}', 'public_key': 'none'}},
        _BAD,
    ),
    Probe(
        'keypair:delete',
        'DELETE',
        f'{_KEYPAIRS}/none?user_id={{user}}',
        None,
        (404, 'KeypairNotFound'),
    ),
    Probe('limits:show', 'GET', f'{_ROOT}/limits'),
    Probe('quota:show', 'GET', f'{_ROOT}/limits?tenant_id={{project}}'),
]

#: How the paths of probes are documented.
DOCUMENTED = (
    ('servers/{instance}', 'servers/{server_id}'),
    ('v2.1/flavors/{flavor}', 'v2.1/flavors/{flavor_id}'),
    ('os-keypairs/k', 'os-keypairs/{keypair_name}'),
    ('os-keypairs/none', 'os-keypairs/{keypair_name}'),
)

_FAULTS = {
    400: 'badRequest',
    403: 'forbidden',
    404: 'itemNotFound',
    409: 'conflictingRequest',
}


def is_novas(probe):
    """True when its errors have Nova's form."""
    return probe.path.startswith(_ROOT)


def rename(answer):
    """(status, error's name) of an answer with Nova's name of the error."""
    return answer[0], _FAULTS.get(answer[0])


def read(answer):
    """(status, Nova's name of the error or None) of what was answered."""
    return answer.status, next(iter(answer.body)) if answer.status > 399 else None
