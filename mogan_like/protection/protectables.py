"""The protectable plugins of this conductor, and how their types hang together."""

from oslo_log import log

from mogan_like.common import exception
from mogan_like.common import plugins
from mogan_like.protection.plugins import base

LOG = log.getLogger(__name__)


def load():
    """The :class:`Protectables` there are; one that cannot be used is left out."""
    made = {}
    for name, plugin_class in plugins.load_all(base.PROTECTABLES).items():
        try:
            plugin = plugin_class()
            made[plugin.get_resource_type()] = plugin
        except Exception:
            LOG.exception('Protectable %s is left out.', name)
    return Protectables(made)


class Protectables:
    """Types of resources.

    :param plugins: {resource type: its ProtectablePlugin}
    """

    def __init__(self, plugins):
        self._plugins = plugins

    def list_types(self):
        """The types' names, sorted."""
        return sorted(self._plugins)

    def get(self, resource_type):
        """The plugin of a type.

        :raises ProtectableTypeNotFound: when there is none
        """
        if resource_type not in self._plugins:
            raise exception.ProtectableTypeNotFound(type=resource_type)
        return self._plugins[resource_type]

    def list_dependent_types(self, resource_type):
        """The types whose resources may depend on those of a type, sorted."""
        return [
            name
            for name in self.list_types()
            if resource_type in self._plugins[name].get_parent_resource_types()
        ]

    def list_dependents(self, ctx, parent, wanted=None):
        """The resources that depend on one, type by type.

        :param wanted: types that others are left out for, or None for all
        """
        return list(self.iter_dependents(ctx, parent, wanted))

    def iter_dependents(self, ctx, parent, wanted=None):
        """As :meth:`list_dependents`, asked for as they are taken."""
        for name in self.list_dependent_types(parent.type):
            if wanted is None or name in wanted:
                yield from self._plugins[name].get_dependent_resources(ctx, parent)

    def find_led(self, types):
        """The types whose resources may depend on those of some types, a set."""
        found, waiting = set(), list(types)
        while waiting:
            for name in self.list_dependent_types(waiting.pop()):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
        return found

    def find_leading(self, types):
        """The types and all those that their resources depend on, a set."""
        found, waiting = set(), list(types)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                plugin = self._plugins.get(name)
                waiting += plugin.get_parent_resource_types() if plugin else ()
        return found
