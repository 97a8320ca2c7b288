"""Verbs that run something on a checkpoint: restore and verify."""

import dataclasses

import orjson
from oslo_utils import uuidutils

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common import workers
from mogan_like.common.config import CONF
from mogan_like.db import base
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.protection import parameters as parameters_of
from mogan_like.protection import states
from mogan_like.protection.manager import checkpoints
from mogan_like.protection.manager import patience
from mogan_like.protection.manager import places
from mogan_like.protection.manager import protect
from mogan_like.protection.operations import runs as jobs
from mogan_like.protection.operations import work
from mogan_like.protection.plugins import base as plugins_base
from mogan_like.protection.queries import checkpoints as checkpoint_queries
from mogan_like.protection.queries import runs as queries
from mogan_like.protection.store import checkpoints as checkpoint_store
from mogan_like.protection.store import logs
from mogan_like.protection.store import resources
from mogan_like.protection.store import runs as store


@dataclasses.dataclass(frozen=True)
class Kind:
    """What is run, and what plugins and the audit call it."""

    name: str
    object_type: str
    begin: object
    get_schema: object


RESTORE = Kind(
    states.RESTORE,
    'restore',
    checkpoint_store.begin_restore,
    lambda plugin, name: plugin.get_restore_schema(name),
)
VERIFY = Kind(
    states.VERIFY,
    'verification',
    checkpoint_store.hold_available,
    lambda plugin, name: plugin.get_verify_schema(name),
)


class RunsManager:
    """RPC namespace ``runs``, version 1.0.

    :param due: the due work of protection
    :param providers: {id: Provider}
    """

    def __init__(self, due, providers):
        self._due = due
        self._providers = providers

    def restore(self, ctx, values, idempotency=None):
        """Begin to restore what a checkpoint has.

        :param values: provider_id, checkpoint_id, restore_target, parameters;
            whatever else there is (``restore_auth``) is neither kept nor logged
        :returns: the row as plain values
        :raises CheckpointNotFound: when the project has none of this id there
        :raises InvalidCheckpointState: when it is not available
        :raises InvalidParameter: naming the parameter that is wrong
        """
        return self._begin(RESTORE, ctx, values, idempotency)

    def verify(self, ctx, values, idempotency=None):
        """Begin to look whether a checkpoint could be restored.

        :param values: provider_id, checkpoint_id, parameters
        :returns: the row as plain values
        :raises CheckpointNotFound: when the project has none of this id there
        :raises InvalidCheckpointState: when it is not available
        :raises InvalidParameter: naming the parameter that is wrong
        """
        return self._begin(VERIFY, ctx, values, idempotency)

    def _begin(self, kind, ctx, values, idempotency):
        uuid = uuidutils.generate_uuid()

        def do():
            verdict = patience.judge(ctx, self._check, kind, values)
            return _write(kind, ctx, uuid, values, verdict, idempotency)

        answer = idempotency_keys.answer_once(ctx, idempotency, do)
        self._due.nudge()
        return answer

    def _check(self, ctx, kind, values):
        """The resources that the checkpoint has."""
        checkpoint, rows = _read(values['checkpoint_id'])
        if checkpoint is None or checkpoint.project_id != ctx.project_id:
            # Told by the transaction, as is a status that does not allow it.
            return []
        found = [
            plugins_base.Resource(row.resource_type, row.resource_id, row.name)
            for row in rows
        ]
        parameters = values.get('parameters') or {}
        find_plugin = work.make_finder(self._providers, checkpoint.provider_id)
        plugins = list(
            {id(plugin): plugin for plugin in map(find_plugin, found)}.values()
        )
        parameters_of.Check(plugins, kind.get_schema).check(parameters, found)
        if kind is RESTORE and checkpoint.status == states.AVAILABLE:

            def ask(resource, row):
                step = plugins_base.Step(
                    ctx=ctx,
                    resource=resource,
                    record=None,
                    waiter=None,
                    protected=orjson.loads(row.data),
                    **jobs.describe(kind.name, checkpoint, resource, parameters),
                )
                find_plugin(resource).check_restore(step)

            _ask_all(ask, found, rows)
        return found


def _ask_all(ask, found, rows):
    """Many at a time, or of many shares no restore is ever accepted in time."""
    size = min(len(found), CONF.protection.parallel)
    with (
        places.take(places.name_types(found)),
        workers.Executor('restore-resource', size) as executor,
    ):
        # What the first of them raises is the answer.
        list(executor.map(ask, found, rows))


@engine.retried
def _read(checkpoint_uuid):
    with engine.reader() as conn:
        columns = checkpoint_queries.RECORD
        return (
            checkpoint_queries.get(conn, checkpoint_uuid, columns),
            checkpoint_queries.list_resources(conn, [checkpoint_uuid])[checkpoint_uuid],
        )


@engine.retried
def _write(kind, ctx, uuid, values, verdict, idempotency):
    with recorder.record(
        ctx, uuid, 'create', ctx.project_id, object_type=kind.object_type
    ) as entry:
        conn = entry.conn
        idempotency_keys.reserve(conn, ctx, idempotency)
        checkpoint_uuid = values['checkpoint_id']
        row = checkpoints.find(entry, ctx, values['provider_id'], checkpoint_uuid)
        if row.deleted:
            raise exception.CheckpointNotFound(uuid=checkpoint_uuid)
        if not kind.begin(conn, checkpoint_uuid):
            row = checkpoints.find(entry, ctx, values['provider_id'], checkpoint_uuid)
            raise exception.InvalidCheckpointState(
                action=kind.name, uuid=checkpoint_uuid, status=row.status
            )
        found = verdict()
        store.insert(conn, _to_row(kind, ctx, uuid, values))
        resources.insert(conn, uuid, found)
        logs.begin(conn, kind.name, row, uuid)
        payload = protect.make_payload(entry, ctx)
        claims.add(conn, kind.name, uuid, clock.utcnow(), payload)
        answer = base.to_plain(queries.get(conn, kind.name, uuid))
        idempotency_keys.remember(conn, ctx, idempotency, answer)
        return answer
    # Only after a commit whose answer was lost: see recorder.record.
    with engine.reader() as conn:
        return base.to_plain(queries.get(conn, kind.name, uuid))


def _to_row(kind, ctx, uuid, values):
    return {
        'uuid': uuid,
        'kind': kind.name,
        'project_id': ctx.project_id,
        'user_id': ctx.user_id,
        'provider_id': values['provider_id'],
        'checkpoint_uuid': values['checkpoint_id'],
        'restore_target': values.get('restore_target'),
        'parameters': orjson.dumps(values.get('parameters') or {}).decode(),
    }
