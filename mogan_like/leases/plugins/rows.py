"""Reservations as plugins see them, of rows."""

import orjson

from mogan_like.leases.plugins import base


def make_reservation(lease, row, **changes):
    """A :class:`.base.Reservation` of a lease's row and one of its reservations'.

    :param changes: what is to be other than in the rows
    """
    values = {
        'uuid': row.uuid,
        'lease_uuid': lease.uuid,
        'lease_name': lease.name,
        'project_id': lease.project_id,
        'user_id': lease.user_id,
        'start_date': lease.start_date,
        'end_date': lease.end_date,
        'values': orjson.loads(row.requested),
        'status': row.status,
        'started': bool(row.started),
        'resource_id': row.resource_id,
    }
    return base.Reservation(**{**values, **changes})
