"""The clients of other projects with nothing of ours beside them.

As ``pip install`` of them, and of nothing else, leaves them.
"""

from importlib import metadata
from pathlib import Path
import venv

import fixtures
from packaging import requirements
from packaging import utils

from tests import preloaded
from tests.processes import processes

_CLIENTS = ('python-blazarclient', 'python-karborclient', 'python-openstackclient')
_MODULES = (
    'blazarclient.osc.plugin',
    'blazarclient.v1.client',
    'karborclient.v1.client',
    'keystoneauth1.identity.v3',
    'openstackclient.common.clientmanager',
    'osc_lib.command.command',
    'tests.openstack_commands',
)


class PlainClients(fixtures.Fixture):
    """An environment of Python that has the clients and what they require.

    They are those of the environment that the tests run in, by links.

    :ivar python: its interpreter
    :ivar nursery: forks its commands
    """

    def _setUp(self):
        top = Path(self.useFixture(fixtures.TempDir()).path)
        venv.create(top, symlinks=True)
        (packages,) = top.glob('lib/python*/site-packages')
        for distribution in find_required(_CLIENTS):
            link(distribution, packages)
        self.python = str(top / 'bin' / 'python')
        self.nursery = preloaded.Nursery(
            ('blazar', 'karbor', 'openstack'),
            _MODULES,
            # Without files of whoever runs the tests.
            processes.make_environment(HOME='/nonexistent'),
            self.python,
        )
        self.addCleanup(self.nursery.end)


def find_required(names):
    """The distributions of these names, and all that they require."""
    found, todo = {}, [requirements.Requirement(name) for name in names]
    while todo:
        wanted = todo.pop()
        key = (utils.canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key not in found:
            found[key] = metadata.distribution(wanted.name)
            todo += list_requirements(found[key], wanted.extras)
    return found.values()


def list_requirements(distribution, extras):
    """What a distribution requires here, with some of its extras."""
    listed = map(requirements.Requirement, distribution.requires or ())
    return [
        each
        for each in listed
        if not each.marker
        or any(each.marker.evaluate({'extra': extra}) for extra in ('', *extras))
    ]


def link(distribution, packages):
    """Put links to what a distribution has into a folder for packages."""
    for name in {file.parts[0] for file in distribution.files}:
        path = packages / name
        # Scripts are elsewhere; some distributions share a folder.
        if name not in ('..', '__pycache__') and not path.exists():
            path.symlink_to(distribution.locate_file(name))
