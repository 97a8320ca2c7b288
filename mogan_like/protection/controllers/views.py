"""How protection's rows look from outside: in Karbor's words."""

import datetime

import orjson

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.protection import states

# A view may be made of a row's mapping, or of a conductor's plain copy of one.
# What is shown is listed here, so that a new column does not change the API by
# accident.
_PLAN = (
    'name',
    'description',
    'provider_id',
    'project_id',
    'user_id',
    'status',
    'created_at',
    'updated_at',
)
_CHECKPOINT = (
    'project_id',
    'user_id',
    'provider_id',
    'status',
    # A client parses it.
    'resource_graph',
    'fault',
    'created_at',
    'updated_at',
)
_RUN = (
    'project_id',
    'user_id',
    'provider_id',
    'status',
    'fault',
    'created_at',
    'updated_at',
)
_LOG = (
    'project_id',
    'operation_type',
    'provider_id',
    'status',
    'started_at',
    'ended_at',
    'error_info',
)


def show_plan(row):
    """A plan; ``row`` is a mapping."""
    return {
        'id': row['uuid'],
        **{name: row[name] for name in _PLAN},
        'resources': orjson.loads(row['resources']),
        'parameters': orjson.loads(row['parameters']),
    }


def show_checkpoint(row):
    """A checkpoint; ``row`` is a mapping."""
    return {
        'id': row['uuid'],
        **{name: row[name] for name in _CHECKPOINT},
        'protection_plan': orjson.loads(row['plan']),
        'extra_info': orjson.loads(row['extra_info']),
    }


def show_run(row, resources):
    """A restore or verification.

    :param row: a mapping
    :param resources: the rows of its resources
    """
    view = {
        'id': row['uuid'],
        **{name: row[name] for name in _RUN},
        'checkpoint_id': row['checkpoint_uuid'],
        'parameters': orjson.loads(row['parameters']),
        'resources_status': {_name(each): each.status for each in resources},
        'resources_reason': {
            _name(each): each.fault for each in resources if each.fault is not None
        },
    }
    if row['kind'] == states.RESTORE:
        view['restore_target'] = row['restore_target']
        view['resources_restored'] = {
            _name(each): restored_id
            for each in resources
            if (restored_id := orjson.loads(each.data).get('restored_id'))
        }
    return view


def show_log(row):
    """An operation log; ``row`` is a mapping."""
    run, kind = row['run_uuid'], row['operation_type']
    return {
        'id': row['uuid'],
        **{name: row[name] for name in _LOG},
        'checkpoint_id': row['checkpoint_uuid'],
        'plan_id': row['plan_uuid'],
        'restore_id': run if kind == states.RESTORE else None,
        'verification_id': run if kind == states.VERIFY else None,
        'scheduled_operation_id': row['scheduled_operation_uuid'],
        # Karbor's field, which nothing of ours belongs in.
        'extra_info': None,
    }


def show_service(row):
    """A host of conductors; ``row`` is a mapping, with its time as a datetime."""
    silence = clock.utcnow() - row['updated_at']
    allowed = datetime.timedelta(seconds=CONF.protection.service_down_time)
    return {
        'id': row['id'],
        'binary': row['program'],
        'host': row['host'],
        'status': 'disabled' if row['disabled'] else 'enabled',
        'state': 'up' if silence <= allowed else 'down',
        'updated_at': clock.isoformat(row['updated_at']),
        'disabled_reason': row['disabled_reason'],
    }


def _name(resource):
    return f'{resource.resource_type}#{resource.resource_id}'
