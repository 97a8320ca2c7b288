"""Node rows: taken and given back by compare-and-set."""

import random
import typing

import orjson
import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.instances import models

_N = models.NODES.c
_P = models.NODE_PROPERTIES.c

#: How many free nodes are looked at together. Creates that come at once pick
#: among them at random, so that few want the same one.
_CANDIDATES = 64


class Reserved(typing.NamedTuple):
    """The nodes that a reservation has now, for its project's instances."""

    reservation_uuid: str
    project_id: str


def take(
    conn, instance_uuid, resource_class, properties, node_uuid=None, reserved=None
):
    """Give a free node to an instance.

    :param properties: {name: value} that the node must have
    :param node_uuid: this node and no other
    :param reserved: a :class:`Reserved`; without it no reservable node is taken
    :returns: the node's uuid
    :raises NoValidNode: when no node fits and is free
    """
    free = _is_free(reserved)
    query = sa.select(_N.id, _N.uuid).where(
        *free,
        _N.resource_class == resource_class,
        *(_has(name, value) for name, value in sorted(properties.items())),
    )
    if node_uuid is not None:
        query = query.where(_N.uuid == node_uuid)
    while True:
        found = conn.execute(query.order_by(_N.id).limit(_CANDIDATES)).all()
        if not found:
            raise exception.NoValidNode(
                reason=_why_none(resource_class, properties, node_uuid, reserved)
            )
        for node in random.sample(found, len(found)):
            if _take_one(conn, node.id, instance_uuid, free):
                return node.uuid


def _is_free(reserved):
    """The conditions under which a node may be taken."""
    if reserved is None:
        return (_N.free == 1,)
    return (
        _N.reservation_uuid == reserved.reservation_uuid,
        _N.reservation_project_id == reserved.project_id,
        _N.present == sa.true(),
        _N.maintenance == sa.false(),
        _N.instance_uuid.is_(None),
    )


def _take_one(conn, node_id, instance_uuid, free):
    return (
        conn.execute(
            models.NODES.update()
            .where(_N.id == node_id, *free)
            .values(free=0, instance_uuid=instance_uuid, updated_at=clock.utcnow())
        ).rowcount
        == 1
    )


def _has(name, value):
    return sa.exists().where(_P.node_id == _N.id, _P.name == name, _P.value == value)


def _why_none(resource_class, properties, node_uuid, reserved):
    wanted = [f'resource class {resource_class}']
    wanted += [f'{name}={value}' for name, value in sorted(properties.items())]
    if node_uuid:
        wanted.append(f'node {node_uuid}')
    if reserved is None:
        return f'no free node has {", ".join(wanted)}.'
    # The same words whatever the reason: another project's reservation is not
    # told from one that there never was.
    return (
        f'reservation {reserved.reservation_uuid} is not running in this project, '
        f'or no free node of it has {", ".join(wanted)}.'
    )


def give_back(conn, instance_uuid):
    """Take the node of an instance back.

    It is free unless in maintenance; a reservable one is its reservation's.
    """
    conn.execute(
        models.NODES.update()
        .where(_N.instance_uuid == instance_uuid)
        .values(
            instance_uuid=None,
            free=_free_if(_N.present, sa.not_(_N.maintenance)),
            updated_at=clock.utcnow(),
        )
    )


def _free_if(*conditions):
    """Free under these conditions, unless it is opened for reservation."""
    return sa.case((sa.and_(sa.not_(_N.reservable), *conditions), 1), else_=0)


def set_maintenance(conn, uuid, maintenance, reason):
    """Take a node out of placement, or put it back.

    :returns: False when there is no such node
    """
    return (
        conn.execute(
            models.NODES.update()
            .where(_N.uuid == uuid)
            .values(
                maintenance=maintenance,
                maintenance_reason=reason,
                free=0
                if maintenance
                else _free_if(_N.present, _N.instance_uuid.is_(None)),
                updated_at=clock.utcnow(),
            )
        ).rowcount
        == 1
    )


def sync(conn, specs):
    """Make the rows of some nodes say what the driver reports.

    :param specs: drivers' NodeSpec, at most a few hundred
    """
    by_uuid = {spec.uuid: spec for spec in specs}
    known = {
        row.uuid: row
        for row in conn.execute(
            sa.select(
                _N.id, _N.uuid, _N.name, _N.resource_class, _N.properties, _N.present
            ).where(_N.uuid.in_(by_uuid))
        )
    }
    for uuid, spec in by_uuid.items():
        properties = orjson.dumps(spec.properties, option=orjson.OPT_SORT_KEYS).decode()
        row = known.get(uuid)
        if row is None:
            _insert(conn, spec, properties)
        elif (row.name, row.resource_class, row.properties, row.present) != (
            spec.name,
            spec.resource_class,
            properties,
            True,
        ):
            _update(conn, row.id, spec, properties)


def _insert(conn, spec, properties):
    now = clock.utcnow()
    node_id = conn.execute(
        models.NODES.insert(),
        {
            'uuid': spec.uuid,
            'name': spec.name,
            'resource_class': spec.resource_class,
            'properties': properties,
            'maintenance': False,
            'present': True,
            'free': 1,
            'created_at': now,
            'updated_at': now,
        },
    ).inserted_primary_key[0]
    _write_properties(conn, node_id, spec)


def _update(conn, node_id, spec, properties):
    conn.execute(
        models.NODES.update()
        .where(_N.id == node_id)
        .values(
            name=spec.name,
            resource_class=spec.resource_class,
            properties=properties,
            present=True,
            free=_free_if(sa.not_(_N.maintenance), _N.instance_uuid.is_(None)),
            updated_at=clock.utcnow(),
        )
    )
    conn.execute(sa.delete(models.NODE_PROPERTIES).where(_P.node_id == node_id))
    _write_properties(conn, node_id, spec)


def _write_properties(conn, node_id, spec):
    rows = [
        {'node_id': node_id, 'name': name, 'value': value}
        for name, value in spec.properties.items()
    ]
    if rows:
        conn.execute(models.NODE_PROPERTIES.insert(), rows)


def mark_absent(conn, present_uuids):
    """Take nodes out of placement that the driver no longer reports.

    :param present_uuids: the set of all that it does report
    """
    gone = [
        row.id
        for row in conn.execute(
            sa.select(_N.id, _N.uuid).where(_N.present == sa.true())
        )
        if row.uuid not in present_uuids
    ]
    for start in range(0, len(gone), 500):
        conn.execute(
            models.NODES.update()
            .where(_N.id.in_(gone[start : start + 500]))
            .values(present=False, free=0, updated_at=clock.utcnow())
        )
