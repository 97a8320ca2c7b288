"""Tells, before a lease ends, what of it is going to be taken back."""

from mogan_like.leases import notifications
from mogan_like.leases.plugins import base


class Notify(base.BeforeEnd):
    """``reservation.before_end``, for each reservation that asks for it.

    It is best effort as every notification: the lease ends whether anybody was
    told or not.
    """

    def run(self, call):
        """Send the notification."""
        notifications.notify_of_reservation('before_end', call.reservation)
