"""A trigger that many operations run by: changed in few statements."""

import datetime
import uuid as uuids

import fixtures
import sqlalchemy as sa
from sqlalchemy import event

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.protection import models
from mogan_like.protection.manager import next_runs
from tests.unit.db import db_case
from tests.unit.protection import schedule_case
from tests.unit.protection.schedule_case import HOUR

_DAY = datetime.timedelta(days=1)


class ManyOperationsMixin(schedule_case.ScheduleMixin):
    def setUp(self):
        super().setUp()
        self.trigger = self.create_trigger(pattern='0 0 * * *')
        self.first = self.create_operation(self.trigger)

    def copy(self, count, has_work=True, **values):
        """The ids of as many more operations like the first one."""
        row = {**self.operation(self.first), **values}
        (work,) = self.rows(claims.DUE_WORK, object_id=self.first)
        del row['id'], work['id']
        made = [str(uuids.uuid4()) for _ in range(count)]

        def write(conn):
            rows = [{**row, 'uuid': each} for each in made]
            conn.execute(models.SCHEDULED_OPERATIONS.insert(), rows)
            if has_work:
                rows = [{**work, 'object_id': each} for each in made]
                conn.execute(claims.DUE_WORK.insert(), rows)

        self.in_transaction(write)
        return made

    def change(self, pattern='0 12 * * *', **values):
        """Change the trigger; the statements that it took."""
        values = {'properties': {'pattern': pattern, **values}}
        statements = []

        def note(_conn, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(sa.Engine, 'before_cursor_execute', note)
        try:
            self.triggers.update(self.ctx(), self.trigger['uuid'], values)
        finally:
            event.remove(sa.Engine, 'before_cursor_execute', note)
        return statements

    def get_times(self, uuids):
        """When operations run next, by their rows and by their due work."""
        rows = {self.operation(uuid)['next_run_at'] for uuid in uuids}
        works = [self.due(uuid) for uuid in uuids]
        return rows, {work and work['until'] for work in works}

    def test_as_many_statements_for_all_as_for_few(self):
        few = len(self.change())
        self.copy(300)
        self.assertEqual(few, len(self.change('30 12 * * *')))

    def test_in_parts(self):
        made = self.copy(20)
        self.useFixture(fixtures.MonkeyPatch(f'{next_runs.__name__}._MOST', 7))
        self.change()
        ((when,), works) = self.get_times(made)
        self.assertEqual((12, {when}), (when.hour, works))

    def test_each_as_it_is(self):
        now = clock.utcnow()
        late = now - HOUR
        cases = {
            'waiting': self.copy(2),
            'late': self.copy(2, next_run_at=late),
            'off': self.copy(2, has_work=False, enabled=False, next_run_at=None),
            'without work': self.copy(2, has_work=False),
            # As where the clock was set back.
            'ahead': self.copy(2, last_run_at=now + 3 * _DAY),
            'ended': self.copy(2, last_run_at=now + 9 * _DAY),
        }
        end = (now + 8 * _DAY).isoformat(' ', 'seconds')
        self.change(end_time=end)
        found = {name: self.get_times(each) for name, each in cases.items()}
        next_run_at = self.operation(self.first)['next_run_at']
        self.assertEqual(12, next_run_at.hour)
        for name in ('waiting', 'without work'):
            self.assertEqual(({next_run_at}, {next_run_at}), found[name], name)
        # Theirs is as it was copied: nobody moved it.
        self.assertEqual({late}, found['late'][0])
        for name in ('off', 'ended'):
            self.assertEqual(({None}, {None}), found[name], name)
        ((ahead,), works) = found['ahead']
        self.assertEqual({ahead}, works)
        self.assertGreater(ahead, now + 3 * _DAY)

    def test_work_that_somebody_is_at_is_replaced(self):
        self.make_due(self.first)
        (claim,) = self.claim()
        self.set(
            models.SCHEDULED_OPERATIONS,
            {'uuid': self.first},
            next_run_at=clock.utcnow() + HOUR,
        )
        self.change()
        self.assertRaises(claims.ClaimLost, self.in_transaction, claims.finish, claim)
        work = self.due(self.first)
        self.assertEqual(self.operation(self.first)['next_run_at'], work['due_at'])
        # Whoever is at it lets go of it first.
        self.assertLess(work['until'], work['due_at'])


db_case.on_each(globals(), ManyOperationsMixin)
