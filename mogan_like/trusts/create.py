"""Lets this service act for a caller later; for controllers."""

from mogan_like.common import exception
from mogan_like.common.config import CONF


def create(ctx, project_id=None):
    """Have the caller let this service act for them, in their project.

    Only the id crosses RPC; the token that it is made with never does. Whoever
    keeps the id gives it back with :func:`.release.release`.

    :param ctx: of a request
    :param project_id: of what it is for, when that is there already; the caller's
        token has to be for the same
    :returns: the id of a trust; None where there is no Keystone: what is done
        later is done with the service's own rights, for the user and project
        that are recorded
    :raises DelegationRefused: when this caller may not
    :raises IdentityServiceUnavailable: when Keystone is away
    """
    if CONF.api.auth_strategy != 'keystone':
        return None
    if project_id not in (None, ctx.project_id):
        raise exception.DelegationRefused(
            reason='it can be asked for in the project of the object only.'
        )
    # An eighth of a second of imports, which the other strategies do without.
    from mogan_like.clients import keystone

    return keystone.make_trust(ctx)
