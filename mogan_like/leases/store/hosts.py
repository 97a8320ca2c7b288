"""Host rows: opened for reservation, planned with, closed."""

from oslo_db import exception as db_exc
import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.db import base
from mogan_like.leases import models

_H = models.HOSTS.c
_C = models.HOST_CAPABILITIES.c
_N = models.CAPABILITY_NAMES.c


class HostsChanged(db_exc.DBDeadlock):
    """Somebody else planned with the same hosts, and was first.

    A kind of deadlock, so that the transaction is run again from its
    beginning (:func:`mogan_like.db.engine.retried`).
    """


def insert(conn, node_uuid, name):
    """Write a new host; returns its id.

    :raises oslo_db.exception.DBDuplicateEntry: when the node has one
    """
    now = clock.utcnow()
    return conn.execute(
        models.HOSTS.insert(),
        {
            'node_uuid': node_uuid,
            'name': name,
            'generation': 0,
            'created_at': now,
            'updated_at': now,
        },
    ).inserted_primary_key[0]


def touch(conn, host_id):
    """Note a change, and keep others from changing it to the end of this.

    :returns: False when it is gone
    """
    return (
        conn.execute(
            models.HOSTS.update()
            .where(_H.id == host_id)
            .values(updated_at=clock.utcnow())
        ).rowcount
        == 1
    )


def set_capabilities(conn, host_id, capabilities):
    """Add or change capabilities, ``{name: value}``."""
    unset_capabilities(conn, host_id, capabilities)
    if not capabilities:
        return
    conn.execute(
        models.HOST_CAPABILITIES.insert(),
        [
            {'host_id': host_id, 'name': name, 'value': value}
            for name, value in capabilities.items()
        ],
    )
    known = set(
        conn.execute(sa.select(_N.name).where(_N.name.in_(capabilities))).scalars()
    )
    for name in capabilities.keys() - known:
        base.insert_unless_there(
            conn, models.CAPABILITY_NAMES, {'name': name, 'private': False}
        )


def unset_capabilities(conn, host_id, names):
    """Drop capabilities by name; no effect for those that are not there."""
    conn.execute(
        sa.delete(models.HOST_CAPABILITIES).where(
            _C.host_id == host_id, _C.name.in_(list(names))
        )
    )


def set_private(conn, name, private):
    """Show a capability's name to members, or to admins only."""
    conn.execute(
        models.CAPABILITY_NAMES.update().where(_N.name == name).values(private=private)
    )


def delete(conn, host_id, generation):
    """Drop a host that nobody has planned with since it was looked at.

    :raises HostsChanged: when somebody has
    """
    gone = conn.execute(
        sa.delete(models.HOSTS).where(_H.id == host_id, _H.generation == generation)
    ).rowcount
    if not gone:
        raise HostsChanged()
    conn.execute(sa.delete(models.HOST_CAPABILITIES).where(_C.host_id == host_id))


def bump(conn, hosts):
    """Plan with hosts as they were read, before anybody else does.

    :param hosts: things with id and generation
    :raises HostsChanged: when one is no longer as it was read
    """
    pairs = [(host.id, host.generation) for host in hosts]
    if not pairs:
        return
    changed = conn.execute(
        models.HOSTS.update()
        .where(
            # For the index: MariaDB would read, and wait for, every row.
            _H.id.in_([host_id for host_id, _ in pairs]),
            sa.tuple_(_H.id, _H.generation).in_(pairs),
        )
        .values(generation=_H.generation + 1)
    ).rowcount
    if changed != len(pairs):
        raise HostsChanged()
