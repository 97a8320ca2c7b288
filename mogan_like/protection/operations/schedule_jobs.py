"""The jobs of the due work of schedules; each ends in itself and never raises."""

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.protection import states
from mogan_like.protection.operations import flow
from mogan_like.protection.operations import retention
from mogan_like.protection.operations import schedule

LOG = log.getLogger(__name__)


def make_jobs(providers, due, checkpoints):
    """{kind of due work: its job}.

    :param providers: {id: Provider}
    :param due: the due work on checkpoints
    :param checkpoints: the CheckpointsManager
    """
    return {
        states.SCHEDULE: _end(schedule.ScheduleJob(providers, due.nudge)),
        states.RETENTION: _end(retention.RetentionJob(checkpoints)),
    }


def _end(job):
    """A job that lets go of its claim where it cannot go on."""

    def run(claim):
        claim.deadline = clock.monotonic() + CONF.protection.job_timeout
        try:
            job.run(claim)
        except engine.BROKEN_OFF:
            # The database is away: the row is still claimed, and due again when
            # the claim runs out.
            LOG.exception('%s %s: no database.', claim.kind, claim.object_id)
        except flow.ABORTS:
            LOG.info('%s %s is no longer ours.', claim.kind, claim.object_id)
            claim.lost.set()

    return run
