"""Finds the lease that a request names, for who may know of it."""

from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.leases.queries import leases as queries


def find(ctx, uuid, rule, deleted=False):
    """The lease's row.

    As :func:`check` has it.
    """
    with engine.reader() as conn:
        row = queries.get(conn, uuid, queries.TARGET)
    return check(ctx, uuid, row, rule, deleted)


def check(ctx, uuid, row, rule, deleted=False):
    """The row, if it is one that the caller may do this with.

    :param row: of a lease, or None
    :param rule: what the caller wants to do
    :param deleted: deleted leases count too
    :raises LeaseNotFound: when there is none, or it is another project's and
        the caller may not see it
    :raises PolicyNotAuthorized: when the caller sees it but may not do this
    """
    if row is None or (row.deleted and not deleted):
        raise exception.LeaseNotFound(uuid=uuid)
    target = {'project_id': row.project_id, 'user_id': row.user_id}
    if policy.check(ctx, rule, target):
        return row
    # A system scope is the wrong one for all of this, and hides nothing.
    seen = ctx.project_id == row.project_id or ctx.system_scope
    if seen or policy.check(ctx, 'lease:show', target):
        raise exception.PolicyNotAuthorized(action=rule)
    raise exception.LeaseNotFound(uuid=uuid)
