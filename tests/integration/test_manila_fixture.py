"""The real Manila does what the other tests rely on."""

import os
import pathlib
import subprocess

import fixtures
from keystoneauth1 import session
from manilaclient.v2 import client
import testtools

from tests.integration import keystone
from tests.integration import manila

_SCRIPT = pathlib.Path(__file__).parents[2] / 'tools' / 'manila.sh'


class ManilaTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(keystone.Keystone(self))
        self.manila = self.useFixture(manila.Manila(self, self.keystone))

    def test_client_finds_it_in_the_catalogue(self):
        project = self.useFixture(manila.Project(self.keystone))
        for user in manila.ROLES:
            found = client.Client(session=self.keystone.session(user, project.name))
            self.assertEqual([], found.shares.list())
            self.assertEqual(self.manila.url, found.client.endpoint_override)

    def test_types_are_there(self):
        auth = self.keystone.session('demo', 'demo').auth
        types = client.Client(session=session.Session(auth=auth)).share_types
        names = {each.name for each in types.list()}
        self.assertLessEqual({'default', 'revertible'}, names)

    def test_second_start_finds_it_running(self):
        again = manila.Manila(self, self.keystone)
        self.assertEqual(self.manila.url, self.useFixture(again).url)


class ScriptTest(testtools.TestCase):
    """tools/manila.sh where there is nothing to do, or not what it needs."""

    def setUp(self):
        super().setUp()
        self.home = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def _run(self, *args, **settings):
        return subprocess.run(
            [_SCRIPT, *args],
            text=True,
            capture_output=True,
            env={**os.environ, 'MN_STATE': str(self.home / 'data'), **settings},
        )

    def test_stop_reset_and_status_of_what_was_never_started(self):
        self.assertEqual(0, self._run('stop').returncode)
        self.assertEqual(0, self._run('reset').returncode)
        self.assertEqual(1, self._run('status').returncode)

    def test_unknown_word_prints_what_there_is(self):
        done = self._run('frob')
        self.assertEqual(2, done.returncode)
        self.assertIn('manila.sh start', done.stdout)
        self.assertIn('Exit code 3', done.stdout)

    def test_not_installable(self):
        python = self.home / 'python3'
        python.write_text('#!/bin/sh\necho no network here\nexit 1\n')
        python.chmod(0o755)
        done = self._run('start', MN_PYTHON=str(python), XDG_CACHE_HOME=str(self.home))
        self.assertEqual(3, done.returncode, done.stderr)
        self.assertIn('no network here', done.stderr)
        self.assertIn('cannot be installed', done.stderr)
