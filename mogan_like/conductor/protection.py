"""What a conductor does for protection: managers, due work, and its own report."""

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
from mogan_like.protection.manager import services
from mogan_like.protection.operations import jobs


class Protection:
    """Plugins, providers, and the work on checkpoints.

    :param announce: as of :class:`.due.DueWork`
    :ivar due: the due work
    :ivar managers: {RPC namespace: manager}
    """

    def __init__(self, announce):
        providers = providers_of.load()
        found = protectables_of.load()
        # Apart: an operation waits for others most of the time, and would take
        # the places of builds.
        self._pool = workers.Pool('operation', CONF.protection.operations)
        self.due = due_work.DueWork(
            self._pool, jobs.make_jobs(providers, found), announce
        )
        self._heartbeat = loop.Loop(
            'heartbeat',
            services.Heartbeat(self.due.set_paused, providers.values()).beat,
        )
        self.managers = {
            'plans': plans.PlansManager(providers, found),
            'checkpoints': checkpoints.CheckpointsManager(self.due, providers),
            'runs': runs.RunsManager(self.due, providers),
            'protectables': protectables.ProtectablesManager(found),
            'providers': protectables.ProvidersManager(providers),
            'services': services.ServicesManager(),
        }

    def start(self):
        """Take due work, and report that this host is there."""
        self._heartbeat.start()
        self.due.start()

    def stop(self):
        """Take no more; what is done goes on."""
        self._heartbeat.stop()
        self.due.stop()
        self._pool.close()

    def drain(self, timeout):
        """Wait for what is done; True when all of it ended in ``timeout`` s."""
        return self._pool.drain(timeout)

    def release_all(self):
        """Let go of everything that is held, for others to take up."""
        self.due.release_all()
