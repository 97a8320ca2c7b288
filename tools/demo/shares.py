"""A share: what is lost in it comes back, byte for byte."""

import hashlib
import os

from client import UnexpectedError
from client import say
import schedules

_TYPE = 'OS::Manila::Share'
_PROVIDER = 'Manila shares'
_SHARE = {'share': {'share_proto': 'NFS', 'size': 1, 'name': 'data'}}
_RESTORED = 'data-again'
_FILE = 'precious'
_SIZE = 100_000
#: What is shown of each; they have more.
_OF_SHARE = ('id', 'name', 'status', 'size', 'share_proto')
_OF_PLAN = ('id', 'name', 'status', 'provider_id', 'resources', 'parameters')
_OF_CHECKPOINT = ('id', 'status', 'project_id', 'provider_id', 'extra_info')
_OF_RESTORE = ('id', 'status', 'checkpoint_id', 'parameters', 'resources_status')
_OF_LOG = ('operation_type', 'status', 'started_at', 'ended_at')


def play(service, manila, interval):
    """From a share with a file to the file in one that was restored; and a schedule.

    :param interval: seconds between two runs of the schedule
    """
    say(1, 'A member of the project has a share in Manila, and a file in it')
    manila.introduce()
    share = manila.show('POST', '/shares', _SHARE, only=_OF_SHARE).body['share']['id']
    manila.wait_for(f'/shares/{share}', 'available')
    content = os.urandom(_SIZE)
    file = manila.find_folder(share) / _FILE
    file.write_bytes(content)
    _describe(file)

    say(2, 'The service finds the share, and a provider that protects shares')
    found = service.show('demo', 'GET', f'/v1/protectables/{_TYPE}/instances').body
    if share not in [each['id'] for each in found['instances']]:
        raise UnexpectedError(f'share {share} was expected among the instances')
    provider = _find_provider(service)
    say(3, 'The member makes a plan of what is to be protected, and how')
    plan = service.show(
        'demo', 'POST', '/v1/plans', _make_plan(provider, share), only=_OF_PLAN
    ).body['plan']['id']
    checkpoint = _protect(service, provider, plan)

    say(6, 'The file is destroyed')
    file.unlink()
    print(f'$ rm {file}\n')
    _restore(service, provider, checkpoint)
    say(9, 'It is a new share of the project, and the file is in it')
    restored = _find_restored(manila)
    _compare(manila.find_folder(restored) / _FILE, content)

    say(10, 'What was done is in the operation logs')
    path = f'/v1/operation_logs?checkpoint_id={checkpoint}'
    service.show('demo', 'GET', path, keep=_OF_LOG)
    schedules.play(service, provider, plan, interval, number=11)
    _tidy(service, manila, provider, plan)
    for each in (share, restored):
        manila.send('DELETE', f'/shares/{each}')
        manila.wait_until_gone(f'/shares/{each}')


def _find_provider(service):
    answer = service.show('demo', 'GET', '/v1/providers', keep=('id', 'name'))
    for provider in answer.body['providers']:
        if provider['name'] == _PROVIDER:
            return provider['id']
    raise UnexpectedError(f'the provider {_PROVIDER} was expected')


def _make_plan(provider, share):
    return {
        'plan': {
            'name': 'nightly',
            'provider_id': provider,
            'resources': [{'id': share, 'type': _TYPE, 'name': 'data'}],
            'parameters': {
                _TYPE: {
                    'snapshot_name': 'nightly',
                    'description': 'By the nightly plan.',
                    'force': False,
                }
            },
        }
    }


def _protect(service, provider, plan):
    """A checkpoint, once it is available; its id."""
    say(4, 'A checkpoint protects it: in Manila it is a snapshot')
    path, body = f'/v1/providers/{provider}/checkpoints', {'plan_id': plan}
    made = service.show('demo', 'POST', path, {'checkpoint': body}, only=_OF_CHECKPOINT)
    checkpoint = made.body['checkpoint']['id']
    path = f'{path}/{checkpoint}'
    service.wait_until(
        'available', path, lambda got: _get_status(got, 'checkpoint') == 'available'
    )
    say(5, 'A moment later it is available')
    service.show('demo', 'GET', path, only=_OF_CHECKPOINT)
    return checkpoint


def _restore(service, provider, checkpoint):
    say(7, 'The member restores the checkpoint')
    body = {
        'provider_id': provider,
        'checkpoint_id': checkpoint,
        'parameters': {_TYPE: {'restore_name': _RESTORED}},
    }
    made = service.show(
        'demo', 'POST', '/v1/restores', {'restore': body}, only=_OF_RESTORE
    )
    path = f'/v1/restores/{made.body["restore"]["id"]}'
    service.wait_until(
        'success', path, lambda got: _get_status(got, 'restore') == 'success'
    )
    say(8, 'A moment later that is done')
    service.show('demo', 'GET', path, only=_OF_RESTORE)


def _find_restored(manila):
    """The id of the newest share of the name that was asked for."""
    path = f'/shares/detail?name={_RESTORED}&sort_key=created_at&sort_dir=desc'
    return manila.show('GET', path, keep=_OF_SHARE).body['shares'][0]['id']


def _get_status(answer, noun):
    """The status of what was asked for.

    :raises UnexpectedError: with the reason, when it has failed
    """
    shown = answer.body[noun]
    if shown['status'] in ('error', 'fail'):
        raise UnexpectedError(f'{noun} {shown["id"]}: {shown["fault"]}')
    return shown['status']


def _describe(file):
    """Print where a file is, and what it is known by."""
    content = file.read_bytes()
    print(f'$ sha256sum {file}')
    print(f'{hashlib.sha256(content).hexdigest()}  ({len(content)} bytes)\n')


def _compare(file, content):
    _describe(file)
    if file.read_bytes() != content:
        raise UnexpectedError(f'{file} is not what it was')
    print(f'Compared byte for byte: all {len(content)} are as they were.\n')


def _tidy(service, manila, provider, plan):
    say(14, 'The member needs them no longer: their snapshots go, too')
    path = f'/v1/providers/{provider}/checkpoints'
    found = service.send('demo', 'GET', f'{path}?plan_id={plan}').body['checkpoints']
    for each in found:
        service.show('demo', 'DELETE', f'{path}/{each["id"]}')
    service.wait_until(
        'gone', f'{path}?plan_id={plan}', lambda got: not got.body['checkpoints']
    )
    left = manila.show('GET', '/snapshots').body['snapshots']
    service.send('demo', 'DELETE', f'/v1/plans/{plan}')
    if left:
        raise UnexpectedError(f'no snapshots were expected, not {left}')
