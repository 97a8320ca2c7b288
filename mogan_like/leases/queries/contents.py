"""What a lease contains and waits for, beside its own rows."""

from mogan_like.db import claims
from mogan_like.instances.queries import instances
from mogan_like.instances.queries import nodes
from mogan_like.leases import agenda
from mogan_like.leases import states

#: A lease in one of these is to have all its nodes.
_NODES_WANTED = (states.STARTING, states.UPDATING)


def list_instances(conn, reservations):
    """The instances on what some reservations hold."""
    uuids = [row.uuid for row in reservations]
    return instances.list_of_reservation(conn, uuids) if uuids else []


def list_missing_nodes(conn, lease, allocations):
    """The nodes that a lease waits for.

    :param allocations: rows of queries.allocations.list_of_leases
    :returns: [(allocation, its node's row)], None where the node is not known
    """
    planned = [row for row in allocations if not row.released]
    if not planned or lease.status not in _NODES_WANTED:
        return []
    found = nodes.list_reservable(conn, [row.node_uuid for row in planned])
    by_uuid = {node.uuid: node for node in found}
    pairs = [(row, by_uuid.get(row.node_uuid)) for row in planned]
    return [pair for pair in pairs if _is_missing(*pair)]


def _is_missing(allocation, node):
    if node is None or node.reservation_uuid != allocation.reservation_uuid:
        return True
    broken = node.maintenance or not node.present
    return bool(broken and node.instance_uuid is None)


def find_work(conn, lease_uuid, reservations):
    """The due work of a lease, as :func:`mogan_like.db.claims.find`."""
    kind = agenda.get_kind(row.resource_type for row in reservations)
    return claims.find(conn, kind, lease_uuid)
