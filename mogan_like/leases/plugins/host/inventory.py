"""The hosts there are, as plans see them."""

import dataclasses
import random
import typing

from mogan_like.instances.queries import nodes
from mogan_like.leases.queries import hosts as queries


@dataclasses.dataclass(frozen=True, slots=True)
class Host:
    """A host with its node.

    :ivar generation: as it was before anything else was read
    :ivar node: its row as of instances.queries.nodes.RESERVABLE, or None
    """

    id: int
    node_uuid: str
    name: str
    generation: int
    node: typing.Any
    capabilities: dict

    def get_properties(self):
        """{name: text}, for filters."""
        return queries.make_properties(self, self.node, self.capabilities)

    def is_broken(self):
        """True when its node cannot be given to anybody now."""
        return self.node is None or not self.node.present or self.node.maintenance

    def is_held(self):
        """True while its node has an instance, or is some reservation's."""
        node = self.node
        return node is not None and (node.instance_uuid or node.reservation_uuid)

    def is_of(self, reservation_uuid):
        """True when the node is this reservation's now."""
        return self.node is not None and self.node.reservation_uuid == reservation_uuid

    def get_instance(self, reservation_uuid):
        """The uuid of this reservation's instance on the node, or None."""
        return self.node.instance_uuid if self.is_of(reservation_uuid) else None


def read(conn):
    """{id: :class:`Host`} of all hosts, in three statements.

    The hosts come first, and what they are allocated to is read afterwards:
    whoever allocates one meanwhile is noticed by its generation.
    """
    rows = queries.list_all(conn)
    by_uuid = {node.uuid: node for node in nodes.list_reservable(conn)}
    capabilities = queries.list_capabilities(conn)
    return {
        row.id: Host(*row, by_uuid.get(row.node_uuid), capabilities.get(row.id, {}))
        for row in rows
    }


def rank(hosts):
    """Hosts that are as good as each other, best first.

    Those that nobody has now come first: what is to be given back may be
    late. Others are in no order, so that planners at once choose other ones.
    """
    hosts = list(hosts)
    random.shuffle(hosts)
    return sorted(hosts, key=lambda host: bool(host.is_held()))
