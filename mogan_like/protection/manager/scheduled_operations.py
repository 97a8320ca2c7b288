"""Verbs on scheduled operations."""

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
from mogan_like.protection.manager import next_runs
from mogan_like.protection.manager import protect
from mogan_like.protection.queries import plans
from mogan_like.protection.queries import scheduled_operations as queries
from mogan_like.protection.store import owned
from mogan_like.protection.store import scheduled_operations as store
from mogan_like.trusts import expected as trusts


class ScheduledOperationsManager:
    """RPC namespace ``scheduled_operations``, version 1.0.

    :param due: the due work of schedules
    :param providers: {id: Provider}
    """

    def __init__(self, due, providers):
        self._due = due
        self._providers = providers

    def create(self, ctx, operation, trust_id=None, idempotency=None):
        """Have a plan be protected whenever a trigger says.

        :param operation: the checked body: name, description, operation_type,
            trigger_id, operation_definition, enabled
        :param trust_id: of the user's authority when it runs; given back when this
            is refused, or was done before
        :returns: the row as plain values
        :raises TriggerNotFound, PlanNotFound: when the project has none of this id
        :raises ProviderNotFound: when it is not there, or disabled
        :raises InvalidParameter: when the plan is for another provider, or the
            trigger has no more runs
        :raises RequestTooLate: when the trust is being given back
        """
        uuid = uuidutils.generate_uuid()
        row = {**_to_row(operation), 'uuid': uuid, 'trust_id': trust_id}
        row.update(project_id=ctx.project_id, user_id=ctx.user_id)
        with trusts.kept_or_released(
            ctx, trust_id, lambda conn: queries.get(conn, uuid)
        ):
            answer = idempotency_keys.answer_once(
                ctx, idempotency, lambda: self._create(ctx, row, idempotency)
            )
        self._due.nudge()
        return answer

    @engine.retried
    def _create(self, ctx, row, idempotency):
        uuid = row['uuid']
        with _record(ctx, uuid, 'create') as entry:
            conn = entry.conn
            idempotency_keys.reserve(conn, ctx, idempotency)
            if not owned.TRIGGERS.hold(conn, row['trigger_uuid'], ctx.project_id):
                raise exception.TriggerNotFound(uuid=row['trigger_uuid'])
            self._check_plan(conn, ctx, row)
            store.insert(conn, row)
            trusts.keep(conn, ctx, row['trust_id'])
            if row['enabled']:
                _plan_first(conn, uuid)
            answer = base.to_plain(queries.get(conn, uuid))
            idempotency_keys.remember(conn, ctx, idempotency, answer)
            return answer
        # Only after a commit whose answer was lost: see recorder.record.
        return base.to_plain(_read(uuid))

    def _check_plan(self, conn, ctx, row):
        plan_uuid = row['plan_uuid']
        if not owned.PLANS.hold(conn, plan_uuid, ctx.project_id):
            raise exception.PlanNotFound(uuid=plan_uuid)
        definition = orjson.loads(row['operation_definition'])
        protect.check_provider(self._providers, definition['provider_id'])
        if plans.get(conn, plan_uuid).provider_id != definition['provider_id']:
            raise exception.InvalidParameter(
                name='plan_id', reason=f'plan {plan_uuid} is for another provider.'
            )

    def update(self, ctx, uuid, values):
        """Change name or description, or whether it runs.

        Runs that were due while it did not are not made up for.

        :param values: name, description, enabled: those that change
        :returns: the row as plain values
        :raises ScheduledOperationNotFound: when the project has none of this id
        :raises InvalidParameter: when the trigger has no more runs
        """
        _update(ctx, uuid, values)
        self._due.nudge()
        return base.to_plain(_read(uuid))

    def delete(self, ctx, uuid):
        """Drop an operation; its checkpoints stay, and what has begun goes on.

        :raises ScheduledOperationNotFound: when the project has none of this id
        """
        _delete(ctx, uuid)
        self._due.nudge()


def _record(ctx, uuid, action):
    # As short as the audit wants it.
    return recorder.record(ctx, uuid, action, ctx.project_id, object_type='operation')


def _to_row(operation):
    definition = operation['operation_definition']
    return {
        'name': operation['name'],
        'description': operation.get('description'),
        'operation_type': operation['operation_type'],
        'trigger_uuid': operation['trigger_id'],
        'operation_definition': orjson.dumps(definition).decode(),
        'plan_uuid': definition['plan_id'],
        'enabled': operation.get('enabled', True),
    }


def _hold(conn, ctx, uuid):
    """The record of the project's operation, as it stays."""
    if not store.hold(conn, uuid, ctx.project_id):
        raise exception.ScheduledOperationNotFound(uuid=uuid)
    return queries.get(conn, uuid, queries.RECORD)


@engine.retried
def _update(ctx, uuid, values):
    with _record(ctx, uuid, 'update') as entry:
        conn = entry.conn
        operation = _hold(conn, ctx, uuid)
        store.update(conn, uuid, values)
        enabled = values.get('enabled', operation.enabled)
        if enabled and not operation.enabled:
            _plan_first(conn, uuid)
        elif operation.enabled and not enabled:
            store.set_next(conn, [operation.id], None)
            claims.remove(conn, states.SCHEDULE, uuid)


@engine.retried
def _delete(ctx, uuid):
    with _record(ctx, uuid, 'delete') as entry:
        conn = entry.conn
        operation = _hold(conn, ctx, uuid)
        store.delete(conn, uuid)
        claims.remove(conn, states.RETENTION, uuid)
        if operation.trust_id is None:
            claims.remove(conn, states.SCHEDULE, uuid)
        else:
            # Given back when nothing acts by it any more.
            payload = {'trust_id': operation.trust_id}
            claims.replace(conn, states.SCHEDULE, uuid, clock.utcnow(), payload)


def _plan_first(conn, uuid):
    operation = queries.get(conn, uuid, queries.RECORD)
    runs = next_runs.read_schedule(conn, operation.trigger_uuid)
    if next_runs.plan(conn, operation, runs, clock.utcnow()) is None:
        raise exception.InvalidParameter(
            name='trigger_id',
            reason=f'trigger {operation.trigger_uuid} has no run from now on.',
        )


@engine.retried
def _read(uuid):
    with engine.reader() as conn:
        return queries.get(conn, uuid)
