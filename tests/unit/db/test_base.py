"""What every table is made of, on each database."""

import datetime

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.db import base
from mogan_like.db import engine
from mogan_like.instances import models
from tests.unit.db import db_case

_TIMES = (
    datetime.datetime(2026, 1, 2, 3, 4, 5, 678901),
    datetime.datetime(2026, 1, 2, 3, 4, 5, 1),
    datetime.datetime(2026, 12, 31, 0, 0, 0),
)


class ForJson:
    def _insert(self, name, when):
        values = {
            'uuid': name,
            'name': name,
            'resource_class': 'x',
            'properties': '{}',
            'is_public': True,
            'disabled': False,
            'created_at': when,
            'updated_at': when,
        }
        with engine.writer() as conn:
            conn.execute(models.FLAVORS.insert(), values)

    def test_times_are_as_the_api_writes_them(self):
        columns = models.FLAVORS.c
        for number, when in enumerate(_TIMES):
            self._insert(f'f-{number}', when)
        with engine.reader() as conn:
            query = sa.select(*base.for_json(columns.uuid, columns.created_at))
            rows = conn.execute(query.order_by(columns.id)).all()
        self.assertEqual(
            [clock.isoformat(when) for when in _TIMES], [row.created_at for row in rows]
        )
        self.assertEqual('f-0', rows[0].uuid)

    def test_no_time_stays_none(self):
        query = sa.select(base.iso_time(sa.cast(sa.null(), base.UtcDateTime)))
        with engine.reader() as conn:
            self.assertIsNone(conn.execute(query).scalar())


db_case.on_each(globals(), ForJson)
