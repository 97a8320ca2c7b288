"""Verbs on quotas."""

from mogan_like.actions import recorder
from mogan_like.db import engine
from mogan_like.db import quotas
from mogan_like.db.quotas import count


class QuotasManager:
    """RPC namespace ``quotas``, version 1.0."""

    @engine.retried
    def set_limits(self, ctx, project_id, limits):
        """Set limits of a project; -1 is any number.

        A limit below what is in use refuses more and takes nothing away.

        :returns: {resource: limit}, all of the project's
        """
        with recorder.record(
            ctx, project_id, 'update', project_id, object_type='quota'
        ) as entry:
            count.set_limits(entry.conn, project_id, limits)
        with engine.reader() as conn:
            return quotas.get_limits(conn, project_id)

    @engine.retried
    def set_defaults(self, ctx, limits):
        """Set limits of projects that have none of their own; -1 is any number.

        :returns: {resource: limit}, all of theirs
        """
        with recorder.record(
            ctx, quotas.DEFAULT_CLASS, 'update', object_type='quota_class'
        ) as entry:
            count.set_defaults(entry.conn, limits)
        with engine.reader() as conn:
            return quotas.get_defaults(conn)

    @engine.retried
    def clear_limits(self, ctx, project_id):
        """Let the defaults apply to a project again."""
        with recorder.record(
            ctx, project_id, 'delete', project_id, object_type='quota'
        ) as entry:
            count.clear_limits(entry.conn, project_id)
