"""The proxy: what ``conn.baremetal_compute`` is."""

from openstack import proxy

from mogan_like_client.sdk import discovery
from mogan_like_client.sdk import instances
from mogan_like_client.sdk import leases
from mogan_like_client.sdk import protection
from mogan_like_client.sdk import sending


class Proxy(
    instances.InstancesMixin,
    leases.LeasesMixin,
    protection.ProtectionMixin,
    proxy.Proxy,
    discovery.Discoverer,
):
    """All of the service.

    What must not be done twice carries a key, one of its own or the caller's
    ``idempotency_key``, under which the service does it once. So what got no answer
    is sent again, here for half a minute and by the caller as long as they like.
    """

    retriable_status_codes = sending.OUTAGES
