"""A lease as it crosses RPC."""

import orjson

from mogan_like.db import base
from mogan_like.leases.queries import leases as queries


def show(conn, uuid):
    """The lease as plain values, with its reservations and events."""
    lease = base.to_plain(queries.get(conn, uuid))
    reservations = queries.list_reservations(conn, [uuid])[uuid]
    lease['reservations'] = [_show_reservation(row) for row in reservations]
    lease['events'] = [
        base.to_plain(row) for row in queries.list_events(conn, [uuid])[uuid]
    ]
    return lease


def _show_reservation(row):
    plain = base.to_plain(row)
    return {**plain, 'requested': orjson.loads(plain['requested'])}
