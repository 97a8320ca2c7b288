"""WSME types of this folder's path and query parameters."""

from mogan_like.api import types
from mogan_like.leases import states

Status = types.Choice(*states.ALL)
LeaseSortKey = types.Choice('created_at', 'name', 'start_date', 'end_date')
HostSortKey = types.Choice('created_at', 'name')
ResourceType = types.Text(66)
Property = types.Text(64)
