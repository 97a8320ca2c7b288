"""Base of tests that run Nova's clients as they are released."""

import re
import subprocess
import sys

import orjson

from tests import fixtures
from tests import personas
from tests.emulators import glance_fixture
from tests.functional import clients
from tests.functional.compute import compute_case
from tests.processes import processes

IMAGE = fixtures.IMAGE
OTHER_IMAGE = 'c1f1c5b5-0c3e-4b5f-9d9d-3f0a5f3d8e21'
#: Seconds that a client may take.
_PATIENCE = 120


class ClientsCase(clients.ClientsMixin, compute_case.ComputeCase):
    """Nova's clients, a Glance, and some nodes."""

    endpoint = ('compute', '/v2.1')
    callers = (personas.MEMBER, personas.PROJECT_ADMIN, personas.OTHER_MEMBER)

    def setUp(self):
        super().setUp()
        images = {IMAGE: 'debian', OTHER_IMAGE: 'alpine'}
        self.glance = self.useFixture(glance_fixture.Glance(images))
        self.keystone.catalogue['image'] = self.glance.url

    def openstack(self, *words, **kwargs):
        """What ``openstack`` printed, as JSON; None for nothing."""
        printed = self.run_command(['openstack', *words, '-f', 'json'], **kwargs)
        return orjson.loads(printed[re.search(r'^[{[]', printed, re.M).start() :])

    def tell(self, *words, **kwargs):
        """What ``openstack`` printed of a command that has no columns."""
        return self.run_command(['openstack', *words], **kwargs)

    def run_python(self, source, persona=personas.MEMBER):
        """What a Python program printed, which finds its cloud by variables."""
        done = subprocess.run(
            [sys.executable, '-c', source],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
            cwd=self.home,
            env=processes.make_environment(
                HOME=self.home, **self.keystone.make_environ(persona)
            ),
        )
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout
