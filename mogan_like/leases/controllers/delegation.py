"""Has callers delegate what is done for their leases when they are not there."""

import contextlib

from oslo_log import log

from mogan_like.common import exception
from mogan_like.leases import before_end
from mogan_like.leases import rpcapi
from mogan_like.trusts import create

LOG = log.getLogger(__name__)


@contextlib.contextmanager
def delegated(ctx, reservations, project_id):
    """The id of a trust, when what is to be done before the end needs one.

    The request is passed on in the block; whoever gets it gives a trust back that
    it has no use for.

    :param reservations: as they are asked for
    :param project_id: the lease's
    :returns: the id, or None
    :raises DelegationRefused: when the caller may not delegate it
    :raises IdentityServiceUnavailable: when Keystone is away
    """
    names = {before_end.split(each.get('before_end'))[0] for each in reservations}
    trust_id = None
    if names - {None} and names & _list_needing(ctx):
        trust_id = create.create(ctx, project_id)
    try:
        yield trust_id
    except exception.ConductorUnavailable:
        if trust_id is not None:
            LOG.warning('Nobody knows whether trust %s is in use.', trust_id)
        raise


def _list_needing(ctx):
    works = rpcapi.LEASES.call(ctx, 'list_works')
    return {work['name'] for work in works if work['needs_trust']}
