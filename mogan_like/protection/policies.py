"""Who may do what with plans, checkpoints and what is done to those."""

from oslo_policy import policy

from mogan_like.common.policy import ADMIN

# What a project protects is its own: no role reaches into another one, only lists
# of all projects do.
_READER = 'rule:project_reader'
_MEMBER = 'rule:project_member'
_ANY_READER = 'rule:admin or role:reader'

_CHECKPOINTS = '/v1/providers/{provider_id}/checkpoints'
_CHECKPOINT = f'{_CHECKPOINTS}/{{checkpoint_id}}'
_OPERATIONS = '/v1/scheduled_operations'
_OPERATION = f'{_OPERATIONS}/{{scheduled_operation_id}}'


def _rule(name, check, description, *operations):
    return policy.DocumentedRuleDefault(
        name,
        check,
        description,
        [
            {'method': method, 'path': path}
            for method, path in (each.split(' ') for each in operations)
        ],
        scope_types=['project'],
    )


_INVENTORY = [
    _rule(
        'protectable:list',
        _ANY_READER,
        "See what types of resources there are, and the own project's resources.",
        'GET /v1/protectables',
        'GET /v1/protectables/{protectable_type}',
        'GET /v1/protectables/{protectable_type}/instances',
        'GET /v1/protectables/{protectable_type}/instances/{protectable_id}',
    ),
    _rule(
        'provider:list',
        _ANY_READER,
        'List and show the providers.',
        'GET /v1/providers',
        'GET /v1/providers/{provider_id}',
    ),
    _rule(
        'service:list',
        ADMIN,
        'List the hosts that work on checkpoints.',
        'GET /v1/os-services',
    ),
    _rule(
        'service:update',
        ADMIN,
        'Have a host take no more work, or take it again.',
        'PUT /v1/os-services/{service_id}',
    ),
]

_PLANS = [
    _rule('plan:list', _READER, "List the own project's plans.", 'GET /v1/plans'),
    _rule(
        'plan:list_all_projects',
        ADMIN,
        'List the plans of all projects.',
        'GET /v1/plans',
    ),
    _rule('plan:show', _READER, 'Show a plan.', 'GET /v1/plans/{plan_id}'),
    _rule('plan:create', _MEMBER, 'Create a plan.', 'POST /v1/plans'),
    _rule('plan:update', _MEMBER, 'Change a plan.', 'PUT /v1/plans/{plan_id}'),
    _rule('plan:delete', _MEMBER, 'Delete a plan.', 'DELETE /v1/plans/{plan_id}'),
]

_OF_CHECKPOINTS = [
    _rule(
        'checkpoint:list',
        _READER,
        "List the own project's checkpoints.",
        f'GET {_CHECKPOINTS}',
    ),
    _rule(
        'checkpoint:list_all_projects',
        ADMIN,
        'List the checkpoints of all projects.',
        f'GET {_CHECKPOINTS}',
    ),
    _rule('checkpoint:show', _READER, 'Show a checkpoint.', f'GET {_CHECKPOINT}'),
    _rule(
        'checkpoint:create',
        _MEMBER,
        'Protect what a plan holds.',
        f'POST {_CHECKPOINTS}',
    ),
    _rule(
        'checkpoint:copy',
        _MEMBER,
        "Copy a plan's checkpoints to another provider.",
        f'POST {_CHECKPOINTS}/action',
    ),
    _rule(
        'checkpoint:delete', _MEMBER, 'Delete a checkpoint.', f'DELETE {_CHECKPOINT}'
    ),
    _rule(
        'checkpoint:reset_state',
        'rule:admin and rule:project_member',
        'Say how a checkpoint is, against what is recorded.',
        f'PUT {_CHECKPOINT}',
    ),
]

_RUNS = [
    _rule(
        'restore:list', _READER, "List the own project's restores.", 'GET /v1/restores'
    ),
    _rule(
        'restore:list_all_projects',
        ADMIN,
        'List the restores of all projects.',
        'GET /v1/restores',
    ),
    _rule('restore:show', _READER, 'Show a restore.', 'GET /v1/restores/{restore_id}'),
    _rule('restore:create', _MEMBER, 'Restore a checkpoint.', 'POST /v1/restores'),
    _rule(
        'verification:list',
        _READER,
        "List the own project's verifications.",
        'GET /v1/verifications',
    ),
    _rule(
        'verification:list_all_projects',
        ADMIN,
        'List the verifications of all projects.',
        'GET /v1/verifications',
    ),
    _rule(
        'verification:show',
        _READER,
        'Show a verification.',
        'GET /v1/verifications/{verification_id}',
    ),
    _rule(
        'verification:create',
        _MEMBER,
        'Look whether a checkpoint could be restored.',
        'POST /v1/verifications',
    ),
]

_LOGS = [
    _rule(
        'operation_log:list',
        _READER,
        "List what was done to the own project's checkpoints.",
        'GET /v1/operation_logs',
    ),
    _rule(
        'operation_log:list_all_projects',
        ADMIN,
        "List what was done to all projects' checkpoints.",
        'GET /v1/operation_logs',
    ),
    _rule(
        'operation_log:show',
        _READER,
        'Show what was done.',
        'GET /v1/operation_logs/{operation_log_id}',
    ),
]

_SCHEDULES = [
    _rule(
        'trigger:list', _READER, "List the own project's triggers.", 'GET /v1/triggers'
    ),
    _rule(
        'trigger:list_all_projects',
        ADMIN,
        'List the triggers of all projects.',
        'GET /v1/triggers',
    ),
    _rule('trigger:show', _READER, 'Show a trigger.', 'GET /v1/triggers/{trigger_id}'),
    _rule('trigger:create', _MEMBER, 'Create a trigger.', 'POST /v1/triggers'),
    _rule(
        'trigger:update',
        _MEMBER,
        'Change a trigger, and when operations run by it.',
        'PUT /v1/triggers/{trigger_id}',
    ),
    _rule(
        'trigger:delete',
        _MEMBER,
        'Delete a trigger.',
        'DELETE /v1/triggers/{trigger_id}',
    ),
    _rule(
        'scheduled_operation:list',
        _READER,
        "List the own project's scheduled operations.",
        f'GET {_OPERATIONS}',
    ),
    _rule(
        'scheduled_operation:list_all_projects',
        ADMIN,
        'List the scheduled operations of all projects.',
        f'GET {_OPERATIONS}',
    ),
    _rule(
        'scheduled_operation:show',
        _READER,
        'Show a scheduled operation.',
        f'GET {_OPERATION}',
    ),
    _rule(
        'scheduled_operation:create',
        _MEMBER,
        'Have a plan be protected whenever a trigger says.',
        f'POST {_OPERATIONS}',
    ),
    _rule(
        'scheduled_operation:update',
        _MEMBER,
        'Change a scheduled operation, or whether it runs.',
        f'PUT {_OPERATION}',
    ),
    _rule(
        'scheduled_operation:delete',
        _MEMBER,
        'Delete a scheduled operation.',
        f'DELETE {_OPERATION}',
    ),
]


def list_rules():
    """The documented rules of this folder."""
    return [*_INVENTORY, *_PLANS, *_OF_CHECKPOINTS, *_RUNS, *_LOGS, *_SCHEDULES]
