"""Nodes that are opened for reservation: handed to a project and taken back."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.instances import models

_N = models.NODES.c


def open_node(conn, uuid):
    """Take a node out of the general pool; no effect on one that is.

    :returns: False when it is not there, or has an instance
    """
    return _update(
        conn,
        _N.uuid == uuid,
        _N.present == sa.true(),
        (_N.reservable == sa.true()) | _N.instance_uuid.is_(None),
        reservable=True,
        free=0,
    )


def close_node(conn, uuid):
    """Put a node back into the general pool; no effect on one that is.

    :returns: False when it is not there, or has an instance or a reservation
    """
    back = _N.instance_uuid.is_(None) & _N.reservation_uuid.is_(None)
    return _update(
        conn,
        _N.uuid == uuid,
        (_N.reservable == sa.false()) | back,
        reservable=False,
        free=sa.case(
            (_N.present & sa.not_(_N.maintenance) & _N.instance_uuid.is_(None), 1),
            else_=0,
        ),
    )


def hand_over(conn, reservation_uuid, project_id, uuids):
    """Give those of some nodes to a reservation that can be given."""
    _update(
        conn,
        _N.uuid.in_(set(uuids)),
        (_N.reservation_uuid == reservation_uuid)
        | sa.and_(
            _N.reservable == sa.true(),
            _N.present == sa.true(),
            _N.maintenance == sa.false(),
            _N.instance_uuid.is_(None),
            _N.reservation_uuid.is_(None),
        ),
        reservation_uuid=reservation_uuid,
        reservation_project_id=project_id,
    )


def take_back(conn, reservation_uuid, uuids=None):
    """Take back a reservation's nodes that have no instance.

    The others stay the reservation's, but nobody's project may put another
    instance there: else an end could be put off for ever.

    :param uuids: these nodes only
    """
    chosen = [] if uuids is None else [_N.uuid.in_(set(uuids))]
    _update(
        conn,
        _N.reservation_uuid == reservation_uuid,
        *chosen,
        reservation_uuid=sa.case(
            (_N.instance_uuid.is_(None), None), else_=_N.reservation_uuid
        ),
        reservation_project_id=None,
    )


def give_up(conn, reservation_uuid):
    """Take the reservation off all its nodes, those with instances too."""
    _update(
        conn,
        _N.reservation_uuid == reservation_uuid,
        reservation_uuid=None,
        reservation_project_id=None,
    )


def _update(conn, *conditions, **values):
    """True when there was such a node."""
    return (
        conn.execute(
            models.NODES.update()
            .where(*conditions)
            .values(updated_at=clock.utcnow(), **values)
        ).rowcount
        > 0
    )
