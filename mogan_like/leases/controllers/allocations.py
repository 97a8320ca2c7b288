"""Routes of what is reserved, and of what can be."""

import typing

from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types as api_types
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.leases import rpcapi
from mogan_like.leases import types
from mogan_like.leases.queries import allocations as queries
from mogan_like.leases.queries import hosts
from mogan_like.leases.schemas import hosts as schemas

#: Types whose allocations are rows that are read here, and whose reservations are
#: shown: of hosts all of them, since that is what somebody has a host for.
_OF_HOSTS = {'physical:host': None, 'virtual:instance': 'virtual:instance'}


class _Allocation(typing.NamedTuple):
    resource_id: str
    reservations: list


class AllocationsController(expose.Controller):
    """``/v1/allocations``."""

    routes = {'': {'GET': 'list'}}

    @expose.route(response=schemas.ALLOCATIONS)
    def list(
        self,
        ctx,
        resource_type: types.ResourceType,
        limit: pagination.Limit = None,
        marker: api_types.Name = None,
        sort_dir: pagination.SortDir = 'asc',
    ):
        """List what is reserved of a resource type."""
        policy.enforce(ctx, 'allocation:list')
        page = pagination.make_page(limit, marker, 'created_at', sort_dir)
        if resource_type in _OF_HOSTS:
            return list_of_hosts(page, resource_type=_OF_HOSTS[resource_type])
        return _list_of_type(ctx, resource_type, page)


class PluginsController(expose.Controller):
    """``/v1/plugins``."""

    routes = {'': {'GET': 'list'}}

    @expose.route(response=schemas.PLUGINS)
    def list(self, ctx):
        """List what leases can hold, with the schema of each type's values."""
        policy.enforce(ctx, 'plugin:list')
        return {'plugins': rpcapi.LEASES.call(ctx, 'list_plugins')}


def list_of_hosts(page, lease_id=None, reservation_id=None, resource_type=None):
    """A page of hosts with what they are reserved for, as JSON in bytes.

    :param page: its marker is a host's id
    :param lease_id: only hosts, and reservations, of this lease
    :param reservation_id: only hosts of this reservation
    :param resource_type: only hosts, and reservations, of this type
    """
    chosen = {
        'lease_uuid': lease_id,
        'reservation_uuid': reservation_id,
        'resource_type': resource_type,
    }
    ids = queries.select_hosts(**chosen) if any(chosen.values()) else None
    with engine.reader() as conn:
        rows = hosts.list_page(conn, page, ids)
        shown = [row.id for row in (rows or [])[: page.limit]]
        found = queries.list_of_hosts(conn, shown, **chosen)
    return collection.render(
        'allocations', rows, page, lambda row: _show(row.id, found[row.id]), 'id'
    )


def show_host(conn, host):
    """What a host is reserved for."""
    return _show(host.id, queries.list_of_hosts(conn, [host.id])[host.id])


def _show(host_id, rows):
    return {
        'resource_id': str(host_id),
        'reservations': [
            {
                'id': row.reservation_uuid,
                'lease_id': row.lease_uuid,
                'start_date': row.start_date,
                'end_date': row.end_date,
            }
            for row in rows
        ],
    }


def _list_of_type(ctx, resource_type, page):
    """A page of what a plugin has reserved, which only a conductor knows."""
    found = rpcapi.LEASES.call(
        ctx,
        'list_allocations',
        resource_type=resource_type,
        limit=page.limit + 1,
        marker=page.marker,
        sort_dir=page.sort_dir,
    )
    return collection.render(
        'allocations',
        None if found is None else [_Allocation(**each) for each in found],
        page,
        lambda row: row._asdict(),
        'resource_id',
    )
