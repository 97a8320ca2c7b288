"""Nodes that leases have: opened for reservation, handed over, taken back.

No RPC namespace: leases call this in process, as part of their own
transactions. Whoever handed a node over is the one to take it back.
"""

from mogan_like.common import exception
from mogan_like.instances.queries import nodes as queries
from mogan_like.instances.store import reserved_nodes as store

#: How often a node is looked at that changes all the while.
_LOOKS = 3


class ReservedNodesManager:
    """Every method works on ``conn``, inside the caller's transaction."""

    def open(self, conn, node_uuid):
        """Take a node out of the general pool; no effect when it is.

        :raises NodeNotFound: when there is none, or the driver has it no more
        :raises InUse: naming the instance that is on it
        """
        _decide(conn, node_uuid, store.open_node, _refuse_open)

    def close(self, conn, node_uuid):
        """Put a node back into the general pool; no effect when it is.

        :raises NodeNotFound: when there is none
        :raises InUse: naming the instance or the reservation that has it
        """
        _decide(conn, node_uuid, store.close_node, _refuse_close)

    def hand_over(self, conn, reservation_uuid, project_id, node_uuids):
        """Give a project nodes for its instances; may be repeated.

        A node can be given that is reservable, present, not in maintenance,
        and without an instance or another reservation.

        :returns: the set of uuids among these that are the reservation's now
        """
        store.hand_over(conn, reservation_uuid, project_id, node_uuids)
        return queries.list_of_reservation(conn, reservation_uuid, node_uuids)

    def take_back(self, conn, reservation_uuid, node_uuids=None):
        """Take nodes from a project; may be repeated.

        No instance is put on any of them from now on.

        :param node_uuids: these only, of the reservation's
        :returns: the set of uuids that still have an instance: those stay the
            reservation's until this is called again without it
        """
        store.take_back(conn, reservation_uuid, node_uuids)
        return queries.list_of_reservation(conn, reservation_uuid, node_uuids)

    def give_up(self, conn, reservation_uuid):
        """Forget a reservation, whatever is on its nodes; may be repeated.

        A node with an instance is given to nobody until the instance is gone.
        """
        store.give_up(conn, reservation_uuid)


def _decide(conn, node_uuid, write, refuse):
    for _ in range(_LOOKS):
        if write(conn, node_uuid):
            return
        node = next(iter(queries.list_reservable(conn, [node_uuid])), None)
        if node is None:
            raise exception.NodeNotFound(uuid=node_uuid)
        # Raises nothing when what stood in the way is gone by now.
        refuse(node)
    raise exception.Conflict()


def _refuse_open(node):
    if not node.present:
        raise exception.NodeNotFound(uuid=node.uuid)
    _refuse_with_instance(node)


def _refuse_close(node):
    _refuse_with_instance(node)
    if node.reservation_uuid is not None:
        raise _in_use(node, f'reservation {node.reservation_uuid} has it.')


def _refuse_with_instance(node):
    if node.instance_uuid is not None:
        raise _in_use(node, f'instance {node.instance_uuid} is on it.')


def _in_use(node, reason):
    return exception.InUse(noun='Node', name=node.uuid, reason=reason)
