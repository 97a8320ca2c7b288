"""The client side of this folder's managers."""

from mogan_like.common import rpc

LEASES = rpc.Client('leases')
HOSTS = rpc.Client('hosts')
