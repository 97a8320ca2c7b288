"""What is played for the pages of plans, checkpoints and what is protected."""

from tests import fixtures
from tests.functional.protection import site
from tests.functional.samples.script import ADMIN
from tests.functional.samples.script import MEMBER
from tests.functional.samples.script import Script
from tests.functional.samples.script import Step

_TYPE = f'/v1/protectables/{site.PROJECT_TYPE}'
_SHARES = f'/v1/protectables/{site.SHARE}/instances'
_PROVIDER = f'/v1/providers/{site.PROVIDER}'
_CHECKPOINTS = f'{_PROVIDER}/checkpoints'
_CHECKPOINT = f'{_CHECKPOINTS}/$checkpoint'
_PLAN = {
    'plan': {
        'name': 'nightly',
        'description': 'The data of the shop.',
        'provider_id': site.PROVIDER,
        'resources': [{'id': '$share', 'type': site.SHARE, 'name': 'data'}],
        'parameters': {
            site.SHARE: {
                'snapshot_name': 'nightly',
                'description': 'By the nightly plan.',
                'force': False,
            }
        },
    }
}


def _make_site(test):
    """(options of the service, names): Manila with one share."""
    found = test.useFixture(site.Site())
    return found.options, {'share': found.make_share(MEMBER.project_id)}


def _wait(service):
    """Wait until nothing goes on any more."""

    def has_ended():
        answer = service.admin.get('/v1/operation_logs?all_tenants=1')
        return all(log['ended_at'] for log in answer.body['operation_logs'])

    fixtures.wait_until(has_ended, 'what goes on to end')


def _wait_for_services(service):
    fixtures.wait_until(
        lambda: service.admin.get('/v1/os-services').body['services'], 'a service'
    )


def _make_plan(sample=None):
    return Step(sample, MEMBER, 'POST', '/v1/plans', _PLAN, keep='plan')


def _make_checkpoint(sample=None):
    body = {'checkpoint': {'plan_id': '$plan', 'extra-info': {'why': 'upgrade'}}}
    return Step(sample, MEMBER, 'POST', _CHECKPOINTS, body, keep='checkpoint')


def _begin(noun, **values):
    body = {'provider_id': site.PROVIDER, 'checkpoint_id': '$checkpoint', **values}
    return Step(
        f'create-{noun}', MEMBER, 'POST', f'/v1/{noun}s', {noun: body}, keep=noun
    )


PROTECTABLES = Script(
    (
        _make_plan(),
        _make_checkpoint(),
        _wait,
        Step('list-types', MEMBER, 'GET', '/v1/protectables'),
        Step('show-type', MEMBER, 'GET', _TYPE),
        Step('list-instances', MEMBER, 'GET', f'{_TYPE}/instances'),
        Step('show-instance', MEMBER, 'GET', f'{_SHARES}/$share'),
        Step('list-providers', MEMBER, 'GET', '/v1/providers?limit=1'),
        Step('show-provider', MEMBER, 'GET', _PROVIDER),
    ),
    make_site=_make_site,
)

PLANS = Script(
    (
        _make_plan('create'),
        Step('list', MEMBER, 'GET', '/v1/plans?sort=name:asc&limit=1'),
        Step(
            'update',
            MEMBER,
            'PUT',
            '/v1/plans/$plan',
            {'plan': {'name': 'weekly', 'status': 'started'}},
        ),
        Step('show', MEMBER, 'GET', '/v1/plans/$plan'),
    ),
    make_site=_make_site,
)

CHECKPOINTS = Script(
    (
        _make_plan(),
        _make_checkpoint('create'),
        _wait,
        Step('list', MEMBER, 'GET', f'{_CHECKPOINTS}?plan_id=$plan&limit=1'),
        Step('show', MEMBER, 'GET', _CHECKPOINT),
        _begin('restore', parameters={site.SHARE: {'restore_name': 'data-again'}}),
        _wait,
        Step('list-restores', MEMBER, 'GET', '/v1/restores'),
        Step('show-restore', MEMBER, 'GET', '/v1/restores/$restore'),
        _begin('verification'),
        _wait,
        Step('list-verifications', MEMBER, 'GET', '/v1/verifications'),
        Step('show-verification', MEMBER, 'GET', '/v1/verifications/$verification'),
        Step(
            'list-logs', MEMBER, 'GET', '/v1/operation_logs?limit=2', keep_first='log'
        ),
        Step('show-log', MEMBER, 'GET', '/v1/operation_logs/$log'),
    ),
    make_site=_make_site,
)

SERVICES = Script(
    (
        _wait_for_services,
        Step('list', ADMIN, 'GET', '/v1/os-services', keep_first='service'),
        Step(
            'update',
            ADMIN,
            'PUT',
            '/v1/os-services/$service',
            {'status': 'disabled', 'disabled_reason': 'new disks'},
        ),
    )
)

_TRIGGER = {
    'trigger_info': {
        'name': 'nightly',
        'type': 'time',
        'properties': {
            'format': 'crontab',
            'pattern': '30 2 * * *',
            'timezone': 'Europe/Berlin',
            # Far ahead, so that the next run is the same whenever this is played.
            'start_time': '2099-01-01 00:00:00',
        },
    }
}
_CALENDAR = (
    'BEGIN:VEVENT\r\nDTSTART;TZID=Europe/Berlin:20990101T023000\r\n'
    'RRULE:FREQ=WEEKLY;BYDAY=MO,FR\r\nEND:VEVENT'
)


def _make_trigger(sample=None):
    return Step(sample, MEMBER, 'POST', '/v1/triggers', _TRIGGER, keep='trigger')


TRIGGERS = Script(
    (
        _make_trigger('create'),
        Step('list', MEMBER, 'GET', '/v1/triggers?limit=1'),
        Step(
            'update',
            MEMBER,
            'PUT',
            '/v1/triggers/$trigger',
            {
                'trigger_info': {
                    'name': 'mondays and fridays',
                    'properties': {'format': 'calendar', 'pattern': _CALENDAR},
                }
            },
        ),
        Step('show', MEMBER, 'GET', '/v1/triggers/$trigger'),
    )
)

SCHEDULED_OPERATIONS = Script(
    (
        _make_plan(),
        _make_trigger(),
        Step(
            'create',
            MEMBER,
            'POST',
            '/v1/scheduled_operations',
            {
                'scheduled_operation': {
                    'name': 'shop, nightly',
                    'description': 'Two weeks of the shop.',
                    'operation_type': 'retention_protect',
                    'trigger_id': '$trigger',
                    'operation_definition': {
                        'plan_id': '$plan',
                        'provider_id': site.PROVIDER,
                        'max_backups': 14,
                        'max_backup_duration': 30,
                    },
                }
            },
            keep='operation',
        ),
        Step('list', MEMBER, 'GET', '/v1/scheduled_operations?limit=1'),
        Step('show', MEMBER, 'GET', '/v1/scheduled_operations/$operation'),
        Step(
            'update',
            MEMBER,
            'PUT',
            '/v1/scheduled_operations/$operation',
            {'scheduled_operation': {'enabled': False}},
        ),
    ),
    given=('2099-01-01T01:30:00.000000',),
    make_site=_make_site,
)
