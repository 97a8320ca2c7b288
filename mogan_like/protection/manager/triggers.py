"""Verbs on triggers."""

import orjson
from oslo_utils import uuidutils

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.protection.manager import next_runs
from mogan_like.protection.manager import verdicts
from mogan_like.protection.queries import scheduled_operations
from mogan_like.protection.queries import triggers as queries
from mogan_like.protection.store import owned
from mogan_like.protection.triggers import schedule


class TriggersManager:
    """RPC namespace ``triggers``, version 1.0.

    :param due: the due work of schedules
    """

    def __init__(self, due):
        self._due = due

    def create(self, ctx, trigger, idempotency=None):
        """Keep a new trigger.

        :param trigger: the checked body: name, type, properties
        :returns: the row as plain values
        :raises InvalidParameter: naming the property that is wrong
        """
        uuid = uuidutils.generate_uuid()

        def do():
            # Apart: to look at a pattern takes a while.
            verdict = verdicts.judge(
                schedule.check, trigger['properties'], clock.utcnow()
            )
            return _create(ctx, uuid, trigger, verdict, idempotency)

        return idempotency_keys.answer_once(ctx, idempotency, do)

    def update(self, ctx, uuid, values):
        """Change the name, or the properties that are named.

        What runs by it runs by the new ones from now on.

        :returns: the row as plain values
        :raises TriggerNotFound: when the project has none of this id
        :raises InvalidParameter: naming the property that is wrong
        """
        before = verdict = None
        if values.get('properties'):
            before = _read(uuid)
            verdict = verdicts.judge(_check_change, before, values['properties'])
        _update(ctx, uuid, values, before, verdict)
        self._due.nudge()
        return base.to_plain(_read(uuid))

    @engine.retried
    def delete(self, ctx, uuid):
        """Drop a trigger.

        :raises TriggerNotFound: when the project has none of this id
        :raises TriggerInUse: when a scheduled operation runs by it
        """
        with recorder.record(
            ctx, uuid, 'delete', ctx.project_id, object_type='trigger'
        ) as entry:
            if not owned.TRIGGERS.hold(entry.conn, uuid, ctx.project_id):
                raise exception.TriggerNotFound(uuid=uuid)
            if not owned.TRIGGERS.delete(entry.conn, uuid, ctx.project_id):
                raise exception.TriggerInUse(uuid=uuid)


def _check_change(row, properties):
    if row is None:
        # Told by the transaction.
        return None
    wanted = {**orjson.loads(row.properties), **properties}
    return schedule.check(wanted, clock.utcnow())


@engine.retried
def _create(ctx, uuid, trigger, verdict, idempotency):
    with recorder.record(
        ctx, uuid, 'create', ctx.project_id, object_type='trigger'
    ) as entry:
        conn = entry.conn
        idempotency_keys.reserve(conn, ctx, idempotency)
        owned.TRIGGERS.insert(
            conn,
            {
                'uuid': uuid,
                'name': trigger['name'],
                'type': trigger['type'],
                'project_id': ctx.project_id,
                'properties': _dump(verdict()),
            },
        )
        answer = base.to_plain(queries.get(conn, uuid))
        idempotency_keys.remember(conn, ctx, idempotency, answer)
        return answer
    # Only after a commit whose answer was lost: see recorder.record.
    return base.to_plain(_read(uuid))


@engine.retried
def _update(ctx, uuid, values, before, verdict):
    with recorder.record(
        ctx, uuid, 'update', ctx.project_id, object_type='trigger'
    ) as entry:
        conn = entry.conn
        if not owned.TRIGGERS.hold(conn, uuid, ctx.project_id):
            raise exception.TriggerNotFound(uuid=uuid)
        row = {name: values[name] for name in ('name',) if name in values}
        if verdict is not None:
            properties = verdict()
            if before.properties != queries.get(conn, uuid).properties:
                # It was not this that was checked.
                raise exception.Conflict()
            row['properties'] = _dump(properties)
            operations = scheduled_operations.hold_enabled(conn, uuid)
            runs, now = schedule.Schedule(properties), clock.utcnow()
            next_runs.plan_all(conn, operations, runs, now)
        owned.TRIGGERS.update(conn, uuid, ctx.project_id, row)


@engine.retried
def _read(uuid):
    with engine.reader() as conn:
        return queries.get(conn, uuid)


def _dump(value):
    return orjson.dumps(value).decode()
