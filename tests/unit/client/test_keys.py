"""What makes something is sent again under the key it was sent under first."""

import fixtures
from keystoneauth1 import exceptions as auth_exceptions
import testtools

from tests.unit.client import methods
from tests.unit.client import recorder
from tests.unit.client import wire

#: {method that sends a POST: path}; what it makes, it makes once.
_MAKES = {
    'create_instance': '/instances',
    'create_flavor': '/flavors',
    'create_keypair': '/keypairs',
    'create_lease': '/leases',
    'create_host': '/os-hosts',
    'create_plan': '/plans',
    'create_checkpoint': '/providers/p/checkpoints',
    'create_restore': '/restores',
    'create_verification': '/verifications',
    'create_trigger': '/triggers',
    'create_scheduled_operation': '/scheduled_operations',
}
#: The same of those that make nothing that a key could be kept with.
_ACTS = {
    'retry_lease': '/leases/x/action',
    'abandon_lease': '/leases/x/action',
    'copy_checkpoints': '/providers/x/checkpoints/action',
}


def _find_posts():
    """{name: method} of those that send a POST."""
    found = {}
    for name, method in methods.list_methods():
        client = recorder.Recorder()
        methods.call(client, name, method)
        if 'POST' in dict(client.requests):
            found[name] = method
    return found


class KeysTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        # What is sent again is told.
        self.useFixture(fixtures.FakeLogger())
        self.posts = _find_posts()

    def send(self, name):
        """(path, key) of each time that the request of a method was sent."""
        network = wire.Wire(wire.LOST)
        client = wire.connect(network)
        try:
            methods.call(client, name, self.posts[name])
        except auth_exceptions.ConnectFailure:
            self.assertIn(name, _ACTS)
        return network.sent

    def test_every_post_has_a_row(self):
        self.assertEqual({*_MAKES, *_ACTS}, {*self.posts})

    def test_what_makes_something_keeps_its_key(self):
        keys = set()
        for name, path in _MAKES.items():
            sent = self.send(name)
            self.assertEqual([path, path], [path for path, _key in sent], name)
            first, second = (key for _path, key in sent)
            self.assertIsNotNone(first, name)
            self.assertEqual(first, second, name)
            keys.add(first)
        self.assertEqual(len(_MAKES), len(keys), 'two have one key')

    def test_what_acts_is_sent_once(self):
        for name, path in _ACTS.items():
            self.assertEqual([(path, None)], self.send(name), name)

    def test_a_key_of_the_callers_is_kept(self):
        for name in ('Idempotency-Key', 'idempotency-key', 'IDEMPOTENCY-KEY'):
            network = wire.Wire(wire.LOST)
            wire.connect(network).post('/flavors', headers={name: 'mine'})
            self.assertEqual([('/flavors', 'mine')] * 2, network.sent, name)

    def test_what_was_cut_short_is_sent_again(self):
        network = wire.Wire(wire.CUT, wire.LOST)
        made = wire.connect(network).create_flavor(name='small')
        self.assertEqual('small', made.name)
        paths, keys = zip(*network.sent, strict=True)
        self.assertEqual(('/flavors',) * 3, paths)
        self.assertEqual(1, len({*keys}))
        network = wire.Wire(wire.CUT)
        wire.connect(network).get_flavor('x')
        self.assertEqual(2, len(network.sent))
