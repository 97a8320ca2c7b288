"""Lists of checkpoints and the rest: filters, pages, and indexes."""

import datetime

from mogan_like.api import pagination
from mogan_like.common import clock
from mogan_like.db import engine
from mogan_like.protection import models
from mogan_like.protection import states
from mogan_like.protection.queries import checkpoints
from mogan_like.protection.queries import logs
from mogan_like.protection.queries import plans
from mogan_like.protection.queries import runs
from mogan_like.protection.store import checkpoints as store
from tests.unit.db import db_case

_BEGIN = datetime.datetime(2026, 1, 1)
_MINUTE = datetime.timedelta(minutes=1)


def _make_checkpoint(number):
    when = _BEGIN + number * _MINUTE
    return {
        'uuid': f'c-{number}',
        'project_id': f'p-{number % 2}',
        'user_id': 'u',
        'provider_id': f'v-{number % 3}',
        'plan_uuid': f'plan-{number % 5}',
        'operation_uuid': f'o-{number % 7}',
        'status': states.AVAILABLE,
        'plan': '{}',
        'resource_graph': 'null',
        'extra_info': '{}',
        'banked': 1,
        'restoring': 0,
        'created_at': when,
        'updated_at': when,
        'deleted': 0,
    }


class CheckpointListsMixin:
    def fill(self, count):
        rows = [_make_checkpoint(number) for number in range(count)]
        with engine.writer() as conn:
            conn.execute(models.CHECKPOINTS.insert(), rows)
        return rows

    def page(self, filters, limit=100, marker=None, sort_dir='asc'):
        page = pagination.Page(limit, marker, 'created_at', sort_dir)
        with engine.reader() as conn:
            return checkpoints.list_page(conn, filters, page)

    def test_filters(self):
        rows = self.fill(60)
        for filters in (
            {'provider_id': 'v-1'},
            {'provider_id': 'v-1', 'project_id': 'p-0'},
            {'provider_id': 'v-1', 'plan_uuid': 'plan-2'},
            {'provider_id': 'v-1', 'plan_uuid': 'plan-2', 'project_id': 'p-1'},
            {'plan_uuid': 'plan-3'},
            {'operation_uuid': 'o-1', 'status': 'available'},
            {'project_id': 'p-0'},
        ):
            wanted = [
                row['uuid']
                for row in rows
                if all(row[name] == value for name, value in filters.items())
            ]
            found = [row.uuid for row in self.page(filters)]
            self.assertEqual(wanted, found, filters)
            found = [row.uuid for row in self.page(filters, sort_dir='desc')]
            self.assertEqual(wanted[::-1], found, filters)

    def test_dates(self):
        self.fill(10)
        since, before = _BEGIN + 3 * _MINUTE, _BEGIN + 6 * _MINUTE
        found = self.page({'since': since, 'before': before})
        self.assertEqual(['c-3', 'c-4', 'c-5'], [row.uuid for row in found])

    def test_a_marker_of_another_project_is_none(self):
        self.fill(4)
        self.assertIsNone(self.page({'project_id': 'p-0'}, marker='c-1'))
        self.assertIsNone(self.page({}, marker='gone'))

    def test_500_while_some_are_deleted(self):
        self.fill(500)
        seen, marker, deleted = [], None, set()
        while True:
            rows = self.page({}, limit=7, marker=marker)
            seen += [row.uuid for row in rows[:7]]
            if len(rows) <= 7:
                break
            marker = seen[-1]
            # The marker itself, one that was seen, and one that is to come.
            last = int(marker[2:])
            for number in (last, last - 3, last + 3):
                if 0 <= number < 500:
                    self._delete(f'c-{number}')
                    deleted.add(number)
        self.assertEqual(len(seen), len(set(seen)))
        numbers = [int(uuid[2:]) for uuid in seen]
        self.assertEqual(sorted(numbers), numbers)
        missing = set(range(500)) - set(numbers)
        self.assertEqual(set(), missing - deleted)
        self.assertNotEqual(set(), missing)

    def _delete(self, uuid):
        with engine.writer() as conn:
            store.begin_delete(conn, uuid)
            store.mark_deleted(conn, uuid, banked=True)

    def test_purge_drops_what_was_deleted_then(self):
        self.fill(3)
        now = clock.utcnow()
        resource = {
            'resource_type': 't',
            'resource_id': 'r',
            'status': 's',
            'data': '{}',
            'updated_at': now,
        }
        run = {
            'kind': 'verify',
            'project_id': 'p',
            'user_id': 'u',
            'provider_id': 'v',
            'parameters': '{}',
            'status': 'success',
            'created_at': now,
            'updated_at': now,
        }
        with engine.writer() as conn:
            for number in range(3):
                uuid = f'c-{number}'
                conn.execute(
                    models.RUNS.insert(),
                    {**run, 'uuid': f'r-{number}', 'checkpoint_uuid': uuid},
                )
                for owner in (uuid, f'r-{number}'):
                    conn.execute(
                        models.RESOURCES.insert(), {**resource, 'owner_uuid': owner}
                    )
        self._delete('c-0')
        self._delete('c-1')
        with engine.writer() as conn:
            self.assertEqual(0, store.purge(conn, now, 10))
            later = clock.utcnow() + _MINUTE
            self.assertEqual(1, store.purge(conn, later, 1))
            self.assertEqual(1, store.purge(conn, later, 10))
        left = [row['uuid'] for row in self.rows(models.CHECKPOINTS)]
        self.assertEqual(['c-2'], left)
        self.assertEqual(['r-2'], [row['uuid'] for row in self.rows(models.RUNS)])
        owners = {row['owner_uuid'] for row in self.rows(models.RESOURCES)}
        self.assertEqual({'c-2', 'r-2'}, owners)


class OtherListsMixin:
    def setUp(self):
        super().setUp()
        with engine.writer() as conn:
            for number in range(20):
                self.fill(conn, number, _BEGIN + number * _MINUTE)

    def fill(self, conn, number, when):
        stamps = {'created_at': when, 'updated_at': when}
        own = {'project_id': f'p-{number % 2}', 'user_id': 'u', 'provider_id': 'v'}
        conn.execute(
            models.PLANS.insert(),
            {
                **own,
                **stamps,
                'uuid': f'plan-{number}',
                'name': f'n-{number % 3}',
                'status': 'suspended',
                'resources': '[]',
                'parameters': '{}',
            },
        )
        conn.execute(
            models.RUNS.insert(),
            {
                **own,
                **stamps,
                'uuid': f'run-{number}',
                'kind': ('restore', 'verify')[number // 10],
                'checkpoint_uuid': f'c-{number % 4}',
                'parameters': '{}',
                'status': 'success',
            },
        )
        conn.execute(
            models.OPERATION_LOGS.insert(),
            {
                'uuid': f'log-{number}',
                'project_id': own['project_id'],
                'operation_type': 'protect',
                'checkpoint_uuid': f'c-{number % 4}',
                'status': 'success',
                'started_at': when,
            },
        )

    def ask(self, list_page, *args, marker=None, sort_key='created_at', limit=4):
        page = pagination.Page(limit, marker, sort_key, 'asc')
        with engine.reader() as conn:
            rows = list_page(conn, *args, page)
        return rows and [int(row.uuid.rpartition('-')[2]) for row in rows]

    def test_plans(self):
        own = {'project_id': 'p-0'}
        self.assertEqual([0, 2, 4, 6, 8], self.ask(plans.list_page, own))
        found = self.ask(plans.list_page, own, marker='plan-6')
        self.assertEqual([8, 10, 12, 14, 16], found)
        found = self.ask(plans.list_page, own, sort_key='name', marker='plan-6')
        self.assertEqual([12, 18, 4, 10, 16], found)
        named = {**own, 'name': 'n-0'}
        for sort_key in ('created_at', 'name'):
            found = self.ask(plans.list_page, named, sort_key=sort_key)
            self.assertEqual([0, 6, 12, 18], found)
        self.assertIsNone(self.ask(plans.list_page, own, marker='plan-1'))

    def test_runs(self):
        for kind, first in (('restore', 0), ('verify', 10)):
            found = self.ask(runs.list_page, kind, {'project_id': 'p-0'})
            self.assertEqual([first + each for each in (0, 2, 4, 6, 8)], found)
            narrow = {'checkpoint_uuid': f'c-{first % 4}'}
            found = self.ask(runs.list_page, kind, narrow)
            self.assertEqual([first, first + 4, first + 8], found)
        self.assertIsNone(self.ask(runs.list_page, 'restore', {}, marker='run-12'))

    def test_logs(self):
        found = self.ask(logs.list_page, {'project_id': 'p-0'}, marker='log-2')
        self.assertEqual([4, 6, 8, 10, 12], found)
        found = self.ask(logs.list_page, {'checkpoint_uuid': 'c-1'})
        self.assertEqual([1, 5, 9, 13, 17], found)
        found = self.ask(logs.list_page, {'status': 'fail'})
        self.assertEqual([], found)


db_case.on_each(globals(), CheckpointListsMixin, OtherListsMixin)
