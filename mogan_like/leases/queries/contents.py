"""What a lease contains and waits for, beside its own rows."""

from mogan_like.db import claims
from mogan_like.instances.queries import instances
from mogan_like.leases import agenda


def list_instances(conn, reservations):
    """The instances on what some reservations hold."""
    uuids = [row.uuid for row in reservations]
    return instances.list_of_reservation(conn, uuids) if uuids else []


def find_work(conn, lease_uuid, reservations):
    """The due work of a lease, as :func:`mogan_like.db.claims.find`."""
    kind = agenda.get_kind(row.resource_type for row in reservations)
    return claims.find(conn, kind, lease_uuid)
