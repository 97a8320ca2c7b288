"""Plans, checkpoints and what is run on them, triggers, and services."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.db.migrations import steps

revision = '0005'
down_revision = '0004'

_STAMPS = (
    ('created_at', base.UtcDateTime, False),
    ('updated_at', base.UtcDateTime, False),
)


def upgrade():
    _create_plans()
    _create_checkpoints()
    _create_runs()
    _create_resources()
    _create_triggers()
    _create_scheduled_operations()
    _create_operation_logs()
    _create_services()


def _create(name, *columns):
    """A table with a number and a uuid; columns as (name, type, nullable)."""
    steps.create_table(
        name,
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        *_columns(columns),
        sa.PrimaryKeyConstraint('id', name=f'pk_{name}'),
        sa.UniqueConstraint('uuid', name=f'uq_{name}_uuid'),
    )


def _columns(columns):
    return [sa.Column(name, kind, nullable=null) for name, kind, null in columns]


def _create_plans():
    _create(
        'plans',
        ('name', sa.String(255), False),
        ('description', sa.String(255), True),
        ('provider_id', sa.String(36), False),
        ('project_id', sa.String(64), False),
        ('user_id', sa.String(64), False),
        ('status', sa.String(16), False),
        ('resources', base.LongText, False),
        ('parameters', base.LongText, False),
        *_STAMPS,
    )
    steps.create_indexes(
        'plans',
        ('created_at', 'id'),
        ('name', 'created_at', 'id'),
        ('project_id', 'created_at', 'id'),
        ('project_id', 'name', 'created_at', 'id'),
    )


def _create_checkpoints():
    _create(
        'checkpoints',
        ('project_id', sa.String(64), False),
        ('user_id', sa.String(64), False),
        ('provider_id', sa.String(36), False),
        ('plan_uuid', sa.String(36), False),
        ('status', sa.String(16), False),
        ('plan', base.LongText, False),
        ('resource_graph', base.LongText, False),
        ('extra_info', base.LongText, False),
        ('fault', sa.Text(), True),
        ('operation_uuid', sa.String(36), True),
        ('banked', sa.SmallInteger(), False),
        ('restoring', sa.Integer(), False),
        *_STAMPS,
        ('deleted', sa.SmallInteger(), False),
        ('deleted_at', base.UtcDateTime, True),
    )
    steps.create_indexes(
        'checkpoints',
        ('deleted_at',),
        ('provider_id', 'deleted', 'created_at'),
        ('provider_id', 'project_id', 'deleted', 'created_at'),
        ('provider_id', 'plan_uuid', 'deleted', 'created_at'),
        ('plan_uuid', 'deleted', 'created_at'),
        ('operation_uuid', 'deleted', 'created_at'),
    )


def _create_runs():
    _create(
        'checkpoint_runs',
        ('kind', sa.String(16), False),
        ('project_id', sa.String(64), False),
        ('user_id', sa.String(64), False),
        ('provider_id', sa.String(36), False),
        ('checkpoint_uuid', sa.String(36), False),
        ('restore_target', sa.String(255), True),
        ('parameters', base.LongText, False),
        ('status', sa.String(16), False),
        ('fault', sa.Text(), True),
        *_STAMPS,
    )
    steps.create_indexes(
        'checkpoint_runs',
        ('kind', 'created_at', 'id'),
        ('kind', 'project_id', 'created_at', 'id'),
        ('checkpoint_uuid', 'kind', 'status'),
    )


def _create_resources():
    name = 'protected_resources'
    columns = (
        ('owner_uuid', sa.String(36), False),
        ('resource_type', sa.String(64), False),
        ('resource_id', sa.String(64), False),
        ('name', sa.String(255), True),
        ('status', sa.String(32), False),
        ('fault', sa.Text(), True),
        ('data', base.LongText, False),
        ('updated_at', base.UtcDateTime, False),
    )
    key = ('owner_uuid', 'resource_type', 'resource_id')
    steps.create_table(
        name,
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        *_columns(columns),
        sa.PrimaryKeyConstraint('id', name=f'pk_{name}'),
        sa.UniqueConstraint(*key, name='_'.join(('uq', name, *key))),
    )
    steps.create_indexes(name, ('resource_id', 'resource_type'))


def _create_triggers():
    _create(
        'triggers',
        ('name', sa.String(255), False),
        ('type', sa.String(16), False),
        ('project_id', sa.String(64), False),
        ('properties', base.LongText, False),
        *_STAMPS,
    )
    steps.create_indexes(
        'triggers', ('project_id', 'created_at', 'id'), ('created_at', 'id')
    )


def _create_scheduled_operations():
    _create(
        'scheduled_operations',
        ('name', sa.String(255), False),
        ('description', sa.String(255), True),
        ('operation_type', sa.String(32), False),
        ('project_id', sa.String(64), False),
        ('user_id', sa.String(64), False),
        ('trigger_uuid', sa.String(36), False),
        ('operation_definition', base.LongText, False),
        ('plan_uuid', sa.String(36), False),
        ('trust_id', sa.String(255), True),
        ('enabled', sa.Boolean(), False),
        ('next_run_at', base.UtcDateTime, True),
        ('last_run_at', base.UtcDateTime, True),
        *_STAMPS,
    )
    steps.create_indexes(
        'scheduled_operations',
        ('plan_uuid',),
        ('trigger_uuid', 'created_at', 'id'),
        ('project_id', 'created_at', 'id'),
        ('created_at', 'id'),
    )


def _create_operation_logs():
    _create(
        'operation_logs',
        ('project_id', sa.String(64), False),
        ('operation_type', sa.String(16), False),
        ('checkpoint_uuid', sa.String(36), True),
        ('plan_uuid', sa.String(36), True),
        ('provider_id', sa.String(36), True),
        ('run_uuid', sa.String(36), True),
        ('scheduled_operation_uuid', sa.String(36), True),
        ('status', sa.String(16), False),
        ('started_at', base.UtcDateTime, False),
        ('ended_at', base.UtcDateTime, True),
        ('error_info', sa.Text(), True),
    )
    steps.create_indexes(
        'operation_logs',
        ('checkpoint_uuid',),
        ('run_uuid',),
        ('project_id', 'started_at', 'id'),
        ('started_at', 'id'),
    )


def _create_services():
    steps.create_table(
        'services',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('program', sa.String(64), nullable=False),
        sa.Column('host', sa.String(255), nullable=False),
        sa.Column('disabled', sa.Boolean(), nullable=False),
        sa.Column('disabled_reason', sa.String(255)),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_services'),
        sa.UniqueConstraint('host', 'program', name='uq_services_host_program'),
    )
