"""Lists of instances by a pattern, and of what has changed, on each database."""

import datetime
import operator

from mogan_like.api import pagination
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.instances import models
from mogan_like.instances import states
from mogan_like.instances.queries import instances
from tests.unit.db import db_case

#: What lists are sorted by, of rows as dicts.
_SORTS = {
    'created_at': operator.itemgetter('created_at', 'id'),
    'name': operator.itemgetter('name', 'created_at', 'id'),
    'status': operator.itemgetter('status', 'created_at', 'id'),
    'updated_at': operator.itemgetter('updated_at', 'id'),
}
_BEGIN = datetime.datetime(2026, 1, 1)


def _make(number):
    return {
        'uuid': f'i-{number}',
        'name': ('web', 'Web', 'db.1')[number % 3],
        'project_id': 'p',
        'user_id': 'u',
        'status': 'ACTIVE',
        'flavor_uuid': 'f',
        'metadata': '{}',
        'networks': '[]',
        'addresses': '{}',
        'created_at': _BEGIN,
        # Two at a time.
        'updated_at': _BEGIN + datetime.timedelta(seconds=number // 2),
        'deleted': int(number % 4 == 1),
    }


class QueriesMixin:
    def setUp(self):
        super().setUp()
        with engine.writer() as conn:
            conn.execute(models.INSTANCES.insert(), [_make(n) for n in range(12)])

    def find(self, page=None, **filters):
        page = page or pagination.Page(100, None, 'created_at', 'asc')
        with engine.reader() as conn:
            rows = instances.list_page(conn, instances.SUMMARY, filters, page)
        return rows if rows is None else [row.uuid for row in rows]

    def names(self, pattern):
        page = pagination.Page(100, None, 'created_at', 'asc')
        with engine.reader() as conn:
            rows = instances.list_page(
                conn, instances.SUMMARY, {'name_pattern': pattern}, page
            )
        return {row.name for row in rows}

    def test_patterns_mean_the_same(self):
        for pattern, names in {
            'web': {'web'},
            'eb$': {'web', 'Web'},
            r'b\.1': {'db.1'},
            r'\d': {'db.1'},
            '^[wd]': {'web', 'db.1'},
            'w|W': {'web', 'Web'},
            'e.{1,2}': {'web', 'Web'},
            'x': set(),
        }.items():
            self.assertEqual(names, self.names(pattern), pattern)

    def test_a_pattern_that_cannot_be_read_is_the_callers_fault(self):
        self.assertRaises(exception.InvalidParameter, self.names, '(')

    def check_pages(self, expected, key, **filters):
        """These are on the pages of any size, in this order and the other way."""
        for way, order in (('asc', expected), ('desc', expected[::-1])):
            for limit in (1, 2, 5, 12):
                page = pagination.Page(limit, None, key, way)
                found, more = [], True
                # Pages that lead back have no end.
                while more and len(found) <= len(order):
                    rows = self.find(page=page, **filters)
                    found += rows[:limit]
                    more = len(rows) > limit
                    page = page._replace(marker=found[-1] if found else None)
                self.assertEqual(order, found, (key, way, limit, filters))

    def test_what_changed_is_in_one_order(self):
        self.check_pages([f'i-{number}' for number in range(12)], 'updated_at')

    def test_what_is_in_some_states_is_in_one_order(self):
        with engine.writer() as conn:
            for number in range(12):
                conn.execute(
                    models.INSTANCES.update()
                    .where(models.INSTANCES.c.uuid == f'i-{number}')
                    .values(status=states.ALL[number % len(states.ALL)], deleted=0)
                )
        found = self.find(locked=False, deleted=False)
        self.assertEqual(10, len(found))
        for filters in (
            {'locked': False, 'deleted': False},
            {'statuses': ('STOPPED', 'ACTIVE', 'POWERING_OFF', 'ACTIVE')},
            {'statuses': ('POWERING_ON', 'LOCKED', 'POWERING_OFF'), 'locked': False},
            {'statuses': ()},
            {'status': 'LOCKED', 'locked': False},
        ):
            for key, sort in _SORTS.items():
                self.check_pages(self.filter(filters, sort), key, **filters)

    def filter(self, filters, sort):
        """The rows that Python finds, in the order that it has."""
        left = {filters['status']} if 'status' in filters else {*states.ALL}
        left &= set(filters.get('statuses', states.ALL))
        if 'locked' in filters:
            left -= {'LOCKED'}
        if 'deleted' in filters:
            left -= {'DELETED'}
        rows = [row for row in self.rows(models.INSTANCES) if row['status'] in left]
        return [row['uuid'] for row in sorted(rows, key=sort)]

    def test_what_changed_is_narrowed(self):
        page = pagination.Page(100, None, 'updated_at', 'asc')
        since = _BEGIN + datetime.timedelta(seconds=1)
        before = _BEGIN + datetime.timedelta(seconds=2)
        found = self.find(page=page, changes_since=since, changes_before=before)
        self.assertEqual(['i-2', 'i-3', 'i-4', 'i-5'], found)
        other = page._replace(marker='i-99')
        self.assertIsNone(self.find(page=other))


db_case.on_each(globals(), QueriesMixin)
