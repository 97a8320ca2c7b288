"""Checkpoints, and what is done with them."""

from openstack import resource

from mogan_like_client.sdk import base

_OF_PROJECTS = ('project_id', 'all_tenants', 'sort_key', 'sort_dir')


class Checkpoint(base.Resource):
    """What a plan held at a time, kept by a provider."""

    noun = 'checkpoint'
    resource_key = 'checkpoint'
    resources_key = 'checkpoints'
    base_path = '/providers/%(provider_id)s/checkpoints'
    allow_create = True
    allow_delete = True

    _query_mapping = resource.QueryParameters(
        'plan_id', 'status', 'start_date', 'end_date', *_OF_PROJECTS
    )

    provider_id = resource.URI('provider_id')
    #: Of a new checkpoint only.
    plan_id = resource.Body('plan_id')
    extra_info_request = resource.Body('extra-info')
    project_id = resource.Body('project_id')
    user_id = resource.Body('user_id')
    #: As it is in the service: protecting, available, error, ...
    status = resource.Body('status')
    #: The plan as it was.
    protection_plan = resource.Body('protection_plan', type=dict)
    resource_graph = resource.Body('resource_graph')
    extra_info = resource.Body('extra_info', type=dict)
    fault = resource.Body('fault')
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')

    @property
    def plan(self):
        """The name of the plan."""
        return self.protection_plan and self.protection_plan['name']

    def reset(self, session, status):
        """Say how it is: ``available`` or ``error``."""
        body = {'os-resetState': {'state': status}}
        self._send(session, 'PUT', '', body)


class _Run(base.Resource):
    allow_create = True

    _query_mapping = resource.QueryParameters('status', *_OF_PROJECTS)

    provider_id = resource.Body('provider_id')
    checkpoint_id = resource.Body('checkpoint_id')
    project_id = resource.Body('project_id')
    user_id = resource.Body('user_id')
    #: in_progress, success or fail.
    status = resource.Body('status')
    parameters = resource.Body('parameters', type=dict)
    resources_status = resource.Body('resources_status', type=dict)
    resources_reason = resource.Body('resources_reason', type=dict)
    fault = resource.Body('fault')
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')


class Restore(_Run):
    """A checkpoint that is put back."""

    noun = 'restore'
    resource_key = 'restore'
    resources_key = 'restores'
    base_path = '/restores'

    restore_target = resource.Body('restore_target')
    resources_restored = resource.Body('resources_restored', type=dict)


class Verification(_Run):
    """A look whether a checkpoint could be put back."""

    noun = 'verification'
    resource_key = 'verification'
    resources_key = 'verifications'
    base_path = '/verifications'


class OperationLog(base.Resource):
    """One run of anything on a checkpoint."""

    noun = 'log'
    resource_key = 'operation_log'
    resources_key = 'operation_logs'
    base_path = '/operation_logs'

    _query_mapping = resource.QueryParameters('status', 'checkpoint_id', *_OF_PROJECTS)

    project_id = resource.Body('project_id')
    operation_type = resource.Body('operation_type')
    checkpoint_id = resource.Body('checkpoint_id')
    plan_id = resource.Body('plan_id')
    provider_id = resource.Body('provider_id')
    restore_id = resource.Body('restore_id')
    verification_id = resource.Body('verification_id')
    scheduled_operation_id = resource.Body('scheduled_operation_id')
    status = resource.Body('status')
    started_at = resource.Body('started_at')
    ended_at = resource.Body('ended_at')
    error_info = resource.Body('error_info')
