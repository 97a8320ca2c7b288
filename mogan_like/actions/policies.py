"""Who may read which part of the audit."""

from oslo_policy import policy

from mogan_like.common.policy import ADMIN

_PATHS = [
    {'method': 'GET', 'path': '/v1/instances/{uuid}/actions'},
    {'method': 'GET', 'path': '/v1/instances/{uuid}/actions/{request_id}'},
    {'method': 'GET', 'path': '/v1/actions'},
]

_RULES = [
    policy.DocumentedRuleDefault(
        'action:search',
        ADMIN,
        'Search the audit over all objects.',
        _PATHS[2:],
        scope_types=['project'],
    ),
    policy.DocumentedRuleDefault(
        'action:show_internals',
        ADMIN,
        'See host and traceback in the events of actions.',
        _PATHS,
        scope_types=['project'],
    ),
]


def list_rules():
    """The documented rules of this folder."""
    return list(_RULES)
