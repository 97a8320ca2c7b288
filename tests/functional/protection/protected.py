"""What is protected where the statements of every request are counted."""

import sqlalchemy as sa

from mogan_like.db import claims
from mogan_like.db import engine
from tests import fixtures
from tests.functional.protection import site

_OPTIONS = {'snapshot_name': 's', 'description': 'd', 'force': True}
_CHECKPOINTS = '/v1/providers/{provider}/checkpoints'
_RUN = {'provider_id': '{provider}', 'checkpoint_id': '{checkpoint}'}

#: ``{name}`` in a text is what a path is filled with, too.
BODIES = {
    'POST /v1/plans': {
        'plan': {
            'name': 'new',
            'provider_id': '{provider}',
            'resources': [{'id': '{share}', 'type': site.SHARE}],
            'parameters': {site.SHARE: _OPTIONS},
        }
    },
    'PUT /v1/plans/{plan}': {'plan': {'name': 'changed'}},
    f'POST {_CHECKPOINTS}': {'checkpoint': {'plan_id': '{plan}'}},
    f'POST {_CHECKPOINTS}/action': {'copy': {'plan_id': '{plan}'}},
    'POST /v1/restores': {'restore': _RUN},
    'POST /v1/verifications': {'verification': _RUN},
    f'PUT {_CHECKPOINTS}/{{checkpoint}}': {'os-resetState': {'state': 'available'}},
    'PUT /v1/os-services/{service}': {'status': 'enabled'},
    'POST /v1/triggers': {
        'trigger_info': {
            'name': 'new',
            'type': 'time',
            'properties': {'format': 'crontab', 'pattern': '0 0 1 1 *'},
        }
    },
    'PUT /v1/triggers/{trigger}': {'trigger_info': {'properties': {'window': 60}}},
    'POST /v1/scheduled_operations': {
        'scheduled_operation': {
            'name': 'new',
            'operation_type': 'protect',
            'trigger_id': '{trigger}',
            'operation_definition': {'plan_id': '{plan}', 'provider_id': '{provider}'},
        }
    },
    'PUT /v1/scheduled_operations/{operation}': {
        'scheduled_operation': {'name': 'changed'}
    },
    'PUT /v1/scheduled_operations/{operation}?': {
        'scheduled_operation': {'enabled': False}
    },
}

#: What tells a copy of a row from the row.
OWN_VALUES = {
    'plans': {'uuid'},
    'checkpoints': {'uuid'},
    'checkpoint_runs': {'uuid'},
    'operation_logs': {'uuid'},
    'protected_resources': {'owner_uuid'},
    'triggers': {'uuid'},
    # By triggers of their own: a change of one changes what runs by it.
    'scheduled_operations': {'uuid', 'trigger_uuid'},
}


def fill(value, names):
    """A body with what its texts name."""
    if isinstance(value, dict):
        return {name: fill(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [fill(inner, names) for inner in value]
    return value.format(**names) if isinstance(value, str) else value


def make_rows(place, client):
    """Make a row of each kind; returns what the paths are made with.

    :param place: the Site of the service
    """
    names = {'provider': site.PROVIDER, 'type': site.SHARE}
    names['share'] = place.make_share(client.persona.project_id)
    for name in ('plan', 'other_plan', 'checkpoint', 'restore', 'verification'):
        noun = name.removeprefix('other_')
        begin = '/v1/' + (f'{noun}s' if noun != 'checkpoint' else 'providers')
        path = next(path for path in BODIES if path.startswith(f'POST {begin}'))
        answer = client.post(path[5:].format(**names), fill(BODIES[path], names))
        assert answer.status == 200, answer
        names[name] = answer.body[noun]['id']
        let_it_end(client, path, answer)
    logs = client.get('/v1/operation_logs').body['operation_logs']
    names['log'] = next(
        log['id'] for log in logs if log['checkpoint_id'] == names['checkpoint']
    )
    for name in ('trigger', 'other_trigger', 'scheduled_operation'):
        noun = name.removeprefix('other_')
        path = f'POST /v1/{noun}s'
        answer = client.post(path[5:], fill(BODIES[path], names))
        assert answer.status == 200, answer
        (made,) = answer.body.values()
        names[name] = made['id']
    names['operation'] = names.pop('scheduled_operation')
    fixtures.wait_until(lambda: _list_services(client), 'a service')
    names['service'] = _list_services(client)[0]['id']
    return names


def let_it_end(client, name, answer):
    """Wait until what a request began has ended."""
    if name == f'PUT {_CHECKPOINTS}/{{checkpoint}}':
        # Its bank is told, too.
        fixtures.wait_until(lambda: not _list_due(), 'the checkpoint to be banked')
    for noun in ('checkpoint', 'restore', 'verification'):
        if name.startswith('POST') and noun in (answer.body or {}):
            shown = answer.body[noun]
            path = f'/v1/{noun}s/{shown["id"]}'
            if noun == 'checkpoint':
                path = f'{_CHECKPOINTS}/{shown["id"]}'.format(provider=site.PROVIDER)
            fixtures.wait_until(
                lambda path=path, noun=noun: (
                    client.get(path).body[noun]['status'] in ('available', 'success')
                ),
                path,
            )


def _list_due():
    work = claims.DUE_WORK
    with engine.reader() as conn:
        query = sa.select(work.c.id).where(work.c.kind == 'checkpoint')
        return conn.execute(query).all()


def _list_services(client):
    return client.get('/v1/os-services').body['services']
