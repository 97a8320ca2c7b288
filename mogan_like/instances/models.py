"""Tables of instances, flavors, nodes and keypairs."""

import itertools

import sqlalchemy as sa

from mogan_like.db import base

# Lists are of one project or of all, live or deleted, with a filter or without,
# in one of three orders: each has its index, so that a page of a million rows
# costs what a page of a thousand costs. All of one name are in the order of their
# creation, whether the name is a filter or an order; so with the status. The id
# that pages go by at last ends every index by itself, except on PostgreSQL, which
# sorts what was made in the same microsecond.
_LIST_SCOPES = (('deleted',), ('project_id', 'deleted'))
_LIST_ORDERS = (
    ('created_at',),
    ('name', 'created_at'),
    ('name', 'status', 'created_at'),
    ('status', 'created_at'),
    ('status', 'name', 'created_at'),
    ('flavor_uuid', 'created_at'),
    ('flavor_uuid', 'name', 'created_at'),
    ('flavor_uuid', 'status', 'created_at'),
    # What has changed since some time.
    ('updated_at',),
)

INSTANCES = base.table(
    'instances',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('description', sa.String(255)),
    sa.Column('project_id', sa.String(64), nullable=False),
    sa.Column('user_id', sa.String(64), nullable=False),
    sa.Column('status', sa.String(16), nullable=False),
    sa.Column('power_state', sa.String(16)),
    sa.Column('flavor_uuid', sa.String(36), nullable=False),
    sa.Column('image_uuid', sa.String(36)),
    sa.Column('node_uuid', sa.String(36), index=True),
    # The reservation whose node it was asked for; kept when the node is not.
    sa.Column('reservation_uuid', sa.String(36)),
    sa.Column('availability_zone', sa.String(255)),
    sa.Column('metadata', base.LongText, nullable=False),
    sa.Column('networks', base.LongText, nullable=False),
    sa.Column('addresses', base.LongText, nullable=False),
    sa.Column('user_data', base.LongText),
    sa.Column('key_name', sa.String(255)),
    # A copy: the keypair may be deleted while the machine is being built.
    sa.Column('public_key', sa.Text),
    sa.Column('fault', sa.Text),
    sa.Column('locked_by', sa.String(16)),
    sa.Column('lock_user_id', sa.String(64)),
    sa.Column('lock_reason', sa.String(255)),
    sa.Column('locked_at', base.UtcDateTime),
    sa.Column('lock_expires_at', base.UtcDateTime),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Column('launched_at', base.UtcDateTime),
    # 0 or 1 beside deleted_at: an index does not serve IS NOT NULL and an
    # order by another column at once.
    sa.Column('deleted', sa.SmallInteger, nullable=False),
    sa.Column('deleted_at', base.UtcDateTime, index=True),
    sa.Index(None, 'reservation_uuid', 'deleted'),
    *(
        sa.Index(None, *scope, *order)
        for scope, order in itertools.product(_LIST_SCOPES, _LIST_ORDERS)
    ),
)

FLAVORS = base.table(
    'flavors',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False, unique=True),
    sa.Column('description', sa.String(255)),
    sa.Column('resource_class', sa.String(255), nullable=False),
    sa.Column('properties', base.LongText, nullable=False),
    sa.Column('is_public', sa.Boolean, nullable=False),
    sa.Column('disabled', sa.Boolean, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Index(None, 'created_at', 'id'),
    sa.Index(None, 'is_public', 'created_at', 'id'),
    sa.Index(None, 'is_public', 'name'),
)

NODES = base.table(
    'nodes',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('resource_class', sa.String(255), nullable=False),
    sa.Column('properties', base.LongText, nullable=False),
    sa.Column('maintenance', sa.Boolean, nullable=False),
    sa.Column('maintenance_reason', sa.String(255)),
    # False when the driver no longer reports the machine.
    sa.Column('present', sa.Boolean, nullable=False),
    # The instance that has the node: unique, so that two can never share one.
    sa.Column('instance_uuid', sa.String(36), unique=True),
    # Opened for reservation: takes instances of the reservation that has it.
    sa.Column('reservable', sa.Boolean, nullable=False, default=False),
    sa.Column('reservation_uuid', sa.String(36), index=True),
    # Whose instances may come; None while the reservation is ending.
    sa.Column('reservation_project_id', sa.String(64)),
    # 1 while an instance without a reservation may be put here: present, free,
    # no maintenance, not reservable. One column, so that one index finds free
    # nodes among many taken ones.
    sa.Column('free', sa.SmallInteger, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.Column('updated_at', base.UtcDateTime, nullable=False),
    sa.Index(None, 'free', 'resource_class', 'id'),
    sa.Index(None, 'created_at', 'id'),
    sa.Index(None, 'name', 'id'),
    sa.Index(None, 'resource_class', 'created_at', 'id'),
    sa.Index(None, 'resource_class', 'name', 'id'),
    sa.Index(None, 'maintenance', 'created_at', 'id'),
    sa.Index(None, 'maintenance', 'name', 'id'),
    sa.Index(None, 'reservable', 'id'),
)

#: One row for each property, so that SQL can match them.
NODE_PROPERTIES = base.table(
    'node_properties',
    sa.Column('node_id', base.BigId, primary_key=True, autoincrement=False),
    sa.Column('name', sa.String(255), primary_key=True),
    sa.Column('value', sa.String(255), nullable=False),
    sa.Index(None, 'name', 'value', 'node_id'),
)

KEYPAIRS = base.table(
    'keypairs',
    sa.Column('id', base.BigId, primary_key=True, autoincrement=True),
    sa.Column('user_id', sa.String(64), nullable=False),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('type', sa.String(16), nullable=False),
    sa.Column('fingerprint', sa.String(255), nullable=False),
    sa.Column('public_key', sa.Text, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False),
    sa.UniqueConstraint('user_id', 'name'),
)
