"""Base of tests on schedules: a clock that is moved, and the two jobs."""

import datetime

from mogan_like.common import clock
from mogan_like.common import workers
from mogan_like.conductor import due
from mogan_like.db import claims
from mogan_like.protection import models
from mogan_like.protection import states
from mogan_like.protection.manager import scheduled_operations
from mogan_like.protection.manager import triggers
from mogan_like.protection.operations import schedule_jobs
from tests.unit.protection import protection_case
from tests.unit.protection.world import PROVIDER

#: Every hour, from the next one on.
HOURLY = {'format': 'crontab', 'pattern': '0 * * * *'}
HOUR = datetime.timedelta(hours=1)


class ScheduleMixin(protection_case.ProtectionMixin):
    """The managers of schedules; jobs run when a test calls them."""

    def setUp(self):
        super().setUp()
        self.schedule_nudges = protection_case.Nudges()
        self.triggers = triggers.TriggersManager(self.schedule_nudges)
        self.operations = scheduled_operations.ScheduledOperationsManager(
            self.schedule_nudges, self.providers
        )
        self.jobs = schedule_jobs.make_jobs(
            self.providers, self.nudges, self.checkpoints
        )

    def create_trigger(self, **properties):
        body = {'name': 't', 'type': 'time', 'properties': {**HOURLY, **properties}}
        return self.triggers.create(self.ctx(), body)

    def describe(self, trigger=None, plan=None, **values):
        """The body of a new operation, as the API hands it over."""
        limits = {
            name: values.pop(name)
            for name in ('max_backups', 'max_backup_duration')
            if name in values
        }
        plan = plan or self.create_plan()
        return {
            'name': 'o',
            'operation_type': 'retention_protect' if limits else 'protect',
            'trigger_id': (trigger or self.create_trigger())['uuid'],
            'operation_definition': {
                'plan_id': plan['uuid'],
                'provider_id': PROVIDER,
                **limits,
            },
            **values,
        }

    def create_operation(self, *args, **kwargs):
        """The uuid of a new operation."""
        body = self.describe(*args, **kwargs)
        return self.operations.create(self.ctx(), body)['uuid']

    def operation(self, uuid):
        (row,) = self.rows(models.SCHEDULED_OPERATIONS, uuid=uuid)
        return row

    def set_due(self, uuid, when):
        """As if the next run of an operation was to be at another time."""
        self.set(models.SCHEDULED_OPERATIONS, {'uuid': uuid}, next_run_at=when)
        self.set(claims.DUE_WORK, {'object_id': uuid}, due_at=when, until=when)

    def make_due(self, uuid, ago=None):
        """Have the next run be due, and return its time."""
        when = clock.utcnow() - (ago or datetime.timedelta(seconds=1))
        self.set_due(uuid, when)
        return when

    def claim(self, kind=states.SCHEDULE):
        """Claims on what is due, as a conductor takes them."""
        return self.in_transaction(claims.claim_due, [kind], 10, 60)

    def run_due(self, kind=states.SCHEDULE):
        """Do what is due; returns how much it was."""
        taken = self.claim(kind)
        for claim in taken:
            self.jobs[kind](claim)
            if claim.is_lost():
                # As whoever runs the jobs does.
                self.in_transaction(claims.release, claim)
        return len(taken)

    def made_by(self, uuid):
        """The checkpoints of an operation, oldest first."""
        rows = self.rows(models.CHECKPOINTS, operation_uuid=uuid)
        return sorted(rows, key=lambda row: row['id'])

    def runs_of(self, uuid):
        """[(status, error)] of the logs of an operation's runs."""
        rows = self.rows(models.OPERATION_LOGS, scheduled_operation_uuid=uuid)
        return [
            (row['status'], row['error_info'])
            for row in rows
            if row['operation_type'] == 'protect'
        ]

    def start_schedules(self):
        """An engine of the due work of schedules, as a conductor has it."""
        pool = workers.Pool('schedule', 2)
        engine = due.DueWork(pool, self.jobs, lambda *_what: None)
        self.schedule_nudges.engines.append(engine)
        engine.start()
        self.addCleanup(self._stop, engine, pool)
        return engine
