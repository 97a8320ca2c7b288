"""An emulated Manila and the providers that protect its shares, for services."""

from pathlib import Path

import fixtures

from mogan_like.clients import manila_conf
from mogan_like.common.config import CONF
from tests.emulators.manila import fixture
from tests.emulators.manila import identity

SHARE = 'OS::Manila::Share'
PROJECT_TYPE = 'OS::Keystone::Project'
NOOP_TYPE = 'OS::Noop::Resource'
PROVIDER = '3fb1d1a4-6f6d-4d0c-8c5e-6a7f0d5b2c90'
_FILE = """[provider]
id = {id}
name = {name}
description = {description}
plugin = manila-share-snapshot
bank = {kind}

[{kind}]
path = {path}
shared = true

[manila-share-snapshot]
poll_interval = 0.01
"""


def write_provider(folder, provider_id, name, bank, kind='filesystem'):
    """Write the file of a provider that protects shares.

    :param bank: the directory where it records checkpoints
    :param kind: the entry point of a bank of files
    """
    text = _FILE.format(
        id=provider_id, name=name, description=f'Protects {name}.', path=bank, kind=kind
    )
    (folder / f'{name}.conf').write_text(text)


class Site(fixtures.Fixture):
    """Use it before the service that is to have it.

    :param authenticate: of the emulator
    :ivar options: for the service
    :ivar manila: the emulator
    """

    def __init__(self, authenticate=identity.read_spelled):
        self._authenticate = authenticate

    def _setUp(self):
        self.manila = self.useFixture(fixture.Manila(self._authenticate))
        manila_conf.register_auth_opts(CONF)
        self._home = Path(self.useFixture(fixtures.TempDir()).path)
        self.options = {
            'protection__providers_dir': str(self._home),
            'manila__endpoint_override': self.manila.url,
            'manila__auth_type': 'none',
            'manila__timeout': 20,
        }
        if self._authenticate is identity.read_spelled:
            # There is no Keystone that could make trusts.
            self.options['api__auth_strategy'] = 'noauth'
        self.add_provider(PROVIDER, 'shares')

    def add_provider(self, provider_id, name):
        """Write the file of a provider, for services that start later."""
        bank = self.useFixture(fixtures.TempDir()).path
        write_provider(self._home, provider_id, name, bank)

    def remove_provider(self, name):
        """Remove the file of a provider, for services that start later."""
        (self._home / f'{name}.conf').unlink()

    def make_share(self, project_id, name='data', **values):
        """The id of an available share of a project.

        :param values: of manilaclient's ``shares.create``
        """
        shares = self.manila.client(project_id).shares
        made = shares.create('NFS', 1, name=name, **values)
        self.manila.settle()
        return made.id
