"""What a lease waits for is free, and the wake came before anybody waited."""

import unittest.mock

import fixtures

from mogan_like.common import clock
from mogan_like.leases.plugins import base
from tests.unit.db import db_case
from tests.unit.leases import events_case


class LostWakeMixin(events_case.EventsMixin):
    """The wake came before anybody waited."""

    def setUp(self):
        super().setUp()
        self.statuses = {}
        self.useFixture(
            fixtures.MonkeyPatch(
                'mogan_like.leases.events.watch.instances.list_statuses',
                lambda _conn, uuids: {
                    uuid: self.statuses[uuid] for uuid in uuids if uuid in self.statuses
                },
            )
        )

        self.free = []
        self.useFixture(
            fixtures.MonkeyPatch(
                'mogan_like.leases.events.watch.nodes.list_free',
                lambda _conn, uuids: [uuid for uuid in uuids if uuid in self.free],
            )
        )

    def wait_on(self, instance):
        uuid = self.start_one()
        self.plugin.fail('on_end', base.Waiting('locked', instance))
        self.manager.end(self.ctx(), uuid)
        self.step()
        self.plugin.fail('on_end', None)
        return uuid

    def test_is_found_by_the_scan(self):
        uuid = self.wait_on('i-1')
        for status in ('LOCKED', 'DELETING'):
            self.statuses['i-1'] = status
            self.assertFalse(self.jobs.scan([]))
            self.assertEqual([], self.step())
        self.statuses['i-1'] = 'ACTIVE'
        self.assertTrue(self.jobs.scan([]))
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)

    def test_of_a_node_is_found_too(self):
        uuid = self.wait_on('n-1')
        self.assertFalse(self.jobs.scan([]))
        self.free = ['n-1']
        self.assertTrue(self.jobs.scan([]))
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)

    def test_before_the_wait_was_written_down_it_does_not_wait(self):
        self.free = ['n-1']
        uuid = self.wait_on('n-1')
        self.assertLessEqual(self.due(uuid)['until'], clock.utcnow())
        self.assertIsNone(self.due(uuid)['waits_on'])

    def test_of_what_is_no_instance_is_not_looked_for(self):
        self.wait_on('else')
        self.assertFalse(self.jobs.scan([]))

    def test_of_many_is_found_part_by_part(self):
        patch = unittest.mock.patch('mogan_like.leases.events.watch._SCAN', 2)
        patch.start()
        self.addCleanup(patch.stop)
        for number in range(5):
            self.wait_on(f'i-{number}')
            self.statuses[f'i-{number}'] = 'LOCKED'
        self.statuses['i-4'] = 'ACTIVE'
        self.assertEqual([False, False, True], [self.jobs.scan([]) for _ in range(3)])
        # And from the beginning.
        self.statuses['i-0'] = 'ACTIVE'
        self.assertTrue(self.jobs.scan([]))


db_case.on_each(globals(), LostWakeMixin)
