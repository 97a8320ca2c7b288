"""Plugins by entry point; the one module that knows stevedore."""

from oslo_log import log
from stevedore import named

from mogan_like.common import exception

LOG = log.getLogger(__name__)


class PluginNotFound(exception.MoganLikeError):
    msg_fmt = 'There is no plugin %(name)r in %(namespace)s; there are: %(names)s.'


class PluginConflict(exception.MoganLikeError):
    msg_fmt = (
        'More than one installed package registers %(name)r in '
        '%(namespace)s: %(values)s.'
    )


def load(namespace, name):
    """The class registered under one name.

    :raises PluginNotFound: naming what there is
    :raises PluginConflict: if two packages claim the name
    :raises Exception: whatever importing the plugin raised, with a note that
        names the plugin
    """
    found = _find(namespace)
    if name not in found:
        raise PluginNotFound(
            namespace=namespace, name=name, names=', '.join(sorted(found)) or 'none'
        )
    return _load(namespace, name, found[name])


def load_all(namespace):
    """Every class that can be loaded, ``{name: class}``, sorted by name.

    A plugin that cannot be is logged by its name and left out.
    """
    loaded = {}
    for name, entry_points in sorted(_find(namespace).items()):
        try:
            loaded[name] = _load(namespace, name, entry_points)
        except Exception:
            LOG.exception(
                'Plugin %s of %s cannot be loaded and is left out', name, namespace
            )
    return loaded


def list_names(namespace):
    """The names registered, sorted, loadable or not."""
    return sorted(_find(namespace))


def _find(namespace):
    """``{name: [entry point]}``; loads nothing."""
    manager = named.NamedExtensionManager(namespace, names=[])
    found = {}
    for entry_point in manager.list_entry_points():
        found.setdefault(entry_point.name, []).append(entry_point)
    return found


def _load(namespace, name, entry_points):
    # stevedore would take the last one found, which is the order of sys.path.
    if len(entry_points) > 1:
        values = ', '.join(sorted(each.value for each in entry_points))
        raise PluginConflict(namespace=namespace, name=name, values=values)
    try:
        return entry_points[0].load()
    except Exception as error:
        error.add_note(f'while loading plugin {name!r} of {namespace}')
        raise
