"""The jobs of protection's due work; each ends in itself and never raises."""

from oslo_log import log

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.protection import states
from mogan_like.protection.operations import flow
from mogan_like.protection.operations import runs
from mogan_like.protection.operations.checkpoint import job

LOG = log.getLogger(__name__)


def make_jobs(providers, protectables, woken=lambda: None):
    """{kind of due work: its job}.

    :param providers: {id: Provider}
    :param protectables: a :class:`..protectables.Protectables`
    :param woken: as of :class:`.checkpoint.job.CheckpointJob`
    """
    made = {
        states.CHECKPOINT: job.CheckpointJob(providers, protectables, woken),
        states.RESTORE: runs.RunJob(states.RESTORE, providers),
        states.VERIFY: runs.RunJob(states.VERIFY, providers),
    }
    return {kind: _Ended(each.run) for kind, each in made.items()}


class _Ended:
    """A job that lets go of its claim where it cannot go on."""

    def __init__(self, run):
        self._run = run

    def __call__(self, claim):
        claim.deadline = clock.monotonic() + CONF.protection.job_timeout
        try:
            if claim.generation > 1:
                # Somebody was at this or at what it replaced, and may have died.
                recorder.close_interrupted(claim.object_id)
            self._run(claim)
        except engine.BROKEN_OFF:
            # The database is away: the row is still claimed, and due again when
            # the claim runs out.
            LOG.exception('%s %s: no database.', claim.kind, claim.object_id)
        except flow.ABORTS:
            LOG.info('%s %s is no longer ours.', claim.kind, claim.object_id)
            claim.lost.set()
