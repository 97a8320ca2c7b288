"""Tables of leases, what they hold, and the hosts that can be reserved."""

import itertools

import sqlalchemy as sa

from mogan_like.db import base

# As of instances: each list has an index that leads to its page and to no
# other rows.
_LIST_SCOPES = (('deleted',), ('project_id', 'deleted'))
_LIST_ORDERS = (
    ('created_at',),
    ('name', 'created_at'),
    ('start_date',),
    ('end_date',),
    ('status', 'created_at'),
    ('status', 'name', 'created_at'),
    ('status', 'start_date'),
    ('status', 'end_date'),
)

LEASES = base.table(
    'leases',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('project_id', sa.String(64), nullable=False),
    sa.Column('user_id', sa.String(64), nullable=False),
    # For work on its owner's behalf before its end.
    sa.Column('trust_id', sa.String(255)),
    sa.Column('start_date', base.UtcDateTime, nullable=False),
    sa.Column('end_date', base.UtcDateTime, nullable=False),
    sa.Column('before_end_date', base.UtcDateTime),
    sa.Column('status', sa.String(16), nullable=False),
    # True while a reservation has less than was asked for.
    sa.Column('degraded', sa.Boolean, nullable=False),
    # Who asked for the end, when that was not the clock.
    sa.Column('ended_by_user_id', sa.String(64)),
    sa.Column('ended_by_project_id', sa.String(64)),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Column('deleted', sa.SmallInteger, nullable=False),
    sa.Column('deleted_at', base.UtcDateTime, index=True),
    *(
        sa.Index(None, *scope, *order)
        for scope, order in itertools.product(_LIST_SCOPES, _LIST_ORDERS)
    ),
)

RESERVATIONS = base.table(
    'reservations',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('lease_uuid', sa.String(36), nullable=False, index=True),
    sa.Column('resource_type', sa.String(66), nullable=False),
    # The plugin's own name for what is reserved.
    sa.Column('resource_id', sa.String(36)),
    sa.Column('status', sa.String(16), nullable=False),
    # True from the first call of on_start on: on_end has something to undo.
    sa.Column('started', sa.Boolean, nullable=False),
    # True while what there is does not yet match what is reserved.
    sa.Column('unsettled', sa.Boolean, nullable=False),
    sa.Column('missing_resources', sa.Boolean, nullable=False),
    sa.Column('resources_changed', sa.Boolean, nullable=False),
    # What was asked for, as the schema of the type has it: a JSON object.
    sa.Column('requested', base.LongText, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Index(None, 'resource_type', 'status'),
)

#: Resources that are counted, not chosen: who plans one holds its row.
COUNTED_RESOURCES = base.table(
    'counted_resources',
    sa.Column('resource_type', sa.String(66), primary_key=True),
    sa.Column('generation', sa.BigInteger, nullable=False),
)

EVENTS = base.table(
    'lease_events',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('lease_uuid', sa.String(36), nullable=False),
    sa.Column('event_type', sa.String(32), nullable=False),
    sa.Column('time', base.UtcDateTime, nullable=False),
    sa.Column('status', sa.String(16), nullable=False),
    sa.Column('result', sa.String(16)),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.UniqueConstraint('lease_uuid', 'event_type'),
)

#: Nodes that are open for reservation; Blazar's clients want numbers for ids.
HOSTS = base.table(
    'hosts',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('node_uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False),
    # Grows with every allocation: who planned by an older one plans again.
    sa.Column('generation', sa.BigInteger, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Index(None, 'name', 'id'),
)

HOST_CAPABILITIES = base.table(
    'host_capabilities',
    sa.Column('host_id', base.BigId, primary_key=True, autoincrement=False),
    sa.Column('name', sa.String(64), primary_key=True),
    sa.Column('value', sa.String(255), nullable=False),
    sa.Index(None, 'name', 'host_id'),
)

#: What is known of a capability's name besides that hosts have it.
CAPABILITY_NAMES = base.table(
    'capability_names',
    sa.Column('name', sa.String(64), primary_key=True),
    # Not shown to members.
    sa.Column('private', sa.Boolean, nullable=False),
)

#: A host for a reservation for a time. Released ones are history.
ALLOCATIONS = base.table(
    'allocations',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('host_id', base.BigId, nullable=False),
    sa.Column('node_uuid', sa.String(36), nullable=False),
    sa.Column('reservation_uuid', sa.String(36), nullable=False, index=True),
    sa.Column('lease_uuid', sa.String(36), nullable=False, index=True),
    sa.Column('project_id', sa.String(64), nullable=False),
    sa.Column('start_date', base.UtcDateTime, nullable=False),
    sa.Column('end_date', base.UtcDateTime, nullable=False),
    sa.Column('released', sa.SmallInteger, nullable=False),
    sa.Index(None, 'released', 'end_date'),
    sa.Index(None, 'host_id', 'released', 'end_date'),
    sa.Index(None, 'project_id', 'released', 'end_date'),
)
