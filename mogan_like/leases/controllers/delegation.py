"""Has callers delegate what is done for their leases when they are not there."""

import contextlib

from mogan_like.leases import before_end
from mogan_like.leases import rpcapi
from mogan_like.trusts import create


def delegated(ctx, reservations, project_id):
    """A trust, when what is to be done before the end needs one.

    The request is passed on in the block, see :func:`.create.made`.

    :param reservations: as they are asked for
    :param project_id: the lease's
    :returns: a context manager of the id, or of None
    :raises DelegationRefused: when the caller may not delegate it
    :raises IdentityServiceUnavailable: when Keystone is away
    """
    names = {before_end.split(each.get('before_end'))[0] for each in reservations}
    if names - {None} and names & _list_needing(ctx):
        return create.made(ctx, project_id)
    return contextlib.nullcontext()


def _list_needing(ctx):
    works = rpcapi.LEASES.call(ctx, 'list_works')
    return {work['name'] for work in works if work['needs_trust']}
