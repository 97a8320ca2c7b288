"""Instances, and what they are in."""

from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions
from openstack import resource

from mogan_like_client.sdk import action
from mogan_like_client.sdk import base

#: Statuses that do not change by themselves.
SETTLED = frozenset(('ACTIVE', 'LOCKED', 'STOPPED', 'ERROR', 'DELETED'))
#: What the audit calls the targets; the verbs it calls as they are.
_ACTIONS = {
    'on': 'power_on',
    **dict.fromkeys(('off', 'soft_off'), 'power_off'),
    **dict.fromkeys(('reboot', 'soft_reboot'), 'reboot'),
    'rebuild': 'rebuild',
}


class Instance(base.Resource):
    """A physical machine given to a project."""

    noun = 'instance'
    resources_key = 'instances'
    base_path = '/instances'
    list_path = '/instances/detail'
    _max_microversion = '1.6'
    allow_create = True
    allow_commit = True
    allow_delete = True
    commit_method = 'PATCH'

    _query_mapping = resource.QueryParameters(
        'status',
        'name',
        'locked',
        'flavor_uuid',
        'node_uuid',
        'all_projects',
        'deleted',
        'changes_since',
        'sort_key',
        'sort_dir',
    )

    id = resource.Body('uuid', alternate_id=True)
    description = resource.Body('description')
    #: As it is in the service: BUILDING, ACTIVE, LOCKED, ...
    status = resource.Body('status')
    power_state = resource.Body('power_state')
    locked = resource.Body('locked', type=bool)
    project_id = resource.Body('project_id')
    user_id = resource.Body('user_id')
    flavor_uuid = resource.Body('flavor_uuid')
    image_uuid = resource.Body('image_uuid')
    #: For administrators; None for others.
    node_uuid = resource.Body('node_uuid')
    availability_zone = resource.Body('availability_zone')
    metadata = resource.Body('metadata', type=dict)
    networks = resource.Body('networks', type=list)
    addresses = resource.Body('addresses', type=dict)
    key_name = resource.Body('key_name')
    #: Of a new instance only: cloud-init's, base64 encoded.
    user_data = resource.Body('user_data')
    #: Of a new instance only: the reservation whose node it is to be on.
    reservation = resource.Body('reservation')
    reservation_uuid = resource.Body('reservation_uuid')
    #: Why it is in ERROR: code, message, created_at; or None.
    fault = resource.Body('fault', type=dict)
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')
    launched_at = resource.Body('launched_at')
    deleted_at = resource.Body('deleted_at')

    def lock(self, session, reason=None, expires_at=None, idempotency_key=None):
        """Hold it for maintenance; as of the proxy's ``lock_instance``."""
        terms = {'reason': reason, 'expires_at': expires_at}
        terms = {name: value for name, value in terms.items() if value is not None}
        return self._begin(session, 'lock', {'lock': terms or None}, idempotency_key)

    def unlock(self, session, idempotency_key=None):
        """Release the lock."""
        return self._begin(session, 'unlock', {'unlock': None}, idempotency_key)

    def power(self, session, target, idempotency_key=None):
        """Begin to switch it: on, off, reboot, soft_off or soft_reboot."""
        return self._begin(session, 'power', {'target': target}, idempotency_key)

    def rebuild(self, session, image_uuid=None, idempotency_key=None):
        """Begin to write its image, or another one, again."""
        body = {'target': 'rebuild'}
        if image_uuid is not None:
            body['image_uuid'] = image_uuid
        return self._begin(session, 'provision', body, idempotency_key)

    def _begin(self, session, verb, body, idempotency_key):
        answer = self._send(session, 'PUT', f'states/{verb}', body, idempotency_key)
        request_id = answer.headers.get('x-openstack-request-id')
        if answer.attempts == 1 and idempotency_key is None:
            return request_id
        # An earlier one may have done it, and its answer with its id was lost.
        name = _ACTIONS.get(body.get('target'), verb)
        try:
            done = action.InstanceAction.list(session, instance_id=self.id)
            found = (each.request_id for each in done if each.action == name)
            return next(found, request_id)
        except (exceptions.SDKException, auth_exceptions.ClientException):
            # It is done, whoever can tell by which request.
            return request_id


class InstanceLock(base.Resource):
    """Who holds an instance, why, since when and until when."""

    noun = 'lock'
    base_path = '/instances/%(instance_id)s/lock'
    _max_microversion = '1.4'
    requires_id = False
    allow_list = False

    instance_id = resource.URI('instance_id')
    locked = resource.Body('locked', type=bool)
    #: ``admin`` or ``owner``.
    locked_by = resource.Body('locked_by')
    user_id = resource.Body('user_id')
    reason = resource.Body('reason')
    since = resource.Body('since')
    expires_at = resource.Body('expires_at')
