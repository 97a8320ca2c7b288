"""The real Keystone and the gate before it do what the other tests rely on."""

import os
import pathlib
import subprocess
import sys

import fixtures
from keystoneauth1 import exceptions
import requests
import testtools
from testtools import matchers

from tests.fixtures import wait_until
from tests.integration import keystone

_SCRIPT = pathlib.Path(__file__).parents[2] / 'tools' / 'keystone.sh'

#: (user, project, system): the roles of the token
_ROLES = {
    ('admin', 'admin', False): {'admin', 'manager', 'member', 'reader'},
    ('admin', None, True): {'admin', 'manager', 'member', 'reader'},
    ('manager', 'demo', False): {'manager', 'member', 'reader'},
    ('demo', 'demo', False): {'member', 'reader'},
    ('reader', 'demo', False): {'reader'},
    ('alt', 'alt', False): {'member', 'reader'},
    ('service', 'service', False): {'service'},
}


class KeystoneTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(keystone.Keystone(self))

    def test_every_persona_has_its_roles_and_no_other(self):
        for (user, project, system), roles in _ROLES.items():
            session = self.keystone.session(user, project, system)
            access = session.auth.get_access(session)
            self.assertEqual(roles, set(access.role_names), (user, project))
            self.assertEqual(project, access.project_name)
            self.assertEqual(system, bool(access.system_scoped))

    def test_nobody_gets_into_another_project(self):
        for user, project in (
            ('demo', 'alt'),
            ('alt', 'demo'),
            ('service', 'demo'),
            ('demo', None),
        ):
            if project:
                self.assertRaises(
                    exceptions.Unauthorized, self.keystone.token, user, project
                )
        self.assertRaises(
            exceptions.Unauthorized, self.keystone.token, 'demo', system=True
        )

    def test_revoked_token_is_refused_and_no_other(self):
        revoked = self.keystone.token('demo', 'demo')
        other = self.keystone.token('demo', 'demo')
        self.assertTrue(self.keystone.knows(revoked))
        self.keystone.revoke(revoked)
        self.assertFalse(self.keystone.knows(revoked))
        self.assertTrue(self.keystone.knows(other))

    def test_expired_token_is_refused(self):
        token = self.keystone.expired_token('demo', 'demo')
        self.assertFalse(self.keystone.knows(token))

    def test_what_a_test_makes_goes_with_it(self):
        with keystone.Keystone(self) as inner:
            region = inner.register('baremetal_compute', 'http://x.test/v1')
            self.assertEqual('http://x.test/v1', self._find(region))
            # A user that no other test makes credentials of: some run now.
            inner.expired_token('service', 'service')
        self.assertRaises(exceptions.EndpointNotFound, self._find, region)
        user = self.keystone.session('service', 'service')
        left = user.get(
            f'{self.keystone.auth_url}/users/{user.get_user_id()}'
            '/application_credentials'
        ).json()
        self.assertEqual([], left['application_credentials'])

    def _find(self, region):
        return self.keystone.session('demo', 'demo').get_endpoint(
            service_type='baremetal_compute', interface='public', region_name=region
        )


class GateTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(keystone.Keystone(self))
        self.gate = self.keystone.make_gate()
        self.url = f'http://127.0.0.1:{self.gate.port}/v3'

    def _get(self, seconds=30):
        return requests.get(self.url, timeout=seconds).status_code

    def test_open(self):
        self.assertEqual(200, self._get())

    def test_shut_refuses_until_it_is_opened(self):
        self.gate.shut()
        self.assertRaises(requests.ConnectionError, self._get)
        self.gate.shut()
        self.assertRaises(requests.ConnectionError, self._get)
        self.gate.open()
        self.assertEqual(200, self._get())

    def test_stalled_never_answers_until_it_is_opened(self):
        self.gate.stall()
        self.assertRaises(requests.ReadTimeout, self._get, 1)
        self.gate.open()
        self.assertEqual(200, self._get())

    def test_service_finds_keystone_behind_the_gate(self):
        options = self.keystone.auth_options(through=self.gate)
        session = self.keystone.session('demo', 'demo')
        self.assertEqual(
            self.url,
            session.get_endpoint(
                service_type='identity',
                interface=options['interface'],
                region_name=options['region_name'],
            ),
        )


class NotInstallableTest(testtools.TestCase):
    """What happens where the environment cannot be made."""

    def setUp(self):
        super().setUp()
        self.home = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        python = self.home / 'python3'
        python.write_text('#!/bin/sh\necho no network here\nexit 1\n')
        python.chmod(0o755)
        self.env = {
            **os.environ,
            'KS_PYTHON': str(python),
            'XDG_CACHE_HOME': str(self.home),
        }

    def _use_fixture(self, require):
        """A process that uses the fixture, says what came of it, and waits."""
        child = subprocess.Popen(
            [sys.executable, '-c', _USE_FIXTURE, self.home / 'data'],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**self.env, 'MOGAN_LIKE_REQUIRE_SERVICES': require},
        )
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        return child, child.stdout.readline()

    def test_script_says_so(self):
        done = subprocess.run(
            [_SCRIPT, 'start'],
            text=True,
            capture_output=True,
            env={**self.env, 'KS_STATE': str(self.home / 'data')},
        )
        self.assertEqual(3, done.returncode, done.stderr)
        self.assertIn('no network here', done.stderr)
        self.assertIn('cannot be installed', done.stderr)

    def test_test_is_skipped_and_the_message_names_keystone(self):
        _, said = self._use_fixture(require='')
        self.assertThat(said, matchers.StartsWith('SkipTest Keystone'))

    def test_test_fails_where_services_are_required(self):
        _, said = self._use_fixture(require='1')
        self.assertThat(said, matchers.StartsWith('AssertionError Keystone'))

    def test_data_go_when_the_last_user_is_killed(self):
        first, _ = self._use_fixture(require='')
        second, _ = self._use_fixture(require='')
        data = self.home / 'data'
        first.kill()
        first.wait()
        self.assertTrue(data.exists())
        second.kill()
        wait_until(lambda: not data.exists(), 'the data to go')


_USE_FIXTURE = """
import pathlib, sys, unittest
from tests.fixtures import wait_until
from tests.integration import keystone
try:
    keystone.Keystone(unittest.TestCase(), pathlib.Path(sys.argv[1])).setUp()
except Exception as error:
    print(type(error).__name__, *str(error).split(), flush=True)
sys.stdin.read()
"""


class ScriptTest(testtools.TestCase):
    """tools/keystone.sh where there is nothing to do."""

    def _run(self, *args):
        state = self.useFixture(fixtures.TempDir()).path + '/data'
        return subprocess.run(
            [_SCRIPT, *args],
            text=True,
            capture_output=True,
            env={**os.environ, 'KS_STATE': state},
        )

    def test_stop_reset_and_status_of_what_was_never_started(self):
        self.assertEqual(0, self._run('stop').returncode)
        self.assertEqual(0, self._run('reset').returncode)
        self.assertEqual(1, self._run('status').returncode)

    def test_unknown_word_prints_what_there_is(self):
        done = self._run('frob')
        self.assertEqual(2, done.returncode)
        self.assertIn('keystone.sh start', done.stdout)
