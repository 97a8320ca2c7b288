"""The enforcer, and the personas that the folders' rules are made of."""

from oslo_policy import opts as policy_opts
from oslo_policy import policy

from mogan_like.common import exception
from mogan_like.common.config import CONF

# Personas as in OpenStack's secure RBAC goal: admin sees all projects; a
# manager is a member with more, a member a reader with more, in one project.
ADMIN = 'rule:admin'
MEMBER_OR_ADMIN = 'rule:project_member_or_admin'
READER_OR_ADMIN = 'rule:project_reader_or_admin'
READER_OR_SERVICE = 'rule:project_reader_or_service'

_PERSONAS = [
    policy.RuleDefault('admin', 'role:admin', 'An operator.'),
    policy.RuleDefault('service', 'role:service', 'Another OpenStack service.'),
    policy.RuleDefault(
        'project_manager',
        'role:manager and project_id:%(project_id)s',
        'Manages one project.',
    ),
    policy.RuleDefault(
        'project_member',
        'role:member and project_id:%(project_id)s',
        'Uses one project.',
    ),
    policy.RuleDefault(
        'project_reader',
        'role:reader and project_id:%(project_id)s',
        'Looks at one project.',
    ),
    policy.RuleDefault(
        'project_member_or_admin',
        'rule:admin or rule:project_member',
        'Uses the project, or an operator.',
    ),
    policy.RuleDefault(
        'project_reader_or_admin',
        'rule:admin or rule:project_reader',
        'Looks at the project, or an operator.',
    ),
    policy.RuleDefault(
        'project_reader_or_service',
        'rule:admin or rule:service or rule:project_reader',
        'Looks at the project, an operator or another service.',
    ),
]

_enforcer = None


def list_personas():
    """The rules that other rules' defaults are made of."""
    return list(_PERSONAS)


def setup(all_rules):
    """Make the enforcer out of every folder's rules.

    :param all_rules: what ``mogan_like.rules.list_rules()`` gives
    :returns: the enforcer
    """
    global _enforcer
    policy_opts.set_defaults(CONF)
    _enforcer = policy.Enforcer(CONF)
    _enforcer.register_defaults(all_rules)
    # An Enforcer that has not loaded its rules denies everything.
    _enforcer.load_rules()
    return _enforcer


def enforce(ctx, rule, target=None):
    """Raise unless the caller may.

    :param target: what the rule's ``%(project_id)s`` is filled from; the
        caller's own project when left out
    :raises PolicyNotAuthorized: naming the rule
    """
    if not check(ctx, rule, target):
        raise exception.PolicyNotAuthorized(action=rule)


def check(ctx, rule, target=None):
    """True when the caller may."""
    if target is None:
        target = {'project_id': ctx.project_id, 'user_id': ctx.user_id}
    try:
        return bool(_enforcer.authorize(rule, target, ctx))
    except policy.InvalidScope:
        return False
