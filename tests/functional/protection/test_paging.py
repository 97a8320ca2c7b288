"""Many checkpoints, listed while some of them go: no gaps, no doubles."""

import datetime
import uuid

import sqlalchemy as sa

from mogan_like.db import engine
from mogan_like.db import tables
from tests.functional.protection import protection_case

_COUNT = 500
#: Of sizes that do not divide what there is, and of one that does.
_WAYS = (('asc', 40), ('desc', 40), ('desc', 7), ('asc', 50))


class PagingTest(protection_case.ProtectionCase):
    def setUp(self):
        super().setUp()
        self.table = tables.METADATA.tables['checkpoints']
        self.uuids = self.copy(self.make_checkpoint()['id'])

    def copy(self, first):
        """Ids of many checkpoints, oldest first; many are of the same time."""
        with engine.writer() as conn:
            (row,) = conn.execute(sa.select(self.table)).mappings().all()
            values = {name: row[name] for name in row if name != 'id'}
            rows = [
                {
                    **values,
                    'uuid': str(uuid.uuid4()),
                    'created_at': row['created_at']
                    + datetime.timedelta(seconds=1 + number // 7),
                }
                for number in range(_COUNT - 1)
            ]
            conn.execute(self.table.insert(), rows)
        return [first, *(row['uuid'] for row in rows)]

    def drop(self, uuids):
        """Have checkpoints be deleted."""
        with engine.writer() as conn:
            conn.execute(
                self.table.update()
                .where(self.table.c.uuid.in_(uuids))
                .values(deleted=1, status='deleted')
            )

    def test_while_some_are_deleted(self):
        for way, size in _WAYS:
            order = self.uuids if way == 'asc' else self.uuids[::-1]
            found, gone = [], []
            path = f'{self.checkpoints}?sort=created_at:{way}&limit={size}'
            while path:
                page = self.member.get(path).body
                found += [each['id'] for each in page['checkpoints']]
                # The last of the page, which is the next one's marker, and one
                # that is yet to come.
                lost = [found[-1], *order[len(found) + len(gone) + 3 :][:1]]
                self.drop(lost)
                gone += lost[1:]
                path = page.get('next', '').removeprefix('http://localhost')
            self.assertEqual([each for each in order if each not in gone], found)
            self.uuids = self.list_left()

    def test_pages_that_are_full_to_the_last(self):
        """The next page of the last one is not there, rather than empty."""
        path = f'{self.checkpoints}?limit={_COUNT // 5}'
        pages = 0
        while path:
            page = self.member.get(path).body
            self.assertEqual(_COUNT // 5, len(page['checkpoints']))
            path = page.get('next', '').removeprefix('http://localhost')
            pages += 1
        self.assertEqual(5, pages)

    def list_left(self):
        """Ids of those that are not deleted, oldest first."""
        with engine.reader() as conn:
            query = sa.select(self.table.c.uuid).where(self.table.c.deleted == 0)
            return conn.execute(query.order_by(self.table.c.id)).scalars().all()
