"""Routes of leases: reading them, making, changing, ending, deleting them."""

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types as api_types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.leases import rpcapi
from mogan_like.leases import types
from mogan_like.leases.controllers import dates
from mogan_like.leases.controllers import delegation
from mogan_like.leases.controllers import views
from mogan_like.leases.controllers.find import check
from mogan_like.leases.controllers.find import find
from mogan_like.leases.queries import allocations
from mogan_like.leases.queries import contents
from mogan_like.leases.queries import leases as queries
from mogan_like.leases.schemas import leases as schemas

#: What an event of a request may be called: it names the date of the work
#: before the end, which a request may name by itself as well.
_BEFORE_END_EVENTS = ('before_end_lease', 'notification', 'notify')


class LeasesController(expose.Controller):
    """``/v1/leases``."""

    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{lease_id}': {'GET': 'show', 'PUT': 'update', 'DELETE': 'delete'},
        '{lease_id}/action': {'POST': 'act'},
    }

    @expose.route(response=schemas.LEASES)
    def list(
        self,
        ctx,
        status: types.Status = None,
        name: api_types.Name = None,
        project_id: api_types.Name = None,
        all_projects: api_types.Boolean = None,
        active_at: api_types.DateTime = None,
        ends_before: api_types.DateTime = None,
        deleted: api_types.Boolean = False,
        limit: pagination.Limit = None,
        marker: api_types.Uuid = None,
        sort_key: types.LeaseSortKey = 'created_at',
        sort_dir: pagination.SortDir = 'desc',
    ):
        """List leases with their reservations and events."""
        page = pagination.make_page(limit, marker, sort_key, sort_dir)
        filters = collection.drop_none(
            status=status,
            name=name,
            project_id=_choose_project(ctx, project_id, all_projects),
            active_at=active_at,
            ends_before=ends_before,
            deleted=deleted,
        )
        if deleted:
            policy.enforce(ctx, 'lease:show_deleted')
        with engine.reader() as conn:
            rows = queries.list_page(conn, filters, page)
            show = _make_show(conn, rows, page)
        return collection.render('leases', rows, page, show)

    @expose.route(response=schemas.CONTENTS)
    def show(self, ctx, lease_id: api_types.Uuid, deleted: api_types.Boolean = False):
        """Show a lease and all that is in it."""
        if deleted:
            policy.enforce(ctx, 'lease:show_deleted')
        with engine.reader() as conn:
            row = queries.get(conn, lease_id)
            check(ctx, lease_id, row, 'lease:show', deleted)
            return {'lease': _show_contents(ctx, conn, row)}

    @expose.route(body=schemas.CREATE, response=schemas.LEASE, status=201)
    def create(self, ctx, body):
        """Reserve resources for a time."""
        policy.enforce(ctx, 'lease:create')
        values, idempotency = _parse_lease(body), expose.idempotency()
        with delegation.delegated(
            ctx, values['reservations'], ctx.project_id
        ) as trust_id:
            values = collection.drop_none(**values, trust_id=trust_id)
            lease = rpcapi.LEASES.call(
                ctx, 'create', lease=values, idempotency=idempotency
            )
        location = f'{expose.base_url()}/v1/leases/{lease["uuid"]}'
        view = {'lease': views.show_plain(lease)}
        return expose.Response(201, view, {'Location': location})

    @expose.route(body=schemas.UPDATE, response=schemas.LEASE)
    def update(self, ctx, lease_id: api_types.Uuid, body):
        """Change a lease, or end it now."""
        row = find(ctx, lease_id, 'lease:update')
        values = dates.parse_all(body)
        for each in values.get('reservations', ()):
            each['id'] = each['id'].lower()
        if not values:
            return {'lease': _read(lease_id)}
        if values.get('end_date') == dates.NOW:
            args = _get_end_arguments(values)
            lease = rpcapi.LEASES.call(ctx, 'end', uuid=lease_id, **args)
        else:
            lease = _update(ctx, row, values)
        return {'lease': views.show_plain(lease)}

    @expose.route(status=204)
    def delete(self, ctx, lease_id: api_types.Uuid):
        """End a lease now and delete it."""
        find(ctx, lease_id, 'lease:delete', deleted=True)
        rpcapi.LEASES.call(ctx, 'delete', uuid=lease_id)

    @expose.route(body=schemas.ACTION, status=202)
    def act(self, ctx, lease_id: api_types.Uuid, body):
        """Try again what failed or waits, or give it up."""
        (verb,) = body
        rule = {'retry': 'lease:retry', 'abandon': 'lease:abandon'}[verb]
        find(ctx, lease_id, rule)
        rpcapi.LEASES.call(ctx, verb, uuid=lease_id, idempotency=expose.idempotency())


def _choose_project(ctx, project_id, all_projects):
    """The project whose leases are listed; None for all of them."""
    policy.enforce(ctx, 'lease:list')
    if project_id == ctx.project_id:
        return project_id
    if project_id or all_projects:
        policy.enforce(ctx, 'lease:list_all_projects')
        return project_id
    if all_projects is None and policy.check(ctx, 'lease:list_all_projects'):
        return None
    return ctx.project_id


def _make_show(conn, rows, page):
    """What makes the view of a row of a page, with what belongs to each."""
    uuids = [row.uuid for row in (rows or [])[: page.limit]]
    reservations = queries.list_reservations(conn, uuids)
    events = queries.list_events(conn, uuids)
    return lambda row: _show(row, reservations[row.uuid], events[row.uuid])


def _show(row, reservations, events):
    return views.show(
        row._mapping,
        [each._mapping for each in reservations],
        [each._mapping for each in events],
    )


def _read(uuid):
    """A lease as it is."""
    with engine.reader() as conn:
        row = queries.get(conn, uuid)
        reservations = queries.list_reservations(conn, [uuid])[uuid]
        return _show(row, reservations, queries.list_events(conn, [uuid])[uuid])


def _show_contents(ctx, conn, row):
    reservations = queries.list_reservations(conn, [row.uuid])[row.uuid]
    events = queries.list_events(conn, [row.uuid])[row.uuid]
    instances = contents.list_instances(conn, reservations)
    work = contents.find_work(conn, row.uuid, reservations)
    with_node = policy.check(ctx, 'lease:show_nodes', {'project_id': row.project_id})
    allocated = allocations.list_of_leases(conn, [row.uuid])[row.uuid]
    missing = (
        contents.list_missing_nodes(conn, row, allocated) if work and with_node else []
    )
    return {
        **_show(row, reservations, events),
        'allocations': [views.show_allocation(each, with_node) for each in allocated],
        'instances': [views.show_instance(each) for each in instances],
        'waiting_for': views.show_waiting(row, events, work, instances, missing),
    }


def _update(ctx, row, values):
    # One trust is enough: whoever made it is of the lease's project.
    reservations = values.get('reservations', ()) if row.trust_id is None else ()
    with delegation.delegated(ctx, reservations, row.project_id) as trust_id:
        args = collection.drop_none(trust_id=trust_id)
        return rpcapi.LEASES.call(ctx, 'update', uuid=row.uuid, values=values, **args)


def _parse_lease(body):
    """A body as the conductor takes it.

    :raises InvalidParameter: naming what is wrong
    """
    lease = dates.parse_all(body)
    for event in lease.pop('events', ()):
        _take_event(lease, event)
    return collection.drop_none(**lease)


def _take_event(lease, event):
    """Put the date of an event where the conductor looks for it."""
    kind = event['event_type']
    if kind not in _BEFORE_END_EVENTS:
        known = ', '.join(_BEFORE_END_EVENTS)
        raise exception.InvalidParameter(
            name='events', reason=f'{kind[:32]} is none of {known}.'
        )
    when = dates.parse('event_date', event['event_date'])
    if lease.get('before_end_date') not in (None, when):
        raise exception.InvalidParameter(
            name='events', reason='there is one date before the end.'
        )
    lease['before_end_date'] = when


def _get_end_arguments(values):
    """Of a change that ends a lease now: the name may change with it."""
    if others := sorted(set(values) - {'name', 'end_date'}):
        raise exception.InvalidParameter(
            name=', '.join(others), reason='it cannot change in a lease that ends now.'
        )
    return {'name': values['name']} if 'name' in values else {}
