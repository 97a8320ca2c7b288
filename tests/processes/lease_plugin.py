"""A resource plugin for conductors in processes of their own."""

import os

import fixtures

#: The resource type.
NAME = 'gated'
_MODULE = """
import os
import threading

from mogan_like.leases.plugins import base

_FOLDER = os.environ['GATED_FOLDER']


class GatedPlugin(base.ResourcePlugin):
    resource_type = 'gated'
    title = 'Calls that wait for a gate'
    timeout = int(os.environ['GATED_TIMEOUT'])

    def get_schema(self):
        return {'type': 'object'}

    def reserve_resource(self, conn, reservation):
        return base.Plan()

    def update_reservation(self, conn, before, after):
        return base.Plan()

    def release_resource(self, conn, reservation):
        pass

    def on_start(self, call):
        self._call('on_start', call)

    def on_end(self, call):
        self._call('on_end', call)

    def _call(self, verb, call):
        with open(os.path.join(_FOLDER, 'journal'), 'a', encoding='ascii') as file:
            file.write(f'{verb} {call.reservation.lease_uuid} {os.getpid()}\\n')
        gate = os.path.join(_FOLDER, verb)
        while not os.path.exists(gate):
            threading.Event().wait(0.02)
"""
_ENTRY_POINT = """\
[mogan_like.lease.resources]
gated = gated:GatedPlugin
"""
_METADATA = 'Metadata-Version: 2.1\nName: gated\nVersion: 1.0\n'


class GatedPlugin(fixtures.Fixture):
    """The plugin, as a package that is installed for some processes.

    :param timeout: seconds that a call may wait for its gate; by default longer
        than any machine needs to open it
    :ivar environment: of these processes
    """

    def __init__(self, timeout=600):
        self._timeout = timeout

    def _setUp(self):
        path = self.useFixture(fixtures.TempDir()).path
        self._folder = self.useFixture(fixtures.TempDir()).path
        info = os.path.join(path, 'gated-1.0.dist-info')
        os.mkdir(info)
        for name, text in {
            os.path.join(path, 'gated.py'): _MODULE,
            os.path.join(info, 'METADATA'): _METADATA,
            os.path.join(info, 'entry_points.txt'): _ENTRY_POINT,
        }.items():
            with open(name, 'w', encoding='ascii') as file:
                file.write(text)
        self.environment = {
            'PYTHONPATH': path,
            'GATED_FOLDER': self._folder,
            'GATED_TIMEOUT': str(self._timeout),
        }

    def open(self, verb):
        """Let the calls of a verb return, from now on."""
        with open(os.path.join(self._folder, verb), 'w', encoding='ascii'):
            return

    def list_calls(self, verb, lease):
        """The processes that a verb was called in for a lease, in order."""
        path = os.path.join(self._folder, 'journal')
        if not os.path.exists(path):
            return []
        with open(path, encoding='ascii') as file:
            calls = [line.split() for line in file]
        return [pid for name, uuid, pid in calls if (name, uuid) == (verb, lease)]
