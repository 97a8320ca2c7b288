"""What users call capabilities of hosts, and what is limited, is data."""

import testtools

from mogan_like_client.sdk import host
from tests.unit.client import recorder

#: What openstacksdk would take for something of its own.
_NAMES = (
    *('self', 'cls', 'connection', 'microversion', '_synchronized', 'value', 'name_'),
    *('location', 'capabilities', 'idempotency_key', 'headers', 'session', 'items'),
)
_CAPABILITIES = {name: f'of {name}' for name in _NAMES}
_HOST = {'id': '7', 'uuid': 'u', 'name': 'node-1', 'reservable': True}


class CapabilitiesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = recorder.Recorder()
        raw = {**_HOST, **_CAPABILITIES}
        body = {'hosts': [raw], 'host': raw}
        self.client.answer = lambda _method: recorder.make_answer(200, body)

    def check(self, found):
        self.assertIsInstance(found, host.Host)
        self.assertEqual(_CAPABILITIES, found.capabilities)
        self.assertEqual(
            ('7', 'node-1', True), (found.id, found.name, found.reservable)
        )

    def test_of_one(self):
        self.check(self.client.get_host('7'))
        self.check(self.client.find_host('7'))

    def test_of_a_list(self):
        (found,) = self.client.hosts()
        self.check(found)
        (found,) = self.client.hosts(reservable=True)
        self.check(found)

    def test_of_a_new_one(self):
        self.check(self.client.create_host('node-1', _CAPABILITIES))
        self.assertEqual({**_CAPABILITIES, 'name': 'node-1'}, self.client.bodies[-1])

    def test_of_one_that_is_changed(self):
        self.check(self.client.update_host('7', _CAPABILITIES))
        self.assertIn(_CAPABILITIES, self.client.bodies)


class LimitsTest(testtools.TestCase):
    def test_kinds_are_data(self):
        client = recorder.Recorder()
        limits = {'self': 1, 'project_id': 2, 'instances': 3}
        client.update_quota('p', limits)
        self.assertEqual({'quota': limits}, client.bodies[-1])
        client.update_quota_defaults(limits)
        self.assertEqual({'quota_class': limits}, client.bodies[-1])
