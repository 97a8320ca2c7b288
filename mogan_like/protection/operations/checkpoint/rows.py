"""What the job writes down: each in one transaction, while the claim is ours."""

import orjson

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db.quotas import count as quotas
from mogan_like.protection import resource_tree
from mogan_like.protection import states
from mogan_like.protection.operations import absent
from mogan_like.protection.queries import checkpoints as queries
from mogan_like.protection.store import checkpoints as store
from mogan_like.protection.store import logs
from mogan_like.protection.store import resources as resource_store


@engine.retried
def read(claim):
    """The row as it is while the claim is ours."""
    with engine.writer() as conn:
        claims.hold(conn, claim)
        return queries.get(conn, claim.object_id, queries.RECORD)


@engine.retried
def save_tree(claim, row, tree, found):
    """Keep the tree, and what in it is to be protected."""
    with engine.writer() as conn:
        claims.hold(conn, claim)
        graph = orjson.dumps(resource_tree.pack(tree)).decode()
        if queries.get(conn, row.uuid, queries.RECORD).resource_graph != graph:
            # Else the commit went through and only its answer was lost.
            store.set_graph(conn, row.uuid, graph)
            resource_store.insert(conn, row.uuid, found)


@engine.retried
def finish(task, row):
    """How much work waited for it."""
    with engine.writer() as conn:
        _transit(conn, row, 'done', banked=1, fault=None)
        claims.finish(conn, task.claim)
        recorder.finish(conn, task.action_id, recorder.SUCCESS)
        logs.end_all(conn, row.uuid, states.SUCCESS)
        return claims.wake(conn, row.uuid)


@engine.retried
def fail(task, row, fault):
    """It failed; the bank is told next. Returns how much work waited for it."""
    with engine.writer() as conn:
        _transit(conn, row, 'fail', banked=0, fault=fault)
        claims.reschedule(conn, task.claim, clock.utcnow(), payload={})
        recorder.finish(conn, task.action_id, recorder.ERROR, fault)
        logs.end_all(conn, row.uuid, states.FAIL, fault)
        return claims.wake(conn, row.uuid)


@engine.retried
def finish_delete(task, row, left):
    """How much work waited for it to be made.

    :param left: why the bank has it still, which waits for its provider then; or None
    """
    with engine.writer() as conn:
        if not store.mark_deleted(conn, row.uuid, banked=left is None):
            raise claims.ClaimLost(row.uuid)
        if left is None:
            claims.finish(conn, task.claim)
        else:
            absent.wait(conn, task.claim, row.provider_id, left, payload={})
        quotas.give_back(conn, row.project_id, 'checkpoints')
        recorder.finish(conn, task.action_id, recorder.SUCCESS)
        logs.end_all(conn, row.uuid, states.SUCCESS)
        return claims.wake(conn, row.uuid)


@engine.retried
def finish_clear(claim, row):
    """The bank says that it is deleted."""
    with engine.writer() as conn:
        store.set_cleared(conn, row.uuid)
        claims.finish(conn, claim)


@engine.retried
def finish_repair(claim, row):
    """The bank says what the row says."""
    with engine.writer() as conn:
        if not store.set_banked(conn, row.uuid, row.status):
            raise claims.ClaimLost(row.uuid)
        claims.finish(conn, claim)


@engine.retried
def wait_for_provider(claim, row, reason):
    """Go on when the provider is back."""
    with engine.writer() as conn:
        absent.wait(conn, claim, row.provider_id, reason)


@engine.retried
def try_again(task, fault, longest=None):
    """Go on later."""
    with engine.writer() as conn:
        claims.reschedule(conn, task.claim, task.get_retry_time(longest), fault)


def _transit(conn, row, event, **values):
    if not store.transition(conn, row.uuid, event, row.status, **values):
        raise claims.ClaimLost(row.uuid)
