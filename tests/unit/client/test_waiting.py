"""Waits end: with what is there, with what went wrong, or in time."""

import types

from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions
import testtools

from mogan_like_client import waiting


def _make(status, **values):
    return types.SimpleNamespace(
        noun='lease', name='l', id='1', status=status, **values
    )


class WaitingTest(testtools.TestCase):
    def wait(self, *found, timeout=30, status='ACTIVE', failures=(), gone=False):
        left = list(found)
        self.told = []

        def look():
            found = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(found, Exception):
                raise found
            return found

        def tell(each, waited):
            self.told.append((each.status, waited))

        judge = waiting.is_in(status, failures, gone)
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
        away = exceptions.HttpException('restarted', http_status=503)
        lost = auth_exceptions.ConnectFailure('lost')
        found = self.wait(_make('PENDING'), away, lost, _make('ACTIVE'))
        self.assertEqual('ACTIVE', found.status)
        self.assertEqual(['PENDING'], [status for status, _ in self.told])
        with self.assertRaises(exceptions.ResourceTimeout) as caught:
            self.wait(lost, timeout=0)
        expected = 'Waited 0 s for lease 1: there was no answer: lost'
        self.assertEqual(expected, str(caught.exception))

    def test_ends_when_it_was_refused(self):
        with self.assertRaises(exceptions.ForbiddenException):
            self.wait(exceptions.ForbiddenException('no', http_status=403))

    def test_ends_with_a_failure(self):
        failed = _make('ERROR', fault={'message': 'no node'})
        with self.assertRaises(exceptions.ResourceFailure) as caught:
            self.wait(failed, failures=('ERROR',))
        self.assertEqual('lease l (1) is ERROR: no node', str(caught.exception))

    def test_what_is_gone(self):
        self.assertIsNone(self.wait(_make('DELETING'), None, status=None))
        self.assertIsNone(self.wait(None, status='TERMINATED', gone=True))
        with self.assertRaises(exceptions.ResourceFailure):
            self.wait(None)
