"""A schedule of checkpoints, which keeps the newest two, over three runs."""

from client import say

_RUNS, _KEPT = 3, 2
#: What is shown of each; they have more.
_OF_TRIGGER = ('id', 'name', 'type', 'properties')
_OF_OPERATION = ('id', 'name', 'operation_type', 'trigger_id', 'operation_definition')
_OF_CHECKPOINT = ('id', 'status', 'created_at', 'extra_info')


def play(service, provider, plan, interval, number):
    """From a trigger to the runs of an operation, and its end.

    :param interval: seconds between two runs
    :param number: of the story's next step
    """
    say(number, f'The member wants a checkpoint every {interval} seconds, and two kept')
    trigger = service.show(
        'demo', 'POST', '/v1/triggers', _make_trigger(interval), only=_OF_TRIGGER
    ).body['trigger_info']['id']
    operation = service.show(
        'demo',
        'POST',
        '/v1/scheduled_operations',
        _make_operation(trigger, provider, plan),
        only=_OF_OPERATION,
    ).body['scheduled_operation']['id']

    path = f'/v1/providers/{provider}/checkpoints?plan_id={plan}'
    say(number + 1, 'Each run makes one. When the third is there, the first one goes')
    print(f'(What {path} says, over and over:)')
    try:
        _watch(service, path, operation)
    finally:
        # Or else it goes on for ever when the story is broken off.
        service.show('demo', 'DELETE', f'/v1/scheduled_operations/{operation}')
        service.show('demo', 'DELETE', f'/v1/triggers/{trigger}')
    say(number + 2, 'What it made stays until it is deleted')
    service.wait_until('at rest', path, _is_at_rest)
    service.show('demo', 'GET', path, keep=_OF_CHECKPOINT)


def _make_trigger(interval):
    rule = f'FREQ=SECONDLY;INTERVAL={interval}'
    pattern = f'BEGIN:VEVENT\nRRULE:{rule}\nEND:VEVENT'
    properties = {'format': 'calendar', 'pattern': pattern}
    return {'trigger_info': {'name': 'often', 'type': 'time', 'properties': properties}}


def _make_operation(trigger, provider, plan):
    return {
        'scheduled_operation': {
            'name': 'often',
            'operation_type': 'retention_protect',
            'trigger_id': trigger,
            'operation_definition': {
                'provider_id': provider,
                'plan_id': plan,
                'max_backups': _KEPT,
            },
        }
    }


def _watch(service, path, operation):
    """Tell of each run, until enough were seen and the first one is gone."""
    seen = []

    def look(answer):
        there = {
            each['id']: each['status']
            for each in reversed(answer.body['checkpoints'])
            if each['extra_info'].get('scheduled_operation_id') == operation
        }
        for uuid, status in there.items():
            if status == 'available' and uuid not in seen:
                seen.append(uuid)
                print(f'  {uuid}  available, and there are {len(there)}')
        return len(seen) >= _RUNS and seen[0] not in there

    service.wait_until('seen', path, look)
    print(f'  {seen[0]}  gone\n')


def _is_at_rest(answer):
    statuses = {each['status'] for each in answer.body['checkpoints']}
    return statuses <= {'available'}
