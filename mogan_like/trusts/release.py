"""Gives a trust back, when what it served is over; for conductors.

Due work of kind ``trust``, whose object is the trust. It is tried for ever: what
is left in Keystone is somebody's authority.
"""

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


def run(claim):
    """Delete the trust of a claim, or try again later."""
    attempt(claim, lambda: keystone.delete_trust(claim.object_id))


def attempt(claim, ask, end=None):
    """Ask Keystone for something once, or try again later.

    :param ask: called without a transaction
    :param end: called with a connection and the answer, in the transaction that
        ends the work
    """
    try:
        answer, fault = _ask(claim, ask)
        if fault is None:
            _finish(claim, end, answer)
        else:
            _try_again(claim, fault)
    except claims.ClaimLost:
        LOG.info('%s %s is no longer ours.', claim.kind, claim.object_id)


def _ask(claim, ask):
    """(The answer, why there is none or None)."""
    try:
        return ask(), None
    except exception.MoganLikeError as exc:
        # The 1st, 2nd, 4th, 8th try, and so on: who looks sees that it goes on,
        # and years of it fill no disk.
        if _is_power_of_two(claim.attempts):
            LOG.warning(
                'Trust %s is not given back after %d tries: %s (%s)',
                claim.object_id,
                claim.attempts,
                exc,
                exc.__cause__,
            )
        return None, str(exc)
    except Exception:
        if _is_power_of_two(claim.attempts):
            LOG.exception('Trust %s cannot be given back.', claim.object_id)
        return None, _UNKNOWN


def _is_power_of_two(number):
    return number & (number - 1) == 0


@engine.retried
def _finish(claim, end, answer):
    with engine.writer() as conn:
        claims.finish(conn, claim)
        if end is not None:
            end(conn, answer)


@engine.retried
def _try_again(claim, fault):
    delay = backoff.get_delay(claim.attempts, CONF.conductor.retry_delay, _LONGEST)
    due_at = clock.utcnow() + datetime.timedelta(seconds=delay)
    with engine.writer() as conn:
        claims.reschedule(conn, claim, due_at, fault)
