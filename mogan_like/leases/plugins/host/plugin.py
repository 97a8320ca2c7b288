"""``physical:host``: the verbs."""

from mogan_like.db import engine
from mogan_like.instances.manager import reserved_nodes
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins.host import ending
from mogan_like.leases.plugins.host import limits
from mogan_like.leases.plugins.host import planning
from mogan_like.leases.plugins.host import starting
from mogan_like.leases.plugins.host import wanted as wanted_hosts
from mogan_like.leases.queries import allocations
from mogan_like.leases.store import allocations as store


class HostPlugin(base.ResourcePlugin):
    """Whole nodes, for a project to put instances on."""

    resource_type = 'physical:host'
    title = 'Physical hosts'

    def __init__(self):
        self.nodes = reserved_nodes.ReservedNodesManager()
        self.instances = None
        self.woken = None

    def setup(self, instances, woken):
        """Take what the conductor acts on instances with."""
        self.instances = instances
        self.woken = woken

    def get_schema(self):
        """Blazar's values."""
        return wanted_hosts.SCHEMA

    def check_values(self, conn, values):
        """Numbers as numbers, filters that can be read."""
        return wanted_hosts.check(values)

    def make_wanted(self, conn, values):
        """The :class:`.wanted.Wanted` of a reservation's values."""
        return wanted_hosts.make(values)

    def reserve_resource(self, conn, reservation):
        """Allocate hosts."""
        wanted = self.make_wanted(conn, reservation.values)
        return planning.reserve(conn, reservation, wanted)

    def update_reservation(self, conn, before, after):
        """Allocate anew, and keep the hosts that can stay."""
        return planning.Change(
            conn,
            self.nodes,
            before,
            after,
            self.make_wanted(conn, before.values),
            self.make_wanted(conn, after.values),
        ).make()

    def release_resource(self, conn, reservation):
        """Release the hosts, whatever is on their nodes."""
        limits.hold(conn, reservation.project_id)
        rows = allocations.list_of_reservation(conn, reservation.uuid, for_update=True)
        self.nodes.give_up(conn, reservation.uuid)
        store.release(conn, [row.id for row in rows])
        limits.recount(conn, reservation.project_id)

    def allocation_candidates(self, conn, reservation):
        """Names of the hosts that are free, best first."""
        wanted = self.make_wanted(conn, reservation.values)
        choice = planning.Choice(conn, reservation, wanted)
        return [host.name for host in choice.rank_free()]

    def list_allocations(self, conn):
        """Hosts, by their ids, with what they are reserved for."""
        found = allocations.list_of_type(conn, self.resource_type)
        return [
            {
                'resource_id': str(host_id),
                'reservations': [
                    {
                        'id': row.reservation_uuid,
                        'lease_id': row.lease_uuid,
                        'start_date': row.start_date,
                        'end_date': row.end_date,
                    }
                    for row in rows
                ],
            }
            for host_id, rows in found.items()
        ]

    def on_start(self, call):
        """Give the project its nodes.

        :raises Waiting: while there are fewer than the least that will do
        """
        with engine.reader() as conn:
            wanted = self.make_wanted(conn, call.reservation.values)
        given = starting.give(self.nodes, call, wanted)
        self.use_nodes(call, given.nodes)
        if len(given.nodes) < wanted.fewest:
            raise given.make_waiting()
        return given.make_plan()

    def use_nodes(self, call, node_uuids):
        """Do what is to be done with nodes that the project has now."""

    def on_end(self, call):
        """Delete the instances, and take the nodes back.

        :raises Waiting: while instances are locked or being deleted
        """
        ending.End(self.nodes, self.instances, self.woken, call).run()
