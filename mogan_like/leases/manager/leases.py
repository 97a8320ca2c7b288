"""Verbs on leases: the verdict now, what it takes as due work."""

from oslo_utils import uuidutils

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.db.quotas import count as quotas
from mogan_like.leases import agenda
from mogan_like.leases import notifications
from mogan_like.leases import states
from mogan_like.leases.manager import create
from mogan_like.leases.manager import update
from mogan_like.leases.manager import values as values_of
from mogan_like.leases.manager import views
from mogan_like.leases.plugins import rows
from mogan_like.leases.queries import leases as queries
from mogan_like.leases.store import leases as store
from mogan_like.trusts import expected
from mogan_like.trusts import release as trusts

#: How often a verb looks at a lease whose status changes all the while.
_LOOKS = 3


class LeasesManager:
    """RPC namespace ``leases``, version 1.0.

    :param engine: the due work of leases
    :param plugins: {resource type: plugin}
    :param works: {name: plugin for work before the end}
    """

    def __init__(self, due, plugins, works):
        self._due = due
        self._types = values_of.ResourceTypes(plugins, works)

    def create(self, ctx, lease, idempotency=None):
        """Reserve what a new lease is to hold.

        :param lease: the checked body; its ``trust_id`` is given back when it is
            refused, or was done before
        :returns: the lease as plain values
        :raises InvalidParameter: naming what is wrong
        :raises QuotaExceeded: when the project has all it may have
        :raises Conflict: when there is not enough to reserve
        """
        uuid = uuidutils.generate_uuid()
        with _keep_or_release(ctx, uuid, lease.get('trust_id')):
            answer = idempotency_keys.answer_once(
                ctx, idempotency, lambda: self._create(ctx, uuid, lease, idempotency)
            )
        self._due.nudge()
        return answer

    def _create(self, ctx, uuid, lease, idempotency):
        created = create.create(ctx, self._types, uuid, lease, idempotency)
        notifications.notify_shown('create', created)
        return created

    def update(self, ctx, uuid, values, trust_id=None):
        """Change name, dates or reservations, wholly or not at all.

        :param trust_id: for what is to be done before the end; given back when
            the lease has one, or this is refused
        :returns: the lease as plain values
        :raises InvalidLeaseState: when it can not be changed as it is now
        """
        with _keep_or_release(ctx, uuid, trust_id):
            update.update(ctx, self._types, _find, uuid, values, trust_id)
        self._due.nudge()
        updated = _read(uuid)
        # Else it is told when what runs matches it.
        if updated['status'] != states.UPDATING:
            notifications.notify_shown('update', updated)
        return updated

    def end(self, ctx, uuid, name=None):
        """End a lease now, whatever it is doing; once, however often asked.

        :param name: a new name, since one request is one verb
        :returns: the lease as plain values
        """
        self._end(ctx, uuid, name)
        self._due.nudge()
        return _read(uuid)

    @engine.retried
    def _end(self, ctx, uuid, name):
        with recorder.record(ctx, uuid, 'end', object_type='lease') as entry:
            _find(entry, uuid)
            if name is not None:
                store.rename(entry.conn, uuid, name)
            if _end_now(entry.conn, ctx, uuid, states.TERMINATING):
                entry.leave_open()

    def delete(self, ctx, uuid):
        """End a lease now, and drop it when that is through."""
        self._delete(ctx, uuid)
        self._due.nudge()

    @engine.retried
    def _delete(self, ctx, uuid):
        with recorder.record(ctx, uuid, 'delete', object_type='lease') as entry:
            row = _find(entry, uuid, deleted=True)
            # The status may change between two looks.
            for _ in range(_LOOKS):
                if row.deleted or row.status == states.DELETING:
                    return
                if _end_now(entry.conn, ctx, uuid, states.DELETING):
                    entry.leave_open()
                    return
                if store.mark_deleted(entry.conn, uuid):
                    return
                row = _find(entry, uuid, deleted=True)
            raise exception.Conflict()

    @idempotency_keys.once
    @engine.retried
    def retry(self, ctx, uuid, idempotency=None):
        """Try at once what failed or waits.

        :raises InvalidLeaseState: when the lease has ended
        """
        with recorder.record(ctx, uuid, 'retry', object_type='lease') as entry:
            row = _find(entry, uuid)
            idempotency_keys.reserve(entry.conn, ctx, idempotency)
            if row.status == states.TERMINATED:
                raise exception.InvalidLeaseState(
                    action='retry', uuid=uuid, status=row.status
                )
            _bring_forward(entry.conn, uuid)
        self._due.nudge()

    @idempotency_keys.once
    @engine.retried
    def abandon(self, ctx, uuid, idempotency=None):
        """Give up what is left of an end that can not succeed.

        :raises InvalidLeaseState: when no end is under way
        """
        with recorder.record(ctx, uuid, 'abandon', object_type='lease') as entry:
            conn = entry.conn
            row = _find(entry, uuid)
            idempotency_keys.reserve(conn, ctx, idempotency)
            if not store.abandon(conn, uuid):
                raise exception.InvalidLeaseState(
                    action='abandon', uuid=uuid, status=row.status
                )
            self._release(conn, row)
            trusts.release(conn, row.trust_id)
            quotas.give_back(conn, row.project_id, 'leases')
            recorder.cancel_open(conn, uuid, f'Abandoned by {ctx.request_id}.')

    def _release(self, conn, lease):
        reservations = _list_reservations(conn, lease.uuid)
        for row in reservations:
            plugin = self._types.find(row.resource_type)
            if plugin is not None and row.status != states.RESERVATION_DELETED:
                plugin.release_resource(conn, rows.make_reservation(lease, row))
        claims.remove(conn, _get_kind(reservations), lease.uuid)

    def list_plugins(self, ctx):
        """What leases can hold, with the schema of each type's values."""
        return [
            {
                'resource_type': plugin.resource_type,
                'title': plugin.title,
                'options': [_show_option(each) for each in plugin.options],
                'schema': plugin.get_schema(),
            }
            for plugin in self._types.list()
        ]

    def list_works(self, ctx):
        """What can be done before a lease ends: [{name, needs_trust}]."""
        return [
            {'name': name, 'needs_trust': work.needs_trust}
            for name, work in self._types.list_works()
        ]

    def list_allocations(
        self, ctx, resource_type, limit=None, marker=None, sort_dir='asc'
    ):
        """What a plugin has reserved, as plain values, by the resources' ids.

        :param limit: the most resources that are wanted; None for all
        :param marker: the id of the last one that the caller has, or None
        :returns: a list; None when there is no such marker
        :raises InvalidParameter: for an unknown type, naming those there are
        """
        plugin = self._types.get(resource_type)
        with engine.reader() as conn:
            found = {
                str(row['resource_id']): row for row in plugin.list_allocations(conn)
            }
        ids = sorted(found, reverse=sort_dir == 'desc')
        if marker is not None:
            if marker not in found:
                return None
            ids = ids[ids.index(marker) + 1 :]
        return [_show_allocation(id, found[id]) for id in ids[:limit]]


def _keep_or_release(ctx, uuid, trust_id):
    """A trust that the lease has not after the block is given back."""

    def is_kept(conn):
        row = queries.get(conn, uuid, queries.TARGET)
        return row is not None and row.trust_id == trust_id

    return expected.kept_or_released(ctx, trust_id, is_kept)


def _find(entry, uuid, deleted=False):
    """The lease's row, for the audit and for who may be told what."""
    row = queries.get(entry.conn, uuid, queries.TARGET)
    if row is None:
        raise exception.LeaseNotFound(uuid=uuid)
    entry.owner_project_id = row.project_id
    if row.deleted and not deleted:
        raise exception.LeaseNotFound(uuid=uuid)
    return row


def _end_now(conn, ctx, uuid, status):
    """True when that changed something."""
    if not store.end(conn, uuid, status, ctx.user_id, ctx.project_id):
        return False
    _bring_forward(conn, uuid)
    return True


def _bring_forward(conn, uuid):
    kind = _get_kind(_list_reservations(conn, uuid))
    claims.bring_forward(conn, kind, uuid, clock.utcnow())


def _list_reservations(conn, uuid):
    columns = queries.ALL_OF_RESERVATION
    return queries.list_reservations(conn, [uuid], columns)[uuid]


def _get_kind(reservations):
    return agenda.get_kind(row.resource_type for row in reservations)


@engine.retried
def _read(uuid):
    with engine.reader() as conn:
        return views.show(conn, uuid)


def _show_option(option):
    return {'name': option.name, 'default': option.default, 'help': option.help}


def _show_allocation(resource_id, allocation):
    return {
        'resource_id': resource_id,
        'reservations': [
            {
                **each,
                'start_date': clock.isoformat(each['start_date']),
                'end_date': clock.isoformat(each['end_date']),
            }
            for each in allocation['reservations']
        ],
    }
