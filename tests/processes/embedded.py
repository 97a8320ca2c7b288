"""The embedded default as a process: both tiers, on one file."""

import fixtures as base

from tests import personas
from tests.processes import processes
from tests.processes import site


class Embedded(site.Site):
    """A site of one process; the API in this one is for reading only.

    :ivar url: of the process's API
    """

    def __init__(self, test, **options):
        super().__init__(
            test,
            'sqlite',
            'inprocess',
            **{
                'api__auth_strategy': 'noauth',
                'api__noauth_project_id': personas.PROJECT,
                **options,
            },
        )

    def start_conductor(self):
        """Start the service on a port of its own."""
        port = processes.find_port()
        self.url = f'http://127.0.0.1:{port}'
        state = self.useFixture(base.TempDir()).path
        self.conductor = self.start(
            'mogan-like', '--state-dir', state, '--port', str(port)
        )
        self.conductor.wait_for_port(port)
