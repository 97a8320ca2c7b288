"""Loads what every ``openstack`` command loads, where commands are forked from.

Each looks through the commands of all plugins, and at the metadata of all packages.
"""

from importlib import metadata

from cliff import command


def _load():
    for group in metadata.entry_points().groups:
        if group.startswith('openstack.'):
            for entry in metadata.entry_points(group=group):
                _load_one(entry)
    command._get_distributions_by_modules()


def _load_one(entry):
    try:
        entry.load()
    except AttributeError:
        # python-blazarclient names a command that it has not.
        if not entry.value.startswith('blazarclient.'):
            raise


_load()
