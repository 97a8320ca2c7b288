"""Purging leases goes by the date of their deletion."""

import datetime

from mogan_like.common import clock
from mogan_like.leases import models
from mogan_like.leases.store import purge
from tests.unit.db import db_case
from tests.unit.leases import lease_case

DAY = datetime.timedelta(days=1)


class PurgeMixin(lease_case.LeaseMixin):
    def test_with_all_that_belongs_to_them(self):
        kept, old, new = (self.create()['uuid'] for _ in range(3))
        now = clock.utcnow()
        for uuid, deleted_at in ((old, now - 2 * DAY), (new, now)):
            self.set(models.LEASES, {'uuid': uuid}, deleted=1, deleted_at=deleted_at)
        self.set(models.LEASES, {'uuid': kept}, created_at=now - 900 * DAY)
        self.assertEqual(1, self.in_transaction(purge.purge, now - DAY, 500))
        self.assertEqual(0, self.in_transaction(purge.purge, now - DAY, 500))
        left = {row['uuid'] for row in self.rows(models.LEASES)}
        self.assertEqual({kept, new}, left)
        for table in (models.RESERVATIONS, models.EVENTS):
            owners = {row['lease_uuid'] for row in self.rows(table)}
            self.assertEqual({kept, new}, owners)

    def test_no_more_than_the_limit(self):
        long_ago = clock.utcnow() - 9 * DAY
        for _ in range(3):
            where = {'uuid': self.create()['uuid']}
            self.set(models.LEASES, where, deleted=1, deleted_at=long_ago)
        dropped = [
            self.in_transaction(purge.purge, clock.utcnow(), 2) for _ in range(3)
        ]
        self.assertEqual([2, 1, 0], dropped)


db_case.on_each(globals(), PurgeMixin)
