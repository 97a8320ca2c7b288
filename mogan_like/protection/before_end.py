"""A checkpoint before a lease ends: ``before_end`` is ``plan:`` and a plan's id."""

import datetime
import uuid

from oslo_utils import uuidutils

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.leases.plugins import base
from mogan_like.protection import states
from mogan_like.protection.queries import checkpoints
from mogan_like.protection.queries import plans

#: Seconds until a checkpoint is looked at again whose end nobody told of.
_LOOK = 15


class Plan(base.BeforeEnd):
    """Makes one checkpoint of a plan, and waits until it is available.

    The uuid of the checkpoint follows from the reservation and the time that the
    work was due at, so that whoever calls this again finds what was begun. One
    that failed is made again, as another one, ``[protection]max_attempts`` times
    in all.
    """

    needs_trust = True

    def setup(self, managers):
        """Keep what makes checkpoints."""
        self._managers = managers

    def check(self, conn, project_id, argument):
        """See that the project has such a plan."""
        plan = None
        if uuidutils.is_uuid_like(argument):
            plan = plans.get(conn, argument.lower())
        if plan is None or plan.project_id != project_id:
            raise exception.InvalidParameter(
                name='before_end',
                reason=f'there is no plan {(argument or "")[:64]!r} in the project.',
            )

    def run(self, call):
        """Begin the checkpoint, or see what became of it.

        :raises Waiting: while it is made
        :raises ProtectionFailed: when that failed; the next call tries again
        """
        tries = CONF.protection.max_attempts
        for number in range(tries):
            checkpoint = _make_uuid(call, number)
            row = _read(checkpoint)
            if row is None:
                self._begin(call, checkpoint)
                raise _wait(checkpoint)
            if row.status == states.PROTECTING:
                raise _wait(checkpoint)
            if row.status == states.AVAILABLE:
                return
            if number + 1 == tries or not _is_over(row):
                raise exception.ProtectionFailed(reason=_describe(row))

    def _begin(self, call, checkpoint):
        reservation = call.reservation
        ctx = context.for_job(
            cause='lease',
            cause_id=reservation.lease_uuid,
            trust_id=call.trust_id,
            user_id=reservation.user_id,
            project_id=reservation.project_id,
            overwrite=False,
        )
        self._managers['checkpoints'].create_once(
            ctx,
            uuid=checkpoint,
            plan_uuid=call.argument.lower(),
            extra_info={
                'created_by': 'lease',
                'lease_id': reservation.lease_uuid,
                'reservation_id': reservation.uuid,
            },
        )


def _make_uuid(call, number):
    of_reservation = uuid.UUID(call.reservation.uuid)
    return str(uuid.uuid5(of_reservation, f'{call.due_at.isoformat()} {number}'))


@engine.retried
def _read(checkpoint):
    with engine.reader() as conn:
        return checkpoints.get(conn, checkpoint, checkpoints.RECORD)


def _wait(checkpoint):
    reason = f'Checkpoint {checkpoint} is being made.'
    return base.Waiting(reason, waits_on=checkpoint, seconds=_LOOK)


def _is_over(row):
    """True when the failure was told of, so that the next try may begin."""
    pause = datetime.timedelta(seconds=CONF.conductor.retry_delay)
    return clock.utcnow() >= row.updated_at + pause


def _describe(row):
    if row.status == states.ERROR:
        return f'Checkpoint {row.uuid} failed: {row.fault}'
    return f'Checkpoint {row.uuid} was deleted before the lease could end.'
