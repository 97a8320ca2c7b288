"""What a request names, for who may know of it."""

from mogan_like.common import exception
from mogan_like.common import policy


def check(ctx, row, rule, shown_by, missing):
    """The row, if it is one that the caller may do this with.

    :param row: with its project_id, or None
    :param rule: what the caller wants to do
    :param shown_by: the rule by which it is seen
    :param missing: the error when there is none
    :raises MoganLikeError: ``missing``, also when it is another project's and the
        caller may not see it
    :raises PolicyNotAuthorized: when the caller sees it but may not do this
    """
    if row is None:
        raise missing
    target = {'project_id': row.project_id}
    if policy.check(ctx, rule, target):
        return row
    # A system scope is the wrong one for all of this, and hides nothing.
    seen = ctx.project_id == row.project_id or ctx.system_scope
    if seen or policy.check(ctx, shown_by, target):
        raise exception.PolicyNotAuthorized(action=rule)
    raise missing
