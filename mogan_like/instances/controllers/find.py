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
    return find_by_rules(ctx, uuid, (rule,), columns, deleted)[0]


def find_by_rules(ctx, uuid, rules, columns=queries.TARGET, deleted=False):
    """The instance's row, and the first of some rules that allows the caller.

    :param rules: what the caller may do, the most first; all are asked of the
        instance's project, not of the caller's
    :raises InstanceNotFound, PolicyNotAuthorized: as :func:`find`; the latter
        names the last of the rules
    """
    with engine.reader() as conn:
        row = queries.get(conn, uuid, columns)
    if row is None or (row.deleted_at and not deleted):
        raise exception.InstanceNotFound(uuid=uuid)
    target = make_target(row)
    for rule in rules:
        if policy.check(ctx, rule, target):
            return row, rule
    # A system scope is the wrong one for all of this, and hides nothing.
    seen = ctx.project_id == row.project_id or ctx.system_scope
    if seen or policy.check(ctx, 'instance:show', target):
        raise exception.PolicyNotAuthorized(action=rules[-1])
    raise exception.InstanceNotFound(uuid=uuid)


def make_target(row):
    """What a rule about an instance is filled from."""
    return {'project_id': row.project_id, 'user_id': row.user_id}
