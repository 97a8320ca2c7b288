"""Long jobs on instances: what a verb began, carried through by a driver.

What to do is read from the instance's status, never from memory. A job ends
in itself: done, failed, or let go of because its claim is gone.
"""

import datetime

import orjson
from oslo_log import log

from mogan_like.actions import recorder
from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db.quotas import count as quotas
from mogan_like.instances import states
from mogan_like.instances.drivers import base as driver_base
from mogan_like.instances.queries import instances as queries
from mogan_like.instances.queries import nodes as node_queries
from mogan_like.instances.store import instances as store
from mogan_like.instances.store import nodes

LOG = log.getLogger(__name__)

#: Kinds of due work.
INSTANCE = 'instance'
LOCK_EXPIRY = 'lock_expiry'


def tell_nobody():
    """Work that waited on an instance is due, and found by the next scan."""


class Job:
    """What a driver is handed: see drivers.base.Job."""

    def __init__(self, claim, verb):
        self.id = f'{verb}-{claim.payload["action_id"]}'
        self._claim = claim
        self._verb = verb

    def step(self, name):
        """An audited step; not begun when the claim is gone."""
        self.check()
        return recorder.step(
            self._claim.payload['action_id'],
            f'{self._verb}.{name}',
            cancelled_by=driver_base.JobCancelled,
        )

    def wait(self, seconds, done=None, interval=1.0):
        """Wait up to ``seconds``, or until ``done()``; True when done."""
        deadline = clock.monotonic() + seconds
        while True:
            self.check()
            if done is not None and done():
                return True
            left = deadline - clock.monotonic()
            if left <= 0:
                return False
            self._claim.wait(left if done is None else min(left, interval))

    def check(self):
        """Go on only while the work is ours."""
        if self._claim.is_lost():
            raise driver_base.JobCancelled()


class InstanceJobs:
    """The jobs of kinds ``instance`` and ``lock_expiry``.

    :param woken: called after the commit when work that waited on an instance
        is due by it
    """

    def __init__(self, driver, woken=tell_nobody):
        self._driver = driver
        self._woken = woken
        self._by_status = {
            states.BUILDING: ('build', self._build),
            states.REBUILDING: ('rebuild', self._build),
            states.POWERING_ON: ('power', self._power),
            states.POWERING_OFF: ('power', self._power),
            states.REBOOTING: ('power', self._power),
            states.DELETING: ('delete', self._delete),
        }

    def run(self, claim):
        """Carry through what the instance's status says it is in."""
        claim.deadline = clock.monotonic() + CONF.instances.job_timeout
        try:
            row = _read(claim)
            if row is None or row.status not in self._by_status:
                _drop(claim)
            else:
                self._carry_out(claim, row)
        except (driver_base.JobCancelled, claims.ClaimLost):
            _let_go(claim)
        except engine.BROKEN_OFF:
            # The database is away: the row is still claimed, and due again
            # when the claim runs out.
            LOG.exception('Instance %s: no database.', claim.object_id)

    def _carry_out(self, claim, row):
        if claim.generation > 1:
            # Somebody was at this or at what it replaced, and may have died.
            recorder.close_interrupted(claim.object_id)
        verb, carry_out = self._by_status[row.status]
        try:
            _check_attempts(claim, row)
            carry_out(claim, row, Job(claim, verb))
        except (driver_base.JobCancelled, claims.ClaimLost, *engine.BROKEN_OFF):
            raise
        except exception.MoganLikeError as exc:
            self._fail(claim, row, recorder.shorten(str(exc)))
        except Exception:
            LOG.exception('%s of instance %s failed.', verb, row.uuid)
            self._fail(claim, row, recorder.UNKNOWN)

    def expire_lock(self, claim):
        """Release a lock whose time is over."""
        try:
            if _expire_lock(claim):
                self._woken()
        except claims.ClaimLost:
            _let_go(claim)

    def _build(self, claim, row, job):
        verb = (
            self._driver.build
            if row.status == states.BUILDING
            else self._driver.rebuild
        )
        addresses = verb(
            job,
            _get_node(row),
            row.uuid,
            row.image_uuid,
            orjson.loads(row.networks),
            row.user_data,
            row.public_key,
        )
        built = {
            'addresses': orjson.dumps(addresses).decode(),
            'fault': None,
            'power_state': driver_base.POWER_ON,
            'launched_at': clock.utcnow(),
        }
        if row.power_state == driver_base.POWER_OFF:
            # In a transaction of its own: whoever takes over from here on does
            # not ask the driver for a rebuild again.
            _go_on(claim, row, 'done_off', **built)
            self._carry_out(claim, _read(claim))
        else:
            _finish(claim, row, 'done', recorder.SUCCESS, **built)

    def _power(self, claim, row, job):
        # A rebuild names no target: it switches off what was off before.
        target = claim.payload.get('target', 'off')
        power_state = self._driver.power(job, _get_node(row), row.uuid, target)
        _finish(claim, row, 'done', recorder.SUCCESS, power_state=power_state)

    def _delete(self, claim, row, job):
        self._driver.delete(job, _get_node(row), row.uuid)
        if _finish_delete(claim, row):
            self._woken()

    def _fail(self, claim, row, message):
        try:
            if row.status == states.DELETING:
                _retry_delete(claim, row, message)
            elif row.status in (states.BUILDING, states.REBUILDING):
                _finish(
                    claim,
                    row,
                    'fail',
                    recorder.ERROR,
                    message,
                    fault=_to_fault(message),
                )
            else:
                _finish(claim, row, 'fail', recorder.ERROR, message)
        except claims.ClaimLost:
            _let_go(claim)


def _let_go(claim):
    """Whoever replaced this work waits for us to say that we are out of it."""
    LOG.info('%s %s is no longer ours.', claim.kind, claim.object_id)
    claim.lost.set()


def _check_attempts(claim, row):
    """Give up what was begun too often; a delete never is."""
    tries = claim.attempts - 1
    if tries >= CONF.instances.max_attempts and row.status != states.DELETING:
        raise driver_base.DriverError(f'Given up after {tries} interrupted tries.')


@engine.retried
def _read(claim):
    """The row as it is while the claim is ours."""
    with engine.writer() as conn:
        claims.hold(conn, claim)
        return queries.get(conn, claim.object_id, queries.MACHINE)


def _get_node(row):
    with engine.reader() as conn:
        node = node_queries.get(conn, row.node_uuid)
    return driver_base.NodeSpec(
        node.uuid, node.name, node.resource_class, orjson.loads(node.properties)
    )


@engine.retried
def _go_on(claim, row, event, **values):
    """To another status, with the same work."""
    with engine.writer() as conn:
        claims.hold(conn, claim)
        if not store.transition(conn, row.uuid, event, row.status, **values):
            raise claims.ClaimLost(row.uuid)


@engine.retried
def _finish(claim, row, event, result, message=None, **values):
    with engine.writer() as conn:
        if not store.transition(conn, row.uuid, event, row.status, **values):
            raise claims.ClaimLost(row.uuid)
        claims.finish(conn, claim)
        recorder.finish(conn, claim.payload['action_id'], result, message)


@engine.retried
def _finish_delete(claim, row):
    """How many rows of due work waited for this."""
    with engine.writer() as conn:
        if not store.mark_deleted(conn, row.uuid):
            raise claims.ClaimLost(row.uuid)
        claims.finish(conn, claim)
        nodes.give_back(conn, row.uuid)
        quotas.give_back(conn, row.project_id, 'instances')
        recorder.finish(conn, claim.payload['action_id'], recorder.SUCCESS)
        return claims.wake(conn, row.uuid)


@engine.retried
def _retry_delete(claim, row, message):
    delay = backoff.get_delay(
        claim.attempts, CONF.conductor.retry_delay, CONF.conductor.retry_delay_max
    )
    with engine.writer() as conn:
        store.set_fault(conn, row.uuid, _to_fault(message))
        claims.reschedule(
            conn, claim, clock.utcnow() + datetime.timedelta(seconds=delay), message
        )


@engine.retried
def _drop(claim):
    try:
        with engine.writer() as conn:
            claims.finish(conn, claim)
    except claims.ClaimLost:
        _let_go(claim)


@engine.retried
def _expire_lock(claim):
    """How many rows of due work waited for this."""
    uuid = claim.object_id
    with engine.writer() as conn:
        row = queries.get(conn, uuid)
        expires = row.lock_expires_at if row is not None else None
        if expires is None:
            claims.finish(conn, claim)
            return 0
        if expires > clock.utcnow():
            # The clock went back since this was claimed.
            claims.reschedule(conn, claim, expires)
            return 0
    ctx = context.for_job(cause='expiry')
    with recorder.record(ctx, uuid, 'unlock', row.project_id) as entry:
        if not store.expire_lock(entry.conn, uuid, clock.utcnow()):
            raise claims.ClaimLost(uuid)
        claims.finish(entry.conn, claim)
        return claims.wake(entry.conn, uuid)
    # Only after a commit whose answer was lost: see recorder.record.
    return 0


def _to_fault(message):
    return orjson.dumps(
        {'code': 500, 'message': message, 'created_at': clock.isoformat(clock.utcnow())}
    ).decode()
