"""What is protected, by whom, and when."""

import re

from openstack import resource

from mogan_like_client.sdk import base

_FILTERS = ('name', 'project_id', 'all_tenants', 'sort_key', 'sort_dir')


class Provider(base.Resource):
    """Who protects, and where."""

    noun = 'provider'
    resource_key = 'provider'
    resources_key = 'providers'
    base_path = '/providers'

    _query_mapping = resource.QueryParameters(
        'name', 'description', 'sort_key', 'sort_dir'
    )

    description = resource.Body('description')
    #: The JSON schemas of its parameters.
    extended_info_schema = resource.Body('extended_info_schema', type=dict)


class Plan(base.Resource):
    """What is to be protected together."""

    noun = 'plan'
    resource_key = 'plan'
    resources_key = 'plans'
    base_path = '/plans'
    allow_create = True
    allow_commit = True
    allow_delete = True

    _query_mapping = resource.QueryParameters('description', 'status', *_FILTERS)

    description = resource.Body('description')
    provider_id = resource.Body('provider_id')
    project_id = resource.Body('project_id')
    user_id = resource.Body('user_id')
    status = resource.Body('status')
    resources = resource.Body('resources', type=list)
    parameters = resource.Body('parameters', type=dict)
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')


class Trigger(base.Resource):
    """When something is to be done."""

    noun = 'trigger'
    resource_key = 'trigger_info'
    resources_key = 'triggers'
    base_path = '/triggers'
    allow_create = True
    allow_commit = True
    allow_delete = True

    _query_mapping = resource.QueryParameters('type', *_FILTERS)

    type = resource.Body('type')
    project_id = resource.Body('project_id')
    properties = resource.Body('properties', type=dict)
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')


class ScheduledOperation(base.Resource):
    """A plan that is protected whenever a trigger says."""

    noun = 'schedule'
    resource_key = 'scheduled_operation'
    resources_key = 'operations'
    base_path = '/scheduled_operations'
    allow_create = True
    allow_commit = True
    allow_delete = True

    _query_mapping = resource.QueryParameters('operation_type', 'trigger_id', *_FILTERS)

    description = resource.Body('description')
    operation_type = resource.Body('operation_type')
    project_id = resource.Body('project_id')
    user_id = resource.Body('user_id')
    trigger_id = resource.Body('trigger_id')
    operation_definition = resource.Body('operation_definition', type=dict)
    enabled = resource.Body('enabled', type=bool)
    next_run_at = resource.Body('next_run_at')
    last_run_at = resource.Body('last_run_at')
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')


class Protectable(base.Resource):
    """Something of the project that can be protected."""

    noun = 'resource'
    id_form = re.compile('.+')
    resource_key = 'instance'
    resources_key = 'instances'
    base_path = '/protectables/%(protectable_type)s/instances'

    _query_mapping = resource.QueryParameters('sort_key', 'sort_dir')

    protectable_type = resource.URI('protectable_type')
    type = resource.Body('type')
    extra_info = resource.Body('extra_info', type=dict)
    dependent_resources = resource.Body('dependent_resources', type=list)


class ProtectionService(base.Resource):
    """A host that works on checkpoints."""

    noun = 'service'
    id_form = re.compile('[0-9]+')
    resource_key = 'service'
    resources_key = 'services'
    base_path = '/os-services'
    wrapped = False
    allow_fetch = False
    allow_commit = True

    _query_mapping = resource.QueryParameters('host', 'binary')

    #: Of the host it is on.
    name = property(lambda self: self.host)
    host = resource.Body('host')
    binary = resource.Body('binary')
    status = resource.Body('status')
    state = resource.Body('state')
    disabled_reason = resource.Body('disabled_reason')
    updated_at = resource.Body('updated_at')

    @classmethod
    def _find_by_id(cls, session, uuid, **params):
        # None is got by itself.
        found = cls.list(session, **params)
        return next((each for each in found if str(each.id) == uuid), None)
