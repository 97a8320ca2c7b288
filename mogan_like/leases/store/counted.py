"""One planner at a time for each resource that is counted."""

from mogan_like.db import base
from mogan_like.leases import models

_C = models.COUNTED_RESOURCES.c


def hold(conn, resource_type):
    """Keep others from planning this type, to the end of the transaction."""
    grow = (
        models.COUNTED_RESOURCES.update()
        .where(_C.resource_type == resource_type)
        .values(generation=_C.generation + 1)
    )
    while not conn.execute(grow).rowcount:
        base.insert_unless_there(
            conn,
            models.COUNTED_RESOURCES,
            {'resource_type': resource_type, 'generation': 0},
        )
