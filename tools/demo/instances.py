"""A lock: what is locked for maintenance, nobody can delete."""

from client import ACTION_FIELDS
from client import IMAGE
from client import say

FLAVOR = {
    'name': 'demo',
    'resource_class': 'baremetal',
    'properties': {},
    'is_public': True,
}
INSTANCE = {
    'name': 'demo',
    'image_uuid': IMAGE,
    'networks': [{'net_id': '2f5d9b0e-52a6-4a8e-8f0c-5b8c0c7f3a44'}],
}


def play(service):
    """The story of an instance, from the create to the history of what is gone."""
    flavor = find_flavor(service)
    say(1, 'A member of the project creates an instance')
    body = dict(INSTANCE, flavor_uuid=flavor)
    answer = service.show('demo', 'POST', '/v1/instances', body, expect=202)
    path = f'/v1/instances/{answer.body["uuid"]}'
    service.wait_until('ACTIVE', path, lambda got: got.body['status'] == 'ACTIVE')
    say(2, 'A moment later it is ACTIVE')
    service.show('demo', 'GET', f'{path}/states')

    say(3, 'An operator locks it for maintenance')
    lock = {'lock': {'reason': 'replacing the power supply'}}
    service.show('admin', 'PUT', f'{path}/states/lock', lock, expect=202)
    say(4, 'Its project cannot delete it now, nor could the operator')
    service.show('demo', 'DELETE', path, expect=403)
    say(5, 'Everybody who sees the instance can see why')
    service.show('demo', 'GET', f'{path}/lock')
    say(6, 'The operator is done, and unlocks it')
    unlock = {'unlock': None}
    service.show('admin', 'PUT', f'{path}/states/unlock', unlock, expect=202)

    say(7, 'The member deletes it')
    service.show('demo', 'DELETE', path, expect=202)
    service.wait_until('gone', path, lambda got: got.status == 404)
    say(8, 'It is gone')
    service.show('demo', 'GET', path, expect=404)
    say(9, 'Who did what to it? The history is still there')
    answer = service.show('demo', 'GET', f'{path}/actions', keep=ACTION_FIELDS)
    service.sum_up(answer.body['actions'])


def find_flavor(service):
    """The uuid of the flavor that the story uses; made on its first telling."""
    flavors = service.send('admin', 'GET', '/v1/flavors').body['flavors']
    for flavor in flavors:
        if flavor['name'] == FLAVOR['name']:
            return flavor['uuid']
    say(0, 'An operator offers a kind of machine')
    return service.show('admin', 'POST', '/v1/flavors', FLAVOR, expect=201).body['uuid']
