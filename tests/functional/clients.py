"""Clients of other projects, run as they are released."""

import functools
import threading

import fixtures

from mogan_like.cmd import server
from tests import personas
from tests import preloaded
from tests.emulators import keystone
from tests.processes import processes

#: Seconds that one command may take on a machine that has better things to do.
_PATIENCE = 120


@functools.cache
def _get_nursery():
    """Of the clients: most of a command's time goes into imports."""
    return preloaded.Nursery(
        ['blazar', 'karbor', 'openstack'],
        [
            'blazarclient.osc.plugin',
            'blazarclient.v1.client',
            'karborclient.v1.client',
            'jsonschema',
            'keystoneauth1.identity.v3',
            'mogan_like_client.osc.checkpoint',
            'mogan_like_client.osc.instance_verbs',
            'mogan_like_client.sdk.service',
            'openstackclient.common.clientmanager',
            'osc_lib.command.command',
            'tests.openstack_commands',
        ],
        # Without files of whoever runs the tests.
        processes.make_environment(HOME='/nonexistent'),
    )


class ClientsMixin:
    """The service over HTTP, and a catalogue that names it.

    Mix it into a FunctionalCase.

    :cvar endpoint: the service's type in the catalogue, and its path
    :cvar callers: whom Keystone knows
    """

    endpoint: tuple
    callers = (personas.MEMBER, personas.PROJECT_ADMIN)

    def setUp(self):
        self.keystone = keystone.Keystone(*self.callers)
        own = {'api__port': 0, 'authenticate': self.keystone.authenticate}
        self.options = {**self.options, **own}
        super().setUp()
        self.useFixture(self.keystone)
        web = server.make_server(self.service.application)
        thread = threading.Thread(target=web.serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(web.stop)
        host, port = web.bind_addr
        kind, path = self.endpoint
        self.keystone.catalogue[kind] = f'http://{host}:{port}{path}'
        self.home = self.useFixture(fixtures.TempDir()).path

    def run_command(self, command, persona=personas.MEMBER, status=0, env=None):
        """What a command printed, errors included.

        :param command: a list of words
        :param status: that it has to end with
        :param env: variables instead of those that make it the persona
        """
        with self.start_command(command, persona, env) as done:
            ended = done.wait(_PATIENCE)
            printed = done.read_output()
        self.assertEqual(status, ended, (command, printed))
        return printed

    def start_command(self, command, persona=personas.MEMBER, env=None, **kwargs):
        """A Process of a command, to be entered; as of run_command."""
        env = self.keystone.make_environ(persona) if env is None else env
        return processes.Process(
            *command,
            # Without files of whoever runs the tests.
            cwd=self.home,
            env={'HOME': self.home, **env},
            nursery=_get_nursery(),
            **kwargs,
        )


def read_table(text):
    """[[cell, ...], ...] of the rows of a table that was printed."""
    return [
        [cell.strip() for cell in line.strip('| ').split(' | ')]
        for line in text.splitlines()
        if line.startswith('|')
    ]


def read_properties(text):
    """{field: value} of an object that was printed."""
    return {row[0]: row[1] for row in read_table(text) if row[0] and len(row) > 1}
