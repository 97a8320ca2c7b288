"""Verbs on hosts: nodes opened for reservation, and closed."""

import re

from oslo_db import exception as db_exc

from mogan_like.actions import recorder
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.instances.manager import reserved_nodes
from mogan_like.instances.queries import nodes as node_queries
from mogan_like.leases.queries import allocations
from mogan_like.leases.queries import hosts as queries
from mogan_like.leases.store import hosts as store

#: Of the names and values of extra capabilities, and how many a host has.
_NAME = re.compile(r'[A-Za-z0-9_.:/-]{1,64}')
_VALUE_LENGTH = 255
_MOST = 128
#: How many leases a refusal names.
_NAMED = 5


class HostsManager:
    """RPC namespace ``hosts``, version 1.0."""

    def __init__(self):
        self._nodes = reserved_nodes.ReservedNodesManager()

    def create(self, ctx, name, values, idempotency=None):
        """Open a node for reservation: from now on it takes no other instances.

        :param name: the node's name or uuid
        :param values: extra capabilities, {name: value}
        :returns: the host in Blazar's JSON
        :raises NodeNotFound: when there is no such node
        :raises AlreadyExists: when it is open already
        :raises InUse: naming the instance that is on it
        """
        return idempotency_keys.answer_once(
            ctx, idempotency, lambda: self._create(ctx, name, values, idempotency)
        )

    @engine.retried
    def _create(self, ctx, name, values, idempotency):
        node_uuid = _find_node_uuid(name)
        with _record(ctx, node_uuid or name, 'create') as entry:
            conn = entry.conn
            idempotency_keys.reserve(conn, ctx, idempotency)
            node = node_queries.find(conn, name)
            if node is None:
                raise exception.NodeNotFound(uuid=name)
            _insert(conn, node)
            self._nodes.open(conn, node.uuid)
            _set(conn, node.uuid, values)
            answer = _show(conn, node.uuid)
            idempotency_keys.remember(conn, ctx, idempotency, answer)
            return answer
        # Only after a commit whose answer was lost: see recorder.record.
        with engine.reader() as conn:
            return _show(conn, node_uuid)

    @engine.retried
    def update(self, ctx, host_id, values):
        """Add, change and unset extra capabilities.

        :param values: {name: value}; None unsets
        :returns: the host in Blazar's JSON
        :raises HostNotFound: when there is none
        """
        host = _find(host_id)
        with _record(ctx, _name_object(host, host_id), 'update') as entry:
            conn = entry.conn
            if host is None or not store.touch(conn, host.id):
                raise exception.HostNotFound(host=host_id)
            gone = [name for name, value in values.items() if value is None]
            store.unset_capabilities(conn, host.id, gone)
            wanted = {name: value for name, value in values.items() if name not in gone}
            _set(conn, host.node_uuid, wanted)
        with engine.reader() as conn:
            return _show(conn, host.node_uuid)

    @engine.retried
    def delete(self, ctx, host_id):
        """Close a node for reservation: it is in the general pool again.

        :raises HostNotFound: when there is none
        :raises InUse: naming the instance on it, or a reservation to come
        """
        host = _find(host_id)
        with _record(ctx, _name_object(host, host_id), 'delete') as entry:
            conn = entry.conn
            generation = queries.get_generation(conn, host.id) if host else None
            if generation is None:
                raise exception.HostNotFound(host=host_id)
            self._nodes.close(conn, host.node_uuid)
            _refuse_allocated(conn, host)
            store.delete(conn, host.id, generation)

    @engine.retried
    def set_property(self, ctx, name, private):
        """Show a capability's name to members, or to admins only.

        :returns: {'property', 'private', 'values'}
        :raises HostPropertyNotFound: when no host has it
        """
        with recorder.record(ctx, name, 'update', object_type='host_property') as entry:
            conn = entry.conn
            if queries.find_name(conn, name) is None:
                raise exception.HostPropertyNotFound(name=name)
            store.set_private(conn, name, private)
        with engine.reader() as conn:
            values = queries.list_values(conn, [name])[name]
        return {'property': name, 'private': private, 'values': values}


def _record(ctx, object_id, action):
    return recorder.record(ctx, object_id, action, object_type='host')


def _find_node_uuid(name):
    """What the audit calls the node, or None for one that is not to be found."""
    try:
        with engine.reader() as conn:
            node = node_queries.find(conn, name)
    except exception.InvalidParameter:
        return None
    return node.uuid if node else None


def _find(host_id):
    with engine.reader() as conn:
        return queries.find(conn, host_id)


def _name_object(host, host_id):
    """What the audit calls a host: by its node, as at its creation."""
    return str(host_id) if host is None else host.node_uuid


def _insert(conn, node):
    try:
        store.insert(conn, node.uuid, node.name)
    except db_exc.DBDuplicateEntry as exc:
        raise exception.AlreadyExists(noun='Host', name=node.name) from exc


def _set(conn, node_uuid, values):
    """Write capabilities that the inventory has no other word on."""
    host = queries.find_of_node(conn, node_uuid)
    node = next(iter(node_queries.list_reservable(conn, [node_uuid])))
    taken = queries.OWN_NAMES.union(queries.make_properties(host, node, {}))
    capabilities = {
        name: _check(name, _to_text(value), taken) for name, value in values.items()
    }
    store.set_capabilities(conn, host.id, capabilities)
    if len(queries.list_capabilities(conn, [host.id])[host.id]) > _MOST:
        raise exception.InvalidParameter(
            name='host', reason=f'it would have more than {_MOST} capabilities.'
        )


def _to_text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check(name, value, taken):
    if name in taken:
        raise exception.InvalidParameter(
            name=name, reason='that is what the inventory says of the host.'
        )
    if not _NAME.fullmatch(name):
        raise exception.InvalidParameter(
            name=name,
            reason='a name has up to 64 letters, digits, and any of _ . : / and -.',
        )
    if len(value) > _VALUE_LENGTH or '\0' in value:
        raise exception.InvalidParameter(
            name=name, reason=f'a value is text of up to {_VALUE_LENGTH} characters.'
        )
    return value


def _show(conn, node_uuid):
    return queries.show(conn, [queries.find_of_node(conn, node_uuid)])[0]


def _refuse_allocated(conn, host):
    first, count = allocations.list_first_of_host(conn, host.id, _NAMED)
    if not first:
        return
    told = [
        f'lease {row.lease_uuid} from {row.start_date} to {row.end_date}'
        for row in first
    ]
    if count > len(first):
        told.append(f'{count - len(first)} more')
    raise exception.InUse(
        noun='Host', name=host.name, reason=f'it is reserved by {"; ".join(told)}.'
    )
