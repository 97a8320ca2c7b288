"""``physical:host``: whole nodes, chosen by their properties."""

from mogan_like.leases.plugins.host.plugin import HostPlugin

__all__ = ['HostPlugin']
