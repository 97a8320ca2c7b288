"""Trusts that are about to be made, written down before; for conductors.

Due work of kind ``expected_trust``, whose object is the request that makes one. What
comes due was kept by nobody, and is given back.
"""

import contextlib
import datetime
import secrets

from oslo_log import log

from mogan_like.clients import keystone
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.trusts import release

LOG = log.getLogger(__name__)

#: Kind of due work.
EXPECTED = 'expected_trust'
#: Seconds that a request has to make its trust and to have it kept.
_PATIENCE = 600
#: Marks are seconds of these years. Keystone's own are no finer: it reckons with
#: floating point numbers.
_FIRST = datetime.datetime(3000, 1, 1)
_SPAN = 5000 * 365 * 86400


def expect(conn, ctx):
    """A request is about to make a trust, and to have it kept in ten minutes.

    :returns: when the trust is to expire: its mark, which no other one has
    """
    mark = _FIRST + datetime.timedelta(seconds=secrets.randbelow(_SPAN))
    expires_at = f'{mark.isoformat()}.000000Z'
    due_at = clock.utcnow() + datetime.timedelta(seconds=_PATIENCE)
    payload = {'user_id': ctx.user_id, 'expires_at': expires_at}
    claims.replace(conn, EXPECTED, ctx.request_id, due_at, payload)
    return expires_at


def keep(conn, ctx, trust_id):
    """The trust of a request is kept, in the transaction that keeps it.

    :param trust_id: or None, when there is none
    :raises RequestTooLate: when it is being given back, or was
    """
    if trust_id is not None and not forget(conn, ctx):
        raise exception.RequestTooLate(seconds=_PATIENCE)


def forget(conn, ctx):
    """Nothing is expected of a request any more; False when nothing was."""
    # Whoever is at it finds its claim lost, and gives nothing back.
    return claims.remove(conn, EXPECTED, ctx.request_id)


@contextlib.contextmanager
def kept_or_released(ctx, trust_id, is_kept):
    """Give a trust back that nothing has after the block, however that ends.

    :param ctx: of the request that made it
    :param trust_id: or None, when there is none
    :param is_kept: tells by a connection whether what it was made for has it
    """
    try:
        yield
    finally:
        if trust_id is not None:
            _release_unused(ctx, trust_id, is_kept)


def run(claim):
    """Give back the trust of a claim if there is one, or try again later."""
    release.attempt(
        claim, lambda: keystone.find_trust(**claim.payload), release.release
    )


def _release_unused(ctx, trust_id, is_kept):
    try:
        _release_unless_kept(ctx, trust_id, is_kept)
    except engine.BROKEN_OFF:
        # The verb has failed for the same reason, and that is what is told.
        LOG.exception('Trust %s is given back when it is found.', trust_id)


@engine.retried
def _release_unless_kept(ctx, trust_id, is_kept):
    with engine.writer() as conn:
        if not is_kept(conn):
            release.release(conn, trust_id)
            forget(conn, ctx)
