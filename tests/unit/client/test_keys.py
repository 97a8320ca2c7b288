"""What must not be done twice is sent again under the key it was sent under first."""

import fixtures
from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions
import testtools

from mogan_like_client.osc import errors
from mogan_like_client.sdk import sending
from tests.unit.client import methods
from tests.unit.client import recorder
from tests.unit.client import wire

#: {method: path} of what the service does once under a key.
_ONCE = {
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
    'lock_instance': '/instances/x/states/lock',
    'unlock_instance': '/instances/x/states/unlock',
    'start_instance': '/instances/x/states/power',
    'stop_instance': '/instances/x/states/power',
    'reboot_instance': '/instances/x/states/power',
    'rebuild_instance': '/instances/x/states/provision',
    'retry_lease': '/leases/x/action',
    'abandon_lease': '/leases/x/action',
}
#: The same of what it would do again.
_UNKEYED = {'copy_checkpoints': '/providers/x/checkpoints/action'}


def _find_methods():
    """{name: method} of those that send what must not be done twice."""
    found = {}
    for name, method in methods.list_methods():
        client = recorder.Recorder()
        methods.call(client, name, method)
        if any(verb == 'POST' or '/states/' in path for verb, path in client.requests):
            found[name] = method
    return found


class KeysTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        # What is sent again is told.
        self.log = self.useFixture(fixtures.FakeLogger())
        self.methods = _find_methods()

    def call(self, name, network, **given):
        client = wire.connect(network)
        methods.call(client, name, self.methods[name], **given)

    def test_each_has_a_row(self):
        self.assertEqual({*_ONCE, *_UNKEYED}, {*self.methods})

    def test_it_keeps_its_key(self):
        keys = set()
        for name, path in _ONCE.items():
            network = wire.Wire(wire.LOST)
            self.call(name, network)
            # Whose answer was lost is looked for besides.
            sent = [key for asked, key in network.sent if asked == path]
            self.assertEqual(2, len(sent), name)
            first, second = sent
            self.assertIsNotNone(first, name)
            self.assertEqual(first, second, name)
            keys.add(first)
        self.assertEqual(len(_ONCE), len(keys), 'two have one key')

    def test_it_takes_a_key(self):
        for name, path in _ONCE.items():
            network = wire.Wire()
            self.call(name, network, idempotency_key='mine')
            # It may have been done before: the request that did it is looked for.
            sent = [each for each in network.sent if each[1]]
            self.assertEqual([(path, 'mine')], sent, name)

    def test_a_verb_is_done_also_when_nobody_says_which_request_did_it(self):
        network = wire.Wire(wire.LOST, None, *[503] * 9)
        self.call('unlock_instance', network)
        self.assertEqual(2, len([key for _path, key in network.sent if key]))

    def test_without_a_key_it_is_sent_once(self):
        for name, path in _UNKEYED.items():
            network = wire.Wire(wire.LOST)
            with testtools.ExpectedException(auth_exceptions.ConnectFailure):
                self.call(name, network)
            self.assertEqual([(path, None)], network.sent, name)

    def test_a_header_of_the_callers_is_kept(self):
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


class PatienceTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())

    def fail(self, expected, *faults, **kwargs):
        """What is told when no answer comes through, and what was sent."""
        network = wire.Wire(*faults * 9)
        client = wire.connect(network, **kwargs)
        error = self.assertRaises(expected, client.create_flavor, name='small')
        return error, network.sent

    def test_it_is_told_that_it_may_be_done_and_how_to_ask_again(self):
        for fault in (wire.LOST, wire.CUT):
            error, sent = self.fail(auth_exceptions.ConnectFailure, fault)
            self.assertIsInstance(error, sending.NoAnswer)
            self.assertEqual({('/flavors', error.idempotency_key)}, {*sent})
            self.assertIn('may have been done', str(error))
            self.assertIn(error.idempotency_key, str(error))

    def test_the_same_of_an_answer_of_somebody_else(self):
        for status in (502, 503, 504):
            error, sent = self.fail(exceptions.HttpException, status)
            self.assertEqual(7, len(sent))
            ((_path, key),) = {*sent}
            # To a program, and to whoever typed a command.
            for told in (str(error), str(errors.translate(error))):
                self.assertIn('may have been done', told)
                self.assertIn(key, told)

    def test_what_is_read_is_not_done(self):
        network = wire.Wire(*[wire.LOST] * 9)
        client = wire.connect(network)
        error = self.assertRaises(
            auth_exceptions.ConnectFailure, client.get_flavor, 'x'
        )
        self.assertNotIn('may have been done', str(error))
        # Nor does anybody have to know: it is told soon.
        self.assertEqual(3, len(network.sent))

    def test_what_was_refused_was_not_done(self):
        error, sent = self.fail(exceptions.HttpException, 403)
        self.assertNotIn('done', str(error))
        self.assertEqual(1, len(sent))

    def test_it_is_as_long_as_configured(self):
        retries = {'connect_retries': 1, 'status_code_retries': 0}
        _error, sent = self.fail(auth_exceptions.ConnectFailure, wire.LOST, **retries)
        self.assertEqual(2, len(sent))
        _error, sent = self.fail(exceptions.HttpException, 503, **retries)
        self.assertEqual(1, len(sent))

    def test_nothing_is_done_without_a_token(self):
        client = wire.connect(wire.Wire())
        self.useFixture(
            fixtures.MockPatchObject(
                client.session.auth,
                'get_headers',
                side_effect=auth_exceptions.ConnectFailure('Keystone is away'),
            )
        )
        error = self.assertRaises(
            auth_exceptions.ConnectFailure, client.create_flavor, name='small'
        )
        self.assertEqual('Keystone is away', str(error))
