"""What is left out of a check of a rule, and what is not."""

import inspect
from pathlib import Path
from unittest import mock

import fixtures
from oslo_policy import opts as policy_opts
from oslo_policy import policy as oslo_policy
import testtools

from mogan_like import rules
from mogan_like.common import context
from mogan_like.common import policy
from mogan_like.common.config import CONF
from tests import config

RULE = 'instance:list'


class PolicyTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.path = Path(self.useFixture(fixtures.TempDir()).join('policy.yaml'))
        policy_opts.set_defaults(CONF)
        self.useFixture(config.Config(oslo_policy__policy_file=str(self.path)))
        self.ctx = context.RequestContext(project_id='p', roles=['reader'])
        self.now = 100.0
        clock = mock.Mock(monotonic=lambda: self.now)
        self.useFixture(fixtures.MonkeyPatch(f'{policy.__name__}.time', clock))

    def write(self, check):
        self.path.write_text(f'"{RULE}": "{check}"\n')

    def may(self):
        return policy.check(self.ctx, RULE)

    def test_a_change_counts_after_a_second(self):
        self.write('!')
        policy.setup(rules.list_rules())
        self.assertFalse(self.may())
        self.write('role:reader')
        self.now += 0.9
        self.assertFalse(self.may())
        self.now += 0.1
        self.assertTrue(self.may())

    def test_files_are_not_looked_for_at_each_check(self):
        policy.setup(rules.list_rules())
        with mock.patch.object(type(CONF), 'find_file', return_value=None) as find:
            self.assertTrue(self.may())
            find.assert_not_called()
            self.now += 1
            self.assertTrue(self.may())
        find.assert_called()

    def test_a_check_is_described_once(self):
        policy.setup(rules.list_rules())
        self.assertTrue(self.may())
        with mock.patch.multiple(
            inspect, signature=mock.DEFAULT, getfullargspec=mock.DEFAULT
        ) as patched:
            self.assertTrue(self.may())
        for describe in patched.values():
            describe.assert_not_called()

    def test_checks_of_others_that_do_not_know_the_rule(self):
        class Old(oslo_policy.Check):
            def __call__(self, target, creds, enforcer):
                return creds['project_id'] == self.match

        class New(Old):
            def __call__(self, target, creds, enforcer, current_rule=None):
                return current_rule == self.kind

        enforcer = policy.setup(rules.list_rules())
        for check, expected in (
            (Old('x', 'p'), True),
            (Old('x', 'q'), False),
            (New(RULE, ''), True),
            (New('x', ''), False),
        ):
            enforcer.rules[RULE] = check
            self.assertEqual(expected, self.may())

    def test_a_rule_stands_once(self):
        twice = [*rules.list_rules(), oslo_policy.RuleDefault(RULE, '!')]
        self.assertRaises(oslo_policy.DuplicatePolicyError, policy.setup, twice)

    def test_what_is_registered_stays_as_it_was(self):
        (rule,) = (each for each in rules.list_rules() if each.name == RULE)
        enforcer = policy.setup([*rules.list_rules()])
        self.assertIsNot(rule, enforcer.registered_rules[RULE])
