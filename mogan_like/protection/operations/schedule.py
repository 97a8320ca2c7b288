"""Due work of kind ``schedule``: the next run of a scheduled operation."""

import datetime
import uuid as uuids

import orjson
from oslo_log import log

from mogan_like.actions import recorder
from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.protection import states
from mogan_like.protection.manager import next_runs
from mogan_like.protection.manager import protect
from mogan_like.protection.operations import flow
from mogan_like.protection.operations import work
from mogan_like.protection.queries import checkpoints
from mogan_like.protection.queries import scheduled_operations as queries
from mogan_like.protection.store import logs
from mogan_like.protection.store import scheduled_operations as store
from mogan_like.trusts import release as trusts

LOG = log.getLogger(__name__)

#: What audits and contexts call it.
CAUSE = 'schedule'
#: Seconds between two looks at what goes on after its operation.
_LOOK = 15
#: What Karbor says of checkpoints that a schedule made.
_CREATED_BY = 'operation-engine'


class ScheduleJob:
    """Makes the checkpoint of a run that is due, and says when the next one is.

    :param providers: {id: Provider}
    :param nudge: called when there is work on checkpoints
    """

    def __init__(self, providers, nudge):
        self._providers = providers
        self._nudge = nudge

    def run(self, claim):
        """Begin the run.

        However many were missed, it is one: that of the time that was due first.

        :raises ClaimLost: when it is not ours any more; or what else ended it
            (flow.ABORTS)
        """
        operation = _read(claim)
        if operation is None:
            _give_back(claim)
        elif not operation.enabled or operation.next_run_at is None:
            work.drop(claim)
        elif operation.next_run_at > clock.utcnow():
            _come_back(claim, operation.next_run_at)
        else:
            self._try(claim, Run(operation))

    def _try(self, claim, run):
        try:
            _check_attempts(claim)
            if _is_made(run):
                # Rows were set back, by a restored database for example.
                _pass_over(claim, run)
            else:
                self._begin(claim, run)
        except flow.ABORTS:
            raise
        except exception.MoganLikeError as exc:
            _refuse(claim, run, flow.describe(exc))
        except Exception:
            # A bug, which may be gone in a newer conductor: not lost yet.
            LOG.exception('A run of scheduled operation %s failed.', run.uuid)
            _come_back(claim, _get_retry_time(claim), flow.UNKNOWN)
        else:
            self._nudge()

    @engine.retried
    def _begin(self, claim, run):
        """Make the checkpoint; all of it is there, or nothing."""
        with recorder.record(
            run.ctx, run.checkpoint_uuid, 'create', run.project_id, 'checkpoint'
        ) as entry:
            runs = _advance(entry.conn, claim, run)
            protect.check_provider(self._providers, run.provider_id)
            protect.protect(
                entry,
                run.ctx,
                run.checkpoint_uuid,
                run.provider_id,
                run.plan_uuid,
                run.describe(runs.window),
                run.uuid,
            )
            if run.operation_type == states.RETENTION_PROTECT:
                claims.replace(entry.conn, states.RETENTION, run.uuid, clock.utcnow())


class Run:
    """One run of an operation.

    :param operation: its record
    :ivar checkpoint_uuid: follows from the operation and the time of the run, so
        that no two are ever made for one
    :ivar ctx: of its user
    """

    def __init__(self, operation):
        self.row_id = operation.id
        self.uuid = operation.uuid
        self.run_at = operation.next_run_at
        self.project_id = operation.project_id
        self.plan_uuid = operation.plan_uuid
        self.trigger_uuid = operation.trigger_uuid
        self.operation_type = operation.operation_type
        definition = orjson.loads(operation.operation_definition)
        self.provider_id = definition['provider_id']
        self.checkpoint_uuid = str(
            uuids.uuid5(uuids.UUID(self.uuid), clock.isoformat(self.run_at))
        )
        self.ctx = make_ctx(operation)

    def describe(self, window):
        """What the checkpoint's extra info says of it.

        :param window: how long after its time it is not late yet
        """
        found = {
            'created_by': _CREATED_BY,
            'scheduled_operation_id': self.uuid,
            'trigger_id': self.trigger_uuid,
            'run_at': clock.isoformat(self.run_at),
        }
        late = clock.utcnow() - self.run_at
        if late > window:
            found['late_by'] = int(late.total_seconds())
            LOG.warning(
                'The run of scheduled operation %s at %s is late by %d s.',
                self.uuid,
                self.run_at,
                found['late_by'],
            )
        return found


def make_ctx(operation):
    """The context of what an operation does, as its user."""
    return context.for_job(
        cause=CAUSE,
        cause_id=operation.uuid,
        user_id=operation.user_id,
        project_id=operation.project_id,
        trust_id=operation.trust_id,
        overwrite=False,
    )


def _advance(conn, claim, run):
    """Go on to the run after this one; returns the Schedule."""
    if not store.begin_run(conn, run.uuid, run.run_at):
        raise claims.ClaimLost(run.uuid)
    # Only now: whoever changes the trigger changes the operations by it as well.
    runs = next_runs.read_schedule(conn, run.trigger_uuid)
    next_run_at = runs.find_next(max(clock.utcnow(), run.run_at), run.run_at)
    store.set_next(conn, [run.row_id], next_run_at)
    if next_run_at is None:
        claims.finish(conn, claim)
    else:
        claims.reschedule(conn, claim, next_run_at, payload={})
    return runs


def _check_attempts(claim):
    tries = claim.attempts - 1
    if tries >= CONF.protection.max_attempts:
        reason = claim.payload.get('error') or 'they were interrupted.'
        raise exception.Conflict(f'Given up after {tries} tries: {reason}')


def _get_retry_time(claim):
    delay = backoff.get_delay(
        claim.attempts, CONF.conductor.retry_delay, CONF.conductor.retry_delay_max
    )
    return clock.utcnow() + datetime.timedelta(seconds=delay)


@engine.retried
def _read(claim):
    """The record as it is while the claim is ours, or None."""
    with engine.writer() as conn:
        claims.hold(conn, claim)
        return queries.get(conn, claim.object_id, queries.RECORD)


@engine.retried
def _is_made(run):
    with engine.reader() as conn:
        return checkpoints.get(conn, run.checkpoint_uuid) is not None


@engine.retried
def _pass_over(claim, run):
    LOG.warning(
        'The run of scheduled operation %s at %s was done before.', run.uuid, run.run_at
    )
    with engine.writer() as conn:
        _advance(conn, claim, run)


@engine.retried
def _give_back(claim):
    """Give back the trust of an operation that is gone, if nothing acts by it."""
    with engine.writer() as conn:
        claims.hold(conn, claim)
        if queries.is_at_work(conn, claim.object_id):
            due_at = clock.utcnow() + datetime.timedelta(seconds=_LOOK)
            claims.reschedule(conn, claim, due_at)
        else:
            trusts.release(conn, claim.payload.get('trust_id'))
            claims.finish(conn, claim)


@engine.retried
def _come_back(claim, due_at, error=None):
    payload = {} if error is None else {'error': error}
    with engine.writer() as conn:
        claims.reschedule(conn, claim, due_at, error, payload)


@engine.retried
def _refuse(claim, run, reason):
    """There is no checkpoint; the log says why, and the schedule goes on."""
    LOG.warning('A run of scheduled operation %s was refused: %s', run.uuid, reason)
    with engine.writer() as conn:
        _advance(conn, claim, run)
        logs.insert_refused(conn, run, reason)
