"""The audit: what was done, and tried."""

import re

from openstack import resource

from mogan_like_client.sdk import base

_PARAMETERS = ('events', 'sort_dir')
_OF_ONE = ('changes_since', 'changes_before')


class Action(base.Resource):
    """Something that was done to an object."""

    noun = 'action'
    id_form = re.compile('.+')
    resources_key = 'actions'
    base_path = '/actions'
    _max_microversion = '1.5'
    allow_fetch = False

    _query_mapping = resource.QueryParameters(
        'object_type',
        'instance',
        'user_id',
        'project_id',
        'owner_project_id',
        'action',
        'request_id',
        'result',
        'started_since',
        'started_before',
        *_PARAMETERS,
    )

    object_type = resource.Body('object_type')
    object_id = resource.Body('object_id')
    action = resource.Body('action')
    request_id = resource.Body('request_id')
    user_id = resource.Body('user_id')
    project_id = resource.Body('project_id')
    owner_project_id = resource.Body('owner_project_id')
    cause = resource.Body('cause')
    cause_id = resource.Body('cause_id')
    started_at = resource.Body('started_at')
    updated_at = resource.Body('updated_at')
    finished_at = resource.Body('finished_at')
    #: success, error, refused, cancelled or interrupted; None while it runs.
    result = resource.Body('result')
    message = resource.Body('message')
    # As of what else is waited for.
    name = property(lambda self: self.action)
    status = property(lambda self: self.result or 'in progress')
    fault = property(lambda self: self.message)
    #: Its steps; None where they were not asked for.
    events = resource.Body('events', type=list)


class InstanceAction(Action):
    """Something that was done to an instance; it is got by its ``request_id``."""

    base_path = '/instances/%(instance_id)s/actions'
    allow_fetch = True

    _query_mapping = resource.QueryParameters(*_OF_ONE, *_PARAMETERS)

    instance_id = resource.URI('instance_id')


class LeaseAction(InstanceAction):
    """Something that was done to a lease; it is got by its ``request_id``."""

    base_path = '/leases/%(lease_id)s/actions'

    lease_id = resource.URI('lease_id')
