"""A conductor that stops while a lease starts: the lease is done with first."""

import threading

import fixtures
import sqlalchemy as sa

from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.leases.plugins import instance
from tests import fixtures as service_fixtures
from tests.functional.leases import leases_case


class StoppingTest(leases_case.LeasesCase):
    options = {
        'fake__nodes': 1,
        # Of a machine that has much to do.
        'conductor__graceful_shutdown_timeout': 60,
    }

    def setUp(self):
        super().setUp()
        self.called, self.opened = threading.Event(), threading.Event()
        use_nodes = instance.InstancePlugin.use_nodes

        def use_nodes_later(plugin, call, node_uuids):
            self.called.set()
            self.opened.wait(60)
            use_nodes(plugin, call, node_uuids)

        self.useFixture(
            fixtures.MonkeyPatch(
                'mogan_like.leases.plugins.instance.InstancePlugin.use_nodes',
                use_nodes_later,
            )
        )

    def test_what_a_plugin_begins_is_still_done(self):
        self.service.wait_for_nodes(1)
        self.admin.post('/v1/os-hosts', {'name': 'fake-0'})
        asked = {
            'resource_type': 'virtual:instance',
            'flavor_id': self.service.make_flavor(),
            'image_uuid': service_fixtures.IMAGE,
        }
        lease = self.make(start_date='now', reservations=[asked])['id']
        self.assertTrue(self.called.wait(60))
        leases = self.service.conductor._leases
        drain = leases.drain

        def open_and_drain(timeout):
            self.opened.set()
            return drain(timeout)

        leases.drain = open_and_drain
        self.service.stop_conductor()
        shown = self.read(lease)
        self.assertEqual('ACTIVE', shown['status'])
        # Its job was taken, and at once left to another conductor.
        (made,) = shown['instances']
        with engine.reader() as conn:
            owners = conn.execute(sa.select(claims.DUE_WORK.c.owner)).scalars().all()
        self.assertEqual({None}, set(owners))
        self.service.start_conductor()
        self.service.wait_for(made['uuid'], 'ACTIVE')
