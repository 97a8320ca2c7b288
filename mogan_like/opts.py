"""The options of all folders, registered and listed."""

from mogan_like.actions import conf as actions_conf
from mogan_like.api import conf as api_conf
from mogan_like.api.auth import conf as auth_conf
from mogan_like.clients import keystone_conf
from mogan_like.clients import manila_conf
from mogan_like.common import config
from mogan_like.common import rpc
from mogan_like.common import rpc_conf
from mogan_like.conductor import conf as conductor_conf
from mogan_like.db import conf as db_conf
from mogan_like.instances import conf as instances_conf
from mogan_like.instances.drivers import fake_conf
from mogan_like.leases import conf as leases_conf
from mogan_like.protection import conf as protection_conf
from mogan_like.protection.plugins.manila_share_snapshot import (
    conf as manila_share_snapshot_conf,
)
from mogan_like.protection.triggers import conf as triggers_conf

_FOLDERS = (
    actions_conf,
    api_conf,
    auth_conf,
    rpc_conf,
    conductor_conf,
    instances_conf,
    fake_conf,
    leases_conf,
    protection_conf,
    keystone_conf,
    manila_conf,
    manila_share_snapshot_conf,
    triggers_conf,
)


def register_opts(conf):
    """Make the options of every folder known to ``conf``."""
    for folder in _FOLDERS:
        folder.register_opts(conf)


def list_own_opts():
    """[(group, options)] of every folder, all of them registered by it."""
    return [pair for folder in _FOLDERS for pair in folder.list_opts()]


def list_opts():
    """[(group, options)] of every folder (oslo.config.opts).

    With those of libraries that are registered only when they are used.
    """
    merged = {}
    of_libraries = [*manila_conf.list_auth_opts(), *keystone_conf.list_auth_opts()]
    for group, opts in [*list_own_opts(), *of_libraries]:
        name = getattr(group, 'name', group)
        merged.setdefault(name, (group, []))[1].extend(opts)
    return list(merged.values())


def set_defaults():
    """Set the defaults of libraries' options (oslo.config.opts.defaults)."""
    db_conf.set_defaults(config.CONF)
    rpc.set_rabbit_defaults()
    auth_conf.set_keystone_defaults()
