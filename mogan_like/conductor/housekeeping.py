"""Drops what nobody may ask for any more."""

import datetime

from oslo_log import log

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import idempotency

LOG = log.getLogger(__name__)

#: Kind of due work; one row of it, so one conductor at a time.
HOUSEKEEPING = 'housekeeping'
_INTERVAL = datetime.timedelta(hours=1)
_BATCH = 500


def run(claim):
    """Drop answers kept under Idempotency-Keys that are over a day old."""
    try:
        while _forget() == _BATCH:
            LOG.debug('More old Idempotency-Keys to drop.')
        _come_again(claim)
    except claims.ClaimLost:
        LOG.info('Another conductor keeps house.')


@engine.retried
def _forget():
    with engine.writer() as conn:
        return idempotency.forget(conn, _BATCH)


@engine.retried
def _come_again(claim):
    with engine.writer() as conn:
        claims.reschedule(conn, claim, clock.utcnow() + _INTERVAL)
