"""Finds the instance that a request names, for who may know of it."""

from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.instances.queries import instances as queries


def find(ctx, uuid, rule, columns=queries.TARGET, deleted=False):
    """The instance's row.

    :param rule: what the caller wants to do
    :param deleted: deleted instances count too
    :raises InstanceNotFound: when there is none, or it is another project's
        and the caller may not see it
    :raises PolicyNotAuthorized: when the caller sees it but may not do this
    """
    with engine.reader() as conn:
        row = queries.get(conn, uuid, columns)
    if row is None or (row.deleted_at and not deleted):
        raise exception.InstanceNotFound(uuid=uuid)
    target = {'project_id': row.project_id, 'user_id': row.user_id}
    if policy.check(ctx, rule, target):
        return row
    # A system scope is the wrong one for all of this, and hides nothing.
    seen = ctx.project_id == row.project_id or ctx.system_scope
    if seen or policy.check(ctx, 'instance:show', target):
        raise exception.PolicyNotAuthorized(action=rule)
    raise exception.InstanceNotFound(uuid=uuid)
