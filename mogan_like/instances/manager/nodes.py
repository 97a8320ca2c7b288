"""Verbs on nodes."""

from mogan_like.actions import recorder
from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances.queries import nodes as queries
from mogan_like.instances.store import nodes as store


class NodesManager:
    """RPC namespace ``nodes``, version 1.0."""

    @engine.retried
    def set_maintenance(self, ctx, uuid, maintenance, reason=None):
        """Take a node out of placement, or put it back.

        What runs on the node stays there.

        :returns: the node's row as plain values
        :raises NodeNotFound: when there is none
        """
        action = 'start_maintenance' if maintenance else 'end_maintenance'
        with recorder.record(ctx, uuid, action, object_type='node') as entry:
            if not store.set_maintenance(
                entry.conn, uuid, maintenance, reason if maintenance else None
            ):
                raise exception.NodeNotFound(uuid=uuid)
            if not maintenance:
                # A lease may wait for it: found by the next scan.
                claims.wake(entry.conn, uuid)
        with engine.reader() as conn:
            return base.to_plain(queries.get(conn, uuid))
