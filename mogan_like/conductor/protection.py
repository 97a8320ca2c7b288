"""What a conductor does for protection: managers, due work, and its own report."""

from mogan_like.common import clock
from mogan_like.common import workers
from mogan_like.common.config import CONF
from mogan_like.conductor import due as due_work
from mogan_like.conductor import loop
from mogan_like.protection import protectables as protectables_of
from mogan_like.protection import providers as providers_of
from mogan_like.protection.manager import checkpoints
from mogan_like.protection.manager import plans
from mogan_like.protection.manager import protectables
from mogan_like.protection.manager import runs
from mogan_like.protection.manager import scheduled_operations
from mogan_like.protection.manager import services
from mogan_like.protection.manager import triggers
from mogan_like.protection.operations import jobs
from mogan_like.protection.operations import schedule_jobs

#: Runs of schedules are begun in moments.
_SCHEDULE_WORKERS = 4


class Protection:
    """Plugins, providers, and the work on checkpoints.

    :param announce: as of :class:`.due.DueWork`
    :param woken: called after a commit in which ``claims.wake`` made work due
    :ivar engines: of due work
    :ivar managers: {RPC namespace: manager}
    """

    def __init__(self, announce, woken):
        providers = providers_of.load()
        found = protectables_of.load()
        # Apart: an operation waits for others most of the time, and would take
        # the places of builds.
        self._pool = workers.Pool('operation', CONF.protection.operations)
        due = due_work.DueWork(
            self._pool, jobs.make_jobs(providers, found, woken), announce
        )
        checkpoints_manager = checkpoints.CheckpointsManager(due, providers)
        # Apart again: a run is not to wait for operations that take hours.
        self._schedule_pool = workers.Pool('operation-schedule', _SCHEDULE_WORKERS)
        schedules = due_work.DueWork(
            self._schedule_pool,
            schedule_jobs.make_jobs(providers, due, checkpoints_manager),
            announce,
        )
        self.engines = (due, schedules)
        self._heartbeat = loop.Loop(
            'heartbeat', services.Heartbeat(self._set_paused, providers.values()).beat
        )
        self.managers = {
            'plans': plans.PlansManager(providers, found),
            'checkpoints': checkpoints_manager,
            'runs': runs.RunsManager(due, providers),
            'triggers': triggers.TriggersManager(schedules),
            'scheduled_operations': scheduled_operations.ScheduledOperationsManager(
                schedules, providers
            ),
            'protectables': protectables.ProtectablesManager(found),
            'providers': protectables.ProvidersManager(providers),
            'services': services.ServicesManager(),
        }

    def start(self):
        """Take due work, and report that this host is there."""
        self._heartbeat.start()
        for each in self.engines:
            each.start()

    def stop(self):
        """Take no more; what is done goes on."""
        self._heartbeat.stop()
        for each in self.engines:
            each.stop()
        self._pool.close()
        self._schedule_pool.close()

    def drain(self, timeout):
        """Wait for what is done; True when all of it ended in ``timeout`` s."""
        deadline = clock.monotonic() + timeout
        drained = self._pool.drain(timeout)
        left = max(0, deadline - clock.monotonic())
        return self._schedule_pool.drain(left) and drained

    def release_all(self):
        """Let go of everything that is held, for others to take up."""
        for each in self.engines:
            each.release_all()

    def _set_paused(self, paused):
        for each in self.engines:
            each.set_paused(paused)
