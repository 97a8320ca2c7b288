"""The nodes of a reservation are taken back, and what is on them goes."""

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances import states
from mogan_like.instances.queries import instances as instance_queries
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins.host import limits
from mogan_like.leases.queries import allocations
from mogan_like.leases.store import allocations as store

#: How often it looks at nodes whose instances come and go.
_LOOKS = 3
#: How many instances a reason names.
_NAMED = 5
#: Seconds until it looks again: when one change wakes it; when several are to
#: come, and it is not known which is the first; when the conductor was too busy
#: to begin; when it is a matter of moments.
_WOKEN = 60
_SEVERAL = 10
_BUSY = 5
_SOON = 1


class End:
    """One call of on_end.

    :param nodes: the ReservedNodesManager
    :param instances: the InstancesManager
    :param woken: called after the commit when work that waited is due by it
    """

    def __init__(self, nodes, instances, woken, call):
        self._nodes = nodes
        self._instances = instances
        self._woken = woken
        self._call = call
        self._reservation = call.reservation

    def run(self):
        """Take everything back.

        :raises Waiting: while instances are locked or being deleted
        """
        for _ in range(_LOOKS):
            if not self._take_back():
                return
            self._end_instances()
            rows = self._list_instances()
            if rows:
                raise _make_waiting(rows)
        raise base.Waiting('A node is being given back.', seconds=_SOON)

    @engine.retried
    def _take_back(self):
        """Take the nodes back that have no instance, and release them.

        No instance comes to the others any more.

        :returns: the uuids of those
        """
        uuid, project_id = self._reservation.uuid, self._reservation.project_id
        with engine.writer() as conn:
            limits.hold(conn, project_id)
            rows = allocations.list_of_reservation(conn, uuid, for_update=True)
            busy = self._nodes.take_back(conn, uuid)
            back = [row for row in rows if row.node_uuid not in busy]
            store.release(conn, [row.id for row in back])
            store.cut_short(conn, [row.id for row in rows], self._reservation.end_date)
            woken = sum(claims.wake(conn, row.node_uuid) for row in back)
            limits.recount(conn, project_id)
        if woken:
            self._woken()
        return busy

    def _list_instances(self):
        with engine.reader() as conn:
            return instance_queries.list_of_reservation(conn, [self._reservation.uuid])

    def _end_instances(self):
        """Begin to delete those that no admin has locked."""
        for row in self._list_instances():
            if row.status == states.DELETING or _is_held(row):
                continue
            try:
                self._end_instance(row)
            except exception.ConductorBusy:
                # Each refusal is audited: one of them is enough.
                return

    def _end_instance(self, row):
        try:
            if row.status == states.LOCKED:
                self._instances.unlock(self._make_ctx(), row.uuid, 'owner')
            self._instances.delete(self._make_ctx(), row.uuid)
        except (exception.InstanceNotFound, exception.OperationNotPermitted):
            # Gone or locked since it was read: the next look sees it.
            return

    def _make_ctx(self):
        """A context for one verb, in the name of who ended the lease."""
        return context.for_job(
            'lease',
            self._reservation.lease_uuid,
            user_id=self._call.ended_by_user_id,
            project_id=self._call.ended_by_project_id,
            overwrite=False,
        )


def _is_held(row):
    return row.status == states.LOCKED and row.locked_by == 'admin'


def _make_waiting(rows):
    held = [row for row in rows if _is_held(row)]
    going = [row for row in rows if row.status == states.DELETING]
    told = [_tell(row) for row in [*held, *going]]
    others = len(rows) - len(told)
    if len(told) > _NAMED:
        others += len(told) - _NAMED
        told = told[:_NAMED]
    if others:
        told.append(f'{others} more instances')
    awaited = [*held, *going]
    if len(awaited) < len(rows):
        seconds = _BUSY
    else:
        seconds = _SEVERAL if len(rows) > 1 else _WOKEN
    return base.Waiting(
        '; '.join(told) + '.',
        waits_on=awaited[0].uuid if awaited else None,
        seconds=seconds,
    )


def _tell(row):
    if not _is_held(row):
        return f'instance {row.uuid} ({row.name}) is being deleted'
    since = clock.isoformat(row.locked_at)
    reason = f' ({row.lock_reason})' if row.lock_reason else ''
    return (
        f'instance {row.uuid} ({row.name}) has been locked by an admin since '
        f'{since}{reason}'
    )
