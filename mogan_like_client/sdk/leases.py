"""The proxy's part about leases."""

from openstack import exceptions

from mogan_like_client import waiting
from mogan_like_client.sdk import action
from mogan_like_client.sdk import host
from mogan_like_client.sdk import identifiers
from mogan_like_client.sdk import lease
from mogan_like_client.sdk import sending
from mogan_like_client.sdk import verbs


class LeasesMixin:
    """Leases, hosts, and the types of what leases can hold."""

    leases = verbs.lister(lease.Lease)
    get_lease = verbs.getter(lease.Lease)
    find_lease = verbs.finder(lease.Lease)
    create_lease = verbs.creator(lease.Lease)
    update_lease = verbs.updater(lease.Lease)
    delete_lease = verbs.deleter(lease.Lease)

    hosts = verbs.lister(host.Host)
    get_host = verbs.getter(host.Host)
    find_host = verbs.finder(host.Host)
    delete_host = verbs.deleter(host.Host)
    host_properties = verbs.lister(lease.HostProperty)
    update_host_property = verbs.updater(lease.HostProperty)
    host_allocations = verbs.lister(lease.HostAllocation)
    allocations = verbs.lister(lease.Allocation)

    lease_resource_types = verbs.lister(lease.Plugin)

    def end_lease(self, value):
        """Begin to end a lease now, whatever it is doing; the lease as it is then."""
        # By its id: that it is to end now is sent, whatever was read before.
        return self._update(lease.Lease, getattr(value, 'id', value), end_date='now')

    def retry_lease(self, value, *, idempotency_key=None):
        """Try at once what failed, or waits; for administrators."""
        self._get_resource(lease.Lease, value).act(self, 'retry', idempotency_key)

    def abandon_lease(self, value, *, idempotency_key=None):
        """Give up what keeps a lease from ending; for administrators."""
        self._get_resource(lease.Lease, value).act(self, 'abandon', idempotency_key)

    def lease_actions(self, value, **query):
        """Yield what was done to a lease, newest first; also to a deleted one."""
        uuid = getattr(value, 'id', value)
        return action.LeaseAction.list(self, lease_id=uuid, **query)

    def get_lease_action(self, value, request_id):
        """What one request did to a lease, with its events."""
        uuid = getattr(value, 'id', value)
        return self._get(action.LeaseAction, request_id, lease_id=uuid)

    def create_host(self, name, capabilities=None, *, idempotency_key=None):
        """Open a node for reservation; the host.

        :param name: the node's
        :param capabilities: extra ones, {name: text, number or boolean}
        """
        headers = sending.make_headers(idempotency_key)
        body = {**(capabilities or {}), 'name': name}
        answer = self.post('/os-hosts', json=body, headers=headers)
        with sending.doubting():
            exceptions.raise_from_response(answer)
        return host.Host.make(answer.json()['host'], connection=self._get_connection())

    def update_host(self, value, capabilities):
        """Add or change extra capabilities of a host; None drops one.

        :param capabilities: {name: text, number or boolean}
        """
        uuid = getattr(value, 'id', value)
        path = f'/os-hosts/{identifiers.quote(uuid)}'
        answer = self.put(path, json=capabilities)
        exceptions.raise_from_response(answer)
        return self.get_host(uuid)

    def wait_for_lease(
        self, value, status='ACTIVE', timeout=waiting.TIMEOUT, tell=None
    ):
        """Wait until a lease is in a status.

        A lease that should end and is in ERROR is tried again by the service, so
        that is waited for, too.

        :param value: a lease or its id
        :param status: None waits until it is gone
        :param timeout: seconds
        :param tell: as of :func:`mogan_like_client.waiting.wait_for`
        :returns: the lease; None when it is gone
        :raises ResourceFailure: when it will not get there
        :raises ResourceTimeout: when it took longer, with what it waits for
        """
        over = {'TERMINATED', 'TERMINATING', 'DELETING', 'ERROR'}
        ends = status in (None, 'TERMINATED')
        judged = {'failures': () if ends else over - {status}, 'gone': ends}
        return self._wait(lease.Lease, value, status, judged, timeout, tell)
