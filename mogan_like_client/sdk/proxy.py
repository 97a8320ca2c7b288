"""The proxy: what ``conn.baremetal_compute`` is."""

import re
import uuid

from openstack import proxy

from mogan_like_client.sdk import instances
from mogan_like_client.sdk import leases
from mogan_like_client.sdk import protection

#: Of a request whose answer was lost, or was 503.
_RETRIES = 2
_KEY = 'Idempotency-Key'
#: What is sent by POST and is no creation: a key would change nothing.
_VERB = re.compile(r'/action$')


class Proxy(
    instances.InstancesMixin,
    leases.LeasesMixin,
    protection.ProtectionMixin,
    proxy.Proxy,
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

    def request(self, url, method, *args, headers=None, **kwargs):
        """As of openstacksdk, with what makes it safe to send it again."""
        headers = dict(headers or {})
        if method.upper() == 'POST':
            if _VERB.search(url):
                kwargs.setdefault('connect_retries', 0)
                kwargs.setdefault('status_code_retries', 0)
            else:
                headers.setdefault(_KEY, str(uuid.uuid4()))
        return super().request(url, method, *args, headers=headers, **kwargs)
