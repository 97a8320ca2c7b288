"""Keeps the node rows as the driver reports the machines."""

import datetime

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances.store import nodes

LOG = log.getLogger(__name__)

#: Kind of due work; one row of it, so one conductor at a time.
INVENTORY = 'inventory'
_BATCH = 200


class InventoryJob:
    """The job of kind ``inventory``: look, write down, come again."""

    def __init__(self, driver):
        self._driver = driver

    def run(self, claim):
        """Look at the inventory once, and plan the next look."""
        error = None
        try:
            self._sync()
        except Exception as exc:
            # Known nodes stay as they are; the next look is at its time.
            LOG.exception('The inventory of the driver cannot be read.')
            error = str(exc)
        try:
            _come_again(claim, error)
        except claims.ClaimLost:
            LOG.info('Another conductor looks at the inventory.')

    def _sync(self):
        specs = self._driver.inventory()
        for start in range(0, len(specs), _BATCH):
            _sync_batch(specs[start : start + _BATCH])
        _mark_absent({spec.uuid for spec in specs})


@engine.retried
def _sync_batch(specs):
    with engine.writer() as conn:
        nodes.sync(conn, specs)


@engine.retried
def _mark_absent(present):
    with engine.writer() as conn:
        nodes.mark_absent(conn, present)


@engine.retried
def _come_again(claim, error):
    due_at = clock.utcnow() + datetime.timedelta(
        seconds=CONF.instances.inventory_interval
    )
    with engine.writer() as conn:
        claims.reschedule(conn, claim, due_at, error)
