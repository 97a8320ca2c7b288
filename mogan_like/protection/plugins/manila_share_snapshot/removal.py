"""Removes snapshots and shares from Manila, in whatever state they are."""

import dataclasses
import functools

from mogan_like.clients import manila_statuses as statuses
from mogan_like.common import exception

_PASSING = (statuses.GONE, statuses.LEAVING, statuses.BUSY)


@dataclasses.dataclass(frozen=True)
class Calls:
    """Of Manila, each called with an id.

    :ivar deletable: statuses; all others Manila deletes by force only
    """

    get: object
    delete: object
    force_delete: object
    deletable: tuple


class Removal:
    """Removes things of one kind."""

    def __init__(self, asking, options, calls):
        self._asking = asking
        self._options = options
        self._calls = calls

    def finish(self, thing_id):
        """Remove it, and wait until it is gone; also when it was already.

        :raises ProtectionFailed: when it is not after ``poll_timeout`` seconds
        """
        self._asking.wait_for(functools.partial(self.push, thing_id), is_gone)

    def push(self, thing_id):
        """Look at it, and ask for its deletion where that helps; what was seen."""
        found = self._look(thing_id)
        try:
            if found['status'] in self._calls.deletable:
                self._calls.delete(thing_id)
            elif self._asking.seconds >= self._options.force_delete_after:
                self._calls.force_delete(thing_id)
        except exception.ShareServiceNotFound:
            return {**found, 'status': statuses.NOT_FOUND}
        except exception.ShareServiceRefused:
            # Perhaps somebody else was faster.
            found = self._look(thing_id)
            if statuses.get_meaning(found['status']) not in _PASSING:
                raise
        return found

    def _look(self, thing_id):
        try:
            return look(self._calls.get, thing_id)
        except exception.ShareServiceRefused as error:
            # Manila on PostgreSQL, while the last row of a snapshot goes.
            if error.kwargs['status'] != 400:
                raise
            return {'id': thing_id, 'status': None}


def of_snapshots(asking, options, manila):
    """A :class:`Removal` of snapshots."""
    calls = Calls(
        manila.get_snapshot,
        manila.delete_snapshot,
        manila.force_delete_snapshot,
        ('available', 'error'),
    )
    return Removal(asking, options, calls)


def of_shares(asking, options, manila):
    """A :class:`Removal` of shares."""
    calls = Calls(
        manila.get_share,
        manila.delete_share,
        manila.force_delete_share,
        ('available', 'error', 'inactive'),
    )
    return Removal(asking, options, calls)


def look(get, thing_id):
    """A share or snapshot; one that is not there has the status ``not-found``."""
    try:
        return get(thing_id)
    except exception.ShareServiceNotFound:
        return {'id': thing_id, 'status': statuses.NOT_FOUND}


def is_gone(found):
    """Whether there is nothing left."""
    return statuses.get_meaning(found['status']) == statuses.GONE
