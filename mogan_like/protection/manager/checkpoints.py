"""Verbs on checkpoints: the verdict now, what it takes as due work."""

import datetime

import orjson
from oslo_utils import uuidutils

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.protection import states
from mogan_like.protection.manager import contents
from mogan_like.protection.manager import protect
from mogan_like.protection.manager import verdicts
from mogan_like.protection.queries import checkpoints as queries
from mogan_like.protection.queries import plans
from mogan_like.protection.queries import runs
from mogan_like.protection.store import checkpoints as store
from mogan_like.protection.store import logs

#: How often a verb looks at a checkpoint whose status changes all the while.
_LOOKS = 3
#: How long a delete that is asked for again waits before it is tried again.
_REPEAT_PAUSE = datetime.timedelta(seconds=1)
_RESETS = (states.AVAILABLE, states.ERROR)


class CheckpointsManager:
    """RPC namespace ``checkpoints``, version 1.0.

    :param due: the due work of protection
    :param providers: {id: Provider}
    """

    def __init__(self, due, providers):
        self._due = due
        self._providers = providers

    def create(self, ctx, provider_id, plan_uuid, extra_info=None, idempotency=None):
        """Begin to protect what a plan holds.

        :returns: the row as plain values
        :raises ProviderNotFound: when it is not there, or disabled
        :raises PlanNotFound: when the project has none of this id
        :raises QuotaExceeded: when the project has all it may have
        """
        uuid = uuidutils.generate_uuid()
        answer = idempotency_keys.answer_once(
            ctx,
            idempotency,
            lambda: self._create(
                ctx, uuid, provider_id, plan_uuid, extra_info, idempotency
            ),
        )
        self._due.nudge()
        return answer

    @engine.retried
    def _create(self, ctx, uuid, provider_id, plan_uuid, extra_info, idempotency):
        with recorder.record(
            ctx, uuid, 'create', ctx.project_id, object_type='checkpoint'
        ) as entry:
            conn = entry.conn
            idempotency_keys.reserve(conn, ctx, idempotency)
            protect.check_provider(self._providers, provider_id)
            protect.protect(entry, ctx, uuid, provider_id, plan_uuid, extra_info)
            answer = base.to_plain(queries.get(conn, uuid))
            idempotency_keys.remember(conn, ctx, idempotency, answer)
            return answer
        # Only after a commit whose answer was lost: see recorder.record.
        return _read(uuid)

    def create_once(self, ctx, uuid, plan_uuid, extra_info):
        """Begin to protect what a plan holds, unless this checkpoint is there.

        :param ctx: whose it is to be
        :raises ProviderNotFound: when that of the plan is not there, or disabled
        :raises PlanNotFound: when the project has none of this id
        :raises QuotaExceeded: when the project has all it may have
        """
        self._create_once(ctx, uuid, plan_uuid, extra_info)
        self._due.nudge()

    @engine.retried
    def _create_once(self, ctx, uuid, plan_uuid, extra_info):
        if _read(uuid) is not None:
            return
        with recorder.record(
            ctx, uuid, 'create', ctx.project_id, object_type='checkpoint'
        ) as entry:
            plan = plans.get(entry.conn, plan_uuid)
            if plan is None:
                raise exception.PlanNotFound(uuid=plan_uuid)
            protect.check_provider(self._providers, plan.provider_id)
            protect.protect(entry, ctx, uuid, plan.provider_id, plan_uuid, extra_info)

    def copy(self, ctx, provider_id, plan_uuid):
        """Refuse to copy a plan's checkpoints to another provider.

        :raises ProviderNotFound: when it is not there, or disabled
        :raises PlanNotFound: when the project has none of this id
        :raises InvalidParameter: when the plan is for another provider
        :raises CopyNotSupported: naming who cannot
        """
        refuse = verdicts.judge(self._check_copy, ctx, provider_id, plan_uuid)
        _refuse_copy(ctx, plan_uuid, refuse)

    def _check_copy(self, ctx, provider_id, plan_uuid):
        protect.check_provider(self._providers, provider_id)
        provider, plan = self._providers[provider_id], _read_plan(plan_uuid)
        protect.check_plan(ctx, provider_id, plan_uuid, plan)
        for each in orjson.loads(plan.resources):
            plugin = provider.find_plugin(each['type'])
            # Of a type that only leads to others there is none.
            if plugin is not None:
                plugin.get_copy_operation(contents.to_resource(each))
        raise exception.CopyNotSupported(plugin=provider.name)

    def delete(self, ctx, provider_id, uuid, claim=None):
        """Begin to delete a checkpoint, whatever it is doing; once.

        :param claim: on the due work that wants it, not of a request: held in the same
            transaction, so that nothing is begun for what is not wanted any more
        :raises CheckpointNotFound: when the project has none of this id there
        :raises InUse: while it is being restored
        :raises ClaimLost: when the claim is not held
        """
        if self._delete(ctx, provider_id, uuid, claim):
            self._due.supersede(states.CHECKPOINT, uuid)
        else:
            self._due.nudge()

    @engine.retried
    def _delete(self, ctx, provider_id, uuid, claim):
        """True when it took the place of what may have been going on."""
        with recorder.record(ctx, uuid, 'delete', object_type='checkpoint') as entry:
            if claim is not None:
                claims.hold(entry.conn, claim)
            row = find(entry, ctx, provider_id, uuid)
            for _ in range(_LOOKS):
                if row.deleted:
                    return False
                if row.status == states.DELETING:
                    later = clock.utcnow() + _REPEAT_PAUSE
                    claims.bring_forward(entry.conn, states.CHECKPOINT, uuid, later)
                    return False
                if store.begin_delete(entry.conn, uuid):
                    _replace(entry, ctx, row)
                    return True
                row = find(entry, ctx, provider_id, uuid)
                if row.restoring:
                    raise _in_use(entry.conn, uuid)
            raise exception.Conflict()
        # Only after a commit whose answer was lost: see recorder.record.
        return True

    @engine.retried
    def reset_status(self, ctx, provider_id, uuid, status):
        """Take an admin's word for how a checkpoint is.

        :param status: ``available`` or ``error``
        :raises CheckpointNotFound: when the project has none of this id there
        :raises InvalidCheckpointState: while something is done to it
        """
        with recorder.record(
            ctx, uuid, 'reset_status', object_type='checkpoint'
        ) as entry:
            if status not in _RESETS:
                raise exception.InvalidParameter(
                    name='state', reason=f'it can be one of {", ".join(_RESETS)}.'
                )
            find(entry, ctx, provider_id, uuid)
            values = {'fault': None} if status == states.AVAILABLE else {}
            if not store.transition(
                entry.conn, uuid, f'reset_{status}', banked=0, **values
            ):
                row = find(entry, ctx, provider_id, uuid)
                raise exception.InvalidCheckpointState(
                    action='reset', uuid=uuid, status=row.status
                )
            # The bank is to say the same.
            claims.replace(entry.conn, states.CHECKPOINT, uuid, clock.utcnow())
        self._due.nudge()


def find(entry, ctx, provider_id, uuid):
    """A project's checkpoint, for the audit and for who may be told what.

    :raises CheckpointNotFound: when it is not the project's, or of another
        provider
    """
    row = queries.get(entry.conn, uuid, queries.RECORD)
    if row is None:
        raise exception.CheckpointNotFound(uuid=uuid)
    entry.owner_project_id = row.project_id
    if row.project_id != ctx.project_id or row.provider_id != provider_id:
        raise exception.CheckpointNotFound(uuid=uuid)
    return row


def _replace(entry, ctx, row):
    """A delete is to be done, in place of what may be going on."""
    conn, reason = entry.conn, f'Superseded by delete of {ctx.request_id}.'
    recorder.cancel_open(conn, row.uuid, reason)
    logs.end_all(conn, row.uuid, states.FAIL, reason)
    logs.begin(conn, states.DELETE, row)
    payload = protect.make_payload(entry, ctx)
    claims.replace(conn, states.CHECKPOINT, row.uuid, clock.utcnow(), payload)


def _in_use(conn, uuid):
    restores = ', '.join(runs.list_restoring(conn, uuid))
    return exception.InUse(
        noun='Checkpoint', name=uuid, reason=f'restores are in progress: {restores}.'
    )


@engine.retried
def _refuse_copy(ctx, plan_uuid, refuse):
    with recorder.record(ctx, plan_uuid, 'copy', ctx.project_id, object_type='plan'):
        refuse()


@engine.retried
def _read_plan(uuid):
    with engine.reader() as conn:
        return plans.get(conn, uuid)


@engine.retried
def _read(uuid):
    with engine.reader() as conn:
        row = queries.get(conn, uuid)
        return None if row is None else base.to_plain(row)
