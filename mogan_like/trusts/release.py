"""Gives a trust back, when what it served is over; for conductors.

Due work of kind ``trust``, whose object is the trust. It is tried for ever: what
is left in Keystone is somebody's authority.
"""

import contextlib
import datetime

from oslo_log import log

from mogan_like.clients import keystone
from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine

LOG = log.getLogger(__name__)

#: Kind of due work.
TRUST = 'trust'
#: Seconds between two tries at most.
_LONGEST = 3600
_UNKNOWN = 'An internal error occurred; the log has it.'


def release(conn, trust_id):
    """Have a trust deleted, if this transaction is committed; repeatable.

    It is found by the next look for due work; nobody has to nudge.

    :param trust_id: or None, when there is none
    """
    if trust_id is not None:
        claims.ensure(conn, TRUST, trust_id)


@contextlib.contextmanager
def kept_or_released(trust_id, is_kept):
    """Give a trust back that nothing has after the block, however that ends.

    :param trust_id: or None, when there is none
    :param is_kept: tells by a connection whether what it was made for has it
    """
    try:
        yield
    finally:
        if trust_id is not None:
            _release_unused(trust_id, is_kept)


def _release_unused(trust_id, is_kept):
    try:
        _release_unless_kept(trust_id, is_kept)
    except engine.BROKEN_OFF:
        # The verb has failed for the same reason, and that is what is told.
        LOG.exception('Trust %s is left in Keystone.', trust_id)


@engine.retried
def _release_unless_kept(trust_id, is_kept):
    with engine.writer() as conn:
        if not is_kept(conn):
            release(conn, trust_id)


def run(claim):
    """Delete the trust of a claim, or try again later."""
    try:
        fault = _delete(claim)
        if fault is None:
            _finish(claim)
        else:
            _try_again(claim, fault)
    except claims.ClaimLost:
        LOG.info('Another conductor deletes trust %s.', claim.object_id)


def _delete(claim):
    """Why it is not deleted, or None when it is."""
    try:
        keystone.delete_trust(claim.object_id)
    except exception.MoganLikeError as exc:
        # The 1st, 2nd, 4th, 8th try, and so on: who looks sees that it goes on,
        # and years of it fill no disk.
        if _is_power_of_two(claim.attempts):
            LOG.warning(
                'Trust %s is not deleted after %d tries: %s (%s)',
                claim.object_id,
                claim.attempts,
                exc,
                exc.__cause__,
            )
        return str(exc)
    except Exception:
        if _is_power_of_two(claim.attempts):
            LOG.exception('Trust %s cannot be deleted.', claim.object_id)
        return _UNKNOWN
    return None


def _is_power_of_two(number):
    return number & (number - 1) == 0


@engine.retried
def _finish(claim):
    with engine.writer() as conn:
        claims.finish(conn, claim)


@engine.retried
def _try_again(claim, fault):
    delay = backoff.get_delay(claim.attempts, CONF.conductor.retry_delay, _LONGEST)
    due_at = clock.utcnow() + datetime.timedelta(seconds=delay)
    with engine.writer() as conn:
        claims.reschedule(conn, claim, due_at, fault)
