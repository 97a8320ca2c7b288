"""Leases, what they hold, and the hosts that can be reserved."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.db.migrations import steps

revision = '0004'
down_revision = '0003'


def upgrade():
    _create_leases()
    _create_reservations()
    _create_events()
    _create_hosts()
    _create_capabilities()
    _create_allocations()


def _create_leases():
    steps.create_table(
        'leases',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('project_id', sa.String(64), nullable=False),
        sa.Column('user_id', sa.String(64), nullable=False),
        sa.Column('trust_id', sa.String(255)),
        sa.Column('start_date', base.UtcDateTime, nullable=False),
        sa.Column('end_date', base.UtcDateTime, nullable=False),
        sa.Column('before_end_date', base.UtcDateTime),
        sa.Column('status', sa.String(16), nullable=False),
        sa.Column('degraded', sa.Boolean(), nullable=False),
        sa.Column('ended_by_user_id', sa.String(64)),
        sa.Column('ended_by_project_id', sa.String(64)),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.Column('deleted', sa.SmallInteger(), nullable=False),
        sa.Column('deleted_at', base.UtcDateTime),
        sa.PrimaryKeyConstraint('id', name='pk_leases'),
        sa.UniqueConstraint('uuid', name='uq_leases_uuid'),
    )
    steps.create_indexes('leases', ('deleted_at',))
    for scope in (('deleted',), ('project_id', 'deleted')):
        steps.create_indexes(
            'leases',
            (*scope, 'created_at'),
            (*scope, 'name', 'created_at'),
            (*scope, 'start_date'),
            (*scope, 'end_date'),
            (*scope, 'status', 'created_at'),
            (*scope, 'status', 'name', 'created_at'),
            (*scope, 'status', 'start_date'),
            (*scope, 'status', 'end_date'),
        )


def _create_reservations():
    steps.create_table(
        'reservations',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('lease_uuid', sa.String(36), nullable=False),
        sa.Column('resource_type', sa.String(66), nullable=False),
        sa.Column('resource_id', sa.String(36)),
        sa.Column('status', sa.String(16), nullable=False),
        sa.Column('started', sa.Boolean(), nullable=False),
        sa.Column('unsettled', sa.Boolean(), nullable=False),
        sa.Column('missing_resources', sa.Boolean(), nullable=False),
        sa.Column('resources_changed', sa.Boolean(), nullable=False),
        sa.Column('requested', base.LongText, nullable=False),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_reservations'),
        sa.UniqueConstraint('uuid', name='uq_reservations_uuid'),
    )
    steps.create_indexes('reservations', ('lease_uuid',), ('resource_type', 'status'))
    steps.create_table(
        'counted_resources',
        sa.Column('resource_type', sa.String(66), nullable=False),
        sa.Column('generation', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('resource_type', name='pk_counted_resources'),
    )


def _create_events():
    steps.create_table(
        'lease_events',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('lease_uuid', sa.String(36), nullable=False),
        sa.Column('event_type', sa.String(32), nullable=False),
        sa.Column('time', base.UtcDateTime, nullable=False),
        sa.Column('status', sa.String(16), nullable=False),
        sa.Column('result', sa.String(16)),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_lease_events'),
        sa.UniqueConstraint(
            'lease_uuid', 'event_type', name='uq_lease_events_lease_uuid_event_type'
        ),
        sa.UniqueConstraint('uuid', name='uq_lease_events_uuid'),
    )


def _create_hosts():
    steps.create_table(
        'hosts',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('node_uuid', sa.String(36), nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('generation', sa.BigInteger(), nullable=False),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_hosts'),
        sa.UniqueConstraint('node_uuid', name='uq_hosts_node_uuid'),
    )
    steps.create_indexes('hosts', ('name', 'id'))


def _create_capabilities():
    steps.create_table(
        'host_capabilities',
        sa.Column('host_id', base.BigId, autoincrement=False, nullable=False),
        sa.Column('name', sa.String(64), nullable=False),
        sa.Column('value', sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint('host_id', 'name', name='pk_host_capabilities'),
    )
    steps.create_indexes('host_capabilities', ('name', 'host_id'))
    steps.create_table(
        'capability_names',
        sa.Column('name', sa.String(64), nullable=False),
        sa.Column('private', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('name', name='pk_capability_names'),
    )


def _create_allocations():
    steps.create_table(
        'allocations',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('host_id', base.BigId, nullable=False),
        sa.Column('node_uuid', sa.String(36), nullable=False),
        sa.Column('reservation_uuid', sa.String(36), nullable=False),
        sa.Column('lease_uuid', sa.String(36), nullable=False),
        sa.Column('project_id', sa.String(64), nullable=False),
        sa.Column('start_date', base.UtcDateTime, nullable=False),
        sa.Column('end_date', base.UtcDateTime, nullable=False),
        sa.Column('released', sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_allocations'),
        sa.UniqueConstraint('uuid', name='uq_allocations_uuid'),
    )
    steps.create_indexes(
        'allocations',
        ('lease_uuid',),
        ('reservation_uuid',),
        ('released', 'end_date'),
        ('host_id', 'released', 'end_date'),
        ('project_id', 'released', 'end_date'),
    )
