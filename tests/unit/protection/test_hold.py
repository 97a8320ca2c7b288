"""The claim of an operation, renewed before what cannot be taken back."""

import datetime

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.protection.operations import record
from mogan_like.protection.plugins import base
from tests.unit.db import db_case

KIND = 'test/held'


class HoldTest(db_case.DatabaseCase):
    options = {'conductor__claim_ttl': 50}

    def setUp(self):
        super().setUp()
        self.in_transaction(claims.add, KIND, self.id(), clock.utcnow(), {})
        self.claim = self.take(ttl=10)
        self.waiter = record.ClaimWaiter(self.claim)

    def take(self, ttl):
        (claim,) = self.in_transaction(claims.claim_due, [KIND], 1, ttl)
        return claim

    def test_it_is_held_for_as_long_as_it_can_be(self):
        seconds = self.waiter.hold()
        self.assertGreater(seconds, 10)
        self.assertLessEqual(seconds, CONF.conductor.claim_ttl)
        (row,) = self.rows(claims.DUE_WORK)
        self.assertGreater(
            row['until'], clock.utcnow() + datetime.timedelta(seconds=10)
        )

    def test_somebody_else_has_it(self):
        self.in_transaction(claims.release, self.claim)
        self.take(ttl=10)
        self.assertRaises(base.Cancelled, self.waiter.hold)
        self.assertTrue(self.claim.lost.is_set())

    def test_its_time_is_over_already(self):
        self.claim.held_until = clock.monotonic() - 1
        self.assertRaises(base.Cancelled, self.waiter.hold)

    def test_what_takes_too_long_is_not_held_on_to(self):
        self.claim.deadline = clock.monotonic() - 1
        self.assertRaises(base.Cancelled, self.waiter.hold)
