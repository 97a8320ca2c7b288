"""A new lease: checked, counted, planned and written in one transaction."""

import orjson
from oslo_utils import uuidutils

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.db.quotas import count as quotas
from mogan_like.leases import agenda
from mogan_like.leases import states
from mogan_like.leases.manager import dates
from mogan_like.leases.manager import values as values_of
from mogan_like.leases.manager import views
from mogan_like.leases.plugins import base as plugins_base
from mogan_like.leases.store import leases as store
from mogan_like.trusts import expected


@engine.retried
def create(ctx, types, uuid, lease, idempotency):
    """Write a new lease, its plan and its due work.

    :param types: the :class:`.values.ResourceTypes`
    :param lease: the checked body
    :returns: the lease as plain values
    :raises Repeated: when the same request was done before
    """
    with recorder.record(
        ctx, uuid, 'create', ctx.project_id, object_type='lease'
    ) as entry:
        conn = entry.conn
        idempotency_keys.reserve(conn, ctx, idempotency)
        row = _to_row(ctx, uuid, lease)
        reservations = _check(conn, types, lease['reservations'], ctx.project_id)
        row['before_end_date'] = dates.plan_before_end(
            row['before_end_date'],
            row['start_date'],
            row['end_date'],
            any(values_of.has_work(values) for _, values in reservations),
        )
        quotas.take(conn, ctx.project_id, 'leases')
        store.insert(conn, row)
        expected.keep(conn, ctx, row['trust_id'])
        plans = [_reserve(conn, row, *each) for each in reservations]
        if any(plan.missing_resources for plan in plans):
            store.set_degraded(conn, uuid)
        store.insert_events(conn, uuid, _make_events(row))
        kind = agenda.get_kind(plugin.resource_type for plugin, _ in reservations)
        claims.add(conn, kind, uuid, row['start_date'])
        answer = views.show(conn, uuid)
        idempotency_keys.remember(conn, ctx, idempotency, answer)
        return answer
    # Only after a commit whose answer was lost: see recorder.record.
    with engine.reader() as conn:
        return views.show(conn, uuid)


def _to_row(ctx, uuid, lease):
    now = clock.utcnow()
    start = dates.parse('start_date', lease['start_date'], now)
    end = dates.parse('end_date', lease['end_date'], now)
    before_end = dates.parse('before_end_date', lease.get('before_end_date'), now)
    dates.check_start(start, now)
    dates.check_span(start, end)
    dates.check_end(end, now)
    dates.check_before_end(before_end, start, end)
    return {
        'uuid': uuid,
        'name': lease['name'],
        'project_id': ctx.project_id,
        'user_id': ctx.user_id,
        'trust_id': lease.get('trust_id'),
        'start_date': start,
        'end_date': end,
        'before_end_date': before_end,
    }


def _check(conn, types, reservations, project_id):
    """[(plugin, its values)], all of them before anything is planned."""
    plugins = [types.get(each['resource_type']) for each in reservations]
    return [
        (plugin, types.check(conn, plugin, each, project_id))
        for plugin, each in zip(plugins, reservations, strict=True)
    ]


def _reserve(conn, lease, plugin, values):
    uuid = uuidutils.generate_uuid()
    plan = plugin.reserve_resource(
        conn,
        plugins_base.Reservation(
            uuid,
            lease['uuid'],
            lease['name'],
            lease['project_id'],
            lease['user_id'],
            lease['start_date'],
            lease['end_date'],
            values,
        ),
    )
    # One by one: the next one's plan may have to see this one.
    store.insert_reservation(
        conn,
        lease['uuid'],
        {
            'uuid': uuid,
            'resource_type': plugin.resource_type,
            'resource_id': plan.resource_id,
            'missing_resources': plan.missing_resources,
            'requested': orjson.dumps(values).decode(),
        },
    )
    return plan


def _make_events(row):
    times = {
        states.START: row['start_date'],
        states.BEFORE_END: row['before_end_date'],
        states.END: row['end_date'],
    }
    return [
        {'uuid': uuidutils.generate_uuid(), 'event_type': event, 'time': time}
        for event, time in times.items()
        if time is not None
    ]
