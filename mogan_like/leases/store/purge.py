"""Leases that were deleted long ago, with what belonged to them."""

import sqlalchemy as sa

from mogan_like.leases import models

_L = models.LEASES.c

#: What is dropped with a lease.
_CONTENTS = (models.RESERVATIONS, models.EVENTS, models.ALLOCATIONS)


def purge(conn, before, limit):
    """Drop leases deleted before a time; returns how many.

    The date is the deletion's, never the creation's.
    """
    query = sa.select(_L.uuid).where(_L.deleted_at < before)
    uuids = conn.execute(query.order_by(_L.deleted_at).limit(limit)).scalars().all()
    if uuids:
        for table in _CONTENTS:
            conn.execute(sa.delete(table).where(table.c.lease_uuid.in_(uuids)))
        conn.execute(sa.delete(models.LEASES).where(_L.uuid.in_(uuids)))
    return len(uuids)
