"""Due work of kind ``retention``: drops what a scheduled operation need not keep."""

import datetime

import orjson
from oslo_log import log

from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.protection import states
from mogan_like.protection.operations import schedule
from mogan_like.protection.operations import work
from mogan_like.protection.queries import scheduled_operations as queries

LOG = log.getLogger(__name__)

#: Seconds until a checkpoint is looked at again whose end nobody told of.
_LOOK = 15


class RetentionJob:
    """Deletes checkpoints of an operation, of which it has enough newer ones.

    Also while some are not there yet: where protecting takes longer than it is until
    the next run, one of them never is. It is over when none is on its way: they do
    not end in the order of their runs, and there may be no run after these.

    :param checkpoints: the CheckpointsManager
    """

    def __init__(self, checkpoints):
        self._checkpoints = checkpoints

    def run(self, claim):
        """Delete them, and wait for those that are on their way.

        :raises ClaimLost: when it is not ours any more; or what else ended it
            (flow.ABORTS)
        """
        operation, protecting = _read(claim)
        if operation is None:
            work.drop(claim)
            return
        busy = self._delete_all(claim, operation)
        if protecting:
            _wait(claim, protecting)
        elif busy:
            _try_again(claim, '\n'.join(busy))
        else:
            work.drop(claim)

    def _delete_all(self, claim, operation):
        """Why some could not be deleted."""
        ctx, busy = schedule.make_ctx(operation), []
        for row in _list_superfluous(operation):
            if claim.is_lost():
                raise claims.ClaimLost(claim.object_id)
            try:
                # The operation's delete gives its trust back, and a delete by that
                # fails: none may begin after it.
                self._checkpoints.delete(ctx, row.provider_id, row.uuid, claim)
            except exception.CheckpointNotFound:
                LOG.info('Checkpoint %s is gone already.', row.uuid)
            except exception.Conflict as exc:
                # It is being restored.
                busy.append(str(exc))
        return busy


def choose(rows, definition, now):
    """The checkpoints that go, oldest first; the newest one never does.

    :param rows: of the good ones, with created_at, newest first
    :param definition: max_backups, max_backup_duration in days: those that limit
    """
    gone = _list_over(rows, definition, now)
    return [row for row in gone if row is not rows[0]]


def choose_failed(rows, oldest, definition, now):
    """The failed checkpoints that go, oldest first.

    What came before all that can be restored tells nothing any more; what came
    later tells what is wrong, within the same limits: however long runs go on
    failing, they do not fill the project's quota.

    :param rows: of the failed ones, with created_at, newest first
    :param oldest: the oldest good one that stays, or None
    """
    older = [
        row
        for row in reversed(rows)
        if oldest is not None and row.created_at < oldest.created_at
    ]
    # Both are the end of the list: one of them holds the other.
    return max(older, _list_over(rows, definition, now), key=len)


def _list_over(rows, definition, now):
    """Those over the limits, oldest first."""
    most, days = (
        definition.get(name) for name in ('max_backups', 'max_backup_duration')
    )
    first = len(rows) if most is None else most
    since = None if days is None else now - datetime.timedelta(days=days)
    over = [
        row
        for index, row in enumerate(rows)
        if index >= first or (since is not None and row.created_at < since)
    ]
    return over[::-1]


@engine.retried
def _list_superfluous(operation):
    with engine.reader() as conn:
        rows = queries.list_ended(conn, operation.uuid)
    definition, now = orjson.loads(operation.operation_definition), clock.utcnow()
    good = [row for row in rows if row.status == states.AVAILABLE]
    failed = [row for row in rows if row.status != states.AVAILABLE]
    gone = choose(good, definition, now)
    # The first ones stay, and one of them always does.
    oldest = good[-len(gone) - 1] if good else None
    return gone + choose_failed(failed, oldest, definition, now)


@engine.retried
def _read(claim):
    """The operation's record or None, and which checkpoint is on its way, if any."""
    with engine.writer() as conn:
        claims.hold(conn, claim)
        operation = queries.get(conn, claim.object_id, queries.RECORD)
        return operation, queries.find_protecting(conn, claim.object_id)


@engine.retried
def _wait(claim, checkpoint_uuid):
    until = clock.utcnow() + datetime.timedelta(seconds=_LOOK)
    with engine.writer() as conn:
        claims.wait_for(conn, claim, checkpoint_uuid, until=until)


@engine.retried
def _try_again(claim, reason):
    delay = backoff.get_delay(
        claim.attempts, CONF.conductor.retry_delay, CONF.conductor.retry_delay_max
    )
    due_at = clock.utcnow() + datetime.timedelta(seconds=delay)
    with engine.writer() as conn:
        claims.reschedule(conn, claim, due_at, reason)
