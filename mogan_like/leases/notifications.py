"""Notifications of what happens to leases, for whoever listens.

The payload is versioned: fields are only ever added within a major version.
"""

from mogan_like.common import clock
from mogan_like.common import rpc
from mogan_like.common.config import CONF

#: Of every payload.
VERSION = '1.0'

_FIELDS = ('name', 'project_id', 'user_id', 'status')
_SHOWN = ('degraded', 'start_date', 'end_date', 'ended_by_user_id')


def is_on():
    """False when nobody is to be told of anything."""
    return CONF.leases.notifications and rpc.is_notifying()


def notify(event, lease, **changes):
    """Tell that something happened to a lease, once that is committed.

    :param event: what, ``start`` for example, told as ``lease.start``
    :param lease: its row, with datetimes
    :param changes: fields that are not as in the row
    """
    if is_on():
        rpc.notify(f'lease.{event}', {**_make_payload(lease), **changes})


def notify_shown(event, lease):
    """The same of a lease as it crosses RPC: plain values."""
    if is_on():
        payload = {name: lease[name] for name in (*_FIELDS, *_SHOWN)}
        of_lease = {'version': VERSION, 'lease_id': lease['uuid']}
        rpc.notify(f'lease.{event}', {**of_lease, **payload})


def notify_of_reservation(event, reservation):
    """Tell of something that is about to happen to a reservation.

    :param reservation: a :class:`.plugins.base.Reservation`
    """
    if not is_on():
        return
    payload = {
        'version': VERSION,
        'reservation_id': reservation.uuid,
        'lease_id': reservation.lease_uuid,
        'lease_name': reservation.lease_name,
        'project_id': reservation.project_id,
        'user_id': reservation.user_id,
        'start_date': clock.isoformat(reservation.start_date),
        'end_date': clock.isoformat(reservation.end_date),
        'resource_id': reservation.resource_id,
        'values': reservation.values,
    }
    rpc.notify(f'reservation.{event}', payload)


def _make_payload(lease):
    return {
        'version': VERSION,
        'lease_id': lease.uuid,
        **{name: getattr(lease, name) for name in _FIELDS},
        'degraded': bool(lease.degraded),
        'start_date': clock.isoformat(lease.start_date),
        'end_date': clock.isoformat(lease.end_date),
        'ended_by_user_id': lease.ended_by_user_id,
    }
