"""Allocation rows: planned, moved, released."""

from oslo_utils import uuidutils
import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.leases import models

_A = models.ALLOCATIONS.c


def insert(conn, reservation, hosts):
    """Allocate hosts to a reservation for its dates, in one statement.

    :param reservation: a plugins.base.Reservation
    :param hosts: things with id and node_uuid
    """
    rows = [
        {
            'uuid': uuidutils.generate_uuid(),
            'host_id': host.id,
            'node_uuid': host.node_uuid,
            'reservation_uuid': reservation.uuid,
            'lease_uuid': reservation.lease_uuid,
            'project_id': reservation.project_id,
            'start_date': reservation.start_date,
            'end_date': reservation.end_date,
            'released': 0,
        }
        for host in hosts
    ]
    if rows:
        conn.execute(models.ALLOCATIONS.insert(), rows)


def set_dates(conn, ids, start, end):
    """Change when some hosts are allocated."""
    if ids:
        conn.execute(
            models.ALLOCATIONS.update()
            .where(_A.id.in_(ids))
            .values(start_date=start, end_date=end)
        )


def move(conn, allocation_id, host):
    """Allocate another host in place of one."""
    conn.execute(
        models.ALLOCATIONS.update()
        .where(_A.id == allocation_id)
        .values(host_id=host.id, node_uuid=host.node_uuid)
    )


def release(conn, ids):
    """The hosts are free again; that they were allocated stays as history."""
    now = clock.utcnow()
    if ids:
        conn.execute(
            models.ALLOCATIONS.update()
            .where(_A.id.in_(ids))
            .values(
                released=1,
                end_date=sa.case((_A.end_date > now, now), else_=_A.end_date),
            )
        )


def cut_short(conn, ids, end):
    """The hosts are not given back yet, but are promised until the end only."""
    if ids:
        conn.execute(
            models.ALLOCATIONS.update()
            .where(_A.id.in_(ids), _A.end_date > end)
            .values(end_date=end)
        )


def delete(conn, ids):
    """Drop allocations that never were in force."""
    if ids:
        conn.execute(sa.delete(models.ALLOCATIONS).where(_A.id.in_(ids)))
