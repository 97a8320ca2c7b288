"""Verbs on instances: the verdict now, the long part as due work."""

import contextlib
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
from mogan_like.instances import build
from mogan_like.instances import states
from mogan_like.instances.manager import create
from mogan_like.instances.queries import instances as queries
from mogan_like.instances.store import instances as store

#: How often a verb looks at an instance whose status changes all the while.
_LOOKS = 3
#: How long work that is asked for again waits before it is tried again.
_REPEAT_PAUSE = datetime.timedelta(seconds=1)

_POWER_EVENTS = {
    'on': 'power_on',
    'off': 'power_off',
    'soft_off': 'power_off',
    'reboot': 'reboot',
    'soft_reboot': 'reboot',
}


class InstancesManager:
    """RPC namespace ``instances``, version 1.0.

    :param due: the conductor's due work
    :param driver: the instance driver
    :param expiries: the due work that expiries of locks are part of
    :param woken: called after the commit when work that waited on an instance
        is due by it
    """

    def __init__(self, due, driver, expiries=None, woken=build.tell_nobody):
        self._due = due
        self._driver = driver
        self._expiries = expiries or due
        self._woken = woken

    def create(self, ctx, instance, idempotency=None):
        """Give a node to a new instance and begin to build it.

        In process leases call this too, as the owner of a lease.

        :param instance: the checked body, its ``reservation`` as
            ``reservation_uuid``: a node of that reservation is taken, and none
            that is opened for reservation without it
        :returns: the instance's row as plain values
        :raises NoValidNode: when no node is free that fits
        :raises QuotaExceeded: when the project has all it may have
        """
        instance = {**instance, 'uuid': uuidutils.generate_uuid()}
        return idempotency_keys.answer_once(
            ctx,
            idempotency,
            lambda: create.create(ctx, self._due, self._driver, instance, idempotency),
        )

    @engine.retried
    def update(self, ctx, uuid, values):
        """Change name, description or metadata.

        :returns: the instance's row as plain values
        """
        with recorder.record(ctx, uuid, 'update') as entry:
            self._find(entry, uuid)
            row = _to_row(values)
            _decide(
                entry.conn,
                uuid,
                lambda: store.update(entry.conn, uuid, row),
                _refuse_update,
            )
        with engine.reader() as conn:
            return base.to_plain(queries.get(conn, uuid))

    def delete(self, ctx, uuid):
        """Begin to delete, or to try the delete again that is on its way."""
        self._begin(ctx, uuid, 'delete')

    @idempotency_keys.once
    def power(self, ctx, uuid, target, idempotency=None):
        """Begin to switch the machine: on, off, reboot, soft_off, soft_reboot."""
        self._begin(
            ctx,
            uuid,
            _POWER_EVENTS[target],
            payload={'target': target},
            idempotency=idempotency,
        )

    @idempotency_keys.once
    def rebuild(self, ctx, uuid, image_uuid=None, idempotency=None):
        """Begin to write an image on the machine again."""
        values = {'image_uuid': image_uuid} if image_uuid else {}
        self._begin(ctx, uuid, 'rebuild', values, idempotency=idempotency)

    @idempotency_keys.once
    @engine.retried
    def lock(self, ctx, uuid, holder, reason=None, expires_at=None, idempotency=None):
        """Hold an ACTIVE instance for maintenance.

        :param holder: 'admin' or 'owner'
        :param expires_at: ISO 8601 in naive UTC; the lock is then released
        :raises OperationNotPermitted: when it is not ACTIVE
        """
        with recorder.record(ctx, uuid, 'lock') as entry:
            row = self._find(entry, uuid)
            idempotency_keys.reserve(entry.conn, ctx, idempotency)
            expires = _parse_expiry(expires_at)
            _decide(
                entry.conn,
                uuid,
                lambda: store.lock(
                    entry.conn, uuid, holder, ctx.user_id, reason, expires
                ),
                lambda found: _refuse_lock(found, holder),
            )
            if expires is not None:
                claims.replace(entry.conn, build.LOCK_EXPIRY, uuid, expires)
            elif row.lock_expires_at is not None:
                claims.remove(entry.conn, build.LOCK_EXPIRY, uuid)
        if expires_at is not None:
            self._expiries.nudge()

    @idempotency_keys.once
    @engine.retried
    def unlock(self, ctx, uuid, holder, idempotency=None):
        """Release the lock; an owner cannot release an admin's.

        :raises OperationNotPermitted: when it is not LOCKED, or by an admin
        """
        woken = 0
        with recorder.record(ctx, uuid, 'unlock') as entry:
            row = self._find(entry, uuid)
            idempotency_keys.reserve(entry.conn, ctx, idempotency)
            _decide(
                entry.conn,
                uuid,
                lambda: store.unlock(entry.conn, uuid, holder),
                lambda found: _refuse_unlock(found, holder),
            )
            if row.lock_expires_at is not None:
                claims.remove(entry.conn, build.LOCK_EXPIRY, uuid)
            woken = claims.wake(entry.conn, uuid)
        if woken:
            self._woken()

    def _begin(self, ctx, uuid, event, values=None, payload=None, idempotency=None):
        """Begin a long verb: its transition now, the rest as due work."""
        with contextlib.ExitStack() as places:
            begun, admission, claim = self._move(
                ctx, uuid, event, values or {}, payload or {}, idempotency, places
            )
            if claim is not None:
                admission.run(claim)
        if not begun:
            self._due.nudge()
        elif claim is None:
            self._due.supersede(build.INSTANCE, uuid)

    @engine.retried
    def _move(self, ctx, uuid, event, values, payload, idempotency, places):
        """The transition of a long verb, with its work written down.

        :param places: keeps the worker that is taken for it
        :returns: (False when it was on its way already, the admission or None,
            the claim or None)
        """
        places.close()
        with recorder.record(ctx, uuid, event) as entry:
            conn = entry.conn
            self._find(entry, uuid)
            idempotency_keys.reserve(conn, ctx, idempotency)
            if not _decide(
                conn,
                uuid,
                lambda: store.transition(conn, uuid, event, **values),
                lambda found: _refuse_transition(found, event),
            ):
                # Not at once: a client that repeats it in a loop would make the
                # driver do so too.
                claims.bring_forward(
                    conn, build.INSTANCE, uuid, clock.utcnow() + _REPEAT_PAUSE
                )
                return False, None, None
            # A full pool refuses here, so that a lock goes before it, and the
            # refusal is recorded.
            admission = places.enter_context(self._due.admit())
            recorder.cancel_open(
                conn, uuid, f'Superseded by {event} of {ctx.request_id}.'
            )
            claim = claims.replace(
                conn,
                build.INSTANCE,
                uuid,
                clock.utcnow(),
                {**payload, 'action_id': entry.leave_open()},
                admission.owner,
                admission.ttl,
            )
            return True, admission, claim
        return False, None, None

    @staticmethod
    def _find(entry, uuid):
        """The instance's row, for the audit and for who may be told what."""
        row = queries.get(entry.conn, uuid, queries.TARGET)
        if row is None:
            raise exception.InstanceNotFound(uuid=uuid)
        entry.owner_project_id = row.project_id
        if row.deleted_at:
            raise exception.InstanceNotFound(uuid=uuid)
        return row


def _decide(conn, uuid, write, refuse):
    """Do a guarded write, or refuse it by the status that it found.

    :param write: False when the status did not allow it
    :param refuse: called with the instance's row then: raises, or returns True
        when nothing is to be done; else the status allows it by now
    :returns: True when it was written
    """
    # PostgreSQL lets others write between our two looks.
    for _ in range(_LOOKS):
        if write():
            return True
        row = queries.get(conn, uuid)
        if row.deleted_at is not None:
            raise exception.InstanceNotFound(uuid=uuid)
        if refuse(row):
            return False
    raise exception.Conflict()


def _refuse_update(row):
    if row.status == states.LOCKED:
        raise _not_permitted(row, 'update')


def _refuse_transition(row, event):
    target = store.MACHINE.target(row.status, event)
    if target is None:
        if row.status == states.LOCKED:
            raise _not_permitted(row, event)
        raise exception.InvalidState(action=event, uuid=row.uuid, status=row.status)
    # On its way already, as by a delete before this one.
    return target == row.status


def _refuse_lock(row, holder):
    takes_over = holder == 'admin' and row.locked_by == 'owner'
    if row.status != states.ACTIVE and not takes_over:
        raise _not_permitted(row, 'lock')


def _refuse_unlock(row, holder):
    if row.status != states.LOCKED or (holder, row.locked_by) == ('owner', 'admin'):
        raise _not_permitted(row, 'unlock')


def _not_permitted(row, action):
    reason = f'it is {row.status}.'
    if row.status == states.LOCKED:
        since = clock.isoformat(row.locked_at)
        reason = f'it has been locked by an {row.locked_by} since {since}.'
    return exception.OperationNotPermitted(
        action=action, uuid=row.uuid, reason=reason, status=row.status
    )


def _to_row(values):
    row = dict(values)
    if 'metadata' in row:
        row['metadata'] = orjson.dumps(row['metadata']).decode()
    return row


def _parse_expiry(expires_at):
    if expires_at is None:
        return None
    when = datetime.datetime.fromisoformat(expires_at)
    if when <= clock.utcnow():
        raise exception.InvalidParameter(
            name='expires_at', reason='it must be in the future.'
        )
    return when
