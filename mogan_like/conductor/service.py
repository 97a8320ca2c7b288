"""A conductor: managers behind RPC, and the due work of every domain."""

import os
import socket
import threading

from oslo_log import log

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common import plugins
from mogan_like.common import rpc
from mogan_like.common import workers
from mogan_like.common.config import CONF
from mogan_like.conductor import batches
from mogan_like.conductor import due as due_work
from mogan_like.conductor import housekeeping
from mogan_like.conductor import metrics
from mogan_like.conductor import plugin_pools
from mogan_like.conductor import protection
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances import build
from mogan_like.instances import inventory
from mogan_like.instances.drivers import base as driver_base
from mogan_like.instances.manager import flavors
from mogan_like.instances.manager import instances
from mogan_like.instances.manager import keypairs
from mogan_like.instances.manager import nodes
from mogan_like.instances.manager import quotas
from mogan_like.leases.events import jobs as lease_jobs
from mogan_like.leases.manager import hosts
from mogan_like.leases.manager import leases
from mogan_like.leases.plugins import load as lease_plugins
from mogan_like.trusts import expected
from mogan_like.trusts import manager as trusts_manager
from mogan_like.trusts import release as trusts

LOG = log.getLogger(__name__)

#: Seconds between two looks whether the database is there.
_PAUSE = 1
#: Seconds that the RPC server has to end when nobody is waited for.
_SERVER_SECONDS = 5
#: Jobs of the kinds that take moments.
_QUICK_WORKERS = 4
#: The same of trusts: apart, since Keystone may be slow.
_TRUST_WORKERS = 2
#: Recurring work: there is one row of each, made at the first start.
_RECURRING = (inventory.INVENTORY, housekeeping.HOUSEKEEPING)


def _stay():
    """Go on with what still works."""


class Conductor:
    """One conductor; any number of them run side by side.

    :param give_up: called when this process is to be replaced by another one,
        since threads of it hang
    :param number: of this process among the conductors of one parent
    :raises PluginNotFound: for an unknown driver, naming those there are
    """

    def __init__(self, give_up=_stay, number=0):
        self._give_up = give_up
        self._number = number
        driver = plugins.load(driver_base.NAMESPACE, CONF.instances.driver)()
        jobs = build.InstanceJobs(driver, self._tell_woken)
        self._pool = workers.Pool('job', CONF.conductor.workers, CONF.conductor.backlog)
        self._due = due_work.DueWork(self._pool, {build.INSTANCE: jobs.run}, _announce)
        self._quick = _make_quick(driver, jobs)
        instances_manager = instances.InstancesManager(
            self._due, driver, self._quick, self._tell_woken
        )
        resources = lease_plugins.load_resources(instances_manager, self._tell_woken)
        self._protection = protection.Protection(_announce, self._tell_woken)
        works = lease_plugins.load_before_end(self._protection.managers)
        pools = plugin_pools.PluginPools(resources, CONF.leases.workers, self._lose)
        self._leases = batches.BatchWork(lease_jobs.LeaseJobs(resources, works), pools)
        self._trusts = _make_trusts()
        engines = (
            self._due,
            self._quick,
            self._leases,
            *self._protection.engines,
            self._trusts,
        )
        kinds = [kind for each in engines for kind in each.kinds]
        self._metrics = metrics.Metrics(kinds, pools, self._pool)
        self._server = rpc.get_server(
            {
                'due': DueEndpoint(*engines),
                'instances': instances_manager,
                'flavors': flavors.FlavorsManager(),
                'nodes': nodes.NodesManager(),
                'keypairs': keypairs.KeypairsManager(),
                'quotas': quotas.QuotasManager(),
                'leases': leases.LeasesManager(self._leases, resources, works),
                'hosts': hosts.HostsManager(),
                'trusts': trusts_manager.TrustsManager(),
                **self._protection.managers,
            },
            f'{socket.gethostname()}:{os.getpid()}',
        )
        self._stopping = threading.Event()

    def start(self):
        """Take calls and due work, as soon as there is a database for it."""
        while not _ensure_recurring():
            if self._stopping.wait(_PAUSE):
                return
        self._server.start()
        self._due.start()
        self._quick.start()
        self._leases.start()
        self._protection.start()
        self._trusts.start()
        self._metrics.start(self._number)

    def _lose(self, plugin):
        LOG.error('All threads of the plugin %s hang: this conductor ends.', plugin)
        self._give_up()

    def _tell_woken(self):
        """Work that waited on something is due, for any conductor."""
        self._due.nudge()
        self._quick.nudge()
        self._leases.nudge()
        _tell_all('nudged')

    def stop(self):
        """Take no new work, let what runs end, leave the rest to others."""
        self._stopping.set()
        self._metrics.stop()
        self._server.stop()
        self._due.stop()
        self._quick.stop()
        self._leases.stop()
        self._protection.stop()
        self._trusts.stop()
        # A reply that waits for a lost broker must not hold the rest.
        deadline = clock.monotonic() + CONF.conductor.graceful_shutdown_timeout
        self._server.wait(
            max(CONF.conductor.graceful_shutdown_timeout, _SERVER_SECONDS)
        )
        # A plugin's call may begin a job on an instance.
        if not self._leases.drain(max(0, deadline - clock.monotonic())):
            LOG.warning('Calls of plugins are left to other conductors.')
        self._pool.close()
        if not self._pool.drain(max(0, deadline - clock.monotonic())):
            LOG.warning('%d jobs are left to other conductors.', self._pool.taken)
        if not self._protection.drain(max(0, deadline - clock.monotonic())):
            LOG.warning('Work on checkpoints is left to other conductors.')
        self._due.release_all()
        self._quick.release_all()
        self._leases.release_all()
        self._protection.release_all()
        self._trusts.release_all()


class DueEndpoint:
    """RPC namespace ``due``, version 1.0: what conductors tell each other.

    :param engines: all due work of this conductor
    """

    def __init__(self, *engines):
        self._engines = engines

    def superseded(self, _ctx, kind, object_id):
        """The work of an object was replaced."""
        for engine_of_kinds in self._engines:
            engine_of_kinds.superseded(kind, object_id)

    def nudged(self, _ctx):
        """Work that waited on something is due."""
        for engine_of_kinds in self._engines:
            engine_of_kinds.nudge()


def _make_quick(driver, jobs):
    # Apart, because a pool full of builds that take an hour must not keep a lock
    # from running out.
    return due_work.DueWork(
        workers.Pool('quick-job', _QUICK_WORKERS),
        {
            build.LOCK_EXPIRY: jobs.expire_lock,
            inventory.INVENTORY: inventory.InventoryJob(driver).run,
            housekeeping.HOUSEKEEPING: housekeeping.run,
        },
        _announce,
    )


def _make_trusts():
    return due_work.DueWork(
        workers.Pool('trust', _TRUST_WORKERS),
        {trusts.TRUST: trusts.run, expected.EXPECTED: expected.run},
        _announce,
    )


def _announce(kind, object_id):
    # Untold, who is at the former work notices at its next step or renewal.
    _tell_all('superseded', kind=kind, object_id=object_id)


def _tell_all(method, **args):
    try:
        ctx = context.for_job(overwrite=False)
        rpc.Client('due').fanout(ctx, method, **args)
    except exception.ServiceUnavailable:
        # What is due is found by the next scan all the same.
        LOG.warning('Other conductors could not be told: %s %s.', method, args)


def _ensure_recurring():
    """False, with a line in the log, while the database is not ready."""
    try:
        with engine.writer() as conn:
            for kind in _RECURRING:
                claims.ensure(conn, kind, 'all')
    except Exception as exc:
        # It is away, or still without a schema, which oslo.db raises as no
        # DBError of its own.
        LOG.warning('The database is not ready: %s', str(exc).partition('\n')[0])
        return False
    return True
