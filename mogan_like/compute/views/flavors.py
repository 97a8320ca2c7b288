"""How a flavor of machines looks as Nova's."""

import re

import orjson

from mogan_like.common import sizes
from mogan_like.compute.views import links

#: What Ironic calls the sizes of machines.
_SIZES = {'vcpus': 'cpus', 'ram': 'memory_mb', 'disk': 'local_gb'}


def summarize(row, base_url, version):
    """The short view of a flavor."""
    view = {
        'id': row.uuid,
        'name': row.name,
        'links': links.make(base_url, 'flavors', row.uuid),
    }
    if version >= (2, 55):
        view['description'] = row.description
    return view


def show(row, base_url, version):
    """The full view of a flavor."""
    properties = orjson.loads(row.properties)
    view = {
        **summarize(row, base_url, version),
        **_show_sizes(properties),
        'swap': 0 if version >= (2, 75) else '',
        'rxtx_factor': 1.0,
        'OS-FLV-EXT-DATA:ephemeral': 0,
        'OS-FLV-DISABLED:disabled': bool(row.disabled),
        'os-flavor-access:is_public': bool(row.is_public),
    }
    if version >= (2, 61):
        view['extra_specs'] = make_extra_specs(row)
    return view


def embed(uuid, row):
    """A flavor within a server; its id for a name when it is there no more."""
    properties = orjson.loads(row.properties) if row else {}
    return {
        **_show_sizes(properties),
        'ephemeral': 0,
        'swap': 0,
        'original_name': row.name if row else uuid,
        'extra_specs': make_extra_specs(row) if row else {},
    }


def make_extra_specs(row):
    """What a flavor asks of nodes, as Nova writes it for Ironic's."""
    resource = re.sub('[^A-Z0-9]', '_', row.resource_class.upper())
    wanted = orjson.loads(row.properties)
    return {
        f'resources:CUSTOM_{resource}': '1',
        **{f'capabilities:{name}': value for name, value in wanted.items()},
    }


def _show_sizes(properties):
    """Whole numbers; 0 for what is none, or not said."""
    return {
        name: sizes.read(properties.get(ours)) or 0 for name, ours in _SIZES.items()
    }
