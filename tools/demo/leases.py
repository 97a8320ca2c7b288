"""A lease: it ends at any time, and a locked machine is the one thing it waits for."""

import time

from client import ACTION_FIELDS
from client import IMAGE
from client import UnexpectedError
from client import say
from instances import find_flavor

_DAY = 86400
#: What is shown of a host, and of a lease; they have more.
_HOST = ('id', 'hypervisor_hostname', 'cpu_arch', 'gpu', 'reservable')
_LEASE = ('id', 'name', 'status', 'start_date', 'end_date', 'reservations')
_ENDING = ('id', 'status', 'end_date', 'instances', 'waiting_for')


def play(service):
    """From a node that is opened for reservation to the history of who ended it."""
    flavor = find_flavor(service)
    open_node(service)
    say(1, 'A member leases a node, from now on for a day')
    lease = service.show(
        'demo', 'POST', '/v1/leases', make_lease(), expect=201, only=_LEASE
    ).body
    path = f'/v1/leases/{lease["lease"]["id"]}'
    reservation = lease['lease']['reservations'][0]['id']
    service.wait_until('ACTIVE', path, lambda got: get_status(got) == 'ACTIVE')

    say(2, 'It is ACTIVE at once; the member puts an instance on its node')
    body = {
        'name': 'leased',
        'flavor_uuid': flavor,
        'image_uuid': IMAGE,
        'reservation': reservation,
    }
    made = service.show('demo', 'POST', '/v1/instances', body, expect=202).body
    instance = f'/v1/instances/{made["uuid"]}'
    service.wait_until('ACTIVE', instance, lambda got: got.body['status'] == 'ACTIVE')
    say(3, 'An operator locks the instance for maintenance')
    lock = {'lock': {'reason': 'replacing a disk'}}
    service.show('admin', 'PUT', f'{instance}/states/lock', lock, expect=202)

    say(4, 'The member ends the lease now')
    service.show('demo', 'PUT', path, {'end_date': 'now'}, only=_ENDING)
    service.wait_until('waiting', path, names_the_lock)
    say(5, 'It cannot: the machine is being worked on. It says what it waits for')
    service.show('demo', 'GET', path, only=_ENDING)
    say(6, 'The operator is done, and unlocks the instance')
    unlock = {'unlock': None}
    service.show('admin', 'PUT', f'{instance}/states/unlock', unlock, expect=202)
    service.wait_until('ended', path, lambda got: get_status(got) == 'TERMINATED')

    say(7, 'Nobody has to do more: the lease ends by itself, and the instance is gone')
    service.show('demo', 'GET', path, only=_ENDING)
    service.show('demo', 'GET', instance, expect=404)
    say(8, 'Who ended it? The audit of the deleted instance names the lease, and who')
    answer = service.show(
        'demo', 'GET', f'{instance}/actions', keep=(*ACTION_FIELDS, 'cause', 'cause_id')
    )
    service.sum_up(answer.body['actions'])


def make_lease():
    """The body of a lease of one node."""
    return {
        'name': 'demo',
        'start_date': 'now',
        'end_date': time.strftime('%Y-%m-%d %H:%M', time.gmtime(time.time() + _DAY)),
        'reservations': [
            {
                'resource_type': 'physical:host',
                'min': 1,
                'max': 1,
                'resource_properties': '["=", "$gpu", "true"]',
            }
        ],
    }


def get_status(answer):
    """The status of the lease that was asked for."""
    return answer.body['lease']['status']


def names_the_lock(answer):
    """True once the lease says that a locked instance is what it waits for."""
    waiting_for = answer.body['lease']['waiting_for']
    return waiting_for and 'locked' in waiting_for['reason']


def open_node(service):
    """Open a free node for reservation, unless an earlier telling did."""
    if service.send('admin', 'GET', '/v1/os-hosts').body['hosts']:
        return
    nodes = service.send('admin', 'GET', '/v1/nodes').body['nodes']
    free = [node for node in nodes if not node['instance_uuid']]
    if not free:
        raise UnexpectedError('no node is free')
    say(0, 'An operator opens a node for reservation')
    body = {'name': free[0]['name'], 'gpu': 'true'}
    service.show('admin', 'POST', '/v1/os-hosts', body, expect=201, only=_HOST)
