"""Who may do what with what is protected, as data (see persona_matrix)."""

import dataclasses
import uuid

from tests.functional.protection import site

NOT_THERE = str(uuid.UUID(int=1))

#: Every rule by persona. What a project protects is its own, an operator's role or not.
MATRIX = {
    'protectable:list': 'Y Y Y Y . . .',
    'provider:list': 'Y Y Y Y . . .',
    'plan:list': 'o o o o . . .',
    'plan:list_all_projects': 'Y . . . . . .',
    'plan:show': 'o o o o . . .',
    'plan:create': 'o o o . . . .',
    'plan:update': 'o o o . . . .',
    'plan:delete': 'o o o . . . .',
    'checkpoint:list': 'o o o o . . .',
    'checkpoint:list_all_projects': 'Y . . . . . .',
    'checkpoint:show': 'o o o o . . .',
    'checkpoint:create': 'o o o . . . .',
    'checkpoint:copy': 'o o o . . . .',
    'checkpoint:delete': 'o o o . . . .',
    'checkpoint:reset_state': 'o . . . . . .',
    'restore:list': 'o o o o . . .',
    'restore:list_all_projects': 'Y . . . . . .',
    'restore:show': 'o o o o . . .',
    'restore:create': 'o o o . . . .',
    'verification:list': 'o o o o . . .',
    'verification:list_all_projects': 'Y . . . . . .',
    'verification:show': 'o o o o . . .',
    'verification:create': 'o o o . . . .',
    'operation_log:list': 'o o o o . . .',
    'operation_log:list_all_projects': 'Y . . . . . .',
    'operation_log:show': 'o o o o . . .',
    'trigger:list': 'o o o o . . .',
    'trigger:list_all_projects': 'Y . . . . . .',
    'trigger:show': 'o o o o . . .',
    'trigger:create': 'o o o . . . .',
    'trigger:update': 'o o o . . . .',
    'trigger:delete': 'o o o . . . .',
    'scheduled_operation:list': 'o o o o . . .',
    'scheduled_operation:list_all_projects': 'Y . . . . . .',
    'scheduled_operation:show': 'o o o o . . .',
    'scheduled_operation:create': 'o o o . . . .',
    'scheduled_operation:update': 'o o o . . . .',
    'scheduled_operation:delete': 'o o o . . . .',
    'service:list': 'Y . . . . . .',
    'service:update': 'Y . . . . . .',
}
#: What is hidden, the rule that shows it, and what others are told.
HIDDEN = {
    '{plan}': ('plan:show', (404, 'PlanNotFound')),
    '{spare}': ('plan:show', (404, 'PlanNotFound')),
    '{checkpoint}': ('checkpoint:show', (404, 'CheckpointNotFound')),
    '{deleted}': ('checkpoint:show', (404, 'CheckpointNotFound')),
    '{restore}': ('restore:show', (404, 'RestoreNotFound')),
    '{verification}': ('verification:show', (404, 'VerificationNotFound')),
    '{log}': ('operation_log:show', (404, 'OperationLogNotFound')),
    '{trigger}': ('trigger:show', (404, 'TriggerNotFound')),
    '{operation}': ('scheduled_operation:show', (404, 'ScheduledOperationNotFound')),
    '{spare_operation}': (
        'scheduled_operation:show',
        (404, 'ScheduledOperationNotFound'),
    ),
}
#: Requests of these rules that name no object are about the caller's own project.
OF_CALLER = (
    'plan',
    'checkpoint',
    'restore',
    'verification',
    'operation_log',
    'trigger',
    'scheduled_operation',
)


@dataclasses.dataclass(frozen=True)
class Probe:
    """One request that a rule decides on.

    :ivar path: filled from the target; what is behind a ``?`` too
    :ivar allowed: (status, error's name or None) for who may: the instances
        are LOCKED, so that no verb but unlock has an effect, leases have
        ended, and checkpoints are deleted
    """

    rule: str
    method: str
    path: str
    body: object = None
    allowed: tuple = (200, None)


_CHECKPOINTS = f'/v1/providers/{site.PROVIDER}/checkpoints'
_CHECKPOINT = f'{_CHECKPOINTS}/{{checkpoint}}'
_OPERATIONS = '/v1/scheduled_operations'
_INSTANCES = f'/v1/protectables/{site.PROJECT_TYPE}/instances'
_RUN = {'provider_id': site.PROVIDER, 'checkpoint_id': NOT_THERE}
_NO_PLAN = (404, 'PlanNotFound')
_NO_CHECKPOINT = (404, 'CheckpointNotFound')
_PLAN = {
    'plan': {
        'name': 'n',
        'provider_id': NOT_THERE,
        'resources': [{'id': 'i', 'type': site.SHARE}],
    }
}
_TRIGGER = {
    'trigger_info': {
        'name': 't',
        'type': 'time',
        'properties': {'format': 'crontab', 'pattern': '0 0 1 1 *'},
    }
}
_OPERATION = {
    'scheduled_operation': {
        'name': 'o',
        'operation_type': 'protect',
        'trigger_id': NOT_THERE,
        'operation_definition': {'plan_id': NOT_THERE, 'provider_id': site.PROVIDER},
    }
}
_RESET = {'os-resetState': {'state': 'error'}}
_LISTS = {
    'plan': '/v1/plans',
    'checkpoint': _CHECKPOINTS,
    'restore': '/v1/restores',
    'verification': '/v1/verifications',
    'operation_log': '/v1/operation_logs',
    'trigger': '/v1/triggers',
    'scheduled_operation': '/v1/scheduled_operations',
}
PROBES = [
    Probe('protectable:list', 'GET', '/v1/protectables'),
    Probe('protectable:list', 'GET', f'/v1/protectables/{site.PROJECT_TYPE}'),
    Probe('protectable:list', 'GET', _INSTANCES),
    Probe(
        'protectable:list',
        'GET',
        f'{_INSTANCES}/{NOT_THERE}',
        None,
        (404, 'ResourceNotFound'),
    ),
    Probe('provider:list', 'GET', '/v1/providers'),
    Probe('provider:list', 'GET', f'/v1/providers/{site.PROVIDER}'),
    *(Probe(f'{noun}:list', 'GET', path) for noun, path in _LISTS.items()),
    *(
        Probe(f'{noun}:list_all_projects', 'GET', f'{path}?all_tenants=1')
        for noun, path in _LISTS.items()
    ),
    Probe('plan:show', 'GET', '/v1/plans/{plan}'),
    Probe('plan:create', 'POST', '/v1/plans', _PLAN, (400, 'InvalidParameter')),
    Probe('plan:update', 'PUT', '/v1/plans/{plan}', {'plan': {'name': 'x'}}),
    Probe('plan:delete', 'DELETE', '/v1/plans/{spare}'),
    Probe('checkpoint:show', 'GET', _CHECKPOINT),
    Probe(
        'checkpoint:create',
        'POST',
        _CHECKPOINTS,
        {'checkpoint': {'plan_id': NOT_THERE}},
        _NO_PLAN,
    ),
    Probe(
        'checkpoint:copy',
        'POST',
        f'{_CHECKPOINTS}/action',
        {'copy': {'plan_id': NOT_THERE}},
        _NO_PLAN,
    ),
    Probe('checkpoint:delete', 'DELETE', f'{_CHECKPOINTS}/{{deleted}}'),
    Probe('checkpoint:reset_state', 'PUT', _CHECKPOINT, _RESET),
    Probe('restore:show', 'GET', '/v1/restores/{restore}'),
    Probe('restore:create', 'POST', '/v1/restores', {'restore': _RUN}, _NO_CHECKPOINT),
    Probe('verification:show', 'GET', '/v1/verifications/{verification}'),
    Probe(
        'verification:create',
        'POST',
        '/v1/verifications',
        {'verification': _RUN},
        _NO_CHECKPOINT,
    ),
    Probe('operation_log:show', 'GET', '/v1/operation_logs/{log}'),
    Probe('trigger:show', 'GET', '/v1/triggers/{trigger}'),
    Probe('trigger:create', 'POST', '/v1/triggers', _TRIGGER),
    Probe(
        'trigger:update',
        'PUT',
        '/v1/triggers/{trigger}',
        {'trigger_info': {'name': 'x'}},
    ),
    Probe(
        'trigger:delete',
        'DELETE',
        '/v1/triggers/{trigger}',
        None,
        (424, 'TriggerInUse'),
    ),
    Probe('scheduled_operation:show', 'GET', f'{_OPERATIONS}/{{operation}}'),
    Probe(
        'scheduled_operation:create',
        'POST',
        _OPERATIONS,
        _OPERATION,
        (404, 'TriggerNotFound'),
    ),
    Probe(
        'scheduled_operation:update',
        'PUT',
        f'{_OPERATIONS}/{{operation}}',
        {'scheduled_operation': {'name': 'x'}},
    ),
    Probe('scheduled_operation:delete', 'DELETE', f'{_OPERATIONS}/{{spare_operation}}'),
    Probe('service:list', 'GET', '/v1/os-services'),
    Probe(
        'service:update',
        'PUT',
        '/v1/os-services/999999',
        {'status': 'enabled'},
        (404, 'ServiceNotFound'),
    ),
]
#: As the rules document what the probes ask.
DOCUMENTED = (
    (f'{_INSTANCES}/{NOT_THERE}', f'{_INSTANCES}/{{protectable_id}}'),
    (site.PROJECT_TYPE, '{protectable_type}'),
    (site.PROVIDER, '{provider_id}'),
    ('{spare}', '{plan_id}'),
    ('{plan}', '{plan_id}'),
    ('{checkpoint}', '{checkpoint_id}'),
    ('{deleted}', '{checkpoint_id}'),
    ('{restore}', '{restore_id}'),
    ('{verification}', '{verification_id}'),
    ('{log}', '{operation_log_id}'),
    ('{trigger}', '{trigger_id}'),
    ('{operation}', '{scheduled_operation_id}'),
    ('{spare_operation}', '{scheduled_operation_id}'),
    ('os-services/999999', 'os-services/{service_id}'),
)


def make_target(fixture, project, client, wait_for):
    """What the paths of a project are filled with.

    :param fixture: the Site of the service
    :param wait_for: called with a path and a status
    """
    share = fixture.make_share(project)
    plan = make_plan(client, share)
    wanted = {'checkpoint': {'plan_id': plan}}
    uuids = [
        client.post(_CHECKPOINTS, wanted).body['checkpoint']['id'] for _ in range(2)
    ]
    for uuid_ in uuids:
        wait_for(f'{_CHECKPOINTS}/{uuid_}', 'available')
    run = {**_RUN, 'checkpoint_id': uuids[0]}
    made = {
        noun: client.post(f'/v1/{noun}s', {noun: run}).body[noun]['id']
        for noun in ('restore', 'verification')
    }
    for noun, uuid_ in made.items():
        wait_for(f'/v1/{noun}s/{uuid_}', 'success')
    client.delete(f'{_CHECKPOINTS}/{uuids[1]}')
    wait_for(f'{_CHECKPOINTS}/{uuids[1]}', 404)
    logs = client.get('/v1/operation_logs').body['operation_logs']
    trigger = client.post('/v1/triggers', _TRIGGER).body['trigger_info']['id']
    return {
        **made,
        'trigger': trigger,
        'operation': make_operation(client, plan, trigger),
        'plan': plan,
        'checkpoint': uuids[0],
        'deleted': uuids[1],
        'log': logs[0]['id'],
        'share': share,
        'client': client,
    }


def make_plan(client, share):
    """The id of a new plan of a share."""
    body = {
        'name': 'n',
        'provider_id': site.PROVIDER,
        'resources': [{'id': share, 'type': site.SHARE}],
        'parameters': {
            site.SHARE: {'snapshot_name': 's', 'description': 'd', 'force': True}
        },
    }
    return client.post('/v1/plans', {'plan': body}).body['plan']['id']


def make_operation(client, plan, trigger):
    """The id of a new scheduled operation."""
    body = {
        **_OPERATION['scheduled_operation'],
        'trigger_id': trigger,
        'operation_definition': {'plan_id': plan, 'provider_id': site.PROVIDER},
    }
    answer = client.post(_OPERATIONS, {'scheduled_operation': body})
    return answer.body['scheduled_operation']['id']
