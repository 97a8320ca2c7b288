"""Who may do what on Nova's routes alone; all else has the instances' rules."""

from oslo_policy import policy

_RULES = [
    policy.DocumentedRuleDefault(
        'instance:lock_own',
        'rule:project_member',
        'Lock an instance of the own project, and release such a lock, as an '
        'owner: who has instance:lock does it as an admin.',
        [{'method': 'POST', 'path': '/v2.1/servers/{server_id}/action'}],
        scope_types=['project'],
    )
]


def list_rules():
    """The documented rules of this folder."""
    return list(_RULES)
