"""The table of due work."""

import datetime

import sqlalchemy as sa

from mogan_like.db import base

DUE_WORK = base.table(
    'due_work',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('kind', sa.String(96), nullable=False),
    sa.Column('object_id', sa.String(64), nullable=False),
    sa.Column('due_at', base.UtcDateTime, nullable=False),
    sa.Column('until', base.UtcDateTime, nullable=False),
    sa.Column('waits_on', sa.String(64), index=True),
    sa.Column('owner', sa.String(128), index=True),
    sa.Column('generation', sa.BigInteger, nullable=False),
    sa.Column('attempts', sa.Integer, nullable=False),
    sa.Column('payload', base.LongText, nullable=False),
    sa.Column('error', sa.Text),
    sa.UniqueConstraint('kind', 'object_id'),
    sa.Index(None, 'kind', 'until'),
)

#: The ``until`` of a row that waits on something: woken, never due.
NEVER = datetime.datetime(9999, 1, 1)
