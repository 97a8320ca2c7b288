"""The way from the API to the conductors; nothing else knows oslo.messaging.

oslo.messaging waits for a broker for ever unless told otherwise, and in places
that no option reaches. Here every call, cast and fanout ends within
``[api]rpc_timeout``. Nothing is ever sent twice: a caller that was answered 503
does not know whether the conductor acted, and may repeat what may be repeated.
"""

from mogan_like.common.rpc.bus import cleanup
from mogan_like.common.rpc.bus import init
from mogan_like.common.rpc.bus import is_notifying
from mogan_like.common.rpc.bus import notify
from mogan_like.common.rpc.client import Client
from mogan_like.common.rpc.client import ping
from mogan_like.common.rpc.server import get_server
from mogan_like.common.rpc.transport import set_defaults
from mogan_like.common.rpc.transport import set_rabbit_defaults

__all__ = [
    'Client',
    'cleanup',
    'get_server',
    'init',
    'is_notifying',
    'notify',
    'ping',
    'set_defaults',
    'set_rabbit_defaults',
]
