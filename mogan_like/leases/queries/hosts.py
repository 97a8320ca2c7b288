"""Hosts, the nodes that are opened for reservation, and their capabilities."""

import collections

import orjson
import sqlalchemy as sa

from mogan_like.common import sizes
from mogan_like.db import base
from mogan_like.instances.queries import nodes
from mogan_like.leases import models

_H = models.HOSTS.c
_C = models.HOST_CAPABILITIES.c
_N = models.CAPABILITY_NAMES.c

HOST = base.for_json(_H.id, _H.node_uuid, _H.name, _H.created_at, _H.updated_at)
#: What a plan is made by.
CANDIDATE = (_H.id, _H.node_uuid, _H.name, _H.generation)

#: Ids grow with time.
SORT_KEYS = {'created_at': (_H.id,), 'name': (_H.name, _H.id)}

#: What a host says of itself in Blazar's JSON, apart from the properties of
#: its node: no capability may be called so.
OWN_NAMES = frozenset(
    (
        'id',
        'uuid',
        'name',
        'node_uuid',
        'hypervisor_hostname',
        'hypervisor_type',
        'hypervisor_version',
        'service_name',
        'resource_class',
        'cpu_info',
        'vcpus',
        'memory_mb',
        'local_gb',
        'reservable',
        'maintenance',
        'present',
        'status',
        'trust_id',
        'created_at',
        'updated_at',
    )
)
_HYPERVISOR_TYPE = 'baremetal'
_NUMBERS = ('vcpus', 'memory_mb', 'local_gb')
#: The largest number that an id can be.
_MOST = 2**63 - 1


def list_all(conn):
    """Every host, in the order of their ids: rows of CANDIDATE."""
    return conn.execute(sa.select(*CANDIDATE).order_by(_H.id)).all()


def find(conn, id_or_name):
    """The host of this id, or else the first of this name; or None."""
    number = _to_id(id_or_name)
    query = sa.select(*HOST)
    if number is not None:
        row = conn.execute(query.where(_H.id == number)).first()
        if row is not None:
            return row
    by_name = query.where(_H.name == str(id_or_name))
    return conn.execute(by_name.order_by(_H.id).limit(1)).first()


def find_of_node(conn, node_uuid):
    """The host that a node is opened as, or None."""
    return conn.execute(sa.select(*HOST).where(_H.node_uuid == node_uuid)).first()


def get_generation(conn, host_id):
    """What grows with every allocation of a host; None when it is gone."""
    return conn.execute(sa.select(_H.generation).where(_H.id == host_id)).scalar()


def list_page(conn, page, host_ids=None):
    """One page of hosts.

    :param page: its marker is an id, as text
    :param host_ids: a select of the ids of those hosts only
    :returns: the rows, or None when there is no such marker
    """
    number = _to_id(page.marker)
    if page.marker is not None and number is None:
        return None
    query = sa.select(*HOST)
    if host_ids is not None:
        query = query.where(_H.id.in_(host_ids))
    keys = SORT_KEYS[page.sort_key]
    return base.select_page(conn, query, keys, [], [_H.id == number], page)


def _to_id(text):
    text = str(text)
    if text.isascii() and text.isdecimal() and int(text) <= _MOST:
        return int(text)
    return None


def list_capabilities(conn, host_ids=None):
    """{host's id: {name: value}} of some hosts, or of all."""
    query = sa.select(models.HOST_CAPABILITIES).order_by(_C.host_id, _C.name)
    if host_ids is not None:
        query = query.where(_C.host_id.in_(host_ids))
    found = collections.defaultdict(dict)
    for row in conn.execute(query):
        found[row.host_id][row.name] = row.value
    return found


def show(conn, rows):
    """Hosts in Blazar's JSON, in two statements.

    What is shown is what filters of properties see; numbers are shown as such
    where Blazar has them.
    """
    capabilities = list_capabilities(conn, [row.id for row in rows])
    found = nodes.list_reservable(conn, [row.node_uuid for row in rows])
    by_uuid = {node.uuid: node for node in found}
    return [
        _show(row, by_uuid.get(row.node_uuid), capabilities[row.id]) for row in rows
    ]


def _show(row, node, capabilities):
    shown = dict.fromkeys(_NUMBERS)
    shown.update(make_properties(row, node, capabilities))
    for name in _NUMBERS:
        shown[name] = sizes.read(shown[name])
    return {
        **shown,
        'reservable': node is not None and node.reservable,
        'maintenance': node is not None and node.maintenance,
        'present': node is not None and node.present,
        'created_at': row.created_at,
        'updated_at': row.updated_at,
    }


def make_properties(host, node, capabilities):
    """{name: text} of all that is known of a host, for filters.

    What the inventory says is above what was added to the host.
    """
    own = {} if node is None else orjson.loads(node.properties)
    if 'cpus' in own:
        own.setdefault('vcpus', own['cpus'])
    if node is not None:
        own['resource_class'] = node.resource_class
    return {
        **capabilities,
        **own,
        'id': str(host.id),
        'uuid': host.node_uuid,
        'name': host.name,
        'hypervisor_hostname': host.name,
        'hypervisor_type': _HYPERVISOR_TYPE,
        'service_name': host.name,
    }


def list_names(conn, page, private):
    """One page of the names of capabilities that hosts have.

    :param page: its marker is a name
    :param private: also those that are not shown to members
    :returns: rows with name and private, or None when there is no such marker
    """
    used = sa.exists().where(_C.name == _N.name)
    query = sa.select(_N.name, _N.private).where(used)
    marker = [_N.name == page.marker]
    if not private:
        query = query.where(_N.private == sa.false())
        # Another's would tell that it exists.
        marker.append(_N.private == sa.false())
    return base.select_page(conn, query, (_N.name,), [], marker, page)


def find_name(conn, name):
    """What is known of a capability's name, or None when no host has it."""
    used = sa.exists().where(_C.name == _N.name)
    query = sa.select(_N.name, _N.private).where(_N.name == name, used)
    return conn.execute(query).first()


def list_values(conn, names):
    """{name: the values that hosts have of this capability, sorted}."""
    query = (
        sa.select(_C.name, _C.value)
        .where(_C.name.in_(names))
        .distinct()
        .order_by(_C.name, _C.value)
    )
    found = collections.defaultdict(list)
    for row in conn.execute(query):
        found[row.name].append(row.value)
    return found
