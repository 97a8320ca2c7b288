"""Base of tests on protection's rows, with a world of their own."""

import orjson

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import workers
from mogan_like.conductor import due
from mogan_like.db import claims
from mogan_like.protection import models
from mogan_like.protection import protectables
from mogan_like.protection.manager import checkpoints
from mogan_like.protection.manager import plans
from mogan_like.protection.manager import runs
from mogan_like.protection.operations import jobs
from tests import fixtures
from tests.unit.protection import world as worlds
from tests.unit.protection.world import FOLDER
from tests.unit.protection.world import PROJECT
from tests.unit.protection.world import PROVIDER
from tests.unit.protection.world import SHARE

#: What every share of a plan needs.
OPTIONS = {'name': 'snap', 'force': True}


class Nudges:
    """Due work of an engine that may be replaced by another one."""

    def __init__(self):
        self.engines = []

    def nudge(self):
        for engine in self.engines:
            engine.nudge()

    def supersede(self, kind, object_id):
        for engine in self.engines:
            engine.superseded(kind, object_id)


class ProtectionMixin:
    """A world with three shares, and the managers; mix into a DatabaseCase."""

    options = {'conductor__scan_interval': 0.5, 'conductor__retry_delay': 1}

    def setUp(self):
        super().setUp()
        self.world = worlds.World()
        self.world.add_shares('s1', 's2', 's3')
        self.bank = worlds.MemoryBank()
        self.plugin = worlds.ShareProtection(self.world)
        self.provider = worlds.Provider(PROVIDER, [self.plugin], self.bank)
        self.providers = {PROVIDER: self.provider}
        self.protectables = protectables.Protectables(
            {
                FOLDER: worlds.FolderPlugin(self.world),
                SHARE: worlds.SharePlugin(self.world),
            }
        )
        self.plans = plans.PlansManager(self.providers, self.protectables)
        self.nudges = Nudges()
        self.checkpoints = checkpoints.CheckpointsManager(self.nudges, self.providers)
        self.runs = runs.RunsManager(self.nudges, self.providers)

    def ctx(self, project=PROJECT):
        return context.RequestContext(user_id='u1', project_id=project)

    def plan_body(self, *shares, **values):
        """A plan of shares, the first one when none is named."""
        return {
            'name': 'a plan',
            'description': None,
            'provider_id': PROVIDER,
            'resources': [
                {'id': share, 'type': SHARE, 'name': share}
                for share in shares or ['s1']
            ],
            'parameters': {SHARE: OPTIONS},
            **values,
        }

    def create_plan(self, *shares, **values):
        return self.plans.create(self.ctx(), self.plan_body(*shares, **values))

    def actions(self, object_id):
        """[(action, result)], in their order."""
        rows = self.rows(actions_models.ACTIONS, object_id=object_id)
        return [(row['action'], row['result']) for row in rows]

    def due(self, object_id):
        """The due work of an object, or None."""
        rows = self.rows(claims.DUE_WORK, object_id=object_id)
        return rows[0] if rows else None

    def set(self, table, where, **values):
        """Write columns of rows, whatever the rules."""
        self.in_transaction(
            lambda conn: conn.execute(
                table.update()
                .where(*(table.c[name] == value for name, value in where.items()))
                .values(**values)
            )
        )

    @staticmethod
    def load(text):
        return orjson.loads(text)

    def start_engine(self):
        """An engine of due work, as a conductor has it."""
        pool = workers.Pool('job', 4)
        engine = due.DueWork(
            pool, jobs.make_jobs(self.providers, self.protectables), lambda *_what: None
        )
        self.nudges.engines.append(engine)
        engine.start()
        self.addCleanup(self._stop, engine, pool)
        return engine

    def _stop(self, engine, pool):
        engine.stop()
        engine.release_all()
        pool.drain(10)

    def lose(self, engine):
        """What an engine held is due, as when its conductor died long ago.

        Its threads stay where they are, and may still try to write.
        """
        engine.stop()
        engine._held.close()
        self.nudges.engines.remove(engine)
        past = clock.utcnow()
        self.in_transaction(
            lambda conn: conn.execute(
                claims.DUE_WORK.update()
                .where(claims.DUE_WORK.c.owner.is_not(None))
                .values(until=past)
            )
        )

    def protect(self, plan=None, **values):
        """Begin to make a checkpoint of a plan; its uuid."""
        plan = plan or self.create_plan()
        values.setdefault('extra_info', None)
        made = self.checkpoints.create(self.ctx(), PROVIDER, plan['uuid'], **values)
        return made['uuid']

    def protected(self, *shares):
        """The uuid of an available checkpoint of some shares."""
        uuid = self.protect(self.create_plan(*shares))
        self.wait_for(uuid, 'available')
        return uuid

    def delete(self, uuid):
        self.checkpoints.delete(self.ctx(), PROVIDER, uuid)

    def restore(self, uuid, **values):
        """Begin to restore a checkpoint; the restore's uuid."""
        values = {'provider_id': PROVIDER, 'checkpoint_id': uuid, **values}
        return self.runs.restore(self.ctx(), values)['uuid']

    def verify(self, uuid, **values):
        """Begin to verify a checkpoint; the verification's uuid."""
        values = {'provider_id': PROVIDER, 'checkpoint_id': uuid, **values}
        return self.runs.verify(self.ctx(), values)['uuid']

    def checkpoint(self, uuid):
        (row,) = self.rows(models.CHECKPOINTS, uuid=uuid)
        return row

    def run_row(self, uuid):
        (row,) = self.rows(models.RUNS, uuid=uuid)
        return row

    def resources(self, owner):
        """{id: its row} of a checkpoint's or a run's resources."""
        rows = self.rows(models.RESOURCES, owner_uuid=owner)
        return {row['resource_id']: row for row in rows}

    def logs(self, uuid):
        """[(operation, status)] of a checkpoint, in their order."""
        rows = self.rows(models.OPERATION_LOGS, checkpoint_uuid=uuid)
        return [(row['operation_type'], row['status']) for row in rows]

    def wait(self, true, what):
        return fixtures.wait_until(true, what, seconds=60)

    def wait_for(self, uuid, status):
        """Wait until a checkpoint is in a status, and nothing is left to do."""
        self.wait(
            lambda: self.checkpoint(uuid)['status'] == status and not self.due(uuid),
            f'{uuid} to be {status}',
        )

    def wait_for_run(self, uuid, status='success'):
        self.wait(
            lambda: self.run_row(uuid)['status'] == status and not self.due(uuid),
            f'{uuid} to be {status}',
        )
