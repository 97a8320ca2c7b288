"""The emulated Manila as a process, and its control route."""

import pathlib
import signal
import subprocess
import sys

import fixtures
from keystoneauth1 import session
from keystoneauth1 import token_endpoint
from manilaclient import api_versions
from manilaclient.v2 import client
import requests
import testtools

from tests.fixtures import wait_until
from tests.functional.emulators import manila_case

_ROOT = pathlib.Path(__file__).parents[3]


class ControlTest(manila_case.ManilaCase):
    def _send(self, name, **values):
        url = self.manila.url.replace('/v2', f'/control/{name}')
        return requests.post(url, json=values)

    def _set(self, name, **values):
        answer = self._send(name, **values)
        self.assertEqual((200, {}), (answer.status_code, answer.json()))

    def test_fault_and_clear(self):
        self._set('fault', call='shares.list', kind='refuse', code=500)
        self.assert_refused(500, self.member.shares.list)
        self._set('clear')
        self.assertEqual([], self.member.shares.list())

    def test_outcome_and_stay(self):
        self._set('outcome', operation='share.create', end='error')
        self._set('stay', status='share.creating', shown=0)
        share = self.member.shares.create('NFS', 1).id
        self.assertEqual('error', self.member.shares.get(share).status)

    def test_status_and_forget(self):
        share = self.make_share()
        self._set('status', noun='share', id=share, status='migrating')
        self.assertEqual('migrating', self.member.shares.get(share).status)
        self._set('forget', noun='share', id=share)
        self.assert_refused(404, self.member.shares.get, share)

    def test_deferred(self):
        share = self.make_share()
        self._set('deferred', on=True)
        self.member.shares.delete(share)
        self.assertEqual('deferred_deleting', self.admin.shares.get(share).status)

    def test_records(self):
        self.member.shares.list()
        url = self.manila.url.replace('/v2', '/control/records')
        (record,) = requests.get(url).json()
        self.assertEqual(('shares.list', 'GET'), (record['name'], record['method']))
        self.assertEqual('demo', record['identity']['project_id'])

    def test_bad(self):
        for name, values, code in (
            ('frob', {}, 404),
            ('fault', {}, 400),
            ('fault', {'call': '*', 'kind': 'frob'}, 400),
            ('outcome', {'operation': '*', 'end': 'frob'}, 400),
            ('status', {'noun': 'share', 'id': 'x', 'status': 'error'}, 400),
            ('forget', {'noun': 'frob', 'id': 'x'}, 400),
        ):
            answer = self._send(name, **values)
            self.assertEqual(code, answer.status_code, answer.text)
            self.assertTrue(answer.json()['error'])


class ProcessTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.home = self.useFixture(fixtures.TempDir()).path
        self.useFixture(
            fixtures.EnvironmentVariable('MANILACLIENT_UUID_CACHE_DIR', self.home)
        )
        command = [sys.executable, '-m', 'tests.emulators.manila', '--seconds', '0.1']
        self.process = subprocess.Popen(
            [*command, '--directory', f'{self.home}/bytes'],
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        self.addCleanup(self.process.communicate)
        self.addCleanup(self.process.kill)
        self.url = self.process.stdout.readline().split()[-1]

    def test_it_serves_until_it_is_told_to_stop(self):
        shares = client.Client(
            session=session.Session(auth=token_endpoint.Token(self.url, 'demo')),
            service_catalog_url=self.url,
            api_version=api_versions.APIVersion('2.60'),
        ).shares
        share = shares.create('NFS', 1).id
        wait_until(lambda: shares.get(share).status == 'available', 'the share')
        self.assertTrue(pathlib.Path(self.home, 'bytes', 'shares', share).is_dir())
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(0, self.process.wait(timeout=20))
