"""The claims that this conductor holds: renewed, and let go of."""

import threading

from oslo_log import log

from mogan_like.common import workers
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine

LOG = log.getLogger(__name__)


class HeldClaims:
    """The claims of one loop, renewed until they are dropped or lost."""

    def __init__(self):
        self._claims = {}
        # A row may be claimed again while whoever lost it is still at it.
        self._latest = {}
        self._lock = threading.Lock()
        self._released = threading.Event()

    def start(self):
        """Begin to renew."""
        workers.start_thread('claim-renewal', self._renew_loop)

    def close(self):
        """Renew no more."""
        self._released.set()

    def add(self, claim):
        """Hold a claim from here on."""
        with self._lock:
            former = self._latest.get(claim.id)
            if former is not None:
                # Its time was over, by a clock that jumped perhaps.
                former.lost.set()
            self._latest[claim.id] = claim
            self._claims[claim.id, claim.owner] = claim

    def drop(self, claim):
        """Hold it no more."""
        with self._lock:
            self._claims.pop((claim.id, claim.owner), None)
            if self._latest.get(claim.id) is claim:
                del self._latest[claim.id]

    def list(self):
        """Those that are held."""
        with self._lock:
            return list(self._claims.values())

    def superseded(self, kind, object_id):
        """The work of an object was replaced, here or by another conductor."""
        held = [
            claim
            for claim in self.list()
            if (claim.kind, claim.object_id) == (kind, object_id)
        ]
        try:
            # The word may be late, and what is held the new work already.
            self._renew(held)
        except Exception:
            LOG.exception('It cannot be read whose %s %s is.', kind, object_id)
            for claim in held:
                claim.lost.set()

    def let_go_of_all(self):
        """Leave everything that is held to others."""
        try:
            for claim in self.list():
                self.let_go(claim)
        except engine.BROKEN_OFF:
            # It runs out by itself, and the next one would take as long.
            LOG.warning('Claims are left to run out: there is no database.')

    @engine.retried
    def let_go(self, claim):
        """Leave a claim to others."""
        with engine.writer() as conn:
            claims.release(conn, claim)

    def _renew_loop(self):
        while not self._released.wait(CONF.conductor.claim_ttl / 3):
            try:
                self._renew(self.list())
            except Exception:
                LOG.exception('Claims cannot be renewed.')

    @engine.retried
    def _renew(self, held):
        """Keep claims, and tell those who are at work of claims that are gone."""
        for claim in held:
            if claim.is_overdue():
                claim.lost.set()
        kept = [claim for claim in held if not claim.is_lost()]
        if kept:
            with engine.writer() as conn:
                claims.renew(conn, kept, CONF.conductor.claim_ttl)
