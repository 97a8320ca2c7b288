"""The client side of this folder's manager."""

from mogan_like.common import rpc

TRUSTS = rpc.Client('trusts')
