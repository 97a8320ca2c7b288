"""Leases, and what they hold."""

import re

from openstack import resource

from mogan_like_client.sdk import base


class Lease(base.Resource):
    """Time on something."""

    noun = 'lease'
    resource_key = 'lease'
    resources_key = 'leases'
    base_path = '/leases'
    wrapped = False
    create_opts = resource.CreateOpts(request_key=None)
    allow_create = True
    allow_commit = True
    allow_delete = True

    _query_mapping = resource.QueryParameters(
        'status',
        'name',
        'project_id',
        'all_projects',
        'active_at',
        'ends_before',
        'deleted',
        'sort_key',
        'sort_dir',
    )

    project_id = resource.Body('project_id')
    user_id = resource.Body('user_id')
    start_date = resource.Body('start_date')
    end_date = resource.Body('end_date')
    before_end_date = resource.Body('before_end_date')
    #: As it is in the service: PENDING, ACTIVE, TERMINATING, ...
    status = resource.Body('status')
    degraded = resource.Body('degraded', type=bool)
    ended_by_user_id = resource.Body('ended_by_user_id')
    trust_id = resource.Body('trust_id')
    reservations = resource.Body('reservations', type=list)
    events = resource.Body('events', type=list)
    #: These three in one that was got, not in those of a list.
    allocations = resource.Body('allocations', type=list)
    instances = resource.Body('instances', type=list)
    #: Why it is not further: reason, since, next_try, attempts, and instances that
    #: are locked; or None.
    waiting_for = resource.Body('waiting_for', type=dict)
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')
    deleted_at = resource.Body('deleted_at')

    def act(self, session, verb, idempotency_key=None):
        """Ask for ``retry`` or ``abandon``."""
        self._send(session, 'POST', 'action', {verb: None}, idempotency_key)


class HostProperty(base.Resource):
    """What reservations can ask of hosts for."""

    noun = 'property'
    id_form = re.compile('.+')
    resource_key = 'resource_property'
    resources_key = 'resource_properties'
    base_path = '/os-hosts/properties'
    wrapped = False
    allow_fetch = False
    allow_commit = True
    commit_method = 'PATCH'

    _query_mapping = resource.QueryParameters('detail', 'all', 'sort_dir')

    property = resource.Body('property', alternate_id=True)
    private = resource.Body('private', type=bool)
    values = resource.Body('values', type=list)


class Allocation(base.Resource):
    """What is reserved of a resource, now and later."""

    noun = 'allocation'
    id_form = re.compile('.+')
    resource_key = 'allocation'
    resources_key = 'allocations'
    base_path = '/allocations'
    allow_fetch = False

    _query_mapping = resource.QueryParameters('resource_type', 'sort_dir')

    resource_id = resource.Body('resource_id', alternate_id=True)
    reservations = resource.Body('reservations', type=list)


class HostAllocation(Allocation):
    """What is reserved of a host."""

    base_path = '/os-hosts/allocations'

    _query_mapping = resource.QueryParameters('lease_id', 'reservation_id', 'sort_dir')


class Plugin(base.Resource):
    """A type of what leases can hold, with the schema of its values."""

    noun = 'resource type'
    id_form = re.compile('.+')
    resources_key = 'plugins'
    base_path = '/plugins'
    allow_fetch = False

    resource_type = resource.Body('resource_type', alternate_id=True)
    title = resource.Body('title')
    options = resource.Body('options', type=list)
    #: A JSON schema.
    schema = resource.Body('schema', type=dict)
