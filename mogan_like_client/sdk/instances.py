"""The proxy's part about instances, and what they are made of."""

from openstack import exceptions

from mogan_like_client import waiting
from mogan_like_client.sdk import action
from mogan_like_client.sdk import identifiers
from mogan_like_client.sdk import instance
from mogan_like_client.sdk import inventory
from mogan_like_client.sdk import quota
from mogan_like_client.sdk import verbs


class InstancesMixin:
    """Instances, their locks and actions; flavors, nodes, keypairs, quotas.

    What takes an ``idempotency_key`` is done once under it, as of :mod:`.sending`.
    """

    instances = verbs.lister(instance.Instance)
    get_instance = verbs.getter(instance.Instance)
    find_instance = verbs.finder(instance.Instance)
    create_instance = verbs.creator(instance.Instance)
    update_instance = verbs.updater(instance.Instance)
    delete_instance = verbs.deleter(instance.Instance)

    flavors = verbs.lister(inventory.Flavor)
    get_flavor = verbs.getter(inventory.Flavor)
    find_flavor = verbs.finder(inventory.Flavor)
    create_flavor = verbs.creator(inventory.Flavor)
    update_flavor = verbs.updater(inventory.Flavor)
    delete_flavor = verbs.deleter(inventory.Flavor)

    nodes = verbs.lister(inventory.Node)
    get_node = verbs.getter(inventory.Node)
    find_node = verbs.finder(inventory.Node)

    keypairs = verbs.lister(inventory.Keypair)
    create_keypair = verbs.creator(inventory.Keypair)

    actions = verbs.lister(action.Action)

    def lock_instance(
        self, value, reason=None, expires_at=None, *, idempotency_key=None
    ):
        """Hold an ACTIVE instance for maintenance; the id of the request.

        :param value: an instance or its id
        :param reason: up to 255 characters
        :param expires_at: when it is released by itself, as in ISO 8601
        """
        found = self._get_resource(instance.Instance, value)
        return found.lock(self, reason, expires_at, idempotency_key)

    def unlock_instance(self, value, *, idempotency_key=None):
        """Release the lock of an instance; the id of the request."""
        found = self._get_resource(instance.Instance, value)
        return found.unlock(self, idempotency_key)

    def start_instance(self, value, *, idempotency_key=None):
        """Begin to switch a machine on; the id of the request."""
        found = self._get_resource(instance.Instance, value)
        return found.power(self, 'on', idempotency_key)

    def stop_instance(self, value, hard=False, *, idempotency_key=None):
        """Begin to switch a machine off; the id of the request.

        :param hard: do not ask its system
        """
        target = 'off' if hard else 'soft_off'
        found = self._get_resource(instance.Instance, value)
        return found.power(self, target, idempotency_key)

    def reboot_instance(self, value, hard=False, *, idempotency_key=None):
        """Begin to start a machine again; the id of the request.

        :param hard: do not ask its system
        """
        target = 'reboot' if hard else 'soft_reboot'
        found = self._get_resource(instance.Instance, value)
        return found.power(self, target, idempotency_key)

    def rebuild_instance(self, value, image_uuid=None, *, idempotency_key=None):
        """Begin to write the image, or another one, again; the id of the request."""
        found = self._get_resource(instance.Instance, value)
        return found.rebuild(self, image_uuid, idempotency_key)

    def get_instance_lock(self, value):
        """Who holds an instance: an :class:`.instance.InstanceLock`."""
        return self._get(
            instance.InstanceLock, requires_id=False, instance_id=_get_id(value)
        )

    def instance_actions(self, value, **query):
        """Yield what was done to an instance, newest first; also to a deleted one."""
        return action.InstanceAction.list(self, instance_id=_get_id(value), **query)

    def get_instance_action(self, value, request_id):
        """What one request did to an instance, with its events."""
        return self._get(action.InstanceAction, request_id, instance_id=_get_id(value))

    def set_node_maintenance(self, value, reason=None):
        """Take a node out of placement."""
        attrs = {'maintenance': True}
        if reason is not None:
            attrs['maintenance_reason'] = reason
        # By its id: what a node that was read before says already is sent, too.
        return self._update(inventory.Node, _get_id(value), **attrs)

    def unset_node_maintenance(self, value):
        """Put a node back into placement."""
        return self._update(inventory.Node, _get_id(value), maintenance=False)

    def get_keypair(self, name, user_id=None):
        """A keypair of the caller, or of a user whom an administrator names."""
        params = {'user_id': user_id} if user_id else {}
        return inventory.Keypair.new(id=name).fetch(self, **params)

    def delete_keypair(self, name, user_id=None):
        """Delete a keypair of the caller, or of another user.

        :raises NotFoundException: when there is none
        """
        name = _get_id(name)
        # That there is none is told by a look: the answer to what is sent again
        # because the first one was lost says so, too, and means success.
        self.get_keypair(name, user_id)
        params = {'user_id': user_id} if user_id else None
        self._delete(inventory.Keypair, name, params=params)

    def get_limits(self):
        """The own project's limits, and what is used of them."""
        return self._get(quota.Limits, requires_id=False)

    def get_quota(self, project_id):
        """The limits of a project, with what is in use."""
        return self._get(quota.QuotaDetail, requires_id=False, project_id=project_id)

    def get_quota_defaults(self, project_id):
        """The limits of projects that have none of their own."""
        return self._get(quota.QuotaDefaults, requires_id=False, project_id=project_id)

    def update_quota(self, project_id, limits):
        """Set limits of a project; those that hold now as ``{kind: number}``.

        :param limits: ``{kind: number}``; -1 for none
        """
        path = f'/quotas/{identifiers.quote(project_id)}'
        return quota.put(self, path, 'quota', limits)

    def delete_quota(self, project_id):
        """Let the defaults apply to a project again."""
        self._delete(quota.Quota, project_id, ignore_missing=False)

    def update_quota_defaults(self, limits):
        """Set limits of projects that have none of their own, as of one's."""
        path = '/quota_classes/default'
        return quota.put(self, path, 'quota_class', limits)

    def wait_for_instance(
        self, value, status='ACTIVE', timeout=waiting.TIMEOUT, tell=None
    ):
        """Wait until an instance is in a status.

        :param value: an instance or its id
        :param status: None waits until it is gone, which is as well as DELETED
        :param timeout: seconds
        :param tell: as of :func:`mogan_like_client.waiting.wait_for`
        :returns: the instance; None when it is gone
        :raises ResourceFailure: when it will not get there, with its fault
        :raises ResourceTimeout: when it took longer, with how it was at last
        """
        judged = {'failures': instance.SETTLED - {status}, 'gone': status == 'DELETED'}
        return self._wait(instance.Instance, value, status, judged, timeout, tell)

    def wait_for_instance_action(
        self, value, request_id, timeout=waiting.TIMEOUT, tell=None
    ):
        """Wait until what a request began is done.

        Unlike a wait for a status this sees a reboot that failed, too.

        :param value: an instance or its id
        :returns: the action
        :raises ResourceFailure: when it failed, with what is said of it
        :raises ResourceTimeout: when it took longer
        """
        judged = {'failures': {'error', 'refused', 'cancelled'}}
        params = {'instance_id': _get_id(value)}
        kind = action.InstanceAction
        return self._wait(kind, request_id, 'success', judged, timeout, tell, **params)

    def _wait(self, kind, value, status, judged, timeout, tell, **params):
        """As of :func:`.waiting.wait_for`, for one object.

        :param judged: what :func:`.waiting.is_in` takes besides
        """
        uuid, name = _get_id(value), getattr(value, 'name', None)
        whose = f'{kind.noun} {name} ({uuid})' if name else f'{kind.noun} {uuid}'
        client = self.hurry()

        def look(seconds):
            client.time_limit = seconds
            try:
                return client._get(kind, uuid, **params)
            except exceptions.NotFoundException:
                return None

        judge = waiting.is_in(whose, status, **judged)
        what = f'{whose} to be {status or "gone"}'
        return waiting.wait_for(look, judge, what, timeout, tell)


def _get_id(value):
    return getattr(value, 'id', value)
