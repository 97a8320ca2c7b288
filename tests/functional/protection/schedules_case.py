"""Base of tests on triggers and scheduled operations through the API."""

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.protection import models
from tests import fixtures
from tests.functional.protection import protection_case
from tests.functional.protection import site

CRONTAB = {'format': 'crontab', 'pattern': '0 2 * * *'}
OPERATIONS = '/v1/scheduled_operations'


class SchedulesCase(protection_case.ProtectionCase):
    """A test with triggers and operations of the member's."""

    def describe_trigger(self, **properties):
        return {
            'trigger_info': {
                'name': 't',
                'type': 'time',
                'properties': {**CRONTAB, **properties},
            }
        }

    def make_trigger(self, client=None, **properties):
        body = self.describe_trigger(**properties)
        answer = (client or self.member).post('/v1/triggers', body)
        return self.ask(answer, 'trigger_info')

    def describe_operation(self, trigger, plan, **values):
        definition = {
            'plan_id': plan,
            'provider_id': site.PROVIDER,
            **values.pop('definition', {}),
        }
        return {
            'scheduled_operation': {
                'name': 'o',
                'operation_type': 'protect',
                'trigger_id': trigger,
                'operation_definition': definition,
                **values,
            }
        }

    def make_operation(self, trigger=None, client=None, **values):
        client = client or self.member
        trigger = trigger or self.make_trigger(client)
        plan = self.make_plan(client=client)
        body = self.describe_operation(trigger['id'], plan['id'], **values)
        return self.ask(client.post(OPERATIONS, body), 'scheduled_operation')

    def make_due(self, operation):
        """Have the next run of an operation be now."""
        now = clock.utcnow()
        table, work = models.SCHEDULED_OPERATIONS, claims.DUE_WORK
        with engine.writer() as conn:
            conn.execute(
                table.update()
                .where(table.c.uuid == operation['id'])
                .values(next_run_at=now)
            )
            conn.execute(
                work.update()
                .where(work.c.object_id == operation['id'])
                .values(due_at=now, until=now)
            )

    def wait_for_checkpoints(self, *statuses, client=None):
        """Wait until there are checkpoints of these statuses, oldest first."""
        path = f'{self.checkpoints}?sort=created_at:asc'

        def look():
            found = self.list(path, 'checkpoints', client)
            return [each['status'] for each in found] == [*statuses] and found

        return fixtures.wait_until(look, f'{statuses}')
