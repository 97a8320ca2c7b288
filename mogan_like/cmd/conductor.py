"""mogan-like-conductor: conductor processes under one parent."""

import sys

import cotyledon

from mogan_like.cmd import start
from mogan_like.common import config
from mogan_like.common import exception
from mogan_like.common import rpc


class ConductorService(cotyledon.Service):
    """One conductor process; everything is made after the fork."""

    name = 'mogan-like-conductor'

    def __init__(self, worker_id):
        super().__init__(worker_id)
        self._conductor = None
        self._status = 0

    def run(self):
        """Start the conductor; cotyledon waits for signals."""
        from mogan_like.conductor import service

        rpc.init()
        self._conductor = service.Conductor(self._give_up, self.worker_id)
        self._conductor.start()

    def _give_up(self):
        """End as at SIGTERM, but not as if all were well."""
        self._status = 1
        start.end_process()

    def reload(self):
        """Go on by what the configuration files say now."""
        start.reload()

    def terminate(self):
        """Drain and stop."""
        if self._conductor is not None:
            self._conductor.stop()
        rpc.cleanup()
        if self._status:
            sys.exit(self._status)


@start.explained()
def main(argv=None):
    """Run until SIGTERM; a process that dies is started again."""
    start.load(argv, 'Conductors: the only writers, and whoever does the work.')
    check_driver()
    # The drain has its own limit; cotyledon's is for one that hangs.
    manager = cotyledon.ServiceManager(
        graceful_shutdown_timeout=(config.CONF.conductor.graceful_shutdown_timeout + 30)
    )
    # For workers that take the place of others.
    manager.register_hooks(on_reload=start.reload)
    manager.add(ConductorService, workers=config.CONF.conductor.processes)
    manager.run()


def check_driver():
    """Load the driver, so that a wrong name is known before the start.

    :raises ConfigInvalid: naming the drivers there are
    """
    from mogan_like.common import plugins
    from mogan_like.instances.drivers import base

    try:
        plugins.load(base.NAMESPACE, config.CONF.instances.driver)
    except plugins.PluginNotFound as exc:
        raise exception.ConfigInvalid(reason=f'[instances]driver: {exc}') from exc
