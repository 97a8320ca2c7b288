"""Due work of kinds ``restore`` and ``verify``."""

import orjson

from mogan_like.actions import recorder
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.protection import parameters as parameters_of
from mogan_like.protection import resource_tree
from mogan_like.protection import states
from mogan_like.protection.operations import flow
from mogan_like.protection.operations import work
from mogan_like.protection.queries import checkpoints as checkpoint_queries
from mogan_like.protection.queries import runs as queries
from mogan_like.protection.store import checkpoints as checkpoint_store
from mogan_like.protection.store import logs
from mogan_like.protection.store import runs as store


class RunJob:
    """A restore or verification of a checkpoint.

    :param kind: states.RESTORE or states.VERIFY
    :param providers: {id: Provider}
    """

    def __init__(self, kind, providers):
        self._kind = kind
        self._providers = providers

    def run(self, claim):
        """Carry it through.

        :raises Cancelled: when it is not ours any more; or what else ended it
            (flow.ABORTS)
        """
        row, checkpoint = self._read(claim)
        if row is None or row.status != states.IN_PROGRESS:
            work.drop(claim)
            return
        task = work.Work(claim, self._kind, row)
        try:
            task.check_attempts()
            with task.step('resources'):
                fault = self._run_all(task, row, checkpoint)
        except flow.ABORTS:
            raise
        except Exception as exc:
            fault = flow.describe(exc)
        _end(task, row, fault)

    def _run_all(self, task, row, checkpoint):
        """Why it failed, or None."""
        if checkpoint is None or checkpoint.deleted:
            raise exception.CheckpointNotFound(uuid=row.checkpoint_uuid)
        tree = resource_tree.unpack(orjson.loads(checkpoint.resource_graph))
        rows = work.read_resources(row.uuid, checkpoint.uuid)
        make = self._make_maker(
            checkpoint, orjson.loads(row.parameters), rows[checkpoint.uuid]
        )
        find_plugin = work.make_finder(self._providers, row.provider_id)
        failures = task.run(tree, rows[row.uuid], find_plugin, make)
        return work.describe_failures(failures) or None

    def _make_maker(self, checkpoint, parameters, rows):
        protected = {
            (row.resource_type, row.resource_id): orjson.loads(row.data) for row in rows
        }

        def make(resource, _kept, plugin):
            get_operation = (
                plugin.get_restore_operation
                if self._kind == states.RESTORE
                else plugin.get_verify_operation
            )
            values = describe(self._kind, checkpoint, resource, parameters)
            values['protected'] = protected[resource.type, resource.id]
            return get_operation(resource), values

        return make

    @engine.retried
    def _read(self, claim):
        """(The row, its checkpoint's) as they are while the claim is ours."""
        with engine.writer() as conn:
            claims.hold(conn, claim)
            row = queries.get(conn, self._kind, claim.object_id, queries.RECORD)
            if row is None:
                return None, None
            return row, checkpoint_queries.get(
                conn, row.checkpoint_uuid, checkpoint_queries.RECORD
            )


def describe(kind, checkpoint, resource, parameters):
    """The values of a resource's Step that a checkpoint and a request give."""
    siblings = ()
    if kind == states.RESTORE:
        siblings = _list_siblings(checkpoint, resource)
    return {
        'checkpoint_id': checkpoint.uuid,
        'created_at': checkpoint.created_at,
        'parameters': parameters_of.merge(parameters, resource),
        'siblings': siblings,
    }


@engine.retried
def _list_siblings(checkpoint, resource):
    with engine.reader() as conn:
        return tuple(
            checkpoint_queries.list_copies(
                conn,
                resource.type,
                resource.id,
                checkpoint.project_id,
                after=checkpoint.created_at,
            )
        )


@engine.retried
def _end(task, row, fault):
    status = states.SUCCESS if fault is None else states.FAIL
    result = recorder.SUCCESS if fault is None else recorder.ERROR
    with engine.writer() as conn:
        if not store.end(conn, row.uuid, status, fault):
            raise claims.ClaimLost(row.uuid)
        if row.kind == states.RESTORE:
            checkpoint_store.end_restore(conn, row.checkpoint_uuid)
        claims.finish(conn, task.claim)
        recorder.finish(conn, task.action_id, result, fault)
        logs.end_run(conn, row.uuid, status, fault)
