"""Providers: files that say what is protected by which plugins, and in which bank."""

import dataclasses
from pathlib import Path
import uuid

from oslo_config import types
from oslo_log import log

from mogan_like.common import exception
from mogan_like.common import plugins
from mogan_like.common.config import CONF
from mogan_like.protection import provider_file
from mogan_like.protection.banks import base as banks_base
from mogan_like.protection.plugins import base

LOG = log.getLogger(__name__)

_SECTION = 'provider'
_KEYS = ('id', 'name', 'description', 'plugin', 'bank', 'enabled')
_DEFAULT_BANK = 'filesystem'


@dataclasses.dataclass(frozen=True)
class Provider:
    """A way to protect resources, as the operator offers it.

    :ivar plugins: the protection plugins' objects, a tuple
    :ivar bank: the bank's object
    :ivar enabled: False: no more checkpoints, and those there are stay
    """

    id: str
    name: str
    description: str
    plugins: tuple
    bank: object
    enabled: bool = True

    def find_plugin(self, resource_type):
        """The plugin that protects resources of a type, or None."""
        for plugin in self.plugins:
            if resource_type in plugin.get_supported_resource_types():
                return plugin
        return None

    def get_extended_info_schema(self):
        """{kind of schema: {resource type: schema}}, as Karbor shows it."""
        shown = {'options_schema': {}, 'restore_schema': {}, 'saved_info_schema': {}}
        for plugin in self.plugins:
            for name in plugin.get_supported_resource_types():
                shown['options_schema'][name] = plugin.get_options_schema(name)
                shown['restore_schema'][name] = plugin.get_restore_schema(name)
                shown['saved_info_schema'][name] = plugin.get_saved_info_schema(name)
        return shown


def load():
    """{id: :class:`Provider`} of the files in ``[protection]providers_dir``.

    A file that has an error is logged with its line, and left out.
    """
    found = {}
    for path in sorted(Path(CONF.protection.providers_dir).glob('*.conf')):
        try:
            provider = _read(path, found)
        except provider_file.ProviderFileError as error:
            LOG.error('A provider is left out: %s', error)
        except Exception:
            LOG.exception('A provider is left out: %s', path)
        else:
            found[provider.id] = provider
    if not found:
        LOG.warning('There are no providers in %s', CONF.protection.providers_dir)
    return found


def spell_id(text):
    """The id of a provider as rows and paths have it; None for what is no UUID."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None


def _read(path, found):
    sections = provider_file.read(path)
    if _SECTION not in sections:
        raise provider_file.ProviderFileError(path, 1, f'there is no [{_SECTION}].')
    section = sections.pop(_SECTION)
    section.check_keys(_KEYS)
    written = section.demand('id')
    where = section.get_all('id')[0]
    provider_id = spell_id(written)
    if provider_id is None:
        raise section.blame(where, f'{written} is not a UUID.')
    if provider_id in found:
        name = found[provider_id].name
        raise section.blame(where, f'the provider {name} has this id already.')
    provider = Provider(
        id=provider_id,
        name=section.demand('name'),
        description=section.get('description', ''),
        plugins=tuple(_make_plugins(section, sections)),
        bank=_make_bank(section, sections),
        enabled=_read_enabled(section),
    )
    for left in sections.values():
        raise left.blame(left, f'[{left.name}] is no plugin or bank of this provider.')
    return provider


def _make_plugins(section, sections):
    taken = {}
    for where in section.get_all('plugin'):
        plugin = _make(base.PROTECTIONS, section, where, sections)
        for name in plugin.get_supported_resource_types():
            if name in taken:
                reason = f'{name} is protected by {taken[name]} already.'
                raise section.blame(where, reason)
            taken[name] = where.value
        yield plugin
    if not taken:
        raise section.blame(section, 'a provider needs a plugin.')


def _make_bank(section, sections):
    section.get('bank')
    default = provider_file.Assignment('bank', _DEFAULT_BANK, section.line)
    where = (section.get_all('bank') or [default])[0]
    return _make(banks_base.NAMESPACE, section, where, sections)


def _make(namespace, section, where, sections):
    """The object of a plugin or a bank, with the section of its name."""
    try:
        made = plugins.load(namespace, where.value)
    except (plugins.PluginNotFound, plugins.PluginConflict) as error:
        raise section.blame(where, str(error)) from error
    empty = provider_file.Section(section.path, where.value, where.line, [])
    own = sections.pop(where.value, empty).read_options(made.options)
    try:
        return made(own)
    except exception.MoganLikeError as error:
        raise section.blame(where, str(error)) from error


def _read_enabled(section):
    text = section.get('enabled', 'true')
    try:
        return types.Boolean()(text)
    except ValueError as error:
        where = section.get_all('enabled')[0]
        raise section.blame(where, f'enabled: {error}') from error
