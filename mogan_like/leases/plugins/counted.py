"""Resources of which there are so many, and which one does not matter."""

import abc

import orjson

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.leases.plugins import base
from mogan_like.leases.queries import counted as queries
from mogan_like.leases.store import counted as store


class CountedPlugin(base.ResourcePlugin):
    """Plans for an author: reservations at one time never exceed the total.

    The plan is the reservation itself, so there are no tables of the plugin's
    own. A subclass adds its schema, which has the value that is counted, and
    what on_start and on_end do.

    :cvar counted: the name of the value that says how many are wanted
    """

    counted = 'amount'

    @abc.abstractmethod
    def count_all(self):
        """How many there are."""

    def reserve_resource(self, conn, reservation):
        """Count them as reserved.

        :raises NotEnoughResources: saying when there are enough
        """
        store.hold(conn, self.resource_type)
        wanted = reservation.values[self.counted]
        total = self.count_all()
        rows = queries.list_overlapping(
            conn,
            self.resource_type,
            reservation.start_date,
            reservation.end_date,
            reservation.uuid,
        )
        taken = [
            (row.start_date, row.end_date, orjson.loads(row.requested)[self.counted])
            for row in rows
        ]
        free = total - count_peak(taken, reservation.start_date)
        if wanted > free:
            raise exception.NotEnoughResources(
                wanted=wanted,
                title=self.title,
                free=max(0, free),
                when=_tell_when(taken, total - wanted),
            )
        return base.Plan()

    def update_reservation(self, conn, before, after):
        """Count them anew.

        :raises NotEnoughResources: saying when there are enough
        """
        return self.reserve_resource(conn, after)

    def release_resource(self, conn, reservation):
        """The reservation is the plan, and is gone."""

    def list_allocations(self, conn):
        """All reservations, as of one resource."""
        reservations = [
            {
                'id': row.uuid,
                'lease_id': row.lease_uuid,
                'start_date': row.start_date,
                'end_date': row.end_date,
            }
            for row in queries.list_all(conn, self.resource_type)
        ]
        return [{'resource_id': self.resource_type, 'reservations': reservations}]


def count_peak(taken, start):
    """The most that is taken at one time, from a time on.

    :param taken: [(start, end, count)]
    """
    changes = [(max(begin, start), count) for begin, end, count in taken if end > start]
    changes += [(end, -count) for _, end, count in taken if end > start]
    # What ends at a time is back before what begins at that time is taken.
    peak = now = 0
    for _, count in sorted(changes):
        now += count
        peak = max(peak, now)
    return peak


def _tell_when(taken, most):
    """From when on no more than so many are taken, for people."""
    if most < 0:
        return 'there are not so many'
    for time in sorted(end for _, end, _ in taken):
        if count_peak(taken, time) <= most:
            return f'there are enough from {clock.isoformat(time)} on'
    return 'there are not enough at any time'
