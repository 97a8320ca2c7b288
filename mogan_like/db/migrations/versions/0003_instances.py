"""Instances, flavors, nodes, keypairs and quotas."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.db.migrations import steps

revision = '0003'
down_revision = '0002'


def upgrade():
    _create_instances()
    _index_instances()
    _create_flavors()
    _create_nodes()
    _create_node_properties()
    _create_keypairs()
    _create_quotas()
    _create_quota_usages()


def _create_instances():
    steps.create_table(
        'instances',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('description', sa.String(255)),
        sa.Column('project_id', sa.String(64), nullable=False),
        sa.Column('user_id', sa.String(64), nullable=False),
        sa.Column('status', sa.String(16), nullable=False),
        sa.Column('power_state', sa.String(16)),
        sa.Column('flavor_uuid', sa.String(36), nullable=False),
        sa.Column('image_uuid', sa.String(36)),
        sa.Column('node_uuid', sa.String(36)),
        sa.Column('reservation_uuid', sa.String(36)),
        sa.Column('availability_zone', sa.String(255)),
        sa.Column('metadata', base.LongText, nullable=False),
        sa.Column('networks', base.LongText, nullable=False),
        sa.Column('addresses', base.LongText, nullable=False),
        sa.Column('user_data', base.LongText),
        sa.Column('key_name', sa.String(255)),
        sa.Column('public_key', sa.Text()),
        sa.Column('fault', sa.Text()),
        sa.Column('locked_by', sa.String(16)),
        sa.Column('lock_user_id', sa.String(64)),
        sa.Column('lock_reason', sa.String(255)),
        sa.Column('locked_at', base.UtcDateTime),
        sa.Column('lock_expires_at', base.UtcDateTime),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.Column('launched_at', base.UtcDateTime),
        sa.Column('deleted', sa.SmallInteger(), nullable=False),
        sa.Column('deleted_at', base.UtcDateTime),
        sa.PrimaryKeyConstraint('id', name='pk_instances'),
        sa.UniqueConstraint('uuid', name='uq_instances_uuid'),
    )


def _index_instances():
    steps.create_indexes(
        'instances', ('deleted_at',), ('node_uuid',), ('reservation_uuid', 'deleted')
    )
    for scope in (('deleted',), ('project_id', 'deleted')):
        steps.create_indexes(
            'instances',
            (*scope, 'created_at'),
            (*scope, 'name', 'created_at'),
            (*scope, 'name', 'status', 'created_at'),
            (*scope, 'status', 'created_at'),
            (*scope, 'status', 'name', 'created_at'),
            (*scope, 'flavor_uuid', 'created_at'),
            (*scope, 'flavor_uuid', 'name', 'created_at'),
            (*scope, 'flavor_uuid', 'status', 'created_at'),
            (*scope, 'updated_at'),
        )


def _create_flavors():
    steps.create_table(
        'flavors',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('description', sa.String(255)),
        sa.Column('resource_class', sa.String(255), nullable=False),
        sa.Column('properties', base.LongText, nullable=False),
        sa.Column('is_public', sa.Boolean(), nullable=False),
        sa.Column('disabled', sa.Boolean(), nullable=False),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_flavors'),
        sa.UniqueConstraint('name', name='uq_flavors_name'),
        sa.UniqueConstraint('uuid', name='uq_flavors_uuid'),
    )
    steps.create_indexes(
        'flavors',
        ('created_at', 'id'),
        ('is_public', 'created_at', 'id'),
        ('is_public', 'name'),
    )


def _create_nodes():
    steps.create_table(
        'nodes',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('resource_class', sa.String(255), nullable=False),
        sa.Column('properties', base.LongText, nullable=False),
        sa.Column('maintenance', sa.Boolean(), nullable=False),
        sa.Column('maintenance_reason', sa.String(255)),
        sa.Column('present', sa.Boolean(), nullable=False),
        sa.Column('instance_uuid', sa.String(36)),
        sa.Column('reservable', sa.Boolean(), nullable=False),
        sa.Column('reservation_uuid', sa.String(36)),
        sa.Column('reservation_project_id', sa.String(64)),
        sa.Column('free', sa.SmallInteger(), nullable=False),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.Column('updated_at', base.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_nodes'),
        sa.UniqueConstraint('instance_uuid', name='uq_nodes_instance_uuid'),
        sa.UniqueConstraint('uuid', name='uq_nodes_uuid'),
    )
    steps.create_indexes(
        'nodes',
        ('created_at', 'id'),
        ('free', 'resource_class', 'id'),
        ('name', 'id'),
        ('resource_class', 'created_at', 'id'),
        ('resource_class', 'name', 'id'),
        ('maintenance', 'created_at', 'id'),
        ('maintenance', 'name', 'id'),
        ('reservable', 'id'),
        ('reservation_uuid',),
    )


def _create_node_properties():
    steps.create_table(
        'node_properties',
        sa.Column('node_id', base.BigId, autoincrement=False, nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('value', sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint('node_id', 'name', name='pk_node_properties'),
    )
    steps.create_indexes('node_properties', ('name', 'value', 'node_id'))


def _create_keypairs():
    steps.create_table(
        'keypairs',
        sa.Column('id', base.BigId, autoincrement=True, nullable=False),
        sa.Column('user_id', sa.String(64), nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('type', sa.String(16), nullable=False),
        sa.Column('fingerprint', sa.String(255), nullable=False),
        sa.Column('public_key', sa.Text(), nullable=False),
        sa.Column('created_at', base.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_keypairs'),
        sa.UniqueConstraint('user_id', 'name', name='uq_keypairs_user_id_name'),
    )


def _create_quotas():
    steps.create_table(
        'quotas',
        sa.Column('project_id', sa.String(64), nullable=False),
        sa.Column('resource', sa.String(64), nullable=False),
        sa.Column('hard_limit', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('project_id', 'resource', name='pk_quotas'),
    )


def _create_quota_usages():
    steps.create_table(
        'quota_usages',
        sa.Column('scope_id', sa.String(64), nullable=False),
        sa.Column('resource', sa.String(64), nullable=False),
        sa.Column('used', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('scope_id', 'resource', name='pk_quota_usages'),
    )
