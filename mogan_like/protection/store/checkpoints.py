"""Checkpoint rows: every change of status is one guarded UPDATE."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.common import fsm
from mogan_like.protection import models
from mogan_like.protection import states

_C = models.CHECKPOINTS.c
_R = models.RUNS.c
MACHINE = fsm.Machine(states.TRANSITIONS)


def insert(conn, checkpoint):
    """Write a new checkpoint, to be protected."""
    now = clock.utcnow()
    conn.execute(
        models.CHECKPOINTS.insert(),
        {
            'status': states.PROTECTING,
            'resource_graph': 'null',
            'created_at': now,
            'updated_at': now,
            **checkpoint,
            'banked': 0,
            'restoring': 0,
            'deleted': 0,
        },
    )


def set_graph(conn, uuid, resource_graph):
    """Keep the tree of what is being protected."""
    _update(conn, uuid, {'resource_graph': resource_graph})


def transition(conn, uuid, event, status=None, **values):
    """Move a checkpoint by an event of the table of states.

    :param status: the one that it must be in; any that has the event when None
    :returns: False when it is not in such a status
    """
    sources = MACHINE.sources(event)
    if status is not None:
        sources = {status: sources[status]}
    target = sa.case(sources, value=_C.status)
    return _update(
        conn, uuid, {'status': target, **values}, _C.status.in_(list(sources))
    )


def begin_delete(conn, uuid):
    """Begin to delete a checkpoint, whatever it is doing, unless it is restored.

    :returns: False when it is being restored, or is on its way already
    """
    sources = [
        status
        for status, target in MACHINE.sources('delete').items()
        if status != target
    ]
    return _update(
        conn,
        uuid,
        {'status': states.DELETING, 'fault': None},
        _C.status.in_(sources),
        _C.restoring == 0,
    )


def begin_restore(conn, uuid):
    """Count a restore of an available checkpoint; False when it is not."""
    return _update(
        conn, uuid, {'restoring': _C.restoring + 1}, _C.status == states.AVAILABLE
    )


def hold_available(conn, uuid):
    """Keep a checkpoint available to the end of the transaction; False if it is not."""
    return _update(
        conn, uuid, {'restoring': _C.restoring}, _C.status == states.AVAILABLE
    )


def end_restore(conn, uuid):
    """A restore has ended, however."""
    _update(conn, uuid, {'restoring': _C.restoring - 1}, _C.restoring > 0)


def set_banked(conn, uuid, status):
    """The bank has what the row says; False when it says something else now."""
    return _update(conn, uuid, {'banked': 1}, _C.status == status)


def set_cleared(conn, uuid):
    """The bank says too that a checkpoint was deleted."""
    conn.execute(
        models.CHECKPOINTS.update()
        .where(_C.uuid == uuid, _C.deleted == 1)
        .values(banked=1)
    )


def mark_deleted(conn, uuid, banked):
    """Delete a DELETING checkpoint; its row stays until it is purged.

    :param banked: False when its bank has it still
    """
    return transition(
        conn,
        uuid,
        'done',
        states.DELETING,
        deleted=1,
        deleted_at=clock.utcnow(),
        banked=int(banked),
    )


def purge(conn, before, limit):
    """Drop checkpoints deleted before a time, with all that was run on them.

    The row of one that its bank has still stays: without it an import would bring
    the checkpoint back.

    :returns: how many checkpoints
    """
    uuids = _list(
        conn,
        sa.select(_C.uuid)
        .where(_C.deleted_at < before, _C.banked == 1)
        .order_by(_C.deleted_at)
        .limit(limit),
    )
    if uuids:
        runs = _list(conn, sa.select(_R.uuid).where(_R.checkpoint_uuid.in_(uuids)))
        owners = [*uuids, *runs]
        resources = models.RESOURCES
        conn.execute(resources.delete().where(resources.c.owner_uuid.in_(owners)))
        conn.execute(models.RUNS.delete().where(_R.checkpoint_uuid.in_(uuids)))
        conn.execute(models.CHECKPOINTS.delete().where(_C.uuid.in_(uuids)))
    return len(uuids)


def _list(conn, query):
    return conn.execute(query).scalars().all()


def _update(conn, uuid, values, *conditions):
    return bool(
        conn.execute(
            models.CHECKPOINTS.update()
            .where(_C.uuid == uuid, _C.deleted == 0, *conditions)
            .values(updated_at=clock.utcnow(), **values)
        ).rowcount
    )
