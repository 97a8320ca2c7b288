"""Tables of protection. What a bank keeps is written from them."""

import sqlalchemy as sa

from mogan_like.db import base

PLANS = base.table(
    'plans',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('description', sa.String(255)),
    sa.Column('provider_id', sa.String(36), nullable=False),
    sa.Column('project_id', sa.String(64), nullable=False),
    sa.Column('user_id', sa.String(64), nullable=False),
    sa.Column('status', sa.String(16), nullable=False),
    # JSON: [{id, type, name, extra_info}], and {type or type#id: {...}}.
    sa.Column('resources', base.LongText, nullable=False),
    sa.Column('parameters', base.LongText, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Index(None, 'created_at', 'id'),
    sa.Index(None, 'name', 'created_at', 'id'),
    sa.Index(None, 'project_id', 'created_at', 'id'),
    sa.Index(None, 'project_id', 'name', 'created_at', 'id'),
)

CHECKPOINTS = base.table(
    'checkpoints',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('project_id', sa.String(64), nullable=False),
    sa.Column('user_id', sa.String(64), nullable=False),
    sa.Column('provider_id', sa.String(36), nullable=False),
    sa.Column('plan_uuid', sa.String(36), nullable=False),
    sa.Column('status', sa.String(16), nullable=False),
    # A copy of the plan as it was, and the tree of what was protected: JSON.
    sa.Column('plan', base.LongText, nullable=False),
    sa.Column('resource_graph', base.LongText, nullable=False),
    sa.Column('extra_info', base.LongText, nullable=False),
    # Why it failed, for its project.
    sa.Column('fault', sa.Text),
    # The scheduled operation that made it, or None.
    sa.Column('operation_uuid', sa.String(36)),
    # 0 until the bank's record says what the row says.
    sa.Column('banked', sa.SmallInteger, nullable=False),
    # How many restores of it are in progress: none of them may lose it.
    sa.Column('restoring', sa.Integer, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Column('deleted', sa.SmallInteger, nullable=False),
    sa.Column('deleted_at', base.UtcDateTime, index=True),
    sa.Index(None, 'provider_id', 'deleted', 'created_at'),
    sa.Index(None, 'provider_id', 'project_id', 'deleted', 'created_at'),
    sa.Index(None, 'provider_id', 'plan_uuid', 'deleted', 'created_at'),
    sa.Index(None, 'plan_uuid', 'deleted', 'created_at'),
    sa.Index(None, 'operation_uuid', 'deleted', 'created_at'),
)

#: Restores and verifications of checkpoints.
RUNS = base.table(
    'checkpoint_runs',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    # 'restore' or 'verify'.
    sa.Column('kind', sa.String(16), nullable=False),
    sa.Column('project_id', sa.String(64), nullable=False),
    sa.Column('user_id', sa.String(64), nullable=False),
    sa.Column('provider_id', sa.String(36), nullable=False),
    sa.Column('checkpoint_uuid', sa.String(36), nullable=False),
    sa.Column('restore_target', sa.String(255)),
    sa.Column('parameters', base.LongText, nullable=False),
    sa.Column('status', sa.String(16), nullable=False),
    sa.Column('fault', sa.Text),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Index(None, 'kind', 'created_at', 'id'),
    sa.Index(None, 'kind', 'project_id', 'created_at', 'id'),
    sa.Index(None, 'checkpoint_uuid', 'kind', 'status'),
)

#: One resource of a checkpoint or of a run: what a plugin recorded of it.
RESOURCES = base.table(
    'protected_resources',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    # The checkpoint's or the run's uuid.
    sa.Column('owner_uuid', sa.String(36), nullable=False),
    sa.Column('resource_type', sa.String(64), nullable=False),
    sa.Column('resource_id', sa.String(64), nullable=False),
    sa.Column('name', sa.String(255)),
    sa.Column('status', sa.String(32), nullable=False),
    sa.Column('fault', sa.Text),
    # JSON, the plugin's: the snapshot's id for example, saved as soon as known.
    sa.Column('data', base.LongText, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.UniqueConstraint('owner_uuid', 'resource_type', 'resource_id'),
    # Who has copies of this: asked for one resource at a time.
    sa.Index(None, 'resource_id', 'resource_type'),
)

TRIGGERS = base.table(
    'triggers',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('type', sa.String(16), nullable=False),
    sa.Column('project_id', sa.String(64), nullable=False),
    # JSON: pattern, format, window, start_time, end_time.
    sa.Column('properties', base.LongText, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Index(None, 'project_id', 'created_at', 'id'),
    sa.Index(None, 'created_at', 'id'),
)

SCHEDULED_OPERATIONS = base.table(
    'scheduled_operations',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('description', sa.String(255)),
    sa.Column('operation_type', sa.String(32), nullable=False),
    sa.Column('project_id', sa.String(64), nullable=False),
    sa.Column('user_id', sa.String(64), nullable=False),
    sa.Column('trigger_uuid', sa.String(36), nullable=False),
    # JSON: plan_id, provider_id, max_backups, max_backup_duration.
    sa.Column('operation_definition', base.LongText, nullable=False),
    sa.Column('plan_uuid', sa.String(36), nullable=False, index=True),
    # The user's authority when it runs; None where there is no Keystone.
    sa.Column('trust_id', sa.String(255)),
    sa.Column('enabled', sa.Boolean, nullable=False),
    # The run that is next, and the last one that began.
    sa.Column('next_run_at', base.UtcDateTime),
    sa.Column('last_run_at', base.UtcDateTime),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Index(None, 'trigger_uuid', 'created_at', 'id'),
    sa.Index(None, 'project_id', 'created_at', 'id'),
    sa.Index(None, 'created_at', 'id'),
)

OPERATION_LOGS = base.table(
    'operation_logs',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('project_id', sa.String(64), nullable=False),
    # 'protect', 'restore', 'delete' or 'verify'.
    sa.Column('operation_type', sa.String(16), nullable=False),
    sa.Column('checkpoint_uuid', sa.String(36), index=True),
    sa.Column('plan_uuid', sa.String(36)),
    sa.Column('provider_id', sa.String(36)),
    sa.Column('run_uuid', sa.String(36), index=True),
    sa.Column('scheduled_operation_uuid', sa.String(36)),
    sa.Column('status', sa.String(16), nullable=False),
    sa.Column('started_at', base.UtcDateTime, nullable=False),
    sa.Column('ended_at', base.UtcDateTime),
    sa.Column('error_info', sa.Text),
    sa.Index(None, 'project_id', 'started_at', 'id'),
    sa.Index(None, 'started_at', 'id'),
)

#: The conductors' hosts, as they report themselves.
SERVICES = base.table(
    'services',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    # 'binary' in Karbor's API, which is a word of SQL.
    sa.Column('program', sa.String(64), nullable=False),
    sa.Column('host', sa.String(255), nullable=False),
    sa.Column('disabled', sa.Boolean, nullable=False),
    sa.Column('disabled_reason', sa.String(255)),
    # When it was last heard of.
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.UniqueConstraint('host', 'program'),
)
