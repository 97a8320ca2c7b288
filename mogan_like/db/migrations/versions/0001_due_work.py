"""Due work and answers kept under Idempotency-Keys."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.db.migrations import steps

revision = '0001'
down_revision = None


def upgrade():
    _create_due_work()
    _create_idempotency_keys()


def _create_due_work():
    steps.create_table(
        'due_work',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('kind', sa.String(96), nullable=False),
        sa.Column('object_id', sa.String(64), nullable=False),
        sa.Column('due_at', base.UtcDateTime, nullable=False),
        sa.Column('until', base.UtcDateTime, nullable=False),
        sa.Column('waits_on', sa.String(64)),
        sa.Column('owner', sa.String(128)),
        sa.Column('generation', sa.BigInteger(), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('payload', base.LongText, nullable=False),
        sa.Column('error', sa.Text()),
        sa.PrimaryKeyConstraint('id', name='pk_due_work'),
        sa.UniqueConstraint('kind', 'object_id', name='uq_due_work_kind_object_id'),
    )
    steps.create_indexes('due_work', ('owner',), ('kind', 'until'), ('waits_on',))


def _create_idempotency_keys():
    steps.create_table(
        'idempotency_keys',
        sa.Column('project_id', sa.String(64), nullable=False),
        sa.Column('key', sa.String(64), nullable=False),
        sa.Column('hash', sa.String(64), nullable=False),
        sa.Column('answer', base.LongText, nullable=False),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint('project_id', 'key', name='pk_idempotency_keys'),
    )
    steps.create_indexes('idempotency_keys', ('created_at',))
