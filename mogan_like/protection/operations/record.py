"""What plugins are handed: the record of a resource, and a way to wait."""

import orjson

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.protection.plugins import base
from mogan_like.protection.store import resources as store


class RowRecord(base.Record):
    """The record of one resource in its row, while the work is ours.

    :param claim: on the operation
    :param row: of ``protected_resources``
    """

    def __init__(self, claim, row):
        self.data = orjson.loads(row.data)
        self.status = None
        self._claim = claim
        self._row_id = row.id

    def save(self, **data):
        """Keep more data, at once; also when the operation was replaced.

        Whoever replaced it cannot have begun: it finds what was made.

        :raises Cancelled: when it was replaced, or somebody else has it
        """
        data = {**self.data, **data}
        try:
            is_wanted = self._save(data)
        except claims.ClaimLost as exc:
            raise base.Cancelled() from exc
        self.data = data
        if not is_wanted:
            raise base.Cancelled()

    def set_status(self, status):
        """Say how the resource is doing."""
        if status != self.status:
            try:
                self._set_status(status, None)
            except claims.ClaimLost as exc:
                raise base.Cancelled() from exc

    def end(self, status, fault):
        """Say how it ended.

        :param status: of the resource
        :param fault: why it failed, or None
        """
        self._set_status(status, fault)

    @engine.retried
    def _save(self, data):
        with engine.writer() as conn:
            is_wanted = claims.hold_place(conn, self._claim)
            store.save_data(conn, self._row_id, data)
            return is_wanted

    @engine.retried
    def _set_status(self, status, fault):
        with engine.writer() as conn:
            claims.hold(conn, self._claim)
            store.set_status(conn, self._row_id, status, fault)
        self.status = status


class ClaimWaiter(base.Waiter):
    """Waits that end when the claim is gone."""

    def __init__(self, claim):
        self._claim = claim

    def check(self):
        """Go on only while the operation is ours.

        :raises Cancelled: when it is not
        """
        if self._claim.is_lost():
            raise base.Cancelled()

    def hold(self):
        """Renew the claim now, not when its turn comes.

        :returns: seconds up to which it is ours, unless it is renewed again
        :raises Cancelled: when it is not ours, or is held for too long already
        """
        if self._claim.is_overdue():
            self._claim.lost.set()
        self.check()
        self._renew()
        self.check()
        return self._claim.held_until - clock.monotonic()

    @engine.retried
    def _renew(self):
        with engine.writer() as conn:
            claims.renew(conn, [self._claim], CONF.conductor.claim_ttl)

    def wait(self, seconds):
        """Wait so long, or raise Cancelled sooner."""
        self.check()
        self._claim.wait(seconds)
        self.check()
