"""Allocations: which host is for which reservation, and when.

One that is not released is in force, or will be: also after its time, while
what the reservation had there has not been given back.
"""

import collections

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.leases import models

_A = models.ALLOCATIONS.c
_H = models.HOSTS.c
_R = models.RESERVATIONS.c

#: Of a reservation, for its plugin.
OWN = (_A.id, _A.host_id, _A.node_uuid, _A.start_date, _A.end_date)
SHOWN = base.for_json(
    _A.host_id,
    _A.node_uuid,
    _A.reservation_uuid,
    _A.lease_uuid,
    _A.start_date,
    _A.end_date,
)
_SPAN = (_A.host_id, _A.start_date, _A.end_date)


def list_of_reservation(conn, reservation_uuid, for_update=False):
    """What is allocated to a reservation: rows of OWN, in their order.

    :param for_update: nobody else changes it, to the end of the transaction
    """
    query = sa.select(*OWN).where(
        _A.reservation_uuid == reservation_uuid, _A.released == 0
    )
    if for_update:
        query = query.with_for_update()
    return conn.execute(query.order_by(_A.id)).all()


def find_busy(conn, start, end, but):
    """The ids of the hosts that others have at a time between two.

    :param but: the reservation that does not count as another
    """
    return set(
        conn.execute(
            sa.select(_A.host_id)
            .where(
                _A.released == 0,
                _A.end_date > start,
                _A.start_date < end,
                _A.reservation_uuid != but,
            )
            .distinct()
        ).scalars()
    )


def list_from(conn, start, but):
    """What is allocated from a time on: rows of host_id, start_date, end_date.

    :param but: the reservation that is left out
    """
    return conn.execute(
        sa.select(*_SPAN).where(
            _A.released == 0, _A.end_date > start, _A.reservation_uuid != but
        )
    ).all()


def list_of_project(conn, project_id, start, but=''):
    """The same of one project."""
    return conn.execute(
        sa.select(*_SPAN).where(
            _A.project_id == project_id,
            _A.released == 0,
            _A.end_date > start,
            _A.reservation_uuid != but,
        )
    ).all()


def list_first_of_host(conn, host_id, limit):
    """The allocations of a host that begin first, and how many there are in all.

    :returns: (rows of SHOWN, int)
    """
    its_own = (_A.host_id == host_id, _A.released == 0)
    query = sa.select(*SHOWN).where(*its_own).order_by(_A.start_date, _A.id)
    first = conn.execute(query.limit(limit)).all()
    if len(first) < limit:
        return first, len(first)
    count = sa.select(sa.func.count()).select_from(models.ALLOCATIONS).where(*its_own)
    return first, conn.execute(count).scalar()


def find_leases(conn, reservation_uuids):
    """{reservation's uuid: a row with its lease's uuid and project}.

    Of those that have something.
    """
    rows = conn.execute(
        sa.select(_A.reservation_uuid, _A.lease_uuid, _A.project_id)
        .where(_A.reservation_uuid.in_(reservation_uuids), _A.released == 0)
        .distinct()
    )
    return {row.reservation_uuid: row for row in rows}


def select_hosts(**chosen):
    """A select of the ids of the hosts that have such allocations.

    :param chosen: lease_uuid, reservation_uuid or resource_type
    """
    return sa.select(_A.host_id).where(*_narrow(**chosen))


def list_of_hosts(conn, host_ids, **chosen):
    """{host's id: its allocations, by their start}: rows of SHOWN.

    :param chosen: as of :func:`select_hosts`; all of them by default
    """
    narrow = _narrow(**chosen)
    return _group(conn, sa.select(*SHOWN).where(_A.host_id.in_(host_ids), *narrow))


def list_of_type(conn, resource_type):
    """The same of all reservations of one type, with times as datetimes."""
    return _group(
        conn,
        sa.select(*_SPAN, _A.reservation_uuid, _A.lease_uuid)
        .join_from(
            models.ALLOCATIONS, models.RESERVATIONS, _R.uuid == _A.reservation_uuid
        )
        .where(_A.released == 0, _R.resource_type == resource_type),
    )


def list_of_leases(conn, lease_uuids):
    """{lease's uuid: what is or was allocated to it, in its order}.

    :returns: rows of SHOWN with released, and with the host's name: None when
        the node is no host any more
    """
    # Not by host_id: SQLite uses the last one again.
    hosts = models.ALLOCATIONS.outerjoin(models.HOSTS, _H.node_uuid == _A.node_uuid)
    found = collections.defaultdict(list)
    for row in conn.execute(
        sa.select(*SHOWN, _A.released, _H.name)
        .select_from(hosts)
        .where(_A.lease_uuid.in_(lease_uuids))
        .order_by(_A.id)
    ):
        found[row.lease_uuid].append(row)
    return found


def _narrow(lease_uuid=None, reservation_uuid=None, resource_type=None):
    conditions = [_A.released == 0]
    if lease_uuid is not None:
        conditions.append(_A.lease_uuid == lease_uuid)
    if reservation_uuid is not None:
        conditions.append(_A.reservation_uuid == reservation_uuid)
    if resource_type is not None:
        # Allocation by allocation, since a page needs few of them.
        of_type = sa.exists().where(
            _R.uuid == _A.reservation_uuid, _R.resource_type == resource_type
        )
        conditions.append(of_type)
    return conditions


def _group(conn, query):
    found = collections.defaultdict(list)
    for row in conn.execute(query.order_by(_A.host_id, _A.start_date, _A.id)):
        found[row.host_id].append(row)
    return found
