"""How triggers and scheduled operations look from outside: in Karbor's words."""

import orjson

# What is shown is listed here, as in views.
_TRIGGER = ('name', 'type', 'project_id', 'created_at', 'updated_at')
_OPERATION = (
    'name',
    'description',
    'operation_type',
    'project_id',
    'user_id',
    'next_run_at',
    'last_run_at',
    'created_at',
    'updated_at',
)


def show_trigger(row):
    """A trigger; ``row`` is a mapping."""
    return {
        'id': row['uuid'],
        **{name: row[name] for name in _TRIGGER},
        'properties': orjson.loads(row['properties']),
    }


def show_operation(row):
    """A scheduled operation; ``row`` is a mapping."""
    return {
        'id': row['uuid'],
        **{name: row[name] for name in _OPERATION},
        'trigger_id': row['trigger_uuid'],
        'operation_definition': orjson.loads(row['operation_definition']),
        'enabled': bool(row['enabled']),
    }
