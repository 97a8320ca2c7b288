"""The client side of this folder's managers."""

from mogan_like.common import rpc

PLANS = rpc.Client('plans')
CHECKPOINTS = rpc.Client('checkpoints')
RUNS = rpc.Client('runs')
PROTECTABLES = rpc.Client('protectables')
PROVIDERS = rpc.Client('providers')
SERVICES = rpc.Client('services')
TRIGGERS = rpc.Client('triggers')
SCHEDULED_OPERATIONS = rpc.Client('scheduled_operations')
