"""The audit: actions and their events."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.db.migrations import steps

revision = '0002'
down_revision = '0001'


def upgrade():
    _create_actions()
    _index_actions()
    _create_action_events()


def _create_actions():
    steps.create_table(
        'actions',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('object_type', sa.String(16), nullable=False),
        sa.Column('object_id', sa.String(255), nullable=False),
        sa.Column('action', sa.String(32), nullable=False),
        sa.Column('request_id', sa.String(64), nullable=False),
        sa.Column('user_id', sa.String(64)),
        sa.Column('project_id', sa.String(64)),
        sa.Column('owner_project_id', sa.String(64)),
        sa.Column('cause', sa.String(16), nullable=False),
        sa.Column('cause_id', sa.String(64)),
        sa.Column('started_at', base.UtcDateTime, nullable=False),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.Column('finished_at', base.UtcDateTime),
        sa.Column('result', sa.String(16)),
        sa.Column('message', sa.String(1024)),
        sa.PrimaryKeyConstraint('id', name='pk_actions'),
        sa.UniqueConstraint(
            'object_id', 'request_id', name='uq_actions_object_id_request_id'
        ),
    )


def _index_actions():
    steps.create_indexes(
        'actions',
        ('action', 'started_at', 'id'),
        ('object_id', 'started_at', 'id'),
        ('object_type', 'started_at', 'id'),
        ('owner_project_id', 'started_at', 'id'),
        ('project_id', 'started_at', 'id'),
        ('request_id',),
        ('result', 'started_at', 'id'),
        ('started_at', 'id'),
        ('user_id', 'started_at', 'id'),
    )


def _create_action_events():
    steps.create_table(
        'action_events',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('action_id', base.BigId, nullable=False),
        sa.Column('event', sa.String(64), nullable=False),
        sa.Column('started_at', base.UtcDateTime, nullable=False),
        sa.Column('finished_at', base.UtcDateTime),
        sa.Column('result', sa.String(16)),
        sa.Column('host', sa.String(255)),
        sa.Column('message', sa.String(1024)),
        sa.Column('traceback', base.LongText),
        sa.Column('omitted', sa.Integer),
        sa.PrimaryKeyConstraint('id', name='pk_action_events'),
    )
    steps.create_indexes('action_events', ('action_id',))
