"""The client side of this folder's managers."""

from mogan_like.common import rpc

INSTANCES = rpc.Client('instances')
FLAVORS = rpc.Client('flavors')
NODES = rpc.Client('nodes')
KEYPAIRS = rpc.Client('keypairs')
QUOTAS = rpc.Client('quotas')
