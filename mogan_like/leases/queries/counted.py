"""What is reserved of resources that are counted."""

import sqlalchemy as sa

from mogan_like.leases import models
from mogan_like.leases import states

_L = models.LEASES.c
_R = models.RESERVATIONS.c


def list_overlapping(conn, resource_type, start, end, but):
    """Reservations of a type that hold something at a time between two.

    :param but: the uuid of one that is left out
    :returns: rows with uuid, lease_uuid, requested, start_date, end_date
    """
    return conn.execute(
        _select(resource_type).where(
            _R.uuid != but, _L.start_date < end, _L.end_date > start
        )
    ).all()


def list_all(conn, resource_type):
    """All reservations of a type that hold something, or will."""
    return conn.execute(_select(resource_type).order_by(_R.id)).all()


def _select(resource_type):
    return (
        sa.select(_R.uuid, _R.lease_uuid, _R.requested, _L.start_date, _L.end_date)
        .join_from(models.RESERVATIONS, models.LEASES, _L.uuid == _R.lease_uuid)
        .where(
            _R.resource_type == resource_type, _R.status != states.RESERVATION_DELETED
        )
    )
