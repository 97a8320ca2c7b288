"""Flavors, nodes and keypairs."""

import re

from openstack import resource

from mogan_like_client.sdk import base


class Flavor(base.Resource):
    """A kind of machine."""

    noun = 'flavor'
    resources_key = 'flavors'
    base_path = '/flavors'
    allow_create = True
    allow_commit = True
    allow_delete = True
    commit_method = 'PATCH'

    _query_mapping = resource.QueryParameters('sort_key', 'sort_dir')

    id = resource.Body('uuid', alternate_id=True)
    description = resource.Body('description')
    resource_class = resource.Body('resource_class')
    properties = resource.Body('properties', type=dict)
    is_public = resource.Body('is_public', type=bool)
    disabled = resource.Body('disabled', type=bool)
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')


class Node(base.Resource):
    """A physical machine of the inventory."""

    noun = 'node'
    resources_key = 'nodes'
    base_path = '/nodes'
    _max_microversion = '1.6'
    allow_commit = True
    commit_method = 'PATCH'

    _query_mapping = resource.QueryParameters(
        'resource_class', 'maintenance', 'sort_key', 'sort_dir'
    )

    id = resource.Body('uuid', alternate_id=True)
    resource_class = resource.Body('resource_class')
    properties = resource.Body('properties', type=dict)
    maintenance = resource.Body('maintenance', type=bool)
    maintenance_reason = resource.Body('maintenance_reason')
    present = resource.Body('present', type=bool)
    reservable = resource.Body('reservable', type=bool)
    reservation_uuid = resource.Body('reservation_uuid')
    instance_uuid = resource.Body('instance_uuid')
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')


class Keypair(base.Resource):
    """A public key of a user; its id is its name."""

    noun = 'keypair'
    id_form = re.compile('.+')
    resources_key = 'keypairs'
    base_path = '/keypairs'
    allow_create = True
    allow_delete = True

    _query_mapping = resource.QueryParameters('user_id', 'sort_dir')

    name = resource.Body('name', alternate_id=True)
    type = resource.Body('type')
    fingerprint = resource.Body('fingerprint')
    public_key = resource.Body('public_key')
    #: In the answer to a creation without a public key, and never again.
    private_key = resource.Body('private_key')
    user_id = resource.Body('user_id')
    created_at = resource.Body('created_at')
