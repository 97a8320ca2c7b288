"""Hosts, whose capabilities users name as they like."""

import copy
import re

from openstack import resource

from mogan_like_client.sdk import base

#: What the API says of each host; all else are capabilities.
_FIELDS = frozenset(
    (
        *('id', 'uuid', 'name', 'hypervisor_hostname', 'hypervisor_type'),
        *('service_name', 'vcpus', 'memory_mb', 'local_gb', 'reservable'),
        *('maintenance', 'present', 'created_at', 'updated_at'),
    )
)


class Host(base.Resource):
    """A node that is opened for reservation; its extra capabilities are open."""

    noun = 'host'
    id_form = re.compile('[0-9]+')
    resource_key = 'host'
    resources_key = 'hosts'
    base_path = '/os-hosts'
    allow_delete = True

    _query_mapping = resource.QueryParameters('sort_key', 'sort_dir')

    uuid = resource.Body('uuid')
    hypervisor_hostname = resource.Body('hypervisor_hostname')
    hypervisor_type = resource.Body('hypervisor_type')
    service_name = resource.Body('service_name')
    vcpus = resource.Body('vcpus')
    memory_mb = resource.Body('memory_mb')
    local_gb = resource.Body('local_gb')
    reservable = resource.Body('reservable', type=bool)
    maintenance = resource.Body('maintenance', type=bool)
    present = resource.Body('present', type=bool)
    created_at = resource.Body('created_at')
    updated_at = resource.Body('updated_at')
    #: ``{name: text}`` of the node's properties and of what was added.
    capabilities = resource.Body('capabilities', type=dict)

    @classmethod
    def _get_session(cls, session):
        # Openstacksdk makes what is in an answer arguments of its own methods, where
        # a capability may be called as one that is there already.
        return _Session(super()._get_session(session))

    @classmethod
    def make(cls, raw, **kwargs):
        """A host of what an answer says of it."""
        return cls.existing(**_gather(raw), **kwargs)


class _Session:
    """A proxy of openstacksdk, in whose answers capabilities are one field."""

    def __init__(self, session):
        self._session = session

    def __getattr__(self, name):
        return getattr(self._session, name)

    def get(self, *args, **kwargs):
        return _Answer(self._session.get(*args, **kwargs))


class _Answer:
    def __init__(self, answer):
        self._answer = answer

    def __getattr__(self, name):
        return getattr(self._answer, name)

    def json(self):
        body = copy.copy(self._answer.json())
        if 'host' in body:
            body['host'] = _gather(body['host'])
        if 'hosts' in body:
            body['hosts'] = [_gather(each) for each in body['hosts']]
        return body


def _gather(raw):
    """A host with its capabilities below one key."""
    fields = {name: value for name, value in raw.items() if name in _FIELDS}
    rest = {name: value for name, value in raw.items() if name not in _FIELDS}
    return {**fields, 'capabilities': rest}
