"""Loads what leases can hold, and what is done before they end."""

from oslo_log import log

from mogan_like.common import plugins
from mogan_like.common.config import CONF
from mogan_like.leases.plugins import base

LOG = log.getLogger(__name__)


def load_resources(instances, woken):
    """{resource type: plugin}; one that cannot be used is logged and left out.

    :param instances: the conductor's InstancesManager
    :param woken: as of :meth:`.base.ResourcePlugin.setup`
    """

    def make(name, plugin_class):
        plugin = _make_resource(name, plugin_class)
        plugin.setup(instances, woken)
        return plugin

    return _make_all(base.NAMESPACE, make)


def load_before_end(managers=None):
    """{name: plugin for work before the end}; one that cannot be used is left out.

    :param managers: as of :meth:`.base.BeforeEnd.setup`
    """

    def make(_name, plugin_class):
        work = plugin_class()
        work.setup(managers or {})
        return work

    return _make_all(base.BEFORE_END_NAMESPACE, make)


def _make_all(namespace, make):
    made = {}
    for name, plugin_class in plugins.load_all(namespace).items():
        try:
            made[name] = make(name, plugin_class)
        except Exception:
            LOG.exception('Plugin %s of %s is left out.', name, namespace)
    return made


def _make_resource(name, plugin_class):
    if plugin_class.resource_type != name:
        # Leases would be kept under one name and looked up by another.
        raise ValueError(f'it calls itself {plugin_class.resource_type}')
    CONF.register_opts(plugin_class.options, group=name)
    return plugin_class()
