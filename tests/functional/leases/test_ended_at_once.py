"""A hundred ends and deletes of one lease at once: one effect, one answer."""

import collections
import functools

import fixtures

from tests import racing
from tests.functional.leases import leases_case
from tests.processes import site_case

_COUNT = 100


class EndedAtOnceTest(leases_case.LeasesCase):
    """With more requests than there are connections to database and broker."""

    options = {'database': 'mysql', 'bus': 'rabbit'}

    def setUp(self):
        site_case.require_servers(self, 'mysql', 'rabbit')
        super().setUp()
        self.ends = collections.Counter()
        self.useFixture(
            fixtures.MonkeyPatch(
                'mogan_like.leases.plugins.dummy.DummyPlugin.on_end', self.count
            )
        )
        self.lease = self.make(start_date='now')['id']
        self.wait_for_lease(self.lease, 'ACTIVE')
        self.path = f'/v1/leases/{self.lease}'

    def count(self, _plugin, call):
        self.ends[call.reservation.lease_uuid] += 1

    def end(self):
        return self.member.put(self.path, {'end_date': 'now'})

    def test_ends(self):
        answers = racing.at_once(*[self.end] * _COUNT)
        self.assertEqual({200}, {answer.status for answer in answers})
        leases = [answer.body['lease'] for answer in answers]
        self.assertEqual(1, len({lease['end_date'] for lease in leases}))
        statuses = {lease['status'] for lease in leases}
        self.assertLessEqual(statuses, {'TERMINATING', 'TERMINATED'})
        self.wait_for_lease(self.lease, 'TERMINATED')
        self.assertEqual({self.lease: 1}, self.ends)

    def test_deletes(self):
        delete = functools.partial(self.member.delete, self.path)
        answers = racing.at_once(*[delete] * _COUNT)
        self.assertEqual({204}, {answer.status for answer in answers})
        self.wait_for_lease(self.lease, 'GONE')
        self.assertEqual({self.lease: 1}, self.ends)
        limits = self.member.get('/v1/limits').body['limits']
        self.assertEqual(0, limits['leases']['used'])
