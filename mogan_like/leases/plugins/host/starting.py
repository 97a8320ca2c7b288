"""The nodes of a reservation are given to its project."""

import dataclasses

from mogan_like.db import engine
from mogan_like.instances.queries import nodes as node_queries
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins.host import planning
from mogan_like.leases.queries import allocations
from mogan_like.leases.store import allocations as store
from mogan_like.leases.store import hosts as host_store
from mogan_like.leases.store import leases as lease_store

#: Of how many nodes a reason tells.
_NAMED = 5
#: Seconds until it is tried again what is not woken.
_PAUSE = 10


class Abandoned(Exception):
    """Nobody waits for this call any more, and another one may be at it."""


@dataclasses.dataclass(frozen=True)
class Lacking:
    """A node that is reserved and cannot be given yet.

    :ivar holder: a row with the lease that has it still, or None
    :ivar project_id: who is told, and must not learn of others' leases
    """

    host: object
    holder: object
    project_id: str

    def tell(self):
        """Why not, for people; not which one, since not all may know that."""
        node = self.host.node
        if node is None or not node.present:
            return 'a node is gone from the inventory'
        if self.holder is not None:
            return f'a node is still held by {self._tell_holder()}'
        if node.maintenance:
            return 'a node is in maintenance'
        if node.instance_uuid is not None:
            return 'a node still has an instance'
        return 'a node has not been given back yet'

    def _tell_holder(self):
        if self.holder.project_id != self.project_id:
            return "another project's lease"
        instance = self.host.node.instance_uuid
        having = f', with instance {instance}' if instance else ''
        return f'lease {self.holder.lease_uuid}{having}'


@dataclasses.dataclass(frozen=True)
class Given:
    """What one transaction could give.

    :ivar nodes: uuids of the reservation's nodes now
    :ivar lacking: list of :class:`Lacking`
    :ivar moved: True when another node took the place of one
    """

    nodes: list
    lacking: list
    moved: bool

    def make_plan(self):
        """What has become of the plan."""
        return base.Plan(
            missing_resources=bool(self.lacking), resources_changed=self.moved
        )

    def make_waiting(self):
        """What to raise when these are too few."""
        told = [each.tell() for each in self.lacking]
        if len(told) > _NAMED:
            told[_NAMED:] = [f'{len(told) - _NAMED} more']
        # Those that are held come back soonest.
        awaited = sorted(self.lacking, key=lambda each: not each.host.is_held())
        return base.Waiting(
            f'{len(self.nodes)} of {len(self.nodes) + len(self.lacking)} nodes are '
            f'there: {"; ".join(told)}.',
            waits_on=awaited[0].host.node_uuid if awaited else None,
            seconds=_PAUSE,
            plan=self.make_plan(),
        )


@engine.retried
def give(nodes, call, wanted):
    """Give a reservation's project the nodes that it was allocated.

    A node that cannot be given is replaced by another that fits, if there is
    one: it is allocated and given in the same transaction.

    :param nodes: the ReservedNodesManager
    :returns: a :class:`Given`
    """
    with engine.writer() as conn:
        rows = allocations.list_of_reservation(
            conn, call.reservation.uuid, for_update=True
        )
        # The end of the lease releases these rows before it takes nodes back:
        # what it has begun is not undone by a call that comes too late.
        if call.abandoned.is_set():
            raise Abandoned()
        planned = {row.node_uuid: row for row in rows}
        given = _hand_over(conn, nodes, call.reservation, planned)
        given -= _list_useless(conn, given)
        lacking = [row for node_uuid, row in planned.items() if node_uuid not in given]
        if not lacking:
            return Given(list(planned), [], False)
        return _replace(conn, nodes, call.reservation, wanted, given, lacking)


def _hand_over(conn, nodes, reservation, uuids):
    if not uuids:
        return set()
    return nodes.hand_over(conn, reservation.uuid, reservation.project_id, list(uuids))


def _list_useless(conn, uuids):
    """Those of a reservation's nodes that broke before anything was put there."""
    return {
        node.uuid
        for node in node_queries.list_reservable(conn, uuids)
        if node.instance_uuid is None and (node.maintenance or not node.present)
    }


def _replace(conn, nodes, reservation, wanted, given, lacking):
    """Find other nodes for those that cannot be given."""
    choice = planning.Choice(conn, reservation, wanted)
    mine = {row.host_id for row in lacking}
    free = [
        host
        for host in choice.rank_free()
        if host.node_uuid not in given and host.id not in mine and not host.is_held()
    ][: len(lacking)]
    host_store.bump(conn, free)
    got = _hand_over(conn, nodes, reservation, [host.node_uuid for host in free])
    others = [host for host in free if host.node_uuid in got]
    for row, host in zip(lacking, others, strict=False):
        store.move(conn, row.id, host)
    if others:
        left = [row.node_uuid for row in lacking[: len(others)]]
        # It may have been given before it broke.
        nodes.take_back(conn, reservation.uuid, left)
        # Here, so that it is not forgotten when nobody comes to write the plan.
        lease_store.update_reservation(
            conn, reservation.uuid, {'resources_changed': True}
        )
    missing = [choice.hosts[row.host_id] for row in lacking[len(others) :]]
    return Given([*given, *got], _explain(conn, reservation, missing), bool(others))


def _explain(conn, reservation, hosts):
    holders = [host.node.reservation_uuid for host in hosts if host.node is not None]
    leases = allocations.find_leases(
        conn, {uuid for uuid in holders if uuid not in (None, reservation.uuid)}
    )
    return [
        Lacking(
            host,
            leases.get(host.node.reservation_uuid) if host.node else None,
            reservation.project_id,
        )
        for host in hosts
    ]
