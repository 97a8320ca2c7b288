"""Which hosts a reservation gets: decided and written in one transaction."""

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins.host import dates
from mogan_like.leases.plugins.host import inventory
from mogan_like.leases.plugins.host import limits
from mogan_like.leases.queries import allocations
from mogan_like.leases.store import allocations as store
from mogan_like.leases.store import hosts as host_store

_TITLE = 'physical hosts'


class Choice:
    """What one reservation can be given, as it was read in a transaction.

    :ivar hosts: {id: host} of all hosts
    :ivar busy: ids of those that others have at some time of the reservation
    """

    def __init__(self, conn, reservation, wanted):
        self._conn = conn
        self._reservation = reservation
        self._wanted = wanted
        self.hosts = inventory.read(conn)
        # What was before now is over, though a lease may start in the minute
        # that is going on.
        self._start = max(reservation.start_date, clock.utcnow())
        self.busy = allocations.find_busy(
            conn, self._start, reservation.end_date, reservation.uuid
        )

    def rank_free(self):
        """The hosts that are wanted, free, and not broken now; best first."""
        return inventory.rank(
            host for host in self._list_fitting() if host.id not in self.busy
        )

    def _list_fitting(self):
        return [
            host
            for host in self.hosts.values()
            if not host.is_broken() and self._wanted.accepts(host)
        ]

    def refuse(self, free):
        """What to raise when there are too few.

        :param free: how many there are
        """
        return exception.NotEnoughResources(
            wanted=self._wanted.fewest, title=_TITLE, free=free, when=self._tell_when()
        )

    def _tell_when(self):
        fitting = [host.id for host in self._list_fitting()]
        if len(fitting) < self._wanted.fewest:
            return f'there are {len(fitting)} in all that fit and work'
        rows = allocations.list_from(self._conn, self._start, self._reservation.uuid)
        start = dates.find_start(
            [tuple(row) for row in rows],
            fitting,
            self._wanted.fewest,
            self._start,
            self._reservation.end_date - self._start,
        )
        return f'there are enough from {clock.isoformat(start)} on'


def reserve(conn, reservation, wanted):
    """Allocate hosts to a new reservation.

    :raises NotEnoughResources: saying when there are enough
    :raises QuotaExceeded: when the project has all it may have meanwhile
    """
    limits.hold(conn, reservation.project_id)
    choice = Choice(conn, reservation, wanted)
    chosen = choice.rank_free()[: wanted.most]
    if len(chosen) < wanted.fewest:
        raise choice.refuse(len(chosen))
    limits.take(conn, reservation, len(chosen))
    host_store.bump(conn, chosen)
    store.insert(conn, reservation, chosen)
    return base.Plan()


class Change:
    """Other dates or other hosts for a reservation that has some.

    :param nodes: the ReservedNodesManager
    :param before: the reservation as it is
    :param after: as it is to be
    """

    def __init__(self, conn, nodes, before, after, wanted_before, wanted):
        self._conn = conn
        self._nodes = nodes
        self._before = before
        self._after = after
        self._wanted = wanted
        self._other = wanted != wanted_before
        self._refit = wanted.criteria != wanted_before.criteria

    def make(self):
        """Write the new plan.

        :returns: a :class:`.base.Plan`
        :raises NotEnoughResources: saying when there are enough
        :raises InUse: naming the instance on a node that would have to go
        """
        conn, after = self._conn, self._after
        limits.hold(conn, after.project_id)
        choice = Choice(conn, after, self._wanted)
        rows = allocations.list_of_reservation(conn, after.uuid, for_update=True)
        owned = {row.id: choice.hosts[row.host_id] for row in rows}
        kept = self._keep(choice, owned)
        more = self._add(choice, owned, len(kept))
        if len(kept) + len(more) < self._wanted.fewest:
            raise choice.refuse(len(kept) + len(more))
        dropped = {id: host for id, host in owned.items() if id not in kept}
        self._refuse_instances(choice, dropped.values())
        if more or dropped or self._is_moved():
            self._write(owned, kept, more, dropped)
        replaced = any(host.id in choice.busy for host in dropped.values())
        return base.Plan(
            missing_resources=after.started
            and not all(host.is_of(after.uuid) for host in kept.values()),
            resources_changed=replaced or bool(more and not self._other),
        )

    def _is_moved(self):
        return (self._before.start_date, self._before.end_date) != (
            self._after.start_date,
            self._after.end_date,
        )

    def _keep(self, choice, owned):
        """{allocation's id: host} of those that stay."""
        uuid = self._after.uuid
        stay = [
            (id, host)
            for id, host in owned.items()
            if host.id not in choice.busy
            and not (self._refit and not self._wanted.accepts(host))
        ]
        stay.sort(
            key=lambda pair: (
                pair[1].get_instance(uuid) is None,
                not pair[1].is_of(uuid),
                pair[1].is_broken(),
            )
        )
        return dict(stay[: self._count(owned)])

    def _count(self, owned):
        """How many there are to be, where there are enough."""
        if self._other:
            return self._wanted.most
        return max(self._wanted.fewest, len(owned))

    def _add(self, choice, owned, kept):
        mine = {host.id for host in owned.values()}
        free = [host for host in choice.rank_free() if host.id not in mine]
        return free[: max(0, self._count(owned) - kept)]

    def _refuse_instances(self, choice, hosts):
        for host in hosts:
            instance = host.get_instance(self._after.uuid)
            if instance is not None:
                raise _in_use(instance, host.id in choice.busy)

    def _write(self, owned, kept, more, dropped):
        conn, after = self._conn, self._after
        count = len(kept) + len(more)
        grows = (
            count > len(owned)
            or after.start_date < self._before.start_date
            or after.end_date > self._before.end_date
        )
        limits.take(conn, after, count, grows)
        host_store.bump(conn, [*kept.values(), *more])
        store.set_dates(conn, list(kept), after.start_date, after.end_date)
        self._drop(dropped)
        store.insert(conn, after, more)

    def _drop(self, dropped):
        """Take hosts back at once: nothing may be put there any more."""
        conn, uuid = self._conn, self._after.uuid
        held = {host.node_uuid for host in dropped.values() if host.is_of(uuid)}
        if held:
            busy = self._nodes.take_back(conn, uuid, held)
            for host in dropped.values():
                if host.node_uuid in busy:
                    # Put there since the node was read.
                    raise _in_use('that was put there just now', False)
            for node_uuid in held:
                claims.wake(conn, node_uuid)
        used = [id for id, host in dropped.items() if host.node_uuid in held]
        store.release(conn, used)
        store.delete(conn, [id for id in dropped if id not in used])


def _in_use(instance, busy):
    # Not which host it is: not everybody may know that.
    why = 'others have reserved in that time' if busy else 'would have to go'
    return exception.InUse(
        noun='Instance', name=instance, reason=f'it is on a host that {why}.'
    )
