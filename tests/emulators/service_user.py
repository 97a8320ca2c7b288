"""Credentials of this service at a Keystone, for one test."""

import fixtures
from keystoneauth1 import loading
from oslo_config import fixture as config_fixture

from mogan_like.clients import keystone_conf
from mogan_like.common.config import CONF
from tests import personas
from tests.emulators import keystone


class ServiceUser(fixtures.Fixture):
    """Use it when the options of the service are registered.

    :param auth_url: where it logs in
    :param group: the section that has the credentials
    :param options: others than those of the emulated Keystone's service user
    """

    def __init__(self, auth_url, group='keystone', **options):
        self._group = group
        self._options = {
            'auth_type': 'password',
            'auth_url': auth_url,
            'username': personas.SERVICE.name,
            'password': keystone.PASSWORD,
            'user_domain_id': 'default',
            'project_name': 'service',
            'project_domain_id': 'default',
            **options,
        }

    def _setUp(self):
        keystone_conf.register_opts(CONF)
        keystone_conf.register_auth_opts(CONF)
        loading.register_auth_conf_options(CONF, self._group)
        config = self.useFixture(config_fixture.Config(CONF))
        # Unregistered at the end: auth_url has to be there once it is known.
        config.register_opts(
            loading.get_auth_plugin_conf_options('password'), group=self._group
        )
        self.change(**self._options)

    def change(self, **options):
        """Other credentials, to the end of the test."""
        for name, value in options.items():
            CONF.set_override(name, value, group=self._group)
            self.addCleanup(CONF.clear_override, name, group=self._group)
