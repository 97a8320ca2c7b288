"""Lets this service act for a caller later; for controllers."""

import contextlib

from oslo_log import log

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.trusts import rpcapi

LOG = log.getLogger(__name__)


@contextlib.contextmanager
def made(ctx, project_id=None):
    """Have the caller let this service act for them, in their project.

    In the block the id is passed on to a conductor, which keeps it
    (:func:`.expected.keep`) or gives it back. Only the id crosses RPC; the token that
    the trust is made with never does.

    :param ctx: of a request
    :param project_id: of what it is for, when that is there already; the caller's
        token has to be for the same
    :returns: the id of a trust; None where there is no Keystone: what is done
        later is done with the service's own rights, for the user and project
        that are recorded
    :raises DelegationRefused: when this caller may not
    :raises IdentityServiceUnavailable: when Keystone is away
    :raises ConductorUnavailable: when there is no conductor that could keep it
    """
    trust_id = _make(ctx, project_id)
    try:
        yield trust_id
    except exception.ConductorUnavailable as error:
        if trust_id is not None:
            _give_back(ctx, trust_id, error)
        raise


def _make(ctx, project_id):
    if CONF.api.auth_strategy != 'keystone':
        return None
    if project_id not in (None, ctx.project_id):
        raise exception.DelegationRefused(
            reason='it can be asked for in the project of the object only.'
        )
    # An eighth of a second of imports, which the other strategies do without.
    from mogan_like.clients import keystone

    # Else one whose making outlives this process would be left behind.
    expires_at = rpcapi.TRUSTS.call(ctx, 'expect')
    try:
        return keystone.make_trust(ctx, expires_at)
    except (exception.DelegationRefused, exception.Unauthorized):
        # There surely is none: Keystone need not be asked for it later.
        _forget(ctx)
        raise


def _forget(ctx):
    try:
        rpcapi.TRUSTS.cast(ctx, 'forget')
    except exception.ConductorUnavailable as error:
        LOG.info('A trust that was refused is looked for later: %s', error)


def _give_back(ctx, trust_id, error):
    if error.may_be_done:
        LOG.warning(
            'It is not known yet whether trust %s is in use; it is deleted unless a '
            'conductor kept it.',
            trust_id,
        )
        return
    from mogan_like.clients import keystone

    try:
        keystone.give_back(ctx, trust_id)
    except exception.MoganLikeError as failed:
        LOG.warning('Trust %s is deleted by a conductor later: %s', trust_id, failed)
