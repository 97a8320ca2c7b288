"""The steps of leases, as the loop of due work has them done."""

import datetime

from oslo_log import log

from mogan_like.actions import recorder
from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.leases import agenda
from mogan_like.leases.events import begin
from mogan_like.leases.events import calls
from mogan_like.leases.events import finish
from mogan_like.leases.events import tell
from mogan_like.leases.events import watch
from mogan_like.leases.store import steps as store

LOG = log.getLogger(__name__)


class LeaseJobs:
    """What is done for leases by the clock.

    :param plugins: {resource type: plugin}
    :param works: {name: plugin for work before the end}
    """

    def __init__(self, plugins, works):
        self._calls = calls.Calls(plugins, works)
        self._wakes = watch.Wakes()
        #: {kind of due work: the plugin whose threads it takes, None for any}
        self.kinds = {
            **{agenda.get_kind([name]): name for name in plugins},
            agenda.MIXED: None,
        }

    def begin(self, kind, limit):
        """Begin what is due; see :func:`.begin.begin`."""
        return begin.begin(kind, limit, self._calls.make_tasks)

    def finish(self, works):
        """Write what came of steps; those that are another conductor's are left.

        :returns: True when something is due at once
        :raises BROKEN_OFF: when there is no database; what was not written then
            may be written by another call
        """
        try:
            finished = finish.finish(works)
        except engine.BROKEN_OFF:
            raise
        except Exception as exc:
            if len(works) == 1:
                self._give_up(works[0], exc)
                return False
            LOG.info('Steps are finished one by one: %s.', exc)
            # Each of them, whatever comes of the others.
            return sum(self.finish([work]) for work in works) > 0
        tell.tell(finished)
        return any(done.is_due for done in finished)

    def scan(self, works):
        """Look after what is under way, and for wakes that were lost.

        :returns: True when something is due by that
        """
        watch.cut_short(works)
        return self._wakes.find()

    def _give_up(self, work, exc):
        uuid = work.lease.uuid
        if isinstance(exc, claims.ClaimLost):
            LOG.info('Lease %s is no longer ours.', uuid)
            work.claim.lost.set()
            return
        if isinstance(exc, store.Stale):
            LOG.warning('Lease %s is not as it was: %s.', uuid, exc)
        else:
            LOG.error('Lease %s cannot be gone on with.', uuid, exc_info=exc)
        _postpone(work.claim)


@engine.retried
def _postpone(claim):
    delay = backoff.get_delay(
        claim.attempts, CONF.conductor.retry_delay, CONF.conductor.retry_delay_max
    )
    due_at = clock.utcnow() + datetime.timedelta(seconds=delay)
    try:
        with engine.writer() as conn:
            claims.reschedule(conn, claim, due_at, recorder.UNKNOWN)
    except claims.ClaimLost:
        LOG.info('%s %s is no longer ours.', claim.kind, claim.object_id)
