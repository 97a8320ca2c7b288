"""The policy rules of all folders."""

from mogan_like.actions import policies as actions_policies
from mogan_like.common import config
from mogan_like.common import policy
from mogan_like.compute import policies as compute_policies
from mogan_like.instances import policies as instances_policies
from mogan_like.leases import policies as leases_policies
from mogan_like.protection import policies as protection_policies


def list_rules():
    """Every rule with its default (oslo.policy.policies)."""
    return [
        *policy.list_personas(),
        *actions_policies.list_rules(),
        *instances_policies.list_rules(),
        *compute_policies.list_rules(),
        *leases_policies.list_rules(),
        *protection_policies.list_rules(),
    ]


def get_enforcer():
    """The enforcer, for oslo.policy's own tools (oslo.policy.enforcer)."""
    config.CONF([], project=config.PROJECT)
    return policy.setup(list_rules())
