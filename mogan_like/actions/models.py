"""Tables of the audit; they outlive what they speak of."""

import sqlalchemy as sa

from mogan_like.db import base

#: Newest first by (started_at, id) within whatever narrows the search.
ACTIONS = base.table(
    'actions',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
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
    # One row for one verb of one request, however often it is delivered.
    sa.UniqueConstraint('object_id', 'request_id'),
    sa.Index(None, 'object_type', 'started_at', 'id'),
    sa.Index(None, 'object_id', 'started_at', 'id'),
    sa.Index(None, 'user_id', 'started_at', 'id'),
    sa.Index(None, 'project_id', 'started_at', 'id'),
    sa.Index(None, 'owner_project_id', 'started_at', 'id'),
    sa.Index(None, 'action', 'started_at', 'id'),
    sa.Index(None, 'result', 'started_at', 'id'),
    sa.Index(None, 'request_id'),
    sa.Index(None, 'started_at', 'id'),
)

EVENTS = base.table(
    'action_events',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('action_id', base.BigId, nullable=False, index=True),
    sa.Column('event', sa.String(64), nullable=False),
    sa.Column('started_at', base.UtcDateTime, nullable=False),
    sa.Column('finished_at', base.UtcDateTime),
    sa.Column('result', sa.String(16)),
    sa.Column('host', sa.String(255)),
    sa.Column('message', sa.String(1024)),
    sa.Column('traceback', base.LongText),
    # For how many that are no longer there it stands.
    sa.Column('omitted', sa.Integer),
)
