"""Every verb that changes an instance: its request, and what it is by the table."""

import dataclasses

from mogan_like.instances import states
from tests import fixtures


@dataclasses.dataclass(frozen=True)
class Verb:
    """One request that changes an instance.

    :ivar event: what it is in the state table; None for one that is not there
    :ivar path: below the instance
    :ivar rule: the policy rule that allows it
    :ivar action: what the audit calls it
    """

    event: str | None
    method: str
    path: str
    body: object
    rule: str
    action: str

    def send(self, client, uuid):
        """The answer to the request."""
        return client.send(self.method, f'/v1/instances/{uuid}{self.path}', self.body)


def _power(target, event):
    return Verb(
        event, 'PUT', '/states/power', {'target': target}, 'instance:power', event
    )


VERBS = {
    'lock': Verb(
        'lock', 'PUT', '/states/lock', {'lock': None}, 'instance:lock', 'lock'
    ),
    'unlock': Verb(
        'unlock', 'PUT', '/states/unlock', {'unlock': None}, 'instance:lock', 'unlock'
    ),
    'on': _power('on', 'power_on'),
    'off': _power('off', 'power_off'),
    'soft_off': _power('soft_off', 'power_off'),
    'reboot': _power('reboot', 'reboot'),
    'soft_reboot': _power('soft_reboot', 'reboot'),
    'rebuild': Verb(
        'rebuild',
        'PUT',
        '/states/provision',
        {'target': 'rebuild', 'image_uuid': fixtures.IMAGE},
        'instance:rebuild',
        'rebuild',
    ),
    'update': Verb(
        None,
        'PATCH',
        '',
        {'name': 'other', 'metadata': {'a': 'b'}},
        'instance:update',
        'update',
    ),
    'delete': Verb('delete', 'DELETE', '', None, 'instance:delete', 'delete'),
}


def judge(verb, status):
    """(HTTP status, error's name or None, status after) that the table wants."""
    if status == states.DELETED:
        return 404, 'InstanceNotFound', status
    if verb.event is None:
        if status == states.LOCKED:
            return 403, 'OperationNotPermitted', status
        return 200, None, status
    target = states.TRANSITIONS.get((status, verb.event))
    if target is not None:
        return 202, None, target
    if status == states.LOCKED or verb.event in ('lock', 'unlock'):
        return 403, 'OperationNotPermitted', status
    return 409, 'InvalidState', status
