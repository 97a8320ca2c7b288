"""Resources that are counted: never more given out at one time than there are."""

import datetime
import threading

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.leases import models
from mogan_like.leases.manager import leases
from mogan_like.leases.plugins import counted
from tests.unit.db import db_case
from tests.unit.leases import lease_case
from tests.unit.leases.lease_case import HOUR


class Seats(counted.CountedPlugin):
    resource_type = 'seat'
    title = 'Seats'

    def get_schema(self):
        return {'type': 'object', 'properties': {'amount': {'type': 'integer'}}}

    def count_all(self):
        return 3

    def on_start(self, call):
        pass

    def on_end(self, call):
        pass


class CountedMixin(lease_case.LeaseMixin):
    def setUp(self):
        super().setUp()
        self.manager = leases.LeasesManager(self.engine, {'seat': Seats()}, {})

    def take(self, amount, start=HOUR, end=2 * HOUR):
        reservations = [{'resource_type': 'seat', 'amount': amount}]
        return self.create(start, end, reservations=reservations)

    def refuse(self, *args):
        return str(self.assertRaises(exception.NotEnoughResources, self.take, *args))

    def test_up_to_the_total(self):
        lease = self.take(2)
        self.assertIn(f'enough from {lease["end_date"]} on', self.refuse(2))
        self.take(1)
        self.assertIn('0 free', self.refuse(1))

    def test_more_than_there_are(self):
        self.assertIn('there are not so many', self.refuse(4))

    def test_one_after_another(self):
        start = clock.isoformat(clock.utcnow() + HOUR)
        middle = clock.isoformat(clock.utcnow() + 2 * HOUR)
        end = clock.isoformat(clock.utcnow() + 3 * HOUR)
        three = [{'resource_type': 'seat', 'amount': 3}]
        self.create(start_date=start, end_date=middle, reservations=three)
        self.create(start_date=middle, end_date=end, reservations=three)

    def test_two_that_do_not_overlap_each_other(self):
        self.take(2, HOUR, 2 * HOUR)
        self.take(2, 3 * HOUR, 4 * HOUR)
        self.take(1, HOUR, 4 * HOUR)
        self.refuse(2, HOUR, 4 * HOUR)

    def test_two_in_one_lease(self):
        two = [{'resource_type': 'seat', 'amount': 2}] * 2
        self.assertRaises(exception.NotEnoughResources, self.create, reservations=two)

    def test_longer_and_more(self):
        first, second = self.take(2), self.take(2, 3 * HOUR, 4 * HOUR)
        self.assertRaises(
            exception.NotEnoughResources,
            self.manager.update,
            self.ctx(),
            first['uuid'],
            {'end_date': clock.isoformat(clock.utcnow() + 4 * HOUR)},
        )
        wanted = [{'id': second['reservations'][0]['uuid'], 'amount': 3}]
        self.manager.update(self.ctx(), second['uuid'], {'reservations': wanted})
        self.refuse(1, 3 * HOUR, 4 * HOUR)

    def test_given_back(self):
        lease = self.take(3)
        where = {'lease_uuid': lease['uuid']}
        self.set(models.RESERVATIONS, where, status='deleted')
        self.take(3)

    def test_at_once(self):
        outcomes = []

        def take(number):
            # Of projects of their own, that wait for each other nowhere else.
            ctx = self.ctx(project=f'project-{number}')
            body = self.body(reservations=[{'resource_type': 'seat', 'amount': 1}])
            try:
                outcomes.append(self.manager.create(ctx, body)['status'])
            except exception.NotEnoughResources:
                outcomes.append('refused')

        threads = [threading.Thread(target=take, args=(i,)) for i in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(['PENDING'] * 3 + ['refused'] * 7, sorted(outcomes))

    def test_allocations(self):
        lease = self.take(1)
        (allocation,) = self.manager.list_allocations(self.ctx(), 'seat')
        (reservation,) = allocation['reservations']
        self.assertEqual(lease['uuid'], reservation['lease_id'])
        self.assertEqual(lease['end_date'], reservation['end_date'])


db_case.on_each(globals(), CountedMixin)


class AllocationsTest(lease_case.LeaseMixin, db_case.DatabaseCase):
    """What a plugin lists crosses RPC page by page."""

    def list(self, **page):
        found = self.manager.list_allocations(self.ctx(), 'thing', **page)
        return found and [each['resource_id'] for each in found]

    def test_pages(self):
        self.plugin.list_allocations = lambda _conn: [
            {'resource_id': number, 'reservations': []} for number in (3, 1, 2)
        ]
        self.assertEqual(['1', '2', '3'], self.list())
        self.assertEqual(['1', '2'], self.list(limit=2))
        self.assertEqual(['3'], self.list(limit=2, marker='2'))
        self.assertEqual(['1'], self.list(marker='2', sort_dir='desc'))
        self.assertEqual([], self.list(marker='3'))
        self.assertIsNone(self.list(marker='4'))


class PeakTest(db_case.DatabaseCase):
    def test_what_ends_is_back_for_what_begins(self):
        zero = datetime.datetime(2026, 1, 1)
        taken = [(zero, zero + HOUR, 2), (zero + HOUR, zero + 2 * HOUR, 3)]
        self.assertEqual(3, counted.count_peak(taken, zero))
        self.assertEqual(0, counted.count_peak(taken, zero + 2 * HOUR))
