"""``virtual:instance``: instances of a flavor, made at the start."""

import itertools

import orjson

from mogan_like.api import schemas
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.instances.queries import flavors
from mogan_like.instances.queries import instances as instance_queries
from mogan_like.instances.queries import keypairs
from mogan_like.instances.queries import nodes as node_queries
from mogan_like.instances.schemas import instances as instance_schemas
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins import property_filter
from mogan_like.leases.plugins.host import plugin as host_plugin
from mogan_like.leases.plugins.host import wanted as wanted_hosts
from mogan_like.leases.queries import allocations

#: What is asked of a machine is its flavor's to say.
_SIZES = ('vcpus', 'memory_mb', 'disk_gb')
_BLAZARS = {name: {'type': ['integer', 'string', 'null']} for name in _SIZES}
#: Each instance has a node of its own in any case.
_NO_AFFINITY = (None, '', False, 'None', 'False', 'false')
#: What instances are made by; those that run are not made anew.
_MADE_BY = ('flavor_id', 'image_uuid', 'name', 'networks', 'key_name')
#: Room for the number that follows an instance's name.
_NAME_LENGTH = 240
#: Seconds until a conductor that has no worker free is asked again.
_BUSY = 5

SCHEMA = {
    'type': 'object',
    'additionalProperties': False,
    'properties': {
        'flavor_id': {
            **schemas.UUID,
            'description': 'The flavor of the instances; required.',
        },
        'image_uuid': {
            **schemas.UUID,
            'description': 'What is written on them; required.',
        },
        'amount': {
            **wanted_hosts.COUNT,
            'default': 1,
            'description': 'How many instances, each on a node of its own.',
        },
        'name': {
            **schemas.NAME,
            'type': ['string', 'null'],
            'maxLength': _NAME_LENGTH,
            'description': 'Of the instances; that of the lease by default. With '
            'more than one a number follows.',
        },
        'networks': {
            **instance_schemas.NETWORKS,
            'description': 'What they are connected to.',
        },
        'key_name': {
            **schemas.NAME,
            'type': ['string', 'null'],
            'description': "A keypair of the lease's owner.",
        },
        'resource_properties': {
            **wanted_hosts.FILTER,
            'description': 'What else is wanted of the nodes, as of physical:host.',
        },
        'before_end': {
            **wanted_hosts.BEFORE_END,
            'description': 'What is to be done before the end of the lease.',
        },
        **_BLAZARS,
        'affinity': {'type': ['string', 'boolean', 'null']},
    },
}


class InstancePlugin(host_plugin.HostPlugin):
    """Hosts that the lease itself puts instances on."""

    resource_type = 'virtual:instance'
    title = 'Instances'

    def get_schema(self):
        """What an instance is made by, and how many."""
        return SCHEMA

    def check_values(self, conn, values):
        """Blazar's sizes are refused, since machines come as they are."""
        _refuse_sizes(values)
        for name in ('flavor_id', 'image_uuid'):
            if name not in values:
                raise exception.InvalidParameter(name=name, reason='it is required.')
        checked = {
            'name': None,
            'networks': [],
            'key_name': None,
            'resource_properties': '',
            'before_end': None,
            **{name: values[name] for name in values if name not in _BLAZARS},
        }
        checked.pop('affinity', None)
        checked['amount'] = wanted_hosts.to_count('amount', values.get('amount', 1))
        property_filter.parse('resource_properties', checked['resource_properties'])
        flavor = flavors.get(conn, checked['flavor_id'])
        if flavor is None or flavor.disabled:
            raise exception.InvalidParameter(
                name='flavor_id',
                reason=f'flavor {checked["flavor_id"]} could not be found.',
            )
        return checked

    def make_wanted(self, conn, values):
        """Nodes that the flavor fits; none more once it is gone."""
        flavor = flavors.get(conn, values['flavor_id'])
        properties = orjson.loads(flavor.properties) if flavor else {}
        text = values['resource_properties']
        matches = property_filter.parse('resource_properties', text)

        def accepts(host):
            return (
                flavor is not None
                and host.node is not None
                and host.node.resource_class == flavor.resource_class
                # As placement does, which does not know what was added to hosts.
                and properties.items() <= orjson.loads(host.node.properties).items()
                and matches(host.get_properties())
            )

        amount = values['amount']
        criteria = (values['flavor_id'], text)
        return wanted_hosts.Wanted(amount, amount, criteria, accepts)

    def reserve_resource(self, conn, reservation):
        """Allocate a host for each instance."""
        _check_key(conn, reservation)
        return super().reserve_resource(conn, reservation)

    def update_reservation(self, conn, before, after):
        """Allocate anew; instances that run stay as they were made."""
        changed = [
            name for name in _MADE_BY if before.values[name] != after.values[name]
        ]
        if before.started and changed:
            raise exception.InvalidParameter(
                name=changed[0],
                reason='it cannot be changed once the instances are made.',
            )
        if not before.started:
            _check_key(conn, after)
        return super().update_reservation(conn, before, after)

    def use_nodes(self, call, node_uuids):
        """Make an instance on each node that has none."""
        empty, names = self._list_empty(call, node_uuids)
        for node_uuid, name in zip(empty, names, strict=False):
            if call.abandoned.is_set():
                return
            self._make_instance(call.reservation, name, node_uuid)

    def _list_empty(self, call, node_uuids):
        """The nodes that have no instance yet, and names that no other one has."""
        uuid = call.reservation.uuid
        with engine.reader() as conn:
            planned = allocations.list_of_reservation(conn, uuid)
            live = instance_queries.list_of_reservation(conn, [uuid])
            working = {
                node.uuid
                for node in node_queries.list_reservable(conn, node_uuids)
                if node.present and not node.maintenance and node.instance_uuid is None
            }
        working -= {row.node_uuid for row in live}
        empty = [row.node_uuid for row in planned if row.node_uuid in working]
        return empty, _make_names(call.reservation, {row.name for row in live})

    def _make_instance(self, reservation, name, node_uuid):
        """Once: a node takes one instance, whoever else tries that as well."""
        values = reservation.values
        ctx = context.for_job(
            'lease',
            reservation.lease_uuid,
            user_id=reservation.user_id,
            project_id=reservation.project_id,
            overwrite=False,
        )
        instance = {
            'name': name,
            'flavor_uuid': values['flavor_id'],
            'image_uuid': values['image_uuid'],
            'networks': values['networks'],
            'key_name': values['key_name'],
            'node_uuid': node_uuid,
            'reservation_uuid': reservation.uuid,
        }
        try:
            self.instances.create(ctx, instance)
        except exception.ConductorBusy as exc:
            raise base.Waiting(str(exc), seconds=_BUSY) from exc


def _make_names(reservation, taken):
    """Names for instances: the lowest numbers that are free, without end."""
    # A lease's name may be too long for a number to follow.
    name = reservation.values['name'] or reservation.lease_name[:_NAME_LENGTH]
    if reservation.values['amount'] == 1:
        return [name]
    numbered = (f'{name}-{number}' for number in itertools.count(1))
    return (each for each in numbered if each not in taken)


def _refuse_sizes(values):
    for name in _SIZES:
        if values.get(name) not in (None, ''):
            raise exception.InvalidParameter(
                name=name,
                reason='machines are asked for by their flavor: give flavor_id and '
                'image_uuid instead of vcpus, memory_mb and disk_gb.',
            )
    if values.get('affinity') not in _NO_AFFINITY:
        raise exception.InvalidParameter(
            name='affinity', reason='each instance has a node of its own.'
        )


def _check_key(conn, reservation):
    name = reservation.values['key_name']
    if name is not None and keypairs.get(conn, reservation.user_id, name) is None:
        raise exception.InvalidParameter(
            name='key_name', reason=f'keypair {name} could not be found.'
        )
