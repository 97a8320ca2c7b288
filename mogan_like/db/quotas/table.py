"""The tables of quotas."""

import sqlalchemy as sa

from mogan_like.db import base

#: The class of projects that have no limits of their own.
DEFAULT_CLASS = 'default'
#: Whose limits are those of the class: no project has an empty id.
NO_PROJECT = ''

#: Limits that differ from the options' defaults.
QUOTAS = base.table(
    'quotas',
    sa.Column('project_id', sa.String(64), primary_key=True),
    sa.Column('resource', sa.String(64), primary_key=True),
    sa.Column('hard_limit', sa.Integer, nullable=False),
)

#: What is in use; the scope is a project, or a user where users are counted.
QUOTA_USAGES = base.table(
    'quota_usages',
    sa.Column('scope_id', sa.String(64), primary_key=True),
    sa.Column('resource', sa.String(64), primary_key=True),
    sa.Column('used', sa.Integer, nullable=False),
)
