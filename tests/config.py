"""Options of the service for one test."""

import fixtures

from mogan_like import opts
from mogan_like.common import rpc
from mogan_like.common.config import CONF
from mogan_like.db import conf as db_conf


class Config(fixtures.Fixture):
    """Options for one test, by ``group__name``; all others at their defaults."""

    def __init__(self, **options):
        self._options = options

    def _setUp(self):
        opts.register_opts(CONF)
        db_conf.set_defaults(CONF)
        rpc.set_defaults('rabbit://')
        CONF([], project='mogan_like', default_config_files=[])
        self.addCleanup(CONF.reset)
        for path, value in self._options.items():
            group, _, name = path.rpartition('__')
            CONF.set_override(name, value, group=group or None)
            self.addCleanup(CONF.clear_override, name, group=group or None)
