"""Conductors that start and end leases, without the conductors."""

import threading

from mogan_like.conductor import batches
from mogan_like.conductor import plugin_pools
from mogan_like.db import claims
from mogan_like.leases import models
from mogan_like.leases.events import jobs
from tests import fixtures
from tests.unit.leases import events_case


class BatchMixin(events_case.EventsMixin):
    """Mix into a DatabaseCase.

    :ivar gate: while it is not set, calls that :meth:`hold` made wait go on
    :ivar given_up: plugins whose threads were lost
    """

    # Nothing below may depend on the scan, unless it says so.
    options = {
        'conductor__scan_interval': 60,
        'conductor__claim_ttl': 3,
        'quota__leases': -1,
    }

    def setUp(self):
        super().setUp()
        self.gate = threading.Event()
        self.addCleanup(self.gate.set)
        self.given_up = []

    def start(self, threads=8):
        """A conductor; its :class:`BatchWork`."""
        plugins = {'thing': self.plugin, 'other': self.other}
        pools = plugin_pools.PluginPools(plugins, threads, self.given_up.append)
        work = batches.BatchWork(jobs.LeaseJobs(plugins, {}), pools)
        work.start()
        self.addCleanup(self.stop, work)
        return work

    def stop(self, work):
        """End a conductor in order."""
        work.stop()
        self.gate.set()
        if not work._released.is_set():
            work.drain(10)
        work.release_all()

    def drop(self, work):
        """The conductor is dead: it writes, renews and claims no more."""
        work._loop.stop()
        work._held.close()
        work._jobs.finish = _die

    def make(self, count=1, **values):
        """Leases that are due to start; their uuids."""
        return [self.create(start_date='now', **values)['uuid'] for _ in range(count)]

    def make_other(self, count=1):
        """The same of the other plugin."""
        reservations = [{'resource_type': 'other', 'size': 1}]
        return self.make(count, reservations=reservations)

    def hold(self, plugin, verb='on_start'):
        """Have calls of a verb wait for the gate."""
        plugin.acts[verb] = lambda call: self.gate.wait(60) and None

    def wait_for(self, true, what):
        return fixtures.wait_until(true, what, seconds=20)

    def wait_until(self, status, uuids):
        """Wait until leases are in a status."""
        self.wait_for(
            lambda: all(self.status(uuid) == status for uuid in uuids), status
        )

    def wait_for_calls(self, plugin, count, verb='on_start'):
        self.wait_for(
            lambda: len(plugin.list_calls(verb)) >= count, f'{count} calls of {verb}'
        )

    def count(self, status):
        return len(self.rows(models.LEASES, status=status))

    def has_owner(self, uuid):
        due = self.due(uuid)
        return due is not None and due['owner'] is not None

    def run_out(self):
        """Every claim that is held by nobody living runs out."""
        for row in self.rows(claims.DUE_WORK):
            if row['owner']:
                self.kill(row['object_id'])


def _die(_works):
    """Nothing is written by a dead conductor."""
    return False
