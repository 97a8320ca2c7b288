"""The proxy: what ``conn.baremetal_compute`` is."""

from openstack import proxy

from mogan_like_client.sdk import instances
from mogan_like_client.sdk import leases
from mogan_like_client.sdk import protection
from mogan_like_client.sdk import sending

#: Of a request whose answer was lost, or was 503.
_RETRIES = 2


class Proxy(
    instances.InstancesMixin,
    leases.LeasesMixin,
    protection.ProtectionMixin,
    proxy.Proxy,
    sending.Sender,
):
    """All of the service.

    Every creation carries a key of its own, under which the service carries it out
    once. So what got no answer is sent again, here and by whoever calls
    with an ``Idempotency-Key`` header of theirs.
    """

    retriable_status_codes = [503]

    def __init__(self, session, **kwargs):
        for name in ('connect_retries', 'status_code_retries'):
            if kwargs.get(name) is None:
                kwargs[name] = _RETRIES
        super().__init__(session, **kwargs)
