"""Waits end: with what is there, with what went wrong, or in time."""

import types

import fixtures
from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions
import requests
import testtools

from mogan_like_client import waiting
from mogan_like_client.sdk import instance
from tests.unit.client import wire


def _make(status, **values):
    return types.SimpleNamespace(
        noun='lease', name='l', id='1', status=status, **values
    )


def _make_error(status, headers=None):
    answer = requests.Response()
    answer.status_code, answer._content = status, b''
    answer.headers.update(headers or {})
    try:
        exceptions.raise_from_response(answer)
    except exceptions.HttpException as exc:
        return exc


class WaitingCase(testtools.TestCase):
    def setUp(self):
        super().setUp()
        # Between two looks there is nothing to wait for.
        self.useFixture(fixtures.MockPatchObject(waiting, '_SHORTEST', 0.001))


class WaitingTest(WaitingCase):
    def wait(self, *found, timeout=30, status='ACTIVE', failures=(), gone=False):
        left = list(found)
        self.told, self.limits = [], []

        def look(seconds):
            self.limits.append(seconds)
            found = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(found, Exception):
                raise found
            return found

        def tell(each, waited):
            self.told.append((each.status, waited))

        judge = waiting.is_in('lease l (1)', status, failures, gone)
        return waiting.wait_for(look, judge, 'lease 1', timeout, tell)

    def test_looks_again_and_tells(self):
        found = self.wait(_make('PENDING'), _make('STARTING'), _make('ACTIVE'))
        self.assertEqual('ACTIVE', found.status)
        self.assertEqual(['PENDING', 'STARTING'], [status for status, _ in self.told])

    def test_ends_with_how_it_was(self):
        late = _make('PENDING', waiting_for={'reason': 'nobody came'})
        with self.assertRaises(exceptions.ResourceTimeout) as caught:
            self.wait(late, timeout=0)
        expected = 'Waited 0 s for lease 1: lease l (1) is PENDING: nobody came'
        self.assertEqual(expected, str(caught.exception))

    def test_goes_on_when_the_service_is_away(self):
        for away in (
            auth_exceptions.ConnectFailure('lost'),
            auth_exceptions.ConnectTimeout('late'),
            auth_exceptions.UnknownConnectionError('cut', ValueError()),
            *(_make_error(status) for status in (429, 500, 502, 503, 504)),
            # While a token is renewed.
            auth_exceptions.InternalServerError('Keystone has no database'),
            auth_exceptions.BadGateway('Keystone is started anew'),
            auth_exceptions.ServiceUnavailable('Keystone is full'),
            auth_exceptions.GatewayTimeout('Keystone is slow'),
        ):
            found = self.wait(_make('PENDING'), away, _make('ACTIVE'))
            self.assertEqual('ACTIVE', found.status)
            self.assertEqual(['PENDING'], [status for status, _ in self.told])
            with self.assertRaises(exceptions.ResourceTimeout) as caught:
                self.wait(away, timeout=0)
            expected = f'Waited 0 s for lease 1: there was no answer: {away}'
            self.assertEqual(expected, str(caught.exception))

    def test_ends_when_it_was_refused(self):
        for refusal in (
            _make_error(403),
            # A fault of the service's: more looks do not mend it.
            _make_error(500, {'x-openstack-request-id': 'req-1'}),
            auth_exceptions.Unauthorized('no'),
            auth_exceptions.SSLError('somebody else'),
        ):
            with testtools.ExpectedException(type(refusal)):
                self.wait(refusal)

    def test_no_look_takes_longer_than_what_is_left(self):
        self.wait(_make('PENDING'), _make('ACTIVE'), timeout=5)
        self.assertEqual([True] * 2, [0 < each <= 5 for each in self.limits])
        self.assertLess(self.limits[1], self.limits[0])
        # What hangs is looked at again, and what ends now is looked at once.
        self.wait(_make('ACTIVE'), timeout=1e10)
        self.assertLess(self.limits[0], 1800)
        self.wait(_make('ACTIVE'), timeout=0)
        self.assertGreater(self.limits[0], 0)

    def test_ends_with_a_failure(self):
        failed = _make('ERROR', fault={'message': 'no node'})
        with self.assertRaises(exceptions.ResourceFailure) as caught:
            self.wait(failed, failures=('ERROR',))
        self.assertEqual('lease l (1) is ERROR: no node', str(caught.exception))

    def test_what_is_gone(self):
        self.assertIsNone(self.wait(_make('DELETING'), None, status=None))
        self.assertIsNone(self.wait(None, status='TERMINATED', gone=True))
        with self.assertRaises(exceptions.ResourceFailure) as caught:
            self.wait(None)
        expected = 'lease l (1) is gone, and was to be ACTIVE.'
        self.assertEqual(expected, str(caught.exception))


class LibraryTest(WaitingCase):
    """What the library waits for, and how."""

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())

    def wait(self, network, *args, timeout=30):
        client = wire.connect(network)
        return client.wait_for_instance(*args, timeout=timeout)

    def test_an_instance_that_is_gone(self):
        self.assertIsNone(self.wait(wire.Wire(404), '1', None))
        self.assertIsNone(self.wait(wire.Wire(404), '1', 'DELETED'))
        web = instance.Instance.existing(id='1', name='web')
        for value, told in (('1', 'instance 1'), (web, r'instance web \(1\)')):
            expected = f'{told} is gone, and was to be ACTIVE.'
            with testtools.ExpectedException(exceptions.ResourceFailure, expected):
                self.wait(wire.Wire(404), value)

    def test_each_look_is_one_request_that_ends_in_time(self):
        network = wire.Wire(wire.LOST, 503, 404)
        self.wait(network, '1', None, timeout=20)
        self.assertEqual(3, len(network.sent))
        self.assertEqual([True] * 3, [0 < each <= 20 for each in network.timeouts])
        self.assertEqual('', self.log.output)

    def test_what_is_configured_counts_where_it_is_shorter(self):
        network = wire.Wire(404)
        client = wire.connect(network)
        client.session.timeout = 2.0
        client.wait_for_instance('1', None)
        self.assertEqual([2.0], network.timeouts)
        client.get_instance('1')
        self.assertEqual([2.0, 2.0], network.timeouts)
